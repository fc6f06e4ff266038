// SPDX-License-Identifier: MIT
#include "common/terminal.h"

#include "net/base/filedescriptor.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace ferry {

namespace {

/// More than anybody types.
constexpr qsizetype maxBytes = 64 * 1024;

constexpr std::array watchedSignals{SIGALRM, SIGHUP,    SIGINT,  SIGPROF, SIGPWR,  SIGQUIT,
                                    SIGTERM, SIGVTALRM, SIGXCPU, SIGTSTP, SIGTTIN, SIGTTOU};

/// What a call on the terminal itself answers with.
bool comesOfTerminalUse(int number)
{
    return number == SIGTTIN || number == SIGTTOU;
}

// All that the handler touches.
volatile std::sig_atomic_t caught[NSIG] = {};
volatile std::sig_atomic_t wakeEnd = -1;

extern "C" void noteCaught(int number)
{
    const int saved = errno;
    caught[number] = 1;
    [[maybe_unused]] const ssize_t written = ::write(wakeEnd, "", 1);
    errno = saved;
}

bool stopsProgram(int number)
{
    return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

/// Notes signals while it lives, instead of what else they do. raiseAll() comes after its end.
/// Those from outside reach this thread only while it waits, so that none falls between a look
/// and the wait, where ThreadSanitizer loses it. Another thread that takes one wakes it by a pipe.
class SignalWatch
{
public:
    SignalWatch()
    {
        for (const int number : watchedSignals)
            caught[number] = 0;
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
            m_readEnd.reset(ends[0]);
            m_writeEnd.reset(ends[1]);
        }
        wakeEnd = ends[1];
        struct sigaction action = {};
        action.sa_handler = noteCaught;
        sigemptyset(&action.sa_mask);
        sigset_t held;
        sigemptyset(&held);
        for (const int number : watchedSignals) {
            if (!comesOfTerminalUse(number))
                sigaddset(&held, number);
        }
        ::pthread_sigmask(SIG_BLOCK, &held, &m_maskBefore);
        for (size_t i = 0; i < watchedSignals.size(); ++i) {
            ::sigaction(watchedSignals[i], nullptr, &m_before[i]);
            if (m_before[i].sa_handler != SIG_IGN)
                ::sigaction(watchedSignals[i], &action, nullptr);
        }
    }
    ~SignalWatch()
    {
        for (size_t i = 0; i < watchedSignals.size(); ++i)
            ::sigaction(watchedSignals[i], &m_before[i], nullptr);
        wakeEnd = -1;
        ::pthread_sigmask(SIG_SETMASK, &m_maskBefore, nullptr);
    }
    SignalWatch(const SignalWatch &) = delete;
    SignalWatch &operator=(const SignalWatch &) = delete;

    static bool any()
    {
        for (const int number : watchedSignals) {
            if (caught[number] != 0)
                return true;
        }
        return false;
    }

    /// False: a signal came.
    bool waitForInput(int fd) const
    {
        pollfd waiting[] = {{fd, POLLIN, 0}, {m_readEnd.get(), POLLIN, 0}};
        while (!any() && ::ppoll(waiting, 2, nullptr, &m_maskBefore) < 0 && errno == EINTR) {
        }
        return !any();
    }

    /// Does with them what was put off. False: the program is to end.
    static bool raiseAll()
    {
        bool goesOn = true;
        for (const int number : watchedSignals) {
            if (caught[number] == 0)
                continue;
            std::raise(number); // where it stops the program, it returns once that is continued
            goesOn = goesOn && stopsProgram(number);
        }
        return goesOn;
    }

private:
    FileDescriptor m_readEnd;
    FileDescriptor m_writeEnd;
    std::array<struct sigaction, watchedSignals.size()> m_before = {};
    sigset_t m_maskBefore = {};
};

/// The terminal's echo is as wanted while it lives.
class EchoSetting
{
public:
    EchoSetting(int fd, Echo echo)
        : m_fd(fd)
    {
        if (echo == Echo::On || ::tcgetattr(fd, &m_before) != 0)
            return;
        termios silent = m_before;
        silent.c_lflag &= ~tcflag_t(ECHO);
        silent.c_lflag |= ECHONL;
        m_changed = set(silent);
    }
    ~EchoSetting()
    {
        if (m_changed)
            set(m_before);
    }
    EchoSetting(const EchoSetting &) = delete;
    EchoSetting &operator=(const EchoSetting &) = delete;

private:
    /// In the background SIGTTOU comes instead.
    bool set(const termios &mode) const
    {
        int done = 0;
        do
            done = ::tcsetattr(m_fd, TCSAFLUSH, &mode);
        while (done != 0 && errno == EINTR && caught[SIGTTOU] == 0);
        return done == 0;
    }

    const int m_fd;
    termios m_before = {};
    bool m_changed = false;
};

/// Ends early at a signal.
QByteArray readLine(const SignalWatch &watch, int fd)
{
    QByteArray line;
    char c = 0;
    while (line.size() <= maxBytes && watch.waitForInput(fd)) {
        const ssize_t count = ::read(fd, &c, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 || c == '\n')
            break;
        line.append(c);
    }
    return line;
}

FileDescriptor openTerminal()
{
    return FileDescriptor(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
}

} // namespace

Result<QByteArray> askAtTerminal(const QString &question, Echo echo)
{
    const FileDescriptor terminal = openTerminal();
    if (!terminal.valid())
        return Error{ErrorCode::Invalid, QStringLiteral("There is no terminal to ask at.")};
    const QByteArray prompt = question.toLocal8Bit();
    do {
        QByteArray line;
        {
            const SignalWatch watch;
            const EchoSetting setting(terminal.get(), echo);
            if (!SignalWatch::any() &&
                ::write(terminal.get(), prompt.constData(), size_t(prompt.size())) < 0 &&
                !SignalWatch::any())
                return Error{ErrorCode::Invalid,
                             QStringLiteral("The terminal cannot be written to.")};
            line = readLine(watch, terminal.get());
            if (SignalWatch::any() && echo == Echo::Off) // the line end that was not typed
                static_cast<void>(::write(terminal.get(), "\n", 1) == 1);
        }
        if (!SignalWatch::any())
            return line;
    } while (SignalWatch::raiseAll());
    return Error{ErrorCode::Cancelled, {}};
}

Result<QByteArray> askForNewPassword(const QString &of)
{
    const auto first = askAtTerminal(QStringLiteral("New password for %1: ").arg(of), Echo::Off);
    if (!first)
        return first;
    const auto second = askAtTerminal(QStringLiteral("Repeat it: "), Echo::Off);
    if (second && second.value() != first.value())
        return Error{ErrorCode::Invalid, QStringLiteral("The two passwords differ.")};
    return second;
}

bool hasTerminal()
{
    return openTerminal().valid();
}

} // namespace ferry
