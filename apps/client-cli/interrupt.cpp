// SPDX-License-Identifier: MIT
#include "client-cli/interrupt.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace ferry::client {

namespace {

volatile std::sig_atomic_t firstSignal = 0;
int wakePipe[2] = {-1, -1};
struct sigaction before[NSIG] = {}; ///< what a signal did before, to be restored

extern "C" void noteSignal(int number)
{
    if (firstSignal == 0)
        firstSignal = number;
    const char byte = 0;
    // A full pipe has woken the loop already.
    [[maybe_unused]] const ssize_t written = ::write(wakePipe[1], &byte, 1);
}

} // namespace

Interrupt::Interrupt(QObject *parent)
    : QObject(parent)
{
    if (::pipe2(wakePipe, O_CLOEXEC | O_NONBLOCK) == 0) {
        m_notifier = std::make_unique<QSocketNotifier>(wakePipe[0], QSocketNotifier::Read);
        connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
            char bytes[16];
            while (::read(wakePipe[0], bytes, sizeof bytes) > 0) {
            }
            Q_EMIT interrupted(received());
        });
    }
    struct sigaction action = {};
    action.sa_handler = noteSignal;
    action.sa_flags = SA_RESETHAND;
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        // Who started us with SIGHUP ignored (nohup) wants it so. An ignored SIGINT only says
        // that a shell put us into the background; who sends it there means it.
        const bool ignored = ::sigaction(number, nullptr, &before[number]) == 0 &&
                             before[number].sa_handler == SIG_IGN;
        if (number != SIGHUP || !ignored)
            ::sigaction(number, &action, nullptr);
    }
}

Interrupt::~Interrupt()
{
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction current = {};
        if (::sigaction(number, nullptr, &current) == 0 && current.sa_handler == noteSignal)
            ::sigaction(number, &before[number], nullptr);
    }
    m_notifier.reset();
    ::close(wakePipe[0]);
    ::close(wakePipe[1]);
    wakePipe[0] = wakePipe[1] = -1;
}

int Interrupt::received()
{
    return firstSignal;
}

bool Interrupt::waitForInput(int fd)
{
    // The pipe wakes it, also by a signal that came a moment before: a read alone would miss that.
    for (;;) {
        pollfd waiting[] = {{fd, POLLIN, 0}, {wakePipe[0], POLLIN, 0}};
        const int ready = ::poll(waiting, 2, -1);
        if (firstSignal != 0)
            return false;
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true;
    }
}

} // namespace ferry::client
