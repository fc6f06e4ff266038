// SPDX-License-Identifier: MIT
#include "server/session/classicconversation.h"

#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "server/files/filesender.h"
#include "server/limits.h"
#include "server/login/password.h"
#include "server/session/extendedconversation.h"
#include "wire/classic/codec.h"
#include <QScopeGuard>

#include <utility>

namespace ferry::server {

using namespace std::chrono_literals;

namespace {

QByteArrayView withoutLineEnd(QByteArrayView line)
{
    return line.endsWith(classic::lineEnd) ? line.chopped(2) : line;
}

} // namespace

ClassicConversation::ClassicConversation(ConnectionParts &parts)
    : m_parts(parts)
    , m_context(*parts.context)
    , m_shares(m_context.shares, [this](const QString &text) { log(LogKind::Warning, text); })
    , m_session(true)
    , m_idleDeadline(QDeadlineTimer::Forever)
{
}

Ending ClassicConversation::run()
{
    for (;;) {
        const ServerAction action = m_session.nextAction();
        if (action.kind == ServerAction::Kind::Close) {
            if (m_session.saidGoodbye())
                log(LogKind::Command, QStringLiteral("QUIT"));
            return normalEnding();
        }
        if (drainNow(action)) {
            const EndReason why = m_parts.end.reason;
            static_cast<void>(send(why == EndReason::None           ? classic::serverStopping
                                   : why == EndReason::Disconnected ? classic::disconnected
                                                                    : classic::banned));
            if (why != EndReason::None)
                return {{}, true, true};
            return {tr("server is stopping"), false};
        }
        if (action.kind == ServerAction::Kind::Hello)
            return goOnExtended(action.bytes);
        if (const auto done = carryOut(action); !done)
            return endingOf(done.error());
    }
}

Result<> ClassicConversation::carryOut(const ServerAction &action)
{
    if (action.kind == ServerAction::Kind::Receive)
        return receive();

    Result<> done;
    switch (action.kind) {
    case ServerAction::Kind::Send:
        done = send(action.bytes);
        break;
    case ServerAction::Kind::CheckPassword:
        done = checkPassword(action.bytes);
        break;
    case ServerAction::Kind::OpenFile:
        openFile(action.bytes);
        break;
    case ServerAction::Kind::SendFile:
        done = sendFile();
        break;
    case ServerAction::Kind::Tell:
        tell(action.bytes);
        break;
    case ServerAction::Kind::News:
        giveNews();
        break;
    case ServerAction::Kind::Hello:
    case ServerAction::Kind::Receive:
    case ServerAction::Kind::Close:
        break;
    }
    // Idle is counted from the last thing that was done; bytes that make no command do not count.
    m_idleDeadline = QDeadlineTimer(m_parts.config->idleTime);
    return done;
}

/// Between two commands, never between a command and its reply.
bool ClassicConversation::drainNow(const ServerAction &action) const
{
    return m_parts.mustEnd() &&
           (action.kind == ServerAction::Kind::Receive ||
            action.kind == ServerAction::Kind::CheckPassword ||
            action.kind == ServerAction::Kind::OpenFile ||
            action.kind == ServerAction::Kind::Tell || action.kind == ServerAction::Kind::News);
}

Result<> ClassicConversation::receive()
{
    m_parts.end.listening = true;
    const auto atWork = qScopeGuard([this] { m_parts.end.listening = false; });
    if (m_parts.mustEnd()) // it came before the line above, and woke nobody
        return {};
    char bytes[4096];
    const QDeadlineTimer deadline = m_session.loggedIn() ? m_idleDeadline : m_parts.loginDeadline;
    const auto count = m_parts.channel.read(bytes, sizeof bytes, deadline);
    if (!count)
        return count.error();
    if (count.value() == 0 && m_parts.mustEnd())
        return {}; // it is our end
    m_parts.counters.touch();
    if (count.value() == 0) {
        m_peerFinished = true;
        m_session.receiveEnd();
    } else {
        m_session.receive(QByteArrayView(bytes, count.value()));
    }
    return {};
}

Result<> ClassicConversation::send(const QByteArray &bytes)
{
    m_lastReply = withoutLineEnd(bytes).toByteArray();
    if (m_unlogged > 0)
        --m_unlogged;
    else
        log(LogKind::Response, displayText(m_lastReply));
    m_parts.counters.touch();
    return m_parts.channel.write(bytes, writeDeadline());
}

Result<> ClassicConversation::checkPassword(const QByteArray &password)
{
    log(LogKind::Command, QStringLiteral("AUTH ***"));
    if (const auto wait = m_context.throttle->remaining(m_parts.peer); wait > 0ms) {
        m_session.loginMustWait(std::chrono::ceil<std::chrono::seconds>(wait).count());
        return {};
    }
    const auto right = isRight(password);
    if (!right)
        return right.error();
    if (const auto wait = m_context.throttle->decide(m_parts.peer, defaultAccount, right.value());
        wait > 0ms) {
        m_session.loginMustWait(std::chrono::ceil<std::chrono::seconds>(wait).count());
        return {};
    }
    if (right.value()) {
        m_parts.place.authenticated();
        m_parts.counters.setAccount(QLatin1StringView(defaultAccount));
        m_parts.deliveries.setAccount(QLatin1StringView(defaultAccount));
        if (!m_session.loggedIn()) {
            m_parts.counters.setState(SessionState::Idle);
            m_parts.arrive(defaultAccount, {}, extended::Person::Kind::Telnet);
        }
    } else {
        const QDeadlineTimer delay(m_parts.config->loginFailureDelay);
        if (const auto paused = m_parts.channel.pause(delay); !paused)
            return paused;
    }
    m_session.passwordChecked(right.value());
    return {};
}

/// Where the password itself is at hand, comparing costs nothing. Where only its verifier is, a
/// derivation takes a good part of a second of a core, so only so many go on at once.
Result<bool> ClassicConversation::isRight(const QByteArray &password)
{
    const auto config = m_context.config.get();
    if (const QByteArray &right = config->passwordAt(m_parts.encrypted); !right.isEmpty())
        return samePassword(password, right);
    const auto pass =
        m_context.gate->enter(m_parts.loginDeadline, [this] { return m_context.stopping.load(); });
    if (!pass)
        return pass.error();
    return m_context.accounts->verify(defaultAccount, password);
}

/// From here on the other machine speaks.
Ending ClassicConversation::goOnExtended(const QByteArray &hello)
{
    log(LogKind::Command, displayText(hello));
    ExtendedServerSession::Start start;
    start.offersScram = !m_parts.channelBinding.isEmpty();
    start.loggedIn = m_session.loggedIn();
    start.failedLogins = m_session.failedLogins();
    start.strangerBytes = m_session.strangerBytes();
    start.hello = hello;
    start.agent = "Ferry/" FERRY_VERSION;
    start.abilities.people = true;
    start.abilities.receiptsOfRuns = true;
    start.abilities.gifts = m_parts.context->gifts != nullptr;
    start.abilities.takesFiles = !m_parts.context->shares.get()->takingShares().isEmpty();
    return ExtendedConversation(m_parts, std::move(start), m_session.takeRest()).run();
}

/// To the operator, and to everybody where they may write to each other.
void ClassicConversation::tell(const QByteArray &text)
{
    const People::Told told = m_parts.presence->tellWhoeverMay(text);
    const bool slower = told.outcome == People::Told::Outcome::Slower;
    // Of many refusals in a row the log has one.
    if (std::exchange(m_slowedDown, slower) && slower)
        m_unlogged = 1;
    else
        log(LogKind::Command, QStringLiteral("TELL bytes=%1").arg(text.size()));
    // A connection that breaks meanwhile shows itself to the next read.
    if (slower)
        static_cast<void>(m_parts.channel.pause(QDeadlineTimer(limits::slowerRest)));
    switch (told.outcome) {
    case People::Told::Outcome::Sent:
        return m_session.told();
    case People::Told::Outcome::Slower:
        return m_session.tellMustWait(told.wait.count());
    case People::Told::Outcome::NotFound:
        return m_session.notTold();
    }
}

void ClassicConversation::giveNews()
{
    log(LogKind::Command, QStringLiteral("NEWS"));
    const Mailbox::News news = m_parts.presence->news(m_newsFrom);
    m_newsFrom = news.next;
    m_unlogged = news.notes.size() + (news.lost > 0 ? 1 : 0); // what people write is in no log
    m_session.news(news.notes, news.lost);
}

void ClassicConversation::openFile(const QByteArray &path)
{
    log(LogKind::Command, QStringLiteral("FILE ") + displayText(path));
    auto file = find(path);
    m_shares.endRequest();
    if (file) {
        m_file = file.take();
        m_subject = {displayText(path), {}, m_file.size};
        m_parts.counters.beginFile(m_subject.file, m_file.size);
        m_session.fileOpened();
        return;
    }
    m_session.fileNotOpened();
}

/// The path as it is; only if that names nothing, once more with `\` read as `/`.
Result<OpenFile> ClassicConversation::find(const QByteArray &path)
{
    const auto open = [this](const QByteArray &candidate) -> Result<OpenFile> {
        const auto checked = VirtualPath::parse(candidate);
        if (!checked)
            return Error{ErrorCode::NotFound, tr("No valid path.")};
        return m_shares.openFile(*checked);
    };
    auto file = open(path);
    if (!file && file.error().code == ErrorCode::NotFound && path.contains('\\'))
        return open(QByteArray(path).replace('\\', '/'));
    return file;
}

Result<> ClassicConversation::sendFile()
{
    m_sendingFile = true;
    const auto sent =
        sendWholeFile(m_parts.channel, m_file, *m_parts.config, m_parts.pacer, m_parts.counters);
    m_file = {};
    m_parts.counters.endFile(sent.ok());
    if (sent) {
        m_parts.deliveries.sent(m_subject, m_subject.size, true);
        m_sendingFile = false;
        m_session.fileSent();
        return {};
    }
    m_parts.deliveries.brokenOff(m_subject, m_parts.counters.fileSent(), {});
    m_session.fileCutShort();
    return sent;
}

Ending ClassicConversation::endingOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Cancelled:
        return {{}, true, true};
    case ErrorCode::TimedOut:
        // Between commands there is a word for it; in the middle of a file it would be taken for
        // a part of the file. A peer that reads nothing misses nothing: no waiting here.
        if (!m_sendingFile)
            static_cast<void>(m_parts.channel.write(classic::timedOut, QDeadlineTimer(0)));
        return {tr("timed out"), true};
    case ErrorCode::Refused: // the queue of derivations is full
        static_cast<void>(send(classic::tooBusy));
        return {error.text, true};
    case ErrorCode::LocalFile:
        return {error.text, true};
    default:
        return {tr("connection lost"), true};
    }
}

Ending ClassicConversation::normalEnding() const
{
    if (m_session.failedLogins() > 0 && !m_session.loggedIn())
        return {tr("wrong password"), true};
    if (m_session.saidGoodbye() || m_peerFinished)
        return {tr("left"), false};
    if (m_lastReply.startsWith('!'))
        return {tr("refused: %1").arg(displayText(QByteArrayView(m_lastReply).sliced(1))), true};
    return {tr("refused: not a Ferry client"), true};
}

QDeadlineTimer ClassicConversation::writeDeadline() const
{
    const QDeadlineTimer progress(m_parts.config->noProgressTime);
    return m_session.loggedIn() ? progress : qMin(progress, m_parts.loginDeadline);
}

void ClassicConversation::log(LogKind kind, const QString &message)
{
    m_context.log->add(m_parts.id, kind, message);
}

} // namespace ferry::server
