// SPDX-License-Identifier: MIT
#include "client-cli/trust.h"

#include "net/base/displaytext.h"
#include "net/channel/tlsidentity.h"

#include <QStandardPaths>

#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace ferry::client {

QString knownServersFile(const Arguments &arguments)
{
    const QString folder =
        arguments.dataFolder.isEmpty()
            ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                  QStringLiteral("/ferry")
            : arguments.dataFolder;
    return folder + QStringLiteral("/known_servers");
}

std::optional<bool> askAboutServer(const QString &host, const QByteArray &fingerprint)
{
    // A person is who can see the question and answer it; standard input may be a password.
    if (::isatty(STDERR_FILENO) != 1)
        return std::nullopt;
    std::FILE *const terminal = std::fopen("/dev/tty", "r+e");
    if (!terminal)
        return std::nullopt;
    const QString question =
        QStringLiteral("%1 is met for the first time. Its fingerprint is\n\n  %2\n\n"
                       "Compare it with the one in the Ferry Server window. The same? [y/N] ")
            .arg(displayText(host), groupedFingerprint(fingerprint));
    std::fputs(question.toLocal8Bit().constData(), terminal);
    std::fflush(terminal);
    char answer[16] = {};
    const bool said = std::fgets(answer, sizeof answer, terminal) != nullptr;
    std::fclose(terminal);
    return said && (answer[0] == 'y' || answer[0] == 'Y');
}

} // namespace ferry::client
