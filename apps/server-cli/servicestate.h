// SPDX-License-Identifier: MIT
#pragma once

#include "server/server.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

namespace ferry::servercli {

/// Tells the service manager how the server is (sd_notify(3)), also while nothing changes. Nobody
/// is told if none started this program. On the main thread.
class ServiceState final : public QObject
{
    Q_OBJECT
public:
    /// `server` outlives this.
    explicit ServiceState(const server::Server &server);

    /// Clients may come: after the start, and after each reloading(), where `problem` is why the
    /// server goes on with the configuration that it had.
    void ready(const QString &problem = {});
    void reloading();

    /// Why the server does not start.
    void failed(const QString &problem);

    /// Whether a file descriptor leads to the system's journal, which more people read than a
    /// terminal.
    static bool isJournal(int descriptor);

private:
    void tell();

    const server::Server &m_server;
    QTimer m_timer;
    QByteArray m_status; ///< as it was told
    QByteArray m_problem;
};

} // namespace ferry::servercli
