// SPDX-License-Identifier: MIT
/// The two dialogs about who a server is. Plain text; Esc is the safe answer.
#pragma once

#include <QDialog>
#include <QStringList>

namespace ferry::gui {

/// First connection to a server: the fingerprint to compare. Cancel is the default, so that an
/// Enter too many agrees to nothing.
class FirstContactDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `server`: host and port. `knownAs`: the same one at other addresses.
    FirstContactDialog(const QString &server, const QByteArray &fingerprint,
                       const QStringList &knownAs = {}, QWidget *parent = nullptr);
};

/// Which fingerprint a server should have shown.
enum class Expected {
    Saved,   ///< that of the earlier connections
    Invited, ///< that of an invitation
};

/// Another certificate than the expected one: both side by side, and no way on from here.
class ServerChangedDialog final : public QDialog
{
    Q_OBJECT
public:
    ServerChangedDialog(const QString &server, Expected expected, const QByteArray &saved,
                        const QByteArray &offered, QWidget *parent = nullptr);
};

} // namespace ferry::gui
