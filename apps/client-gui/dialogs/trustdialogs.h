// SPDX-License-Identifier: MIT
/// The two dialogs about who a server is. Plain text; Esc is the safe answer.
#pragma once

#include <QDialog>

namespace ferry::gui {

/// First connection to a server: the fingerprint to compare. Cancel is the default, so that an
/// Enter too many agrees to nothing.
class FirstContactDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `server`: host and port.
    FirstContactDialog(const QString &server, const QByteArray &fingerprint,
                       QWidget *parent = nullptr);
};

/// Another certificate than the saved one: both side by side, and no way on from here.
class ServerChangedDialog final : public QDialog
{
    Q_OBJECT
public:
    ServerChangedDialog(const QString &server, const QByteArray &saved, const QByteArray &offered,
                        QWidget *parent = nullptr);
};

} // namespace ferry::gui
