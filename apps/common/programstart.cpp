// SPDX-License-Identifier: MIT
#include "common/programstart.h"

#include <csignal>
#include <cstdlib>
#include <initializer_list>

#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <unistd.h>

namespace ferry {

namespace {

extern "C" void goOn(int)
{
}

bool isAbsolute(const char *path)
{
    return path && *path == '/';
}

/// In the wrong direction: to use it is an error, as it is for a closed one.
void fillClosedDescriptors()
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        if (::fcntl(fd, F_GETFD) >= 0)
            continue;
        // open() takes the lowest number, which is this one. O_PATH cannot be used at all.
        if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            static_cast<void>(::open("/", O_PATH));
    }
}

/// What somebody else handles or has ignored stays so.
void goOnAt(int number)
{
    struct sigaction action = {};
    if (::sigaction(number, nullptr, &action) != 0 || action.sa_handler != SIG_DFL)
        return;
    // Unlike SIG_IGN, a handler is not inherited by other programs.
    action = {};
    action.sa_handler = goOn;
    action.sa_flags = SA_RESTART;
    ::sigaction(number, &action, nullptr);
}

} // namespace

void prepareProgram()
{
    // ThreadSanitizer loses a signal that comes during a thread's first call that blocks.
    static_cast<void>(::poll(nullptr, 0, 0));
    fillClosedDescriptors();
    for (const int number : {SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2, SIGIO, SIGSTKFLT})
        goOnAt(number);
    for (int number = SIGRTMIN; number <= SIGRTMAX; ++number)
        goOnAt(number);
    for (const char *name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"}) {
        if (!isAbsolute(std::getenv(name)))
            ::unsetenv(name);
    }
    // Qt takes a home that is not set for `/`.
    if (!isAbsolute(std::getenv("HOME"))) {
        const passwd *user = ::getpwuid(::geteuid());
        if (user && isAbsolute(user->pw_dir))
            ::setenv("HOME", user->pw_dir, 1);
    }
}

} // namespace ferry
