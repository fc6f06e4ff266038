// SPDX-License-Identifier: MIT
#include "client-cli/trust.h"

#include "common/terminal.h"
#include "net/base/displaytext.h"
#include "net/channel/tlsidentity.h"

#include <QStandardPaths>

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

Result<bool> askAboutServer(const QString &host, const QByteArray &fingerprint)
{
    // A person is who can see the question and answer it; standard input may be a password.
    if (::isatty(STDERR_FILENO) != 1)
        return false;
    const QString question =
        QStringLiteral("First connection to %1. Its fingerprint is\n\n  %2\n\n"
                       "Compare it with the one in the Ferry Server window. The same? [y/N] ")
            .arg(displayText(host), groupedFingerprint(fingerprint));
    const Result<QByteArray> answer = askAtTerminal(question, Echo::On);
    if (!answer && answer.error().code == ErrorCode::Cancelled)
        return answer.error();
    return answer && (answer.value().startsWith('y') || answer.value().startsWith('Y'));
}

} // namespace ferry::client
