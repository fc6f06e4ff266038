// SPDX-License-Identifier: MIT
#include "client-cli/password.h"

#include "client-cli/interrupt.h"
#include "net/base/displaytext.h"
#include "net/base/filedescriptor.h"

#include <cerrno>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace ferry::client {

namespace {

/// More than any password; a mistyped file name must not fill the memory.
constexpr qsizetype maxBytes = 64 * 1024;

Error invalid(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

/// Everything up to the end of the file.
Result<QByteArray> readAll(int fd, const QString &from)
{
    QByteArray text;
    char piece[4096];
    for (;;) {
        if (!Interrupt::waitForInput(fd))
            return Error{ErrorCode::Cancelled, {}};
        const ssize_t count = ::read(fd, piece, sizeof piece);
        if (count < 0)
            return invalid(QStringLiteral("The password cannot be read from %1: %2.")
                               .arg(from, qt_error_string(errno)));
        if (count == 0)
            return withoutOneLineEnd(text);
        text.append(piece, count);
        if (text.size() > maxBytes)
            return invalid(QStringLiteral("%1 holds more than a password.").arg(from));
    }
}

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

Result<QByteArray> ask(const QString &host)
{
    const FileDescriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal.valid())
        return invalid(QStringLiteral("There is no terminal to ask for the password at."));
    const SilentTerminal silent(terminal.get());
    const QByteArray prompt =
        QStringLiteral("Password for %1: ").arg(displayText(host)).toLocal8Bit();
    if (::write(terminal.get(), prompt.constData(), size_t(prompt.size())) < 0)
        return invalid(QStringLiteral("The terminal cannot be written to."));
    QByteArray line;
    char c = 0;
    for (;;) {
        if (!Interrupt::waitForInput(terminal.get()))
            return Error{ErrorCode::Cancelled, {}};
        const ssize_t count = ::read(terminal.get(), &c, 1);
        if (count <= 0 || c == '\n' || line.size() > maxBytes)
            return line;
        line.append(c);
    }
}

/// From where the arguments say, else from the terminal.
Result<QByteArray> givenPassword(const Arguments &arguments)
{
    if (arguments.passwordFile) {
        const QString name = displayText(QByteArrayView(*arguments.passwordFile));
        const FileDescriptor file(
            ::open(arguments.passwordFile->constData(), O_RDONLY | O_CLOEXEC));
        if (!file.valid())
            return invalid(QStringLiteral("The password file %1 cannot be opened: %2.")
                               .arg(name, qt_error_string(errno)));
        return readAll(file.get(), name);
    }
    if (arguments.passwordFromStdin)
        return readAll(STDIN_FILENO, QStringLiteral("standard input"));
    if (const QByteArray given = qgetenv("FERRY_PASSWORD"); !given.isEmpty())
        return given;
    if (::isatty(STDIN_FILENO))
        return ask(arguments.config.host);
    return invalid(QStringLiteral("There is no password: use --password-file, "
                                  "--password-stdin or FERRY_PASSWORD."));
}

} // namespace

QByteArray withoutOneLineEnd(QByteArray text)
{
    if (text.endsWith('\n'))
        text.chop(text.endsWith("\r\n") ? 2 : 1);
    return text;
}

Result<QByteArray> readPassword(const Arguments &arguments)
{
    Result<QByteArray> password = givenPassword(arguments);
    if (password && password.value().isEmpty())
        return invalid(QStringLiteral("The password is empty."));
    return password;
}

} // namespace ferry::client
