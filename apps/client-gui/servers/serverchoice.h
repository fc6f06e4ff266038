// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/settings/savedservers.h"

#include <QByteArray>
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
    /// Those that nobody gave a name or a folder, with their passwords.
    void forgetRecent();
    /// Whether the server that is connected has a folder of its own; it is this one from now on.
    bool keepFolder(const QString &folder);

Q_SIGNALS:
    /// Where the files of the server that is connected are saved; empty: where others are.
    void folderWanted(const QString &folder);

private:
    void show();
    void connected();
    void connectTo(const QString &address);
    /// Of the first account at this server that has one.
    QString valueOf(const QByteArray &server, QString SavedServer::*value) const;
    QString ownFolder() const;

    const Parts m_parts;
    ClientSettings *m_settings;
    ClientPrompts *m_prompts;
    QWidget *m_window;
    QString m_waiting; ///< client::serverName(): connect to it once its password is there
};

} // namespace ferry::gui
