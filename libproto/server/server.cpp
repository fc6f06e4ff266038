// SPDX-License-Identifier: MIT
#include "server/server.h"

#include "net/socketops.h"
#include "net/tlscontext.h"
#include "net/tlsidentity.h"
#include "server/admission.h"
#include "server/descriptors.h"
#include "server/farewell.h"
#include "server/listener.h"
#include "server/sessionthread.h"
#include "wire/codec.h"

#include <QDateTime>
#include <QElapsedTimer>

#include <map>
#include <optional>
#include <utility>

namespace ferry::server {

namespace {

/// Free descriptors that a new session must find: what it takes itself, and a margin for the
/// files that other sessions open while its thread starts.
constexpr int descriptorsToFind = limits::descriptorsPerSession + 8;

/// Refusals are logged this often at the most, with a count; a flood must not fill the log.
constexpr qint64 refusalLogMs = 1000;

QString withPort(const QHostAddress &address, quint16 port)
{
    const QString host = address.protocol() == QAbstractSocket::IPv6Protocol
                             ? QStringLiteral("[%1]").arg(address.toString())
                             : address.toString();
    return QStringLiteral("%1:%2").arg(host, QString::number(port));
}

} // namespace

class Server::Private
{
public:
    explicit Private(Server *owner)
        : q(owner)
    {
    }

    Result<> open(const ServerConfig &config);
    Result<> fail(const Error &error);
    void setState(ServerState newState);
    void closeDoors();

    /// One way in.
    struct Door
    {
        std::unique_ptr<Listener> listener;
        std::shared_ptr<const TlsContext> tls; ///< null: unencrypted
        QByteArray password;                   ///< what AUTH takes there
        QString name;
    };
    Result<> openAccounts(const ServerConfig &config, const ServerContext *before);
    Result<> openIdentity(const ServerConfig &config);
    Result<> openDoor(Door &door, const QHostAddress &address, quint16 port);
    void accept(const Door &door, FileDescriptor socket);
    void refuse(const Door &door, FileDescriptor socket, const socketops::Peer &peer);
    void startSession(const Door &door, FileDescriptor socket, const socketops::Peer &peer,
                      Admission::Place place);
    void reap(quint64 id);
    void keepEnded(const SessionInfo &info);
    void log(LogKind kind, const QString &text) { messages->add(0, kind, text); }
    void logRefusals();

    Server *const q;
    ServerState state = ServerState::Stopped;
    QString errorText;

    Door tlsDoor;
    Door classicDoor;
    QByteArray fingerprint;
    std::shared_ptr<ServerContext> context; ///< of this run; each session holds it too
    std::optional<Admission> admission;
    std::unique_ptr<Farewell> farewell;

    std::map<quint64, std::unique_ptr<SessionThread>> threads; ///< by id, so by age
    QList<SessionInfo> ended;
    quint64 lastId = 0;
    qint64 bytesOfEnded = 0;

    const std::shared_ptr<LoginThrottle> throttle = std::make_shared<LoginThrottle>();
    const std::shared_ptr<LogQueue> messages = std::make_shared<LogQueue>();
    QElapsedTimer sinceRefusalLog;
    int refusalsToLog = 0;
    QString lastRefused;
};

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
    return {};
}

Result<> Server::Private::open(const ServerConfig &config)
{
    if (auto checked = check(config); !checked)
        return checked;
    auto shares = ShareSet::open(config.shares);
    if (!shares)
        return shares.error();
    const auto before = std::exchange(context, std::make_shared<ServerContext>());
    context->config = config;
    context->shares = shares.take();
    context->log = messages;
    farewell = std::make_unique<Farewell>();
    context->throttle = throttle;
    context->gate = std::make_shared<VerifyGate>();
    if (auto accounts = openAccounts(config, before.get()); !accounts)
        return accounts;
    const int cap = q->sessionCap();
    if (cap < 1)
        return Error{ErrorCode::Invalid,
                     tr("The system allows this program too few open files for even one session.")};
    admission.emplace(Admission::Limits{cap, config.maxSessionsPerAddress, config.maxStrangers,
                                        config.maxStrangersPerAddress});

    if (config.tlsEnabled) {
        if (auto identity = openIdentity(config); !identity)
            return identity;
        tlsDoor.password = config.password;
        tlsDoor.name = QStringLiteral("TLS");
        if (auto opened = openDoor(tlsDoor, config.tlsAddress, config.tlsPort); !opened)
            return opened;
    }
    if (config.classicEnabled) {
        classicDoor.password =
            config.classicPassword.isEmpty() ? config.password : config.classicPassword;
        classicDoor.name = QStringLiteral("classic");
        return openDoor(classicDoor, config.classicAddress, config.classicPort);
    }
    return {};
}

Result<> Server::Private::openAccounts(const ServerConfig &config, const ServerContext *before)
{
    // Those of the run before, if nothing about them changed: a verifier takes a good part of a
    // second to derive, and this is the main thread.
    if (before && before->accounts && !config.password.isEmpty() &&
        before->config.password == config.password &&
        before->config.dataFolder == config.dataFolder) {
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
    fingerprint = identity.value()->fingerprint();
    return {};
}

Result<> Server::Private::openDoor(Door &door, const QHostAddress &address, quint16 port)
{
    door.listener = std::make_unique<Listener>(
        [this, &door](FileDescriptor socket) { accept(door, std::move(socket)); });
    QObject::connect(door.listener.get(), &Listener::rested, q, [this](const QString &why) {
        log(LogKind::Warning, tr("Nobody can be let in for the moment: %1").arg(why));
    });
    if (!door.listener->listen(address, port))
        return Error{ErrorCode::CannotBind,
                     tr("Cannot listen on %1: %2.")
                         .arg(withPort(address, port), door.listener->errorString())};
    log(LogKind::Status,
        tr("Listening on %1 (%2)")
            .arg(withPort(door.listener->serverAddress(), door.listener->serverPort()), door.name));
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
    farewell.reset();
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
        SessionThread *const stuck = first->second.release();
        QObject::disconnect(stuck, nullptr, this, nullptr);
        QObject::connect(stuck, &QThread::finished, stuck, &QObject::deleteLater);
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

/// From a listener. Everything that can say no says so before a thread exists.
void Server::Private::accept(const Door &door, FileDescriptor socket)
{
    const socketops::Peer peer = socketops::peerOf(socket.get());
    Admission::Place place;
    if (!descriptors::areLeft(socket.get(), descriptorsToFind) ||
        admission->admit(peer.address, place) != Admission::Verdict::Admitted) {
        refuse(door, std::move(socket), peer);
        return;
    }
    startSession(door, std::move(socket), peer, std::move(place));
}

void Server::Private::refuse(const Door &door, FileDescriptor socket, const socketops::Peer &peer)
{
    lastRefused = withPort(peer.address, peer.port);
    ++refusalsToLog;
    if (!sinceRefusalLog.isValid() || sinceRefusalLog.elapsed() >= refusalLogMs)
        logRefusals();
    // Behind the TLS door a word would cost a handshake, and with it the thread that is refused.
    if (!door.tls)
        farewell->say(std::move(socket), classic::serverFull());
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
    info.door = door.tls ? door.name : tr("%1 (unencrypted)").arg(door.name);

    auto thread = std::make_unique<SessionThread>(
        SessionThread::Visitor{std::move(socket), peer.address, door.tls, door.password, info,
                               std::move(place)},
        context);
    QObject::connect(thread.get(), &QThread::finished, q, [this, id = info.id] { reap(id); });
    messages->add(info.id, LogKind::Status,
                  tr("Connected from %1").arg(withPort(peer.address, peer.port)));
    if (!thread->begin()) {
        messages->add(info.id, LogKind::Error, tr("The system gives no thread for this session"));
        refuse(door, thread->takeSocket(), peer);
        return;
    }
    threads.emplace(info.id, std::move(thread));
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
    const int wanted = d->context ? d->context->config.maxSessions : limits::sessionsTotal;
    return qMin(wanted, descriptors::sessionsCarried());
}

QList<SessionInfo> Server::sessions() const
{
    QList<SessionInfo> all;
    all.reserve(qsizetype(d->threads.size()) + d->ended.size());
    for (const auto &[id, thread] : d->threads)
        all.append(thread->info());
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
        found->second->close(tr("disconnected here"));
}

qint64 Server::bytesSent() const
{
    qint64 sum = d->bytesOfEnded;
    for (const auto &[id, thread] : d->threads)
        sum += thread->info().sent;
    return sum;
}

QList<LogRecord> Server::takeLog()
{
    return d->messages->take();
}

} // namespace ferry::server
