// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QString>

class QWidget;

namespace ferry::gui {

class ClientPrompts;
class ClientSettings;
class ConnectBar;
class Connector;
class PasswordMemory;
class Welcome;

/// The servers that somebody used or saved, wherever they are to hand: in the list of the host
/// field, as buttons of the welcome, in a dialog of their own. One list for all of them, that of
/// the settings.
class ServerChoice final : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        ConnectBar *bar;
        Connector *connector;
        PasswordMemory *passwords;
        Welcome *welcome;
    };
    /// Nothing is owned; all must outlive it. `window`: the parent of dialogs.
    ServerChoice(const Parts &parts, ClientSettings *settings, ClientPrompts *prompts,
                 QWidget *window);

    /// Into the host field, unless there is a connection.
    void use(const QString &address);

    void openDialog();
    /// Those without a name, with their passwords.
    void forgetRecent();

private:
    void show();
    void connected();
    void connectTo(const QString &address);
    QString nameOf(const QByteArray &server) const;

    const Parts m_parts;
    ClientSettings *m_settings;
    ClientPrompts *m_prompts;
    QWidget *m_window;
    QString m_waiting; ///< client::serverName(): connect to it once its password is there
};

} // namespace ferry::gui
