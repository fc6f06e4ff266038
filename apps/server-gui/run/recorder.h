// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/settings/limitsettings.h"
#include "server/records/history.h"
#include "server/records/logfile.h"

#include <QObject>

#include <memory>

namespace ferry::server {
class Server;
}

namespace ferry::gui {

/// Writes down what the server says: the log into a file, the deliveries into the history, as
/// the settings want it. Nothing here waits for a disk.
class Recorder final : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 receivedFound = 1000; ///< files of earlier runs

    /// `dataFolder` holds both. The server is not owned.
    Recorder(server::Server *server, const QString &dataFolder, QObject *parent = nullptr);
    ~Recorder() override;

    static QString logPathIn(const QString &dataFolder);

    void apply(const LimitSettings &settings);

    /// A few times a second: what the server has to say since the last call, and a sentence for
    /// each file that was delivered.
    QList<LogRecord> poll();

    server::History &history() { return *m_history; }

Q_SIGNALS:
    void problem(const QString &sentence);
    /// A file came in, complete and verified.
    void received(const ferry::server::Delivery &file);
    /// Those of earlier runs, newest first; once.
    void foundReceived(const QList<ferry::server::Delivery> &files);

private:
    const QString m_dataFolder;
    server::Server *m_server;
    bool m_keepHistory = true;
    std::unique_ptr<server::LogFile> m_log;
    std::unique_ptr<server::History> m_history;
};

} // namespace ferry::gui
