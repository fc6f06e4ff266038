// SPDX-License-Identifier: MIT
#include "client/client.h"

#include "client/connect/knownservers.h"
#include "client/disk/localname.h"
#include "client/disk/rowparts.h"
#include "client/limits.h"
#include "client/queue/queuestore.h"
#include "client/transfer/connectionthread.h"
#include "client/upload/queueuploads.h"
#include "net/base/taskthread.h"
#include "net/limits.h"

#include <QHash>
#include <QSet>
#include <QTimer>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace ferry::client {

class Client::Private
{
public:
    explicit Private(Client *client)
        : q(client)
    {
    }

    void endThread();
    void dropEnded();
    void waitForEnding();
    void announceEnd();
    QList<quint64> add(const QList<Download> &rows);
    void lookAtStore();
    void dropParts(bool all);

    Client *const q;
    const std::shared_ptr<DownloadQueue> queue = std::make_shared<DownloadQueue>();
    const std::shared_ptr<LogQueue> log = std::make_shared<LogQueue>();
    const std::shared_ptr<sasl::SaltedPasswords> derived =
        std::make_shared<sasl::SaltedPasswords>();
    std::unique_ptr<QueueStore> store;
    QStringList queueProblems;
    std::unique_ptr<ConnectionThread> thread;
    /// Closed, but maybe still syncing a file; nobody waits for them before the end.
    std::vector<std::unique_ptr<ConnectionThread>> ending;
    /// Separators of remote paths; true until a connection says otherwise.
    bool classic = true;
    bool announced = true;
    QString server;   ///< what is added comes from there; empty: from whichever is next
    QTimer undoTimer; ///< until the first removal cannot be undone any more
    std::optional<TaskThread> disk;         ///< moves and removes parts of files
    QHash<QByteArray, QByteArray> accepted; ///< KnownServers::key() → fingerprint
};

void Client::Private::endThread()
{
    if (!thread)
        return;
    thread->close();
    ending.push_back(std::move(thread));
    dropEnded();
}

void Client::Private::dropEnded()
{
    std::erase_if(ending, [](const auto &ended) { return ended->leaving(); });
}

void Client::Private::waitForEnding()
{
    ending.clear(); // the destructor waits
}

/// A file that ends by the person's hand ends the queue as well, so this is asked after each.
void Client::Private::announceEnd()
{
    if (announced || !queue->finished())
        return;
    announced = true;
    Q_EMIT q->queueFinished();
}

QList<quint64> Client::Private::add(const QList<Download> &rows)
{
    if (!rows.isEmpty())
        announced = false;
    const QList<quint64> ids = queue->add(rows);
    // Not before the caller has the ids.
    QMetaObject::invokeMethod(
        q, [this] { announceEnd(); }, Qt::QueuedConnection);
    return ids;
}

void Client::Private::lookAtStore()
{
    if (!store)
        return;
    for (const QString &problem : store->takeProblems()) {
        log->add(0, LogKind::Warning, problem);
        queueProblems.append(problem);
    }
}

/// What was received of removed rows goes when they cannot come back, unless another row wants it.
void Client::Private::dropParts(bool all)
{
    QList<Download> removed = queue->takeRemoved(all);
    removed.removeIf([](const Download &download) {
        return download.isUpload() || !download.begun || download.kind == DownloadKind::Folder ||
               download.state == DownloadState::Done;
    });
    if (removed.isEmpty())
        return;
    QSet<QString> wanted;
    for (const Download &row : queue->all()) {
        if (!row.isUpload())
            wanted.insert(row.path());
    }
    removed.removeIf([&](const Download &download) { return wanted.contains(download.path()); });
    if (!disk)
        disk.emplace("queue disk");
    disk->add([removed] {
        for (const Download &download : removed)
            removePart(download);
    });
}

Client::Client(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this))
{
    d->queue->setPersonHook([this] {
        if (d->thread)
            d->thread->abortUnwanted();
        d->announced = d->announced && d->queue->finished();
        d->announceEnd();
        if (d->queue->hasRemoved() && !d->undoTimer.isActive())
            d->undoTimer.start(limits::undoTime);
    });
    d->undoTimer.setSingleShot(true);
    connect(&d->undoTimer, &QTimer::timeout, this, [this] {
        d->dropParts(false);
        if (d->queue->hasRemoved())
            d->undoTimer.start(limits::undoTime);
    });
}

Client::~Client()
{
    d->announced = true; // nobody is told any more
    d->endThread();
    d->waitForEnding();
    d->dropParts(true);
}

Result<> Client::connectTo(const ClientConfig &config, bool allowPlainRemote)
{
    ClientConfig checked = config;
    if (checked.host.isEmpty())
        return Error{ErrorCode::Invalid, tr("There is no host.")};
    if (checked.classic && !allowPlainRemote && !isLoopbackHost(checked.host))
        return Error{ErrorCode::Invalid,
                     tr("The classic protocol is not encrypted: the password and the files can be "
                        "read on the way to %1. It has to be allowed for other computers.")
                         .arg(checked.host)};
    if (checked.password.isEmpty())
        return Error{ErrorCode::Invalid, tr("There is no password.")};
    if (checked.port == 0)
        checked.port = checked.classic ? limits::classicPort : limits::tlsPort;

    QByteArray &accepted = d->accepted[KnownServers::key(checked.host, checked.port)];
    if (checked.accepted.isEmpty())
        checked.accepted = accepted;
    accepted = checked.accepted;

    d->endThread();
    d->classic = checked.classic;
    d->server = serverName(checked);
    d->queue->setServer(d->server);
    // By name, and to nothing but the event queue: this runs on the connection's thread.
    const auto notify = [this] {
        QMetaObject::invokeMethod(this, "lookAtThreads", Qt::QueuedConnection);
    };
    d->thread = std::make_unique<ConnectionThread>(checked, d->queue, d->log, d->derived, notify);
    auto started = d->thread->start();
    if (!started)
        d->thread.reset();
    return started;
}

void Client::disconnect()
{
    if (!d->thread)
        return;
    d->server.clear();
    d->endThread();
    Q_EMIT connectionChanged();
}

void Client::lookAtThreads()
{
    d->dropEnded();
    Q_EMIT connectionChanged();
    // This call may answer something earlier. Whoever hears of the end may disconnect, and the
    // server has yet to hear that the last file is saved; another call follows then.
    if (!d->thread || !d->thread->busy())
        d->announceEnd();
}

void Client::disconnectAndWait()
{
    disconnect();
    d->waitForEnding();
}

ConnectionStatus Client::connection() const
{
    return d->thread ? d->thread->status() : ConnectionStatus();
}

void Client::retryNow()
{
    if (d->thread)
        d->thread->retryNow();
}

void Client::setClassic(bool classic)
{
    d->classic = classic;
}

QList<quint64> Client::add(const QList<Request> &requests)
{
    QList<Download> downloads;
    downloads.reserve(requests.size());
    for (const Request &request : requests) {
        Download download;
        download.remotePath = request.remotePath;
        download.folder = request.folder;
        download.existing = request.existing;
        download.server = d->server;
        download.kind = d->classic || request.size >= 0 || request.file ? DownloadKind::File
                                                                        : DownloadKind::Any;
        download.size = d->classic ? -1 : request.size;
        const auto name = !request.localName.isEmpty()
                              ? localName(localBytes(request.localName), false)
                          : d->classic ? localName(request.remotePath, true)
                                       : targetName(request.remotePath);
        if (name)
            download.localName = name.value();
        if (!name || request.failure) {
            download.state = DownloadState::Failed;
            download.error = request.failure ? *request.failure : name.error();
        }
        downloads.append(download);
    }
    return d->add(downloads);
}

QList<quint64> Client::addUploads(const QList<Upload> &uploads)
{
    QList<Download> rows;
    rows.reserve(uploads.size());
    for (const Upload &upload : uploads) {
        rows.append(uploadRow(upload.localPath, upload.remoteFolder));
        rows.last().server = d->server;
        if (!upload.uploadId.isEmpty())
            rows.last().uploadId = upload.uploadId;
    }
    return d->add(rows);
}

void Client::setFolder(const QList<quint64> &ids, const QString &folder)
{
    QList<Download> moved = d->queue->setFolder(ids, folder);
    moved.removeIf([](const Download &download) { return !download.begun; });
    if (moved.isEmpty())
        return;
    if (!d->disk)
        d->disk.emplace("queue disk");
    d->disk->add([moved, folder] {
        for (const Download &download : moved)
            movePart(download, folder);
    });
}

Result<> Client::openQueue(const QString &path)
{
    auto store = QueueStore::open(path, d->queue);
    if (!store)
        return store.error();
    d->store = store.take();
    d->announced = d->queue->finished();
    d->lookAtStore();
    return {};
}

QStringList Client::takeQueueProblems()
{
    d->lookAtStore();
    return std::exchange(d->queueProblems, {});
}

void Client::flushQueue()
{
    if (d->store)
        d->store->flush();
}

DownloadQueue &Client::queue()
{
    return *d->queue;
}

std::shared_ptr<sasl::SaltedPasswords> Client::derivedKeys() const
{
    return d->derived;
}

void Client::keepWarningsOnly()
{
    d->log->keepWarningsOnly();
}

QList<LogRecord> Client::takeConversation()
{
    return d->log->take();
}

} // namespace ferry::client
