// SPDX-License-Identifier: MIT
/// The inside of the façade, for server.cpp and serverdoors.cpp.
#pragma once

#include "net/base/taskthread.h"
#include "net/channel/socketops.h"
#include "net/channel/tlscontext.h"
#include "server/doors/admission.h"
#include "server/doors/banlist.h"
#include "server/doors/lingeringclose.h"
#include "server/doors/listener.h"
#include "server/doors/tlsrefusals.h"
#include "server/files/ownfiles.h"
#include "server/people/people.h"
#include "server/server.h"
#include "server/session/sessionthread.h"

#include <QByteArrayList>
#include <QElapsedTimer>
#include <QTimer>

#include <map>
#include <memory>
#include <optional>

namespace ferry::server {

class Server::Private
{
public:
    explicit Private(Server *owner);

    Result<> open(const ServerConfig &config);
    Result<> fail(const Error &error);
    void setState(ServerState newState);
    void closeDoors();

    /// One way in.
    struct Door
    {
        std::unique_ptr<Listener> listener;
        std::shared_ptr<const TlsContext> tls; ///< null: unencrypted
        QString name;
    };
    Result<std::shared_ptr<const ShareSet>> openShares(const ServerConfig &config);
    Admission::Limits admissionLimits(const ServerConfig &config) const;
    Result<> reconfigure(const ServerConfig &config);
    Result<> openAccounts(const ServerConfig &config, const ServerContext *before);
    Result<> openIdentity(const ServerConfig &config);
    Result<> openDoor(Door &door, const QHostAddress &address, quint16 port, int borrowed);
    void accept(const Door &door, FileDescriptor socket);
    bool findPlace(const QHostAddress &address, Admission::Place &place);
    void refuse(const Door &door, FileDescriptor socket, const socketops::Peer &peer);
    Result<> openBans(const ServerConfig &config);
    void refreshBans();
    void logProblemsOfBans(const QStringList &known);
    void reapOver();
    void endBanned();
    void end(SessionThread &thread, EndReason why, const QString &reason);
    void startSession(const Door &door, FileDescriptor socket, const socketops::Peer &peer,
                      Admission::Place place);
    void reap(quint64 id);
    void keepEnded(const SessionInfo &info);
    void log(LogKind kind, const QString &text) { messages->add(0, kind, text); }
    void logRefusals();
    void cleanUploads();
    void openGifts(const ServerConfig &config);
    void cleanGifts();
    TaskThread &cleaning();
    Result<> tell(const extended::Party &to, const QString &text);

    Server *const q;
    ServerState state = ServerState::Stopped;
    QString errorText;

    Door tlsDoor;
    Door classicDoor;
    QByteArray fingerprint;
    std::shared_ptr<ServerContext> context; ///< of this run; each session holds it too
    std::optional<Admission> admission;
    std::unique_ptr<LingeringClose> lingering;
    std::unique_ptr<TlsRefusals> tlsRefusals;

    std::map<quint64, std::unique_ptr<SessionThread>> threads; ///< by id, so by age
    QList<SessionInfo> ended;
    quint64 lastId = 0;
    qint64 bytesOfEnded = 0;
    qint64 filesOfEnded = 0;
    qint64 receivedOfEnded = 0; ///< bytes

    OwnFiles own;
    QByteArrayList ownPaths; ///< what `own` is made of
    std::unique_ptr<BanList> bans = std::make_unique<BanList>();
    QString bansFolder;
    QTimer bansTimer;

    const std::shared_ptr<RateLimiter> limiter = std::make_shared<RateLimiter>();
    const std::shared_ptr<DeliveryQueue> deliveries = std::make_shared<DeliveryQueue>();
    const std::shared_ptr<Uploads> uploads = std::make_shared<Uploads>();
    const std::shared_ptr<People> people = std::make_shared<People>();
    std::shared_ptr<Gifts> gifts; ///< null: none are kept
    QString giftsFolder;          ///< the data folder that they are in
    QTimer cleanTimer;
    QTimer giftTimer;
    std::unique_ptr<TaskThread> cleaner; ///< of parts that nobody continued, and of old gifts
    const std::shared_ptr<LoginThrottle> throttle = std::make_shared<LoginThrottle>();
    const std::shared_ptr<LogQueue> messages = std::make_shared<LogQueue>();
    QElapsedTimer sinceRefusalLog;
    int refusalsToLog = 0;
    QString lastRefused;
    QElapsedTimer sinceBannedLog;
    int bannedToLog = 0;
};

} // namespace ferry::server
