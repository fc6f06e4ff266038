// SPDX-License-Identifier: MIT
#include "client/connect/extendedconversation.h"

#include "client/limits.h"
#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "net/limits.h"
#include "net/login/passphrase.h"

#include <algorithm>
#include <utility>

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

/// Bodies with at least this much left are read straight to where they go; for smaller ones a
/// large read brings the next answers along.
constexpr qint64 directBytes = 64 * 1024;

/// Lines and content up to this are sent together.
constexpr qsizetype gatheredBytes = 64 * 1024;

/// A server that says without end that it is busy is not listened to without end.
constexpr int readsAtOnce = 64;

/// Nothing comes after it.
bool isLast(Kind kind)
{
    return kind == Kind::Violation || kind == Kind::CutShort || kind == Kind::Ended ||
           kind == Kind::ServerLeaves;
}

Error noSafeLogin()
{
    return {ErrorCode::Protocol, tr("The server offers no login that is safe enough.")};
}

} // namespace

ExtendedConversation::ExtendedConversation(Channel &channel, const ClientConfig &config,
                                           LogQueue &log)
    : m_channel(channel)
    , m_config(config)
    , m_log(log)
    , m_buffer(limits::ioBytes, Qt::Uninitialized)
    , m_guard(limits::minimumRate, config.minimumRateWindow)
    , m_sendGuard(limits::minimumRate, config.minimumRateWindow)
    , m_busy(config.busyTime)
{
}

Result<> ExtendedConversation::logIn(const Credentials &credentials)
{
    sasl::ScramClient scram({credentials.user, credentials.password, credentials.server,
                             isGeneratedPassword(QString::fromUtf8(credentials.password)),
                             credentials.serverIsPinned, credentials.exporter, credentials.cache});
    auto message = scram.step({});
    if (!message)
        return message.error();

    // HELLO and the first step go out together, before the greeting is read: one round trip.
    Request hello;
    hello.verb = Verb::Hello;
    hello.text = "Ferry/" FERRY_VERSION;
    hello.name = (m_config.name.isEmpty() ? ownName() : m_config.name).toUtf8();
    hello.can = extended::reasons.toByteArray() + ',' + extended::givesFiles.toByteArray();
    hello.box = m_config.box;
    if (m_config.window)
        hello.can += ',' + extended::hasWindow.toByteArray();
    send(hello);
    Request login;
    login.verb = Verb::Login;
    login.text = sasl::mechanism;
    login.base64 = message.value().toBase64();
    send(login);

    // For all answers together; deriving a key takes none of it.
    QDeadlineTimer deadline(std::min(m_config.replyTime, limits::loginAnswerTime));
    auto event = expect(Kind::Greeted, deadline);
    if (event)
        event = expect(Kind::Hello, deadline);
    if (event && !event.value().text.split(',').contains(sasl::mechanism))
        return noSafeLogin();
    if (event)
        m_abilities = event.value().token.split(',');
    if (event)
        event = expect(Kind::Challenge, deadline);
    if (!event)
        return event.error();
    const qint64 left = deadline.remainingTime();
    message = scram.step(QByteArray::fromBase64(event.value().text));
    if (!message)
        return message.error();
    deadline.setRemainingTime(left);

    Request response;
    response.verb = Verb::Response;
    response.base64 = message.value().toBase64();
    send(response);
    event = expect(Kind::LoggedIn, deadline);
    if (!event)
        return event.error();
    const auto last = scram.step(QByteArray::fromBase64(event.value().text));
    if (!last)
        return last.error();
    if (!scram.finished())
        return Error{ErrorCode::NotTrusted,
                     tr("The server did not prove that it knows the password.")};
    return {};
}

Result<ExtendedEvent> ExtendedConversation::expect(Kind kind, QDeadlineTimer deadline)
{
    auto event = next({}, deadline);
    if (!event || event.value().kind == kind)
        return event;
    if (event.value().kind == Kind::Refused)
        return refused(event.value());
    return Error{ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
}

/// A refusal during the login, or for good.
Error ExtendedConversation::refused(const ExtendedEvent &event) const
{
    if (event.token == "DENIED")
        return {ErrorCode::WrongPassword, tr("The password is wrong.")};
    if (event.token == "MECHANISM" || event.token == "VERSION")
        return noSafeLogin();
    if (event.token == "DISCONNECTED")
        return {ErrorCode::Dismissed, tr("The server's operator ended the connection.")};
    if (event.token == "BANNED")
        return {ErrorCode::Dismissed, tr("The server's operator has blocked this computer.")};
    if (event.token == "STOPPING")
        return {ErrorCode::Refused, tr("The server is stopping.")};
    return {ErrorCode::Refused,
            tr("The server refused: %1").arg(displayText(QByteArrayView(event.text)))};
}

bool ExtendedConversation::can(Verb verb) const
{
    const bool always = verb == Verb::Ping || verb == Verb::Cancel || verb == Verb::Quit;
    return always || m_abilities.contains(extended::verbName(verb).toByteArray());
}

qsizetype ExtendedConversation::send(const Request &request)
{
    if (m_log.keepsAll() && request.verb != Verb::Data)
        m_log.add(0, LogKind::Command, displayText(extended::loggableLine(request)));
    m_session.sent(request);
    const QByteArray line = extended::requestLine(request);
    m_out += line;
    return line.size();
}

Result<> ExtendedConversation::rest(std::chrono::steady_clock::duration time)
{
    if (time <= std::chrono::steady_clock::duration(0))
        return {};
    return m_channel.pause(QDeadlineTimer(
        std::chrono::duration_cast<std::chrono::nanoseconds>(time), Qt::PreciseTimer));
}

Result<> ExtendedConversation::flush()
{
    if (m_out.isEmpty())
        return {};
    const QByteArray lines = std::exchange(m_out, {});
    return write(lines);
}

Result<> ExtendedConversation::sendContent(QByteArrayView bytes, const std::function<bool()> &goOn)
{
    if (m_out.size() + bytes.size() <= gatheredBytes) {
        m_out += bytes;
        return {};
    }
    if (auto sent = flush(); !sent)
        return sent;
    return write(bytes, goOn);
}

/// A server that takes nothing may be at rest: then it says so.
Result<> ExtendedConversation::write(QByteArrayView bytes, const std::function<bool()> &goOn)
{
    for (QDeadlineTimer deadline(m_config.replyTime); !bytes.isEmpty();) {
        const auto began = RateGuard::Clock::now();
        const auto step =
            m_channel.writeSome(bytes, qMin(deadline, QDeadlineTimer(m_config.stalledTime)));
        const qsizetype taken = step ? step.value() : 0;
        const bool fast = m_sendGuard.add(taken, RateGuard::Clock::now() - began);
        m_busy.add(taken);
        if (step && fast) {
            bytes = bytes.sliced(taken);
            deadline.setRemainingTime(m_config.replyTime.count());
            continue;
        }
        // Why it closed the connection, or is slow, may be the last that it said.
        const auto heard = listen();
        if (!m_early.empty() && isLast(m_early.back().kind))
            return outcome(m_early.back()).error();
        if (!step && step.error().code != ErrorCode::TimedOut)
            return step.error();
        if (!heard)
            return heard.error();
        if (!fast && !heard.value())
            return Error{ErrorCode::TimedOut, tr("The server took the file too slowly.")};
        bytes = bytes.sliced(taken);
        if (step || heard.value())
            deadline.setRemainingTime(m_config.replyTime.count());
        if (goOn && !goOn())
            return Error{ErrorCode::Cancelled, tr("Cancelled.")};
        if (!step && deadline.hasExpired())
            return step.error();
    }
    return {};
}

/// Takes what is there, and keeps the events for later. True if the server said that it is busy.
Result<bool> ExtendedConversation::listen()
{
    bool busy = false;
    for (int reads = 0;;) {
        if (m_session.bodyRemaining() > 0)
            return busy;
        const ExtendedEvent event = m_session.nextEvent();
        if (event.kind == Kind::Receive) {
            if (reads++ == readsAtOnce)
                return busy;
            const auto there = hasBytes();
            if (!there)
                return there.error();
            if (!there.value())
                return busy;
            const auto count = m_channel.read(m_buffer.data(), m_buffer.size(), QDeadlineTimer(0));
            if (!count && count.error().code == ErrorCode::TimedOut)
                return busy; // a part of an encrypted record
            if (!count)
                return count.error();
            if (count.value() == 0)
                m_session.receiveEnd();
            else
                m_session.receive(QByteArrayView(m_buffer).first(count.value()));
            continue;
        }
        if (event.kind == Kind::Body)
            return busy;
        if (event.kind == Kind::Busy) {
            m_paused = event.yes;
            busy = true;
            m_sendGuard.restart();
            if (!m_busy.busy())
                return Error{ErrorCode::TimedOut, tr("The server is busy for too long.")};
            continue;
        }
        m_early.push_back(event);
        if (isLast(event.kind))
            return busy;
    }
}

Result<std::optional<ExtendedEvent>> ExtendedConversation::poll()
{
    if (m_early.empty()) {
        if (auto heard = listen(); !heard)
            return heard.error();
    }
    if (m_early.empty())
        return std::optional<ExtendedEvent>();
    const ExtendedEvent event = nextEvent();
    logEvent(event);
    follow(event);
    auto result = outcome(event);
    if (!result)
        return result.error();
    return std::optional(result.take());
}

/// In the order in which they came.
ExtendedEvent ExtendedConversation::nextEvent()
{
    if (m_early.empty())
        return m_session.nextEvent();
    ExtendedEvent event = std::move(m_early.front());
    m_early.pop_front();
    return event;
}

Result<ExtendedEvent> ExtendedConversation::next(const std::function<void()> &stalled,
                                                 QDeadlineTimer deadline)
{
    // For all of a line: a server that drips it byte by byte gains no time.
    for (QDeadlineTimer line(m_config.replyTime);;) {
        ExtendedEvent event = nextEvent();
        logEvent(event);
        follow(event);
        switch (event.kind) {
        case Kind::Receive:
            if (auto received = receiveMore(stalled, qMin(line, deadline)); !received)
                return received.error();
            break;
        case Kind::Busy: // it is slow on purpose
            m_paused = event.yes;
            if (!m_busy.busy(m_session.checksumBytes()))
                return Error{ErrorCode::TimedOut, tr("The server is busy for too long.")};
            if (stalled)
                stalled();
            line.setRemainingTime(m_config.replyTime.count());
            break;
        default:
            return outcome(event);
        }
    }
}

/// The event, or what ends the connection.
Result<ExtendedEvent> ExtendedConversation::outcome(const ExtendedEvent &event)
{
    switch (event.kind) {
    case Kind::Violation:
        return Error{ErrorCode::Protocol, tr("The server broke the rules of the protocol: %1")
                                              .arg(QString::fromUtf8(event.text))};
    case Kind::CutShort:
    case Kind::Ended:
        return Error{ErrorCode::CutShort, tr("The server closed the connection.")};
    case Kind::ServerLeaves:
        m_stopping = event.token == "STOPPING";
        return refused(event);
    default:
        m_paused = false;
        return event;
    }
}

Result<qsizetype> ExtendedConversation::readBody(char *to, qsizetype most,
                                                 const std::function<void()> &stalled)
{
    if (m_session.bufferEmpty() && m_session.bodyRemaining() < directBytes) {
        if (auto received = receiveMore(stalled, QDeadlineTimer(m_config.replyTime)); !received)
            return received.error();
    }
    if (!m_session.bufferEmpty()) {
        const qsizetype taken = m_session.takeBody(to, most);
        m_busy.add(taken);
        return taken;
    }
    const auto began = RateGuard::Clock::now();
    if (auto ready = waitForBytes(stalled, QDeadlineTimer(m_config.replyTime)); !ready)
        return ready.error();
    const auto count =
        m_channel.read(to, qsizetype(std::min<qint64>(most, m_session.bodyRemaining())),
                       QDeadlineTimer(m_config.replyTime));
    if (!count)
        return count;
    if (count.value() == 0)
        return Error{ErrorCode::CutShort,
                     tr("The server closed the connection in the middle of a file.")};
    m_session.bodyReceived(count.value());
    m_busy.add(count.value());
    if (auto fast = checkRate(count.value(), began); !fast)
        return fast.error();
    return count;
}

Result<> ExtendedConversation::ping()
{
    Request request;
    request.verb = Verb::Ping;
    send(request);
    const auto pong = expect(Kind::Pong, QDeadlineTimer(m_config.replyTime));
    return pong ? Result<>() : pong.error();
}

void ExtendedConversation::quit()
{
    Request request;
    request.verb = Verb::Quit;
    send(request);
    // Nothing depends on it: the connection is closed right after.
    static_cast<void>(m_channel.write(m_out, QDeadlineTimer(limits::quitTime)));
    m_out.clear();
}

Result<> ExtendedConversation::receiveMore(const std::function<void()> &stalled,
                                           QDeadlineTimer deadline)
{
    if (auto sent = flush(); !sent)
        return sent;
    const auto began = RateGuard::Clock::now();
    if (auto ready = waitForBytes(stalled, deadline); !ready)
        return ready;
    const auto count = m_channel.read(m_buffer.data(), m_buffer.size(), deadline);
    if (!count)
        return count.error();
    if (count.value() == 0) {
        m_session.receiveEnd();
        return {};
    }
    m_session.receive(QByteArrayView(m_buffer).first(count.value()));
    return checkRate(count.value(), began);
}

Result<> ExtendedConversation::waitForBytes(const std::function<void()> &stalled,
                                            QDeadlineTimer deadline)
{
    if (stalled) {
        const auto soon =
            m_channel.waitForBytes(qMin(QDeadlineTimer(m_config.stalledTime), deadline));
        if (!soon)
            return soon.error();
        if (soon.value())
            return {};
        stalled();
    }
    const auto ready = m_channel.waitForBytes(deadline);
    if (!ready)
        return ready.error();
    if (!ready.value())
        return Error{ErrorCode::TimedOut, tr("The other side did not answer in time.")};
    return {};
}

/// A server that drips a byte now and then would keep the file, and all that wait, for ever.
Result<> ExtendedConversation::checkRate(qsizetype received, RateGuard::Clock::time_point began)
{
    if (m_guard.add(received, RateGuard::Clock::now() - began))
        return {};
    if (m_session.bodyRemaining() > 0)
        return Error{ErrorCode::TimedOut, tr("The file came too slowly.")};
    if (m_listing)
        return Error{ErrorCode::TimedOut, tr("The listing came too slowly.")};
    return {};
}

/// Which answer is under way, for the guards.
void ExtendedConversation::follow(const ExtendedEvent &event)
{
    switch (event.kind) {
    case Kind::Receive:
    case Kind::Body:
    case Kind::FileBegin:
        return;
    case Kind::Busy:
        m_sendGuard.restart();
        return m_guard.restart();
    case Kind::Entry:
    case Kind::Skipped:
        if (!std::exchange(m_listing, true))
            m_guard.restart();
        return m_busy.add(event.entry.path.size() + event.text.size());
    default:
        m_listing = false;
        return m_busy.restart();
    }
}

void ExtendedConversation::logEvent(const ExtendedEvent &event)
{
    if (!m_log.keepsAll())
        return;
    const auto say = [this](LogKind kind, const QString &text) { m_log.add(0, kind, text); };
    switch (event.kind) {
    case Kind::Greeted:
    case Kind::Refused:
    case Kind::ServerLeaves:
        return say(LogKind::Response, displayText(QByteArrayView(event.text)));
    case Kind::Challenge:
        return say(LogKind::Response, QStringLiteral("#CHALLENGE ***"));
    case Kind::LoggedIn:
        return say(LogKind::Response, QStringLiteral("#LOGIN ***"));
    case Kind::FileDone:
        return say(LogKind::Response,
                   QStringLiteral("#DONE sum=") + displayText(QByteArrayView(event.text)));
    case Kind::Sum:
        return say(LogKind::Response,
                   QStringLiteral("#SUM sum=") + displayText(QByteArrayView(event.text)));
    case Kind::ListEnd:
        return say(LogKind::Response, QStringLiteral("#END"));
    case Kind::Stored:
        return say(LogKind::Response, displayText(extended::stored(event.stored).chopped(2)));
    case Kind::Aborted:
        return say(LogKind::Response, QStringLiteral("#ABORTED"));
    default:
        return;
    }
}

} // namespace ferry::client
