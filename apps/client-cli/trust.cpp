// SPDX-License-Identifier: MIT
#include "client-cli/trust.h"

#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client/connect/knownservers.h"
#include "common/terminal.h"
#include "net/base/displaytext.h"
#include "net/base/endpointtext.h"
#include "net/channel/tlsidentity.h"
#include "net/limits.h"

#include <QJsonDocument>
#include <QJsonObject>
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

Result<bool> askAboutServer(const Arguments &arguments, const QByteArray &fingerprint)
{
    // A person is who can see the question and answer it; standard input may be a password.
    if (::isatty(STDERR_FILENO) != 1)
        return false;
    QString question =
        QStringLiteral("First connection to %1. Its fingerprint is\n\n  %2\n\n")
            .arg(displayText(arguments.config.host), groupedFingerprint(fingerprint));
    const KnownServers known(knownServersFile(arguments));
    if (const QByteArrayList others = known.serversWith(fingerprint); !others.isEmpty())
        question +=
            QStringLiteral("This key is known as %1.\n").arg(displayText(others.join(", ")));
    question += QStringLiteral("Check that it matches the one in the Ferry Server window. "
                               "Does it match? [y/N] ");
    const Result<QByteArray> answer = askAtTerminal(question, Echo::On);
    if (!answer && answer.error().code == ErrorCode::Cancelled)
        return answer.error();
    return answer && (answer.value().startsWith('y') || answer.value().startsWith('Y'));
}

Error namingWayOut(const Error &error, const Arguments &arguments, const QByteArray &saved)
{
    const ClientConfig &config = arguments.config;
    if (error.code != ErrorCode::NotTrusted)
        return error;
    QString wayOut;
    if (!saved.isEmpty() && saved == config.invited) {
        wayOut = QStringLiteral(" Ask whoever sent you the invitation.");
    } else if (!saved.isEmpty() && !config.pin.isEmpty()) {
        wayOut = QStringLiteral(" The expected one is that of --pin.");
    } else if (!saved.isEmpty()) {
        const quint16 port = config.port != 0 ? config.port : limits::tlsPort;
        wayOut = QStringLiteral(" The expected one is saved in %1. If the server has a new one, "
                                "\"ferry forget %2\" removes it.")
                     .arg(displayText(knownServersFile(arguments)),
                          displayText(endpointText(config.host, port)));
    } else if (!config.trustNew && config.accepted.isEmpty()) {
        wayOut = QStringLiteral(" To trust it, give --pin or --trust-new.");
    }
    return {error.code, error.text + wayOut};
}

int runKnown(const Arguments &arguments)
{
    QStringList problems;
    const auto entries = KnownServers(knownServersFile(arguments)).list(&problems);
    if (!entries) {
        complain(entries.error().text);
        return exitCodeFor(entries.error().code);
    }
    StandardOutput output;
    for (const KnownServers::Entry &entry : entries.value()) {
        if (arguments.json)
            output.write(
                QJsonDocument(
                    QJsonObject{
                        {QStringLiteral("event"), QStringLiteral("known")},
                        {QStringLiteral("server"), QString::fromUtf8(entry.server)},
                        {QStringLiteral("fingerprint"), QString::fromLatin1(entry.fingerprint)}})
                    .toJson(QJsonDocument::Compact) +
                '\n');
        else
            output.write(displayText(entry.server).toLocal8Bit() + "  " + entry.fingerprint + '\n');
    }
    for (const QString &problem : problems)
        complain(displayText(problem));
    return endOutput(output, problems.isEmpty() ? exitcode::success : exitcode::localFile);
}

int runForget(const Arguments &arguments)
{
    KnownServers known(knownServersFile(arguments));
    StandardOutput output;
    int code = exitcode::success;
    for (const ClientConfig &server : arguments.forgotten) {
        const auto removed = known.remove(server.host, server.port);
        if (!removed) {
            complain(removed.error().text);
            code = exitCodeFor(removed.error().code);
            break;
        }
        if (removed.value().isEmpty()) {
            complain(
                QStringLiteral("No fingerprint of %1 is saved.").arg(displayText(server.host)));
            code = exitCodeFor(ErrorCode::NotFound);
        }
        for (const QByteArray &name : removed.value())
            output.write(displayText(name).toLocal8Bit() + " has been forgotten.\n");
    }
    return endOutput(output, code);
}

} // namespace ferry::client
