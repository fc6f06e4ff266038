// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/busyguard.h"
#include "client/connect/clientconfig.h"
#include "net/base/logqueue.h"
#include "net/base/rateguard.h"
#include "net/channel/channel.h"
#include "net/channel/wakeup.h"
#include "net/login/sasl.h"
#include "wire/extended/extendedclientsession.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QDeadlineTimer>

#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace ferry::client {

/// Drives the extended session machine over one connected channel: gathers requests, sends them
/// when it must wait, reads large pieces, keeps deadlines, and writes down what was said; file
/// content and the steps of a login never. One thread.
class ExtendedConversation
{
public:
    ExtendedConversation(Channel &channel, const ClientConfig &config, LogQueue &log);

    struct Credentials
    {
        QByteArray user;     ///< UTF-8, not empty
        QByteArray password; ///< UTF-8
        QByteArray server;   ///< key of the cache: address and fingerprint
        bool serverIsPinned = false;
        QByteArray exporter; ///< TlsChannel::exporter()
        std::shared_ptr<sasl::SaltedPasswords> cache;
    };
    /// Greeting, HELLO, SCRAM. When it succeeds, the server has proved that it knows the password.
    /// WrongPassword, NotTrusted, Refused, Protocol, CutShort, TimedOut, Invalid.
    Result<> logIn(const Credentials &credentials);

    /// Whether the server offers it (`can=`).
    bool can(extended::Verb verb) const;

    /// Queues a request for the next flush() or next(). Returns the size of its line.
    qsizetype send(const extended::Request &request);
    Result<> flush();

    /// Content behind a DATA that was sent. Goes out at once, or with what is sent next if it is
    /// little. While the server takes none, it is listened to: it may say that it is busy; and
    /// `goOn` is asked every ClientConfig::stalledTime. Cancelled: it said no.
    Result<> sendContent(QByteArrayView bytes, const std::function<bool()> &goOn = {});

    /// As next(), if there is an event already. Not in the middle of a body.
    Result<std::optional<ExtendedEvent>> poll();

    /// The next event that is neither Receive nor the machine's own business; blocks for it.
    /// CutShort, TimedOut, Protocol, Refused (the server leaves). `stalled` is called when
    /// nothing came for ClientConfig::stalledTime, and when the server says that it is busy.
    Result<ExtendedEvent> next(const std::function<void()> &stalled = {},
                               QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));

    qint64 bodyRemaining() const { return m_session.bodyRemaining(); }

    /// After Body: at least one and at most `most` bytes of the chunk under way.
    Result<qsizetype> readBody(char *to, qsizetype most, const std::function<void()> &stalled);

    /// Waits without reading; the other side notices that nobody takes its bytes. Ends early as
    /// every other call does.
    Result<> rest(std::chrono::steady_clock::duration time);

    /// Something came, or the end, and was not read yet. Waits for it until `deadline`, or until
    /// `wakeup` is woken (may be null).
    Result<bool> hasBytes(QDeadlineTimer deadline = QDeadlineTimer(0),
                          const Wakeup *wakeup = nullptr)
    {
        const auto heard = m_channel.waitForBytes(deadline, wakeup);
        return heard ? Result<bool>(heard.value() == Channel::Heard::Bytes) : heard.error();
    }

    /// The server's operator holds back what is to come next.
    bool isPaused() const { return m_paused; }

    /// It said that it is being stopped: it answers nothing more, and hears receipts for a moment.
    bool isStopping() const { return m_stopping; }

    /// Asks an idle server whether it is there.
    Result<> ping();

    void quit();

private:
    Result<> write(QByteArrayView bytes, const std::function<bool()> &goOn = {});
    Result<bool> listen();
    ExtendedEvent nextEvent();
    Result<ExtendedEvent> outcome(const ExtendedEvent &event);
    Result<ExtendedEvent> expect(ExtendedEvent::Kind kind, QDeadlineTimer deadline);
    Result<> receiveMore(const std::function<void()> &stalled, QDeadlineTimer deadline);
    Result<> waitForBytes(const std::function<void()> &stalled, QDeadlineTimer deadline);
    void follow(const ExtendedEvent &event);
    Result<> checkRate(qsizetype received, RateGuard::Clock::time_point began);
    Error refused(const ExtendedEvent &event) const;
    void logEvent(const ExtendedEvent &event);

    Channel &m_channel;
    const ClientConfig &m_config;
    LogQueue &m_log;
    ExtendedClientSession m_session;
    QByteArrayList m_abilities;
    QByteArray m_out;                  ///< requests not sent yet
    std::deque<ExtendedEvent> m_early; ///< came while something was sent
    QByteArray m_buffer;               ///< what one read takes
    RateGuard m_guard;                 ///< of what comes
    RateGuard m_sendGuard;             ///< of what goes out
    BusyGuard m_busy;
    bool m_listing = false; ///< between the first and the last line of a listing
    bool m_stopping = false;
    bool m_paused = false;
};

} // namespace ferry::client
