// SPDX-License-Identifier: MIT
#include "server-gui/sessions/sessiondetails.h"

#include "gui-common/look/format.h"
#include "net/base/endpointtext.h"
#include "server-gui/run/addresses.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace ferry::gui {

using server::SessionInfo;

namespace {

QString text(const char *sentence)
{
    return QCoreApplication::translate("ferry::gui::SessionDetails", sentence);
}

} // namespace

QString encryptionText(const SessionInfo &session)
{
    if (!session.encrypted)
        return text("Unencrypted");
    return session.tlsVersion.isEmpty() ? QStringLiteral("TLS") : session.tlsVersion;
}

Details sessionDetails(const SessionInfo &session)
{
    return {
        {text("Since"),
         QLocale().toString(QDateTime::fromMSecsSinceEpoch(session.sinceMs), QLocale::ShortFormat)},
        {text("Address"), endpointText(session.address, session.port)},
        {text("Name"), session.name},
        {text("Client"), session.client},
        {text("Account"), session.account},
        {text("Encryption"), encryptionText(session)},
        {text("Cipher"), session.cipher},
        {text("Files"), text("%1 sent, %2 of them verified by the client")
                            .arg(formatCount(session.filesSent))
                            .arg(formatCount(session.filesVerified))},
        {text("Sent"), formatSize(session.sent)},
        {text("Received"),
         text("%1; files that are complete and verified: %2")
             .arg(formatSize(session.received), formatCount(session.filesReceived))},
        {text("Last file"), session.file},
        {text("Speed limit"),
         session.rateLimit > 0 ? formatSpeed(session.rateLimit) : text("none of its own")},
        {text("Ended"), session.outcome},
    };
}

DetailsDialog *showSessionDetails(const SessionInfo &session, QWidget *parent)
{
    auto *dialog = new DetailsDialog(text("Details of session %1").arg(session.id),
                                     sessionDetails(session), parent);
    dialog->setObjectName(QStringLiteral("sessionDetails"));
    dialog->show();
    return dialog;
}

} // namespace ferry::gui
