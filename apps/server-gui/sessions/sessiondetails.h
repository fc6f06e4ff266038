// SPDX-License-Identifier: MIT
#pragma once

#include "server/pacing/sessioninfo.h"

#include <QList>
#include <QString>

#include <utility>

class QDialog;
class QWidget;

namespace ferry::gui {

/// In a word or two: "TLS 1.3", "Unencrypted".
QString encryptionText(const server::SessionInfo &session);

/// All that is known of a session, line by line: what it is, and its value.
QList<std::pair<QString, QString>> sessionDetails(const server::SessionInfo &session);

/// Shows them; deletes itself when closed.
QDialog *showSessionDetails(const server::SessionInfo &session, QWidget *parent);

/// As they are now, in the dialog that shows those of the same session.
void refreshSessionDetails(QDialog *dialog, const server::SessionInfo &session);

} // namespace ferry::gui
