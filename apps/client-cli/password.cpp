// SPDX-License-Identifier: MIT
#include "client-cli/password.h"

#include "common/passwordtext.h"
#include "common/terminal.h"
#include "common/terminationsignals.h"
#include "net/base/displaytext.h"
#include "net/base/filedescriptor.h"

#include <cerrno>

#include <fcntl.h>
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
        if (!TerminationSignals::waitForInput(fd))
            return Error{ErrorCode::Cancelled, {}};
        const ssize_t count = ::read(fd, piece, sizeof piece);
        if (count < 0)
            return invalid(QStringLiteral("The password cannot be read from %1: %2.")
                               .arg(from, qt_error_string(errno)));
        if (count == 0)
            return withoutLineEnds(text);
        text.append(piece, count);
        if (text.size() > maxBytes)
            return invalid(QStringLiteral("%1 holds more than a password.").arg(from));
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
        return withoutLineEnds(given);
    if (::isatty(STDIN_FILENO))
        return askAtTerminal(
            QStringLiteral("Password for %1: ").arg(displayText(arguments.config.host)), Echo::Off);
    return invalid(QStringLiteral("There is no password: use --password-file, "
                                  "--password-stdin or FERRY_PASSWORD."));
}

} // namespace

Result<QByteArray> readPassword(const Arguments &arguments)
{
    Result<QByteArray> password = givenPassword(arguments);
    if (password && password.value().isEmpty())
        return invalid(QStringLiteral("The password is empty."));
    return password;
}

Error namingOuterBlank(const Error &error, const QByteArray &password)
{
    if (error.code != ErrorCode::WrongPassword || !hasOuterBlank(QString::fromUtf8(password)))
        return error;
    return {error.code, error.text + QStringLiteral(" It begins or ends with a space.")};
}

} // namespace ferry::client
