// SPDX-License-Identifier: MIT
#include "client/transfer/connection.h"

#include "client/disk/localname.h"
#include "client/limits.h"
#include "client/queue/retryplan.h"
#include "client/transfer/downloadsink.h"
#include "client/transfer/extendedtransfer.h"
#include "client/transfer/extraconnections.h"
#include "net/base/displaytext.h"
#include "net/base/guarded.h"
#include "net/channel/plainchannel.h"
#include "net/channel/socketops.h"
#include "net/channel/tlschannel.h"
#include "net/channel/tlscontext.h"
#include "wire/classic/codec.h"

#include <QCoreApplication>
#include <QMutexLocker>
#include <QScopeGuard>

#include <algorithm>

namespace ferry::client {

namespace {

/// How often an idle connection is looked at for the server's goodbye. New work and close() wake
/// it at once.
constexpr int idleLookMs = 200;

} // namespace

ConnectionThread::ConnectionThread(ClientConfig config, std::shared_ptr<DownloadQueue> queue,
                                   std::shared_ptr<LogQueue> conversation,
                                   std::shared_ptr<sasl::SaltedPasswords> derived, Notify notify)
    : m_config(std::move(config))
    , m_queue(std::move(queue))
    , m_log(std::move(conversation))
    , m_notify(std::move(notify))
    , m_scheduler(m_queue)
    , m_derived(std::move(derived))
    , m_thread("connection", [this] { run(); })
{
}

ConnectionThread::~ConnectionThread()
{
    close();
}

void ConnectionThread::close()
{
    m_closing = true;
    {
        const QMutexLocker lock(&m_mutex);
        if (m_channel && !m_idle)
            m_channel->shutdown();
        if (m_extras)
            m_extras->close();
    }
    m_scheduler.changed();
    m_queue->wakeAll();
}

void ConnectionThread::abortUnwanted()
{
    const QMutexLocker lock(&m_mutex);
    // The extended dialect has a word for it, and looks at the queue with every piece.
    if (m_channel && m_config.classic && m_current != 0 && !m_queue->isWanted(m_current))
        m_channel->shutdown();
}

ConnectionThread::Link ConnectionThread::link() const
{
    const QMutexLocker lock(&m_mutex);
    return m_link;
}

void ConnectionThread::run()
{
    if (const Result<> done = guarded([this] { communicate(); }); !done)
        static_cast<void>(guarded([&] { breakDown(done.error()); }));
    m_busy = false;
    m_leaving = true;
    guardedUntilDone(m_notify, [this] { return m_closing.load(); });
}

/// What is left when not even the error of a step could be dealt with.
void ConnectionThread::breakDown(const Error &error)
{
    m_givenUp = true;
    giveUpParts();
    disconnectNow();
    setFailed(error);
}

void ConnectionThread::communicate()
{
    if (const Result<> connected = connectAndLogIn(); !connected && !m_closing) {
        setFailed(connected.error());
        return;
    }
    bool finishedBefore = true;
    while (!m_closing && !m_givenUp) {
        // The last file may get its name when the connection that brought it is lost already.
        const bool finished = m_queue->finished();
        if (finished && !finishedBefore)
            m_notify();
        finishedBefore = finished;
        if (!m_config.classic && m_queue->hasQueued()) {
            workExtended();
            continue;
        }
        m_queue->lookForSpace();
        const auto download = m_config.classic ? m_queue->takeNext() : std::nullopt;
        if (!download) {
            waitForWork();
            continue;
        }
        setIdle(false);
        m_busy = true;
        setCurrent(download->id);
        if (const Result<> done = guarded([&] { work(*download); }); !done) {
            disconnectNow();
            m_reconnectAtOnce = true;
            failed(*download, done.error());
        }
        setCurrent(0);
        setIdle(true);
        m_busy = false;
        if (m_queue->finished())
            m_notify();
    }
    if (m_secure)
        m_secure->conversation().quit();
    else if (online())
        m_conversation->quit();
    disconnectNow();
    if (!m_givenUp)
        setLink(LinkState::Offline);
}

Result<> ConnectionThread::connectAndLogIn()
{
    auto done = guarded([this] { return tryToConnect(); });
    if (!done)
        disconnectNow();
    return done;
}

Result<> ConnectionThread::tryToConnect()
{
    disconnectNow();
    setIdle(false);
    m_reconnectAtOnce = false;
    setLink(LinkState::Connecting);
    m_connectBegan = std::chrono::steady_clock::now();
    m_log->add(0, LogKind::Status,
               QCoreApplication::translate("ferry", "Connecting to %1, port %2")
                   .arg(displayText(m_config.host), QString::number(m_config.port)));
    Result<FileDescriptor> socket = socketops::connectTo(
        m_config.host, m_config.port, QDeadlineTimer(m_config.connectTime), &m_closing);
    if (!socket)
        return socket.error();
    if (auto loggedIn = logInOver(socket.take()); !loggedIn)
        return loggedIn;
    m_nextPing.setRemainingTime(limits::pingInterval.count());
    m_reconnects = 0;
    setLink(LinkState::Online);
    return {};
}

Result<> ConnectionThread::logInOver(FileDescriptor socket)
{
    if (m_config.classic) {
        auto channel = std::make_unique<PlainChannel>(std::move(socket));
        PlainChannel &plain = *channel;
        hold(std::move(channel));
        return logIn(plain);
    }
    const auto context = TlsContext::forClient();
    if (!context)
        return context.error();
    auto channel = std::make_unique<TlsChannel>(std::move(socket), context.value());
    TlsChannel &tls = *channel;
    hold(std::move(channel));
    return logIn(tls);
}

void ConnectionThread::hold(std::unique_ptr<Channel> channel)
{
    const QMutexLocker lock(&m_mutex);
    m_channel = std::move(channel);
    // close() looks for the channel after it has set the flag; here it is the other way round.
    if (m_closing)
        m_channel->shutdown();
}

void ConnectionThread::describe()
{
    const QString description = m_channel->description();
    {
        const QMutexLocker lock(&m_mutex);
        m_link.description = description;
    }
    m_log->add(0, LogKind::Status,
               QCoreApplication::translate("ferry", "Connected, %1").arg(description));
    setLink(LinkState::LoggingIn);
}

Result<> ConnectionThread::logIn(PlainChannel &channel)
{
    describe();
    m_conversation.emplace(channel, m_config, *m_log);
    return m_conversation->logIn();
}

Result<> ConnectionThread::logIn(TlsChannel &channel)
{
    m_secure.emplace(m_config, *m_log, m_derived);
    const Result<> shaken = m_secure->shakeHands(channel);
    {
        const QMutexLocker lock(&m_mutex);
        m_link.offered = m_secure->offered();
        m_link.saved = m_secure->saved();
    }
    if (!shaken)
        return shaken;
    describe();
    // The login of a further connection takes as many round trips, and no derivation of keys.
    m_connectCost = 2 * (std::chrono::steady_clock::now() - m_connectBegan);
    const Result<> loggedIn = m_secure->logIn(channel);
    if (loggedIn && m_config.trustNew)
        m_config.pin = m_secure->offered(); // new it was once, whether or not it could be stored
    return loggedIn;
}

/// Everything that waits, over one connection; the next one takes up what is left.
void ConnectionThread::workExtended()
{
    if (!online()) {
        const Result<> connected = connectAndLogIn();
        if (!connected && (m_closing || waitForServer(connected.error())))
            return;
        if (!connected) {
            m_givenUp = true;
            m_queue->failQueued(connected.error());
            return setFailed(connected.error());
        }
    }
    if (const Result<> ready = startSaver(); !ready) {
        m_givenUp = true;
        m_queue->failQueued(ready.error());
        return setFailed(ready.error());
    }
    setIdle(false);
    m_busy = true;
    const Result<> done = guarded([this] { return transfer(); });
    setIdle(done.ok()); // before anybody hears that the queue is finished, and calls close()
    m_busy = false;
    m_nextPing.setRemainingTime(limits::pingInterval.count());
    if (!done) {
        m_reconnectAtOnce = !m_closing;
        disconnectNow();
        if (!m_closing)
            setLink(LinkState::Offline);
    }
    if (m_queue->finished())
        m_notify();
}

Result<> ConnectionThread::startSaver()
{
    if (m_saver)
        return {};
    m_saver = std::make_unique<FileSaver>(m_queue, m_log, m_config.resume);
    auto started = m_saver->start();
    if (!started)
        m_saver.reset();
    return started;
}

Result<> ConnectionThread::transfer()
{
    const TransferContext context{*m_queue, m_scheduler, *m_saver, m_config, *m_log, m_closing};
    // The others may speak to this server only; it is stored, if it is to be, already.
    ClientConfig config = m_config;
    config.pin = m_secure->offered();
    config.knownServersFile.clear();
    ExtraConnections extras(config, context, m_log, m_derived, m_connectCost);
    const auto share = [this](ExtraConnections *shared) {
        const QMutexLocker lock(&m_mutex);
        m_extras = shared;
    };
    share(&extras);
    // Before they go, however this function is left.
    const auto unshare = qScopeGuard([&share] { share(nullptr); });
    ExtendedTransfer main(m_secure->conversation(), context, TransferScheduler::Role::Main);
    main.setTick([&extras] { extras.adjust(); });
    auto done = main.run();
    share(nullptr);
    extras.end();
    giveUpParts();
    return done;
}

/// Without the main connection nobody brings what is left of the large files under way.
void ConnectionThread::giveUpParts()
{
    for (const std::shared_ptr<PartedFile> &file : m_scheduler.takeAll()) {
        if (file->lose(m_queue->canBeSaved(file->download().id)))
            m_queue->requeue(file->download().id);
    }
}

/// What an idle server says: false if it is gone.
bool ConnectionThread::onUnsolicitedData()
{
    return m_conversation ? m_conversation->onUnsolicitedData() : m_secure->conversation().ping();
}

void ConnectionThread::disconnectNow()
{
    m_conversation.reset();
    m_secure.reset();
    const QMutexLocker lock(&m_mutex);
    m_channel.reset();
}

/// One file, to one of its ends.
void ConnectionThread::work(const Download &download)
{
    // What can be refused without the server is.
    if (!classic::canBeSent(download.remotePath))
        return failed(download,
                      {ErrorCode::Invalid,
                       QCoreApplication::translate(
                           "ferry", "The path cannot be sent in the classic dialect: it is empty, "
                                    "too long or more than a line.")});
    Result<PartialFile> created =
        PartialFile::create(download.folder, download.localName, download.existing);
    if (!created)
        return failed(download, created.error());
    PartialFile file = created.take();

    for (;;) {
        const bool fresh = !online();
        if (fresh) {
            const Result<> connected = connectAndLogIn();
            if (!connected) {
                m_queue->requeue(download.id);
                if (m_closing || waitForServer(connected.error()))
                    return;
                m_givenUp = true;
                m_queue->failQueued(connected.error());
                return setFailed(connected.error());
            }
        }
        if (!m_queue->isWanted(download.id))
            return;
        const Result<> fetched = fetch(download, file);
        if (fetched)
            return saved(download, file);
        if (m_closing)
            return m_queue->requeue(download.id);
        if (!m_queue->isWanted(download.id)) {
            m_reconnectAtOnce = true;
            return;
        }
        // An old connection may have ended between two requests, by the server's idle time or by
        // abortUnwanted() for the file before. On a new one this is an error like any other.
        const ErrorCode code = fetched.error().code;
        const bool lost = code == ErrorCode::CutShort || code == ErrorCode::Cancelled;
        if (!fresh && lost && m_conversation->fetched() == 0)
            continue;
        m_reconnectAtOnce = code == ErrorCode::LocalFile || code == ErrorCode::DiskFull;
        return failed(download, fetched.error());
    }
}

Result<> ConnectionThread::fetch(const Download &download, PartialFile &file)
{
    DownloadSink sink(file, *m_queue, download.id);
    m_queue->setState(download.id, DownloadState::Downloading);
    const Result<> fetched = m_conversation->fetch(download.remotePath, sink);
    return fetched ? sink.finish() : fetched;
}

void ConnectionThread::saved(const Download &download, PartialFile &file)
{
    if (!m_queue->canBeSaved(download.id))
        return;
    const Result<QString> name = file.finish();
    if (!name)
        return failed(download, name.error());
    if (name.value() != download.localName)
        m_queue->setLocalName(download.id, name.value());
    m_log->add(0, LogKind::Status,
               QCoreApplication::translate(
                   "ferry",
                   "%1 has been saved; the classic dialect carries no checksum, so it is not "
                   "verified")
                   .arg(displayText(QByteArrayView(localBytes(name.value())))));
    m_queue->finish(download.id, false);
}

void ConnectionThread::failed(const Download &download, const Error &error)
{
    if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Skip)
        return m_queue->skip(download.id);
    m_log->add(
        0, LogKind::Error,
        QStringLiteral("%1: %2").arg(displayText(QByteArrayView(download.remotePath)), error.text));
    m_queue->fail(download.id, error);
}

void ConnectionThread::waitForWork()
{
    if (!online() && m_reconnectAtOnce) {
        if (const Result<> connected = connectAndLogIn(); !connected && !m_closing) {
            m_reconnectAtOnce = true;
            if (!waitForServer(connected.error())) {
                m_givenUp = true;
                setFailed(connected.error());
            }
        }
        return;
    }
    setIdle(true);
    // After a close() that came before the line above, the channel is shut down and the wait
    // would only be late by one look.
    if (!m_closing)
        m_queue->waitForWork(idleLookMs);
    setIdle(false);
    if (m_closing || !(m_conversation || m_secure))
        return;
    if (online()) {
        const Result<bool> ready = m_channel->waitForBytes(QDeadlineTimer(0));
        const bool pingDue = m_secure && m_nextPing.hasExpired();
        if (ready && !ready.value() && !pingDue)
            return;
        if (onUnsolicitedData() && m_secure)
            return m_nextPing.setRemainingTime(limits::pingInterval.count());
        m_log->add(0, LogKind::Status,
                   QCoreApplication::translate("ferry", "The server closed the connection"));
    }
    disconnectNow();
    setLink(LinkState::Offline);
}

} // namespace ferry::client
