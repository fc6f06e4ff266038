// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;

namespace ferry::gui {

class QrCode;

/// The invitation as a QR code, with the link beside it.
class InvitationDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit InvitationDialog(QWidget *parent = nullptr);

    /// `link`: Invitation::toText(). Follows the server while the dialog is open.
    void setInvitation(const QString &address, const QString &link);

Q_SIGNALS:
    void copyRequested();

private:
    QLabel *m_headline;
    QrCode *m_code;
    QLineEdit *m_link;
};

} // namespace ferry::gui
