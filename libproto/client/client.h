// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/connect/connectionstate.h"
#include "client/download.h"
#include "client/queue/downloadqueue.h"
#include "net/base/logqueue.h"
#include "net/login/sasl.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>

namespace ferry::client {

/// The client, as a window or a command line sees it. Lives on the main thread; gives out
/// copies. Windows poll a few times a second; only changes of the connection and the end of the
/// queue are signalled.
class Client : public QObject
{
    Q_OBJECT
public:
    explicit Client(QObject *parent = nullptr);
    ~Client() override;

    /// Communicate. Queued files start as soon as the login succeeds. Invalid at once, and with
    /// nothing changed, for settings that cannot work: no host, no password, an unencrypted
    /// connection to another machine that was not allowed. Ends the connection before.
    Result<> connectTo(const ClientConfig &config, bool allowPlainRemote = false);

    /// Files under way go back to the queue. Does not wait for the thread.
    void disconnect();

    /// disconnect(), and waits until its thread has ended.
    void disconnectAndWait();

    ConnectionStatus connection() const;

    /// A server that was lost is looked for now, not at ConnectionStatus::retryAt.
    void retryNow();

    /// Which dialect the paths of add() are meant for, before a connection has said so.
    void setClassic(bool classic);

    struct Request
    {
        QByteArray remotePath;
        QString folder;
        ExistingPolicy existing = ExistingPolicy::Fail;
        qint64 size = -1;                  ///< bytes, if a listing said so: it is a file then
        QString localName = {};            ///< empty: the one of the path
        bool file = false;                 ///< it has to be one, and no folder
        std::optional<Error> failure = {}; ///< why the server has left it out of a listing
    };
    /// Refused ones (no usable local name, left out) enter the queue as Failed.
    QList<quint64> add(const QList<Request> &requests);

    struct Upload
    {
        QByteArray localPath;     ///< a file, or a folder that is sent whole
        QByteArray remoteFolder;  ///< where to, as a person types it: `/Inbox/trip`
        QByteArray uploadId = {}; ///< of an earlier row that it continues; empty: a new one
    };
    /// To be sent. What is not there, or has no name of its own, enters the queue as Failed.
    QList<quint64> addUploads(const QList<Upload> &uploads);

    /// The target folder of rows that nobody works on and that have not ended. What was received of
    /// them moves along, if that is on the same disk; else they begin anew.
    void setFolder(const QList<quint64> &ids, const QString &folder);

    /// Reads a saved queue, and keeps it up to date in its file from now on (queuestore.h). For an
    /// empty queue; what was wrong with it: takeQueueProblems().
    Result<> openQueue(const QString &path);

    /// What went wrong with the file since the last call, in sentences; in the conversation, too.
    QStringList takeQueueProblems();

    /// Waits until the file says what the queue is now.
    void flushQueue();

    /// All else that can be asked of it. What a person asks, on the main thread.
    DownloadQueue &queue();
    QList<LogRecord> takeConversation();
    /// The conversation has nothing but warnings from now on. Before the first connectTo().
    void keepWarningsOnly();

    /// The keys derived from passwords, for further connections to the same server.
    std::shared_ptr<sasl::SaltedPasswords> derivedKeys() const;

Q_SIGNALS:
    void connectionChanged(); ///< or may have
    /// Nothing queued or under way any more, after there was.
    void queueFinished();

private:
    Q_INVOKABLE void lookAtThreads();

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ferry::client
