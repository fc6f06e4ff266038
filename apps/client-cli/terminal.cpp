// SPDX-License-Identifier: MIT
#include "client-cli/terminal.h"

#include "common/terminationsignals.h"
#include "net/base/filedescriptor.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace ferry::client {

namespace {

/// More than anybody types.
constexpr qsizetype maxBytes = 64 * 1024;

/// No echo while it lives.
class SilentTerminal
{
public:
    explicit SilentTerminal(int fd)
        : m_fd(fd)
        , m_changed(::tcgetattr(fd, &m_before) == 0)
    {
        termios silent = m_before;
        silent.c_lflag &= ~tcflag_t(ECHO);
        silent.c_lflag |= ECHONL;
        if (m_changed)
            ::tcsetattr(fd, TCSAFLUSH, &silent);
    }
    ~SilentTerminal()
    {
        if (m_changed)
            ::tcsetattr(m_fd, TCSAFLUSH, &m_before);
    }
    SilentTerminal(const SilentTerminal &) = delete;
    SilentTerminal &operator=(const SilentTerminal &) = delete;

private:
    const int m_fd;
    termios m_before = {};
    const bool m_changed;
};

} // namespace

Result<QByteArray> askAtTerminal(const QString &question, Echo echo)
{
    const FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal.valid())
        return Error{ErrorCode::Invalid,
                     QStringLiteral("There is no terminal to ask for the password at.")};
    std::optional<SilentTerminal> silent;
    if (echo == Echo::Off)
        silent.emplace(terminal.get());
    const QByteArray prompt = question.toLocal8Bit();
    if (::write(terminal.get(), prompt.constData(), size_t(prompt.size())) < 0)
        return Error{ErrorCode::Invalid, QStringLiteral("The terminal cannot be written to.")};
    QByteArray line;
    char c = 0;
    for (;;) {
        if (!TerminationSignals::waitForInput(terminal.get()))
            return Error{ErrorCode::Cancelled, {}};
        const ssize_t count = ::read(terminal.get(), &c, 1);
        if (count <= 0 || c == '\n' || line.size() > maxBytes)
            return line;
        line.append(c);
    }
}

} // namespace ferry::client
