// SPDX-License-Identifier: MIT
#include "server/server.h"

#include "net/base/displaytext.h"
#include "server/doors/addressblock.h"
#include "server/doors/descriptors.h"
#include "server/limits.h"
#include "server/serverprivate.h"

#include <QDateTime>
#include <QLocale>

namespace ferry::server {

Server::Private::Private(Server *owner)
    : q(owner)
{
    QObject::connect(&bansTimer, &QTimer::timeout, q, [this] { refreshBans(); });
    QObject::connect(&cleanTimer, &QTimer::timeout, q, [this] { cleanUploads(); });
    QObject::connect(&giftTimer, &QTimer::timeout, q, [this] { cleanGifts(); });
}

Server::Server(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this))
{
}

Server::~Server()
{
    blockSignals(true);
    stop();
}

Result<> Server::start(const ServerConfig &config)
{
    if (d->state != ServerState::Stopped && d->state != ServerState::Error)
        return Error{ErrorCode::Invalid, tr("The server is running already.")};
    d->errorText.clear();
    d->setState(ServerState::Starting);
    const auto opened = d->open(config);
    if (!opened) {
        d->closeDoors();
        return d->fail(opened.error());
    }
    d->setState(ServerState::Listening);
    d->cleanUploads();
    d->cleanGifts();
    return {};
}

Result<> Server::Private::fail(const Error &error)
{
    errorText = error.text;
    log(LogKind::Error, error.text);
    setState(ServerState::Error);
    return error;
}

void Server::Private::setState(ServerState newState)
{
    if (state == newState)
        return;
    state = newState;
    Q_EMIT q->stateChanged(state);
}

void Server::Private::closeDoors()
{
    tlsDoor.listener.reset();
    classicDoor.listener.reset();
    lingering.reset();
    tlsRefusals.reset();
    if (refusalsToLog > 0)
        logRefusals();
}

void Server::stop()
{
    d->closeDoors();
    if (d->context)
        d->context->stopping = true;
    for (const auto &[id, thread] : d->threads)
        thread->close(tr("server stopped"));
    if (d->context)
        d->context->gate->wake();
    const QDeadlineTimer deadline(limits::stopTime);
    while (!d->threads.empty()) {
        const auto first = d->threads.begin();
        if (first->second->join(deadline)) {
            d->reap(first->first);
            continue;
        }
        // Stuck in the file system, where nothing can wake it. It owns all it uses, so it is left
        // to end by itself.
        d->log(LogKind::Error, tr("Session %1 does not end.").arg(first->first));
        SessionThread::abandon(std::move(first->second));
        d->threads.erase(first);
    }
    if (d->state != ServerState::Error)
        d->setState(ServerState::Stopped);
}

void Server::drain()
{
    if (d->state != ServerState::Listening)
        return;
    d->closeDoors();
    d->context->draining = true;
    d->setState(ServerState::Draining);
    for (const auto &[id, thread] : d->threads)
        thread->drain();
    if (d->threads.empty())
        d->setState(ServerState::Stopped);
}

void Server::sessionEnded(quint64 session)
{
    d->reap(session);
}

/// The thread has ended, or is about to.
void Server::Private::reap(quint64 id)
{
    const auto found = threads.find(id);
    if (found == threads.end())
        return;
    found->second->join();
    keepEnded(found->second->info());
    threads.erase(found);
    if (state == ServerState::Draining && threads.empty())
        setState(ServerState::Stopped);
}

void Server::Private::keepEnded(const SessionInfo &info)
{
    bytesOfEnded += info.sent;
    filesOfEnded += info.filesSent;
    receivedOfEnded += info.received;
    if (ended.size() >= limits::endedSessions)
        ended.removeFirst();
    ended.append(info);
}

ServerState Server::state() const
{
    return d->state;
}

QString Server::errorText() const
{
    return d->errorText;
}

namespace {

Server::Endpoint endpointOf(const std::unique_ptr<Listener> &listener)
{
    if (!listener)
        return {};
    return {listener->serverAddress(), listener->serverPort()};
}

} // namespace

Server::Endpoint Server::tlsEndpoint() const
{
    return endpointOf(d->tlsDoor.listener);
}

Server::Endpoint Server::classicEndpoint() const
{
    return endpointOf(d->classicDoor.listener);
}

QByteArray Server::fingerprint() const
{
    return d->fingerprint;
}

int Server::sessionCap() const
{
    const int wanted = d->context ? d->context->config.get()->maxSessions : limits::sessionsTotal;
    return qMin(wanted, descriptors::sessionsCarried());
}

QList<SessionInfo> Server::sessions() const
{
    QList<SessionInfo> all;
    all.reserve(qsizetype(d->threads.size()) + d->ended.size());
    const auto standings = d->people->standings();
    for (const auto &[id, thread] : d->threads) {
        all.append(thread->info());
        if (const auto standing = standings.find(id); standing != standings.end()) {
            all.last().readsMessages = standing->second.reads;
            all.last().muted = standing->second.muted;
        }
    }
    return all + d->ended;
}

int Server::liveSessions() const
{
    return int(d->threads.size());
}

void Server::clearEnded()
{
    d->ended.clear();
}

void Server::disconnectSession(quint64 id)
{
    const auto found = d->threads.find(id);
    if (found != d->threads.end())
        d->end(*found->second, EndReason::Disconnected, tr("disconnected by you"));
}

void Server::pauseSession(quint64 id, bool paused)
{
    const auto found = d->threads.find(id);
    if (found == d->threads.end())
        return;
    found->second->setPaused(paused);
    d->messages->add(id, LogKind::Status, paused ? tr("Paused here") : tr("Resumed here"));
}

void Server::limitSession(quint64 id, qint64 bytesPerSecond)
{
    const auto found = d->threads.find(id);
    if (found != d->threads.end())
        found->second->setRate(bytesPerSecond);
}

Result<> Server::Private::tell(const extended::Party &to, const QString &text)
{
    return people->tell(to, text.toUtf8());
}

Result<> Server::tell(quint64 session, const QString &text)
{
    return d->tell({extended::Party::Kind::Session, qint64(session)}, text);
}

Result<> Server::tellAll(const QString &text)
{
    return d->tell({extended::Party::Kind::All, 0}, text);
}

Messages Server::takeMessages()
{
    const Mailbox::News news = d->people->takeMessages();
    Messages messages;
    messages.lost = news.lost;
    for (const extended::Note &note : news.notes)
        messages.list.append({note.id, quint64(note.from.session), displayText(note.account),
                              displayText(note.name), QString::fromUtf8(note.text), note.toAll,
                              note.atNs / 1'000'000});
    return messages;
}

void Server::muteSession(quint64 id, bool muted)
{
    d->people->mute(id, muted);
    d->messages->add(id, LogKind::Status, muted ? tr("Muted here") : tr("May write again"));
}

void Server::setMembers(bool mayWrite)
{
    d->people->setMembers(mayWrite);
}

Result<> Server::reconfigure(const ServerConfig &config)
{
    if (d->state != ServerState::Listening && d->state != ServerState::Draining)
        return Error{ErrorCode::Invalid, tr("The server is not running.")};
    return d->reconfigure(config);
}

Result<> Server::ban(const QHostAddress &address)
{
    const Result<> kept = d->bans->ban(address);
    d->log(LogKind::Status, tr("%1 is banned").arg(blockText(blockOf(address))));
    d->endBanned();
    return kept;
}

Result<> Server::banFor(const QHostAddress &address, std::chrono::minutes time)
{
    if (const auto banned = d->bans->banFor(address, time); !banned)
        return banned;
    const QHostAddress block = blockOf(address);
    const QDateTime end = QDateTime::currentDateTime().addSecs(std::chrono::seconds(time).count());
    d->log(LogKind::Status,
           tr("%1 is disconnected until %2")
               .arg(blockText(block), QLocale().toString(end.time(), QLocale::ShortFormat)));
    for (const auto &[id, thread] : d->threads) {
        if (blockOf(thread->peer()) == block)
            d->end(*thread, EndReason::Disconnected, tr("disconnected by you"));
    }
    return {};
}

Result<> Server::liftBan(const QHostAddress &address)
{
    const Result<> kept = d->bans->lift(address);
    d->log(LogKind::Status, tr("%1 is let in again").arg(blockText(blockOf(address))));
    return kept;
}

QList<BanList::Ban> Server::bans() const
{
    return d->bans->list();
}

void Server::loadBans(const QString &dataFolder)
{
    ServerConfig config;
    config.dataFolder = dataFolder;
    static_cast<void>(d->openBans(config)); // start() says so
}

QList<LoginThrottle::Penalty> Server::penalties() const
{
    return d->throttle->penalties();
}

void Server::liftPenalty(const QHostAddress &address)
{
    d->throttle->lift(address);
}

void Server::recordDeliveries(bool record)
{
    d->deliveries->setEnabled(record);
}

DeliveryQueue::Taken Server::takeDeliveries()
{
    return d->deliveries->take();
}

qint64 Server::bytesSent() const
{
    qint64 sum = d->bytesOfEnded;
    for (const auto &[id, thread] : d->threads)
        sum += thread->info().sent;
    return sum;
}

qint64 Server::filesSent() const
{
    qint64 sum = d->filesOfEnded;
    for (const auto &[id, thread] : d->threads)
        sum += thread->info().filesSent;
    return sum;
}

qint64 Server::bytesReceived() const
{
    qint64 sum = d->receivedOfEnded;
    for (const auto &[id, thread] : d->threads)
        sum += thread->info().received;
    return sum;
}

QList<LogRecord> Server::takeLog()
{
    return d->messages->take();
}

} // namespace ferry::server
