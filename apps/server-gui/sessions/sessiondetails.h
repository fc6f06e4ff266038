// SPDX-License-Identifier: MIT
#pragma once

#include "server/pacing/sessioninfo.h"

#include <QList>
#include <QString>

#include <utility>

class QDialog;
class QWidget;

namespace ferry::gui {

/// How a session is encrypted, taken apart from SessionInfo::door.
struct Encryption
{
    bool encrypted = false;
    QString protocol; ///< "TLS 1.3"; empty while that is being agreed on
    QString cipher;   ///< "TLS_AES_128_GCM_SHA256"
};
Encryption encryptionOf(const server::SessionInfo &session);

/// In a word or two: "TLS 1.3", "Unencrypted".
QString encryptionText(const server::SessionInfo &session);

/// All that is known of a session, line by line: what it is, and its value.
QList<std::pair<QString, QString>> sessionDetails(const server::SessionInfo &session);

/// Shows them as they are now; deletes itself when closed.
QDialog *showSessionDetails(const server::SessionInfo &session, QWidget *parent);

} // namespace ferry::gui
