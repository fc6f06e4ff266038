// SPDX-License-Identifier: MIT
#include "server/limits.h"
#include "server/serverprivate.h"

#include "net/base/displaytext.h"
#include "net/base/endpointtext.h"
#include "net/base/guarded.h"
#include "net/channel/tlsidentity.h"
#include "server/doors/descriptors.h"
#include "wire/classic/codec.h"

#include <QDateTime>
#include <QFile>
#include <QTimer>

#include <utility>
#include <vector>

namespace ferry::server {

namespace {

/// Free descriptors that a new session must find: what it takes itself, and a margin for the
/// files that other sessions open while its thread starts.
constexpr int descriptorsToFind = limits::descriptorsPerSession + 8;

/// With the descriptors that so many sessions do not need.
int uploadsThatMayBeHeld(int sessions)
{
    return qMin(limits::uploadsHeld,
                descriptors::sparedBy(sessions) / limits::descriptorsPerUpload);
}

} // namespace

Result<> Server::Private::open(const ServerConfig &config)
{
    if (auto checked = check(config); !checked)
        return checked;
    const auto before = std::exchange(context, std::make_shared<ServerContext>());
    context->config.set(std::make_shared<ServerConfig>(config));
    context->log = messages;
    lingering = std::make_unique<LingeringClose>();
    context->throttle = throttle;
    context->limiter = limiter;
    context->deliveries = deliveries;
    context->uploads = uploads;
    context->people = people;
    people->setMembers(config.members);
    uploads->ledger.setLimits(config.uploads);
    limiter->setRate(config.rateLimit);
    throttle->setFigures(config.penaltyFirst, config.maxPenalty);
    context->gate = std::make_shared<VerifyGate>();
    if (auto opened = openBans(config); !opened)
        return opened;
    if (auto accounts = openAccounts(config, before.get()); !accounts)
        return accounts;
    const int cap = q->sessionCap();
    if (cap < 1)
        return Error{ErrorCode::Invalid,
                     tr("The system allows this program too few open files for even one session.")};
    admission.emplace(admissionLimits(config));
    uploads->mayBeHeld = uploadsThatMayBeHeld(cap);

    if (config.tlsEnabled) {
        if (auto identity = openIdentity(config); !identity)
            return identity;
    }
    // Not before: the data folder is there now.
    auto shares = openShares(config);
    if (!shares)
        return shares.error();
    context->shares.set(shares.take());
    openGifts(config);
    context->gifts = gifts;
    if (config.tlsEnabled) {
        tlsDoor.name = QStringLiteral("TLS");
        if (auto opened = openDoor(tlsDoor, config.tlsAddress, config.tlsPort, config.tlsSocket);
            !opened)
            return opened;
    }
    if (config.classicEnabled) {
        classicDoor.name = QStringLiteral("classic");
        return openDoor(classicDoor, config.classicAddress, config.classicPort,
                        config.classicSocket);
    }
    return {};
}

Admission::Limits Server::Private::admissionLimits(const ServerConfig &config) const
{
    return {q->sessionCap(), config.maxSessionsPerAddress, config.maxStrangers,
            config.maxStrangersPerAddress, config.strangerGrace};
}

Result<> Server::Private::reconfigure(const ServerConfig &config)
{
    const auto before = context->config.get();
    if (auto checked = check(config); !checked)
        return checked;
    if (config.password.isEmpty() != before->password.isEmpty())
        return Error{ErrorCode::Invalid, tr("Stop the server first.")};
    auto shares = openShares(config);
    if (!shares)
        return shares.error();
    if (config.password != before->password) {
        if (auto added = context->accounts->addTransient(defaultAccount, config.password); !added)
            return added;
    }
    context->shares.set(shares.take());
    context->config.set(std::make_shared<ServerConfig>(config));
    admission->setLimits(admissionLimits(config));
    uploads->mayBeHeld = uploadsThatMayBeHeld(q->sessionCap());
    limiter->setRate(config.rateLimit);
    throttle->setFigures(config.penaltyFirst, config.maxPenalty);
    uploads->ledger.setLimits(config.uploads);
    if (gifts)
        gifts->setLimits(config.uploads);
    people->setMembers(config.members);
    cleanUploads();
    for (const auto &[id, thread] : threads) {
        if (thread->info().rateLimit == before->sessionRateLimit)
            thread->setRate(config.sessionRateLimit);
    }
    return {};
}

Result<std::shared_ptr<const ShareSet>> Server::Private::openShares(const ServerConfig &config)
{
    // The same as long as they can be: it remembers what was moved.
    const QByteArrayList paths =
        config.ownFiles + QByteArrayList{QFile::encodeName(config.dataFolder)};
    if (paths != ownPaths) {
        own = OwnFiles(paths);
        ownPaths = paths;
    }
    auto shares = ShareSet::open(config.shares, jail::best(), own);
    if (!shares)
        return shares;
    for (const ShareConfig &share : config.shares) {
        for (const QByteArray &path : own.within(share.folder))
            log(LogKind::Warning,
                tr("%1 lies in the share “%2” and is not served: it is Ferry's own.")
                    .arg(displayText(path), displayText(share.name)));
    }
    return shares;
}

Result<> Server::Private::openAccounts(const ServerConfig &config, const ServerContext *before)
{
    // Those of the run before, if nothing about them changed: a verifier takes a good part of a
    // second to derive, and this is the main thread.
    if (before && before->accounts && !config.password.isEmpty() &&
        before->config.get()->password == config.password &&
        before->config.get()->dataFolder == config.dataFolder) {
        context->accounts = before->accounts;
        return {};
    }
    auto accounts = std::make_shared<Accounts>(config.dataFolder);
    if (auto read = accounts->refresh(); !read)
        return read;
    for (const QString &problem : accounts->problems())
        log(LogKind::Warning, problem);
    if (config.password.isEmpty() && accounts->list().isEmpty())
        return Error{ErrorCode::Invalid, tr("There is no password and no account.")};
    if (!config.password.isEmpty()) {
        if (auto added = accounts->addTransient(defaultAccount, config.password); !added)
            return added;
    }
    context->accounts = accounts;
    return {};
}

/// Damaged bans are reported, and the server starts with the others. If anybody may have changed
/// them it does not start: those that are banned would be let in.
Result<> Server::Private::openBans(const ServerConfig &config)
{
    if (bansFolder != config.dataFolder) {
        bansFolder = config.dataFolder;
        bans = std::make_unique<BanList>(bansFolder);
    }
    const QStringList known = bans->problems();
    const auto read = bans->refresh();
    if (!read && read.error().code == ErrorCode::Invalid)
        return read.error();
    logProblemsOfBans(known);
    bansTimer.start(limits::bansInterval);
    return {};
}

/// `ferryd ban` works on a running server too.
void Server::Private::refreshBans()
{
    reapOver();
    const QStringList known = bans->problems();
    const auto read = bans->refresh();
    logProblemsOfBans(known);
    if (read && read.value())
        endBanned();
}

/// Those that are not `known` already.
void Server::Private::logProblemsOfBans(const QStringList &known)
{
    for (const QString &problem : bans->problems()) {
        if (!known.contains(problem))
            log(LogKind::Warning, problem);
    }
}

/// Those that had no memory to tell that they have ended.
void Server::Private::reapOver()
{
    std::vector<quint64> over;
    for (const auto &[id, thread] : threads) {
        if (thread->isOver())
            over.push_back(id);
    }
    for (const quint64 id : over)
        reap(id);
}

void Server::Private::endBanned()
{
    for (const auto &[id, thread] : threads) {
        if (bans->isBanned(thread->peer()))
            end(*thread, EndReason::Banned, tr("banned by you"));
    }
}

/// Its peer learns why, and has no say in how long that takes.
void Server::Private::end(SessionThread &thread, EndReason why, const QString &reason)
{
    thread.end(why, reason);
    QTimer::singleShot(limits::lastWordTime, q, [this, id = thread.id(), reason] {
        if (const auto found = threads.find(id); found != threads.end())
            found->second->close(reason);
    });
}

/// A disk may be slow, and nobody waits for this: a thread of its own looks, if something can be
/// put in at all.
void Server::Private::cleanUploads()
{
    auto shares = context->shares.get();
    if (!shares || shares->takingShares().isEmpty())
        return;
    cleaning().add(
        [shares = std::move(shares), uploads = uploads] { cleanParts(*shares, *uploads); }, 2);
    cleanTimer.start(limits::uploadCleanInterval);
}

TaskThread &Server::Private::cleaning()
{
    if (!cleaner)
        cleaner = std::make_unique<TaskThread>("uploads");
    return *cleaner;
}

/// A server that cannot keep gifts does everything else.
void Server::Private::openGifts(const ServerConfig &config)
{
    if (!gifts || giftsFolder != config.dataFolder) {
        gifts.reset();
        giftsFolder = config.dataFolder;
        if (giftsFolder.isEmpty())
            return;
        auto opened = Gifts::open(giftsFolder, people);
        if (!opened)
            return log(LogKind::Warning,
                       tr("Nobody can give a file to another person: %1").arg(opened.error().text));
        gifts = opened.take();
        for (const QString &problem : gifts->problems())
            log(LogKind::Warning, problem);
    }
    gifts->setLimits(config.uploads);
}

void Server::Private::cleanGifts()
{
    if (!gifts)
        return giftTimer.stop();
    if (gifts->isUsed()) // most servers never have one, and need no thread for them
        cleaning().add([gifts = gifts] { gifts->clean(); }, 3);
    giftTimer.start(limits::giftCleanInterval);
}

Result<> Server::Private::openIdentity(const ServerConfig &config)
{
    auto identity = config.dataFolder.isEmpty() ? TlsIdentity::generate()
                                                : TlsIdentity::loadOrCreate(config.dataFolder);
    if (!identity)
        return identity.error();
    auto tls = TlsContext::forServer(identity.value());
    if (!tls)
        return tls.error();
    tlsDoor.tls = tls.take();
    tlsRefusals = std::make_unique<TlsRefusals>(tlsDoor.tls);
    fingerprint = identity.value()->fingerprint();
    return {};
}

Result<> Server::Private::openDoor(Door &door, const QHostAddress &address, quint16 port,
                                   int borrowed)
{
    door.listener = std::make_unique<Listener>([this, &door](FileDescriptor socket) {
        // For lack of memory the visitor is sent away, and the program goes on.
        static_cast<void>(guarded([&] { accept(door, std::move(socket)); }));
    });
    QObject::connect(door.listener.get(), &Listener::rested, q, [this](const QString &why) {
        log(LogKind::Warning, tr("Nobody can be let in for the moment: %1").arg(why));
    });
    if (!(borrowed < 0 ? door.listener->listen(address, port) : door.listener->borrow(borrowed)))
        return Error{ErrorCode::CannotBind, tr("Cannot listen on %1: %2.")
                                                .arg(endpointText(address.toString(), port),
                                                     door.listener->errorString())};
    log(LogKind::Status, tr("Listening on %1 (%2)")
                             .arg(endpointText(door.listener->serverAddress().toString(),
                                               door.listener->serverPort()),
                                  door.name));
    return {};
}

/// From a listener. Everything that can say no says so before a thread exists.
void Server::Private::accept(const Door &door, FileDescriptor socket)
{
    const socketops::Peer peer = socketops::peerOf(socket.get());
    if (bans->isBanned(peer.address)) {
        // No word: it would be one more thing that they can make us do.
        ++bannedToLog;
        if (!sinceBannedLog.isValid() ||
            sinceBannedLog.hasExpired(limits::refusalLogInterval.count())) {
            log(LogKind::Status,
                bannedToLog == 1
                    ? tr("%1 was turned away: banned").arg(peer.address.toString())
                    : tr("%1 and %2 others were turned away: banned")
                          .arg(peer.address.toString(), QString::number(bannedToLog - 1)));
            bannedToLog = 0;
            sinceBannedLog.start();
        }
        return;
    }
    Admission::Place place;
    if (!descriptors::areLeft(socket.get(), descriptorsToFind) || !findPlace(peer.address, place)) {
        refuse(door, std::move(socket), peer);
        return;
    }
    startSession(door, std::move(socket), peer, std::move(place));
}

bool Server::Private::findPlace(const QHostAddress &address, Admission::Place &place)
{
    const quint64 next = lastId + 1;
    auto decision = admission->admit(address, place, next);
    if (decision == Admission::Decision::StrangersFull) {
        const auto leaving = admission->evictFor(address);
        if (!leaving)
            return false;
        if (const auto thread = threads.find(*leaving); thread != threads.end())
            thread->second->close(tr("gave way to another"));
        decision = admission->admit(address, place, next);
    }
    return decision == Admission::Decision::Admitted;
}

void Server::Private::refuse(const Door &door, FileDescriptor socket, const socketops::Peer &peer)
{
    lastRefused = endpointText(peer.address.toString(), peer.port);
    ++refusalsToLog;
    if (!sinceRefusalLog.isValid() ||
        sinceRefusalLog.hasExpired(limits::refusalLogInterval.count()))
        logRefusals();
    if (door.tls)
        tlsRefusals->send(std::move(socket), classic::serverFull);
    else
        lingering->send(std::move(socket), classic::serverFull);
}

void Server::Private::logRefusals()
{
    log(LogKind::Warning, refusalsToLog == 1
                              ? tr("%1 was refused: the server is full").arg(lastRefused)
                              : tr("%1 and %2 others were refused: the server is full")
                                    .arg(lastRefused, QString::number(refusalsToLog - 1)));
    refusalsToLog = 0;
    sinceRefusalLog.start();
}

void Server::Private::startSession(const Door &door, FileDescriptor socket,
                                   const socketops::Peer &peer, Admission::Place place)
{
    SessionInfo info;
    info.id = ++lastId;
    info.sinceMs = QDateTime::currentMSecsSinceEpoch();
    info.address = peer.address.toString();
    info.port = peer.port;
    info.encrypted = door.tls != nullptr;

    auto thread = std::make_unique<SessionThread>(
        SessionThread::Visitor{std::move(socket), peer.address, door.tls, info, std::move(place)},
        context, [server = q, id = info.id] {
            // By name: Qt makes and destroys what it queues, with locks that no sanitizer sees.
            QMetaObject::invokeMethod(server, "sessionEnded", Qt::QueuedConnection,
                                      Q_ARG(quint64, id));
        });
    thread->setRate(context->config.get()->sessionRateLimit);
    messages->add(info.id, LogKind::Status,
                  tr("Connected from %1").arg(endpointText(peer.address.toString(), peer.port)));
    if (!thread->begin()) {
        messages->add(info.id, LogKind::Error, tr("The system gives no thread for this session"));
        refuse(door, thread->takeSocket(), peer);
        return;
    }
    threads.emplace(info.id, std::move(thread));
}

} // namespace ferry::server
