// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/current.h"
#include "net/base/logqueue.h"
#include "net/channel/channel.h"
#include "server/doors/admission.h"
#include "server/files/share.h"
#include "server/login/accounts.h"
#include "server/login/loginthrottle.h"
#include "server/login/verifygate.h"
#include "server/pacing/pacer.h"
#include "server/pacing/sessioncounters.h"
#include "server/people/gifts.h"
#include "server/people/people.h"
#include "server/records/delivery.h"
#include "server/serverconfig.h"
#include "server/uploads/uploadreply.h"

#include <QDeadlineTimer>
#include <QHostAddress>

#include <atomic>
#include <memory>

namespace ferry::server {

/// What all connections of a running server share. Immutable or thread-safe.
struct ServerContext
{
    Current<ServerConfig> config;
    Current<ShareSet> shares;
    std::shared_ptr<Accounts> accounts;
    std::shared_ptr<LoginThrottle> throttle; ///< outlives a stop and a start
    std::shared_ptr<VerifyGate> gate;
    std::shared_ptr<LogQueue> log;
    std::shared_ptr<RateLimiter> limiter;      ///< of all sessions together
    std::shared_ptr<DeliveryQueue> deliveries; ///< for the history
    std::shared_ptr<Uploads> uploads;          ///< outlives a stop and a start
    std::shared_ptr<People> people;            ///< likewise
    std::shared_ptr<Gifts> gifts;              ///< likewise; null: none are kept
    std::atomic_bool stopping = false;         ///< end at once
    std::atomic_bool draining = false;         ///< finish the file under way, take no more commands
};

/// Why the operator ends a session.
enum class EndReason { None, Disconnected, Banned };

/// The operator's wish that a session ends.
struct EndRequest
{
    std::atomic<EndReason> reason = EndReason::None;
    /// The session waits for its peer, and has to be woken. Whatever else it does, it looks at the
    /// reason soon.
    std::atomic_bool listening = true;
};

/// What belongs to one connection and outlives its conversation.
struct ConnectionParts
{
    quint64 id;
    QHostAddress peer;
    Channel &channel;
    QByteArray channelBinding; ///< tls-exporter (RFC 9266); empty on an unencrypted channel
    bool encrypted;
    std::shared_ptr<const ServerContext> context;
    std::shared_ptr<const ServerConfig> config; ///< as it was when the connection began
    Pacer &pacer;
    SessionCounters &counters;
    DeliveryReporter &deliveries;
    Admission::Place &place;
    QDeadlineTimer loginDeadline;
    EndRequest &end;
    std::unique_ptr<People::Presence> presence = {}; ///< from the login on

    /// They have logged in.
    void arrive(const QByteArray &account, const QByteArray &name, extended::Person::Kind kind)
    {
        presence = std::make_unique<People::Presence>(
            context->people, People::Newcomer{id, account, name, peer, kind});
    }
    bool isEnded() const { return end.reason != EndReason::None; }
    /// Nothing new is begun.
    bool mustEnd() const { return context->draining || isEnded(); }
};

/// How a conversation ended.
struct Ending
{
    QString cause; ///< for people
    bool failed = false;
    bool cancelled = false; ///< the channel was shut down by another thread, which knows why
};

} // namespace ferry::server
