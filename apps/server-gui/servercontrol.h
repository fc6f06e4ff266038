// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/settings.h"
#include "server/server.h"

#include <QElapsedTimer>
#include <QObject>

namespace ferry::gui {

/// Between the window and the engine: starts it with the settings, and with new ones when they
/// change while it runs.
class ServerControl final : public QObject
{
    Q_OBJECT
public:
    explicit ServerControl(QObject *parent = nullptr);

    server::Server &server() { return m_server; }

    void start(const ServerSettings &settings);
    void stop();

    /// While the server runs: with nobody connected it starts again with `settings` at once, so
    /// that what the window says is what is true. Otherwise changesWaiting() says that the
    /// sessions come first.
    void settingsChanged(const ServerSettings &settings);

    /// Ends the sessions and starts with the newest settings.
    void restart();

    bool isRunning() const;
    qint64 upMs() const; ///< since it listens; 0 if it does not

    /// In a sentence, after start() failed.
    QString errorText() const { return m_errorText; }

Q_SIGNALS:
    void stateChanged();
    /// The port is taken; `free` is the next one that is not, or 0.
    void portTaken(quint16 port, quint16 free);
    void changesWaiting();

private:
    server::Server m_server;
    ServerSettings m_newest;
    QElapsedTimer m_listening;
    QString m_errorText;
};

} // namespace ferry::gui
