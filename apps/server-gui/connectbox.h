// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/addresses.h"
#include "server-gui/settings.h"

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace ferry::gui {

class DoorBox;
class PasswordBox;

/// "How others connect": the addresses of this computer and the line for telnet, with the
/// password and the door below them.
class ConnectBox final : public QWidget
{
    Q_OBJECT
public:
    explicit ConnectBox(QWidget *parent = nullptr);

    PasswordBox *password() const { return m_password; }
    DoorBox *door() const { return m_door; }

    /// `port` 0: not known before the server runs.
    void showDoor(const ServerSettings &settings, const QList<OwnAddress> &addresses, quint16 port);

    /// "192.168.1.20:7421"; what the first of the addresses is.
    QString bestAddress() const;

    void copyAddress();
    void copyTelnetLine();

    QComboBox *addressField() const { return m_address; }
    QLineEdit *telnetField() const { return m_telnet; }

Q_SIGNALS:
    void copied(const QString &what);

private:
    void showTelnetLine();

    QComboBox *m_address;
    QLineEdit *m_telnet;
    PasswordBox *m_password;
    DoorBox *m_door;
};

} // namespace ferry::gui
