// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/run/addresses.h"
#include "server-gui/settings/settings.h"

#include <QPointer>
#include <QWidget>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace ferry::gui {

class InvitationDialog;
class PasswordBox;

/// What is known of the doors, for others to be told.
struct DoorFacts
{
    QList<OwnAddress> addresses; ///< of this computer, best first
    quint16 tlsPort = 0;         ///< 0: not known before the server runs
    quint16 classicPort = 0;
    QByteArray fingerprint;  ///< of the certificate; empty: there is none yet
    QString identityProblem; ///< in a sentence: there is one, but it cannot be used
};

/// "How others connect", to be read out or copied: address, password, fingerprint and command
/// for Ferry's own programs; on a second page the same for telnet, while that is let in.
class ConnectBox final : public QWidget
{
    Q_OBJECT
public:
    explicit ConnectBox(QWidget *parent = nullptr);

    PasswordBox *password() const { return m_password; }
    PasswordBox *telnetPassword() const { return m_telnetPassword; }

    void showDoors(const ServerSettings &settings, const DoorFacts &facts);

    /// "192.168.1.20:7420"; what the first of the addresses is.
    QString bestAddress() const;

    /// Shows the page for telnet and the line for the command line.
    void setAdvancedShown(bool shown);

    void showTelnetPage();

    void copyAddress();
    /// Address and fingerprint in one piece, to be sent; never the password.
    void copyInvitation();
    /// The same as a QR code, in a dialog that stands beside the window.
    void showInvitation();
    void copyFingerprint();
    void copyCommand();
    void copyTelnetLine();

    QComboBox *addressField() const { return m_address; }

Q_SIGNALS:
    void copied(const QString &what);

private:
    QWidget *makeFerryPage();
    QWidget *makeTelnetPage();
    QLineEdit *line(const QString &objectName, const QString &name, const QString &toolTip);
    QString invitation() const;
    void refreshInvitation();
    void copy(const QString &text, const QString &what);
    void showFingerprint(const DoorFacts &facts);
    void showLines();
    void showTelnet(const ServerSettings &settings);
    void showAdvanced();

    bool m_advanced = false;
    bool m_telnetShut = true;
    QByteArray m_share; ///< the one that the command asks for
    QByteArray m_knownFingerprint;
    QStringList m_telnetHosts;
    quint16 m_tlsPort = 0;
    quint16 m_telnetPort = 0;

    QFormLayout *m_form = nullptr;
    QTabBar *m_ways;
    QStackedWidget *m_pages;
    QComboBox *m_address = nullptr;
    PasswordBox *m_password = nullptr;
    QLabel *m_fingerprint = nullptr;
    QToolButton *m_copyFingerprint = nullptr;
    QPushButton *m_invite = nullptr;
    QPushButton *m_qrCode = nullptr;
    QPointer<InvitationDialog> m_invitation;
    QLineEdit *m_command = nullptr;
    QLineEdit *m_telnet = nullptr;
    PasswordBox *m_telnetPassword = nullptr;
    QLabel *m_samePassword = nullptr;
    QLabel *m_telnetNote = nullptr;
};

} // namespace ferry::gui
