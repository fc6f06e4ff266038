// SPDX-License-Identifier: MIT
#include "server/session/extendedconversation.h"

#include "net/base/displaytext.h"
#include "net/base/personname.h"
#include "net/base/translate.h"
#include "net/base/workerthread.h"
#include "server/files/listing.h"
#include "server/limits.h"
#include "wire/limits.h"

#include <QScopeGuard>

#include <algorithm>

namespace ferry::server {

using namespace std::chrono_literals;

using extended::Request;
using extended::Verb;
using Kind = ExtendedAction::Kind;

namespace {

/// A reply as it may stand in a log; the steps of a login are of no use to anybody there.
QString loggableReply(QByteArrayView line)
{
    for (const char *token : {"#CHALLENGE", "#LOGIN"}) {
        if (line.startsWith(token))
            return QLatin1StringView(token) + QStringLiteral(" ***");
    }
    return displayText(line);
}

} // namespace

ExtendedConversation::ExtendedConversation(ConnectionParts &parts,
                                           ExtendedServerSession::Start start,
                                           const QByteArray &rest)
    : m_parts(parts)
    , m_session(std::move(start))
    , m_stream(parts.channel, *parts.config, parts.pacer, parts.counters,
               [this] { return cancelled(); })
    , m_shares(parts.context->shares, [this](const QString &text) { log(LogKind::Warning, text); })
    , m_files(m_shares, m_stream, parts.counters, parts.deliveries)
    , m_uploads(
          m_shares, m_stream, parts.counters, parts.deliveries, parts.context->uploads,
          [&channel = parts.channel] { channel.shutdown(); },
          [this](const QString &text) { log(LogKind::Status, text); },
          [this](const QByteArray &line) { log(LogKind::Response, displayText(line)); })
    , m_contentGuard(parts.config->minimumRate, parts.config->minimumRateWindow)
    , m_idleDeadline(parts.config->idleTime)
{
    m_session.receive(rest);
}

Ending ExtendedConversation::run()
{
    for (;;) {
        const ExtendedAction action = m_session.nextAction();
        if (auto settled = settleBefore(action); !settled)
            return endingOf(settled.error());
        if (drainNow(action)) {
            const Ending ending = sayEnd();
            if (action.kind == Kind::Perform)
                m_session.performed(); // it is not
            takeLastReceipts();
            return ending;
        }
        if (action.kind == Kind::Close) {
            if (auto sent = m_stream.flush(); !sent)
                return endingOf(sent.error());
            if (m_session.saidGoodbye() || m_peerFinished)
                return leftBy(tr("left"), false);
            return leftBy(tr("refused: %1").arg(displayText(m_lastReply)), true);
        }
        if (auto done = carryOut(action); !done)
            return endingOf(done.error());
    }
}

/// The answers to small uploads wait for each other, as long as more comes without a pause.
Result<> ExtendedConversation::settleBefore(const ExtendedAction &action)
{
    if (!m_uploads.holdsAnswers())
        return {};
    const auto mayHold = mayHoldAnswers(action);
    if (!mayHold)
        return mayHold.error();
    return mayHold.value() && !m_parts.mustEnd() ? m_uploads.settleDue() : m_uploads.settle();
}

/// For its turn, however much the client sends.
bool ExtendedConversation::mayHaveToWait() const
{
    return m_parts.pacer.isPaused() || m_parts.pacer.piece(limits::ioBytes) < limits::ioBytes;
}

Result<bool> ExtendedConversation::mayHoldAnswers(const ExtendedAction &action)
{
    if (mayHaveToWait())
        return false;
    const Request &request = action.request;
    switch (action.kind) {
    case Kind::Body:
        return true;
    case Kind::Perform:
        return request.verb == Verb::End ||
               (request.verb == Verb::Put && request.follows && !request.folder);
    case Kind::Receive:
        return m_parts.channel.waitForBytes(QDeadlineTimer(0));
    default:
        return false;
    }
}

/// Why it ends, to a client that understands it.
Ending ExtendedConversation::sayEnd()
{
    static_cast<void>(m_uploads.settle());
    const EndReason why = m_parts.end.reason;
    if (why == EndReason::None || m_session.peerKnowsReasons()) {
        const char *const token = why == EndReason::None           ? "STOPPING"
                                  : why == EndReason::Disconnected ? "DISCONNECTED"
                                                                   : "BANNED";
        static_cast<void>(send(extended::refusal(token)));
        static_cast<void>(m_stream.flush());
    }
    return why == EndReason::None ? Ending{tr("server is stopping"), false}
                                  : Ending{{}, true, true};
}

/// A client that had asked for more hears only now that the server stops, and confirms what it has
/// got. The answers stay here: it reads none.
void ExtendedConversation::takeLastReceipts()
{
    while (!m_parts.isEnded() && awaitsReceipt()) {
        const ExtendedAction action = m_session.nextAction();
        const Verb verb = action.request.verb;
        if (action.kind == Kind::Receive) {
            const auto more = m_parts.channel.waitForBytes(
                qMin(m_receiptDeadline, QDeadlineTimer(limits::peerPollInterval)));
            if (!more)
                return;
            const auto count = more.value() ? readSome(m_receiptDeadline) : Result<qsizetype>(1);
            if (!count || count.value() == 0)
                return;
        } else if (action.kind != Kind::Perform) {
            return;
        } else if (verb != Verb::Receipt && verb != Verb::Receipts) {
            m_session.performed();
        } else if (!perform(action.request)) {
            return;
        }
    }
}

/// Who could not log in goes for that reason.
Ending ExtendedConversation::leftBy(const QString &cause, bool failed) const
{
    return m_denied ? Ending{tr("wrong password"), true} : Ending{cause, failed};
}

Result<> ExtendedConversation::carryOut(const ExtendedAction &action)
{
    if (action.kind == Kind::Body)
        return receiveContent();
    if (action.kind == Kind::Receive && m_session.inUpload()) {
        const auto ready = waitForContent();
        if (!ready || !ready.value())
            return ready ? Result<>() : ready.error();
        const auto count = readSome(QDeadlineTimer(m_parts.config->noProgressTime));
        return count ? Result<>() : count.error();
    }
    if (action.kind == Kind::Receive)
        return receive();
    Result<> done;
    switch (action.kind) {
    case Kind::Send:
        done = send(action.bytes);
        break;
    case Kind::LoginStep:
        done = loginStep(action.request);
        break;
    case Kind::Perform:
        done = perform(action.request);
        break;
    case Kind::Body:
    case Kind::Receive:
    case Kind::Close:
        break;
    }
    m_idleDeadline = QDeadlineTimer(m_parts.config->idleTime);
    return done;
}

/// Between two requests, never between a request and its reply. A file that is put in is finished,
/// and so is one that goes out in parts, and the receipts of what went out are waited for.
bool ExtendedConversation::drainNow(const ExtendedAction &action)
{
    if (!m_parts.mustEnd())
        return false;
    if (!m_parts.isEnded()) {
        if (m_session.inUpload() || (action.kind == Kind::Receive && awaitsMore()) ||
            (action.kind == Kind::Perform && finishesFile(action.request)))
            return false;
    }
    return action.kind == Kind::Receive || action.kind == Kind::LoginStep ||
           action.kind == Kind::Perform;
}

bool ExtendedConversation::awaitsMore()
{
    return awaitsPart() || awaitsReceipt();
}

/// Whether a receipt will come soon. A server that drains does not wait long: not every client
/// says them.
bool ExtendedConversation::awaitsReceipt()
{
    if (m_parts.mustEnd() && !std::exchange(m_lastReceipts, true))
        m_receiptDeadline = qMin(m_receiptDeadline, QDeadlineTimer(limits::lastReceiptTime));
    return !m_receiptDeadline.hasExpired() && isUnconfirmed();
}

/// Whether the next part of a file will be asked for soon.
bool ExtendedConversation::awaitsPart() const
{
    return !m_partDeadline.hasExpired() && isInParts();
}

Result<> ExtendedConversation::send(const QByteArray &line)
{
    if (!m_greeted) {
        m_greeted = true;
        m_parts.counters.setClient(displayText(m_session.peerAgent()));
        m_name = personName(m_session.peerName());
        m_parts.counters.setName(m_name);
        m_stream.tellReasons(m_session.peerKnowsReasons());
        m_parts.deliveries.setClient(displayText(m_session.peerAgent()));
        if (m_parts.presence) // it logged in before HELLO
            describe();
    }
    m_lastReply = line.chopped(2);
    log(LogKind::Response, loggableReply(m_lastReply));
    return m_stream.line(line);
}

/// Blocks until there is more input. Everything gathered goes out before, and a session that is
/// quiet for a while holds no buffer, and no more of its stack than it stands on.
Result<> ExtendedConversation::receive()
{
    if (auto sent = m_stream.flush(); !sent)
        return sent;
    const QDeadlineTimer deadline = m_session.loggedIn() ? m_idleDeadline : m_parts.loginDeadline;
    m_listening = true;
    const auto more = waitForMore();
    if (!more)
        return more.error();
    if (more.value())
        return hear(deadline);
    m_parts.end.listening = true;
    const auto atWork = qScopeGuard([this] { m_parts.end.listening = false; });
    if (m_parts.mustEnd()) // it came before the line above, and woke nobody
        return {};
    const auto soon =
        m_parts.channel.waitForBytes(qMin(deadline, QDeadlineTimer(limits::bufferRest)));
    if (!soon)
        return soon.error();
    if (!soon.value()) {
        releaseMemory();
        m_uploads.rest();
        if (m_gifts)
            m_gifts->rest();
    }
    return hear(deadline);
}

void ExtendedConversation::releaseMemory()
{
    m_stream.releaseBuffer();
    WorkerThread::releaseStack();
}

Result<> ExtendedConversation::hear(QDeadlineTimer deadline)
{
    const auto count = readSome(deadline);
    if (!count)
        return count.error();
    m_listening = false;
    return {};
}

/// Waits for the request for the next part of a file, or for a receipt. A drain does not cut this
/// short: nobody wakes it, and an operator who ends the session is seen soon. True: there is
/// something to read.
Result<bool> ExtendedConversation::waitForMore()
{
    while (awaitsMore() && !m_parts.isEnded()) {
        auto ready = m_parts.channel.waitForBytes(qMin(std::max(m_partDeadline, m_receiptDeadline),
                                                       QDeadlineTimer(limits::peerPollInterval)));
        if (!ready || ready.value())
            return ready;
        m_stream.releaseBuffer();
    }
    return false;
}

Result<qsizetype> ExtendedConversation::readSome(QDeadlineTimer deadline)
{
    char bytes[16 * 1024];
    const auto count = m_parts.channel.read(bytes, sizeof bytes, deadline);
    // Who is listened to may have been cut off by the drain: then it is not the peer's end.
    if (!count || (count.value() == 0 && m_parts.mustEnd() && m_parts.end.listening))
        return count;
    m_parts.counters.touch();
    if (count.value() == 0) {
        m_peerFinished = true;
        m_session.receiveEnd();
    } else {
        m_session.receive(QByteArrayView(bytes, count.value()));
    }
    return count;
}

/// Looks, without waiting, whether the peer wants the request under way to end. A server that
/// drains waits for files, not for listings and checksums, which may take hours.
Result<bool> ExtendedConversation::cancelled()
{
    if (m_parts.isEnded() || (m_parts.context->draining && !m_movingFile))
        return Error{ErrorCode::Refused, {}};
    while (!m_peerFinished && !m_session.cancelRequested() &&
           m_session.waitingBytes() < limits::pipelinedBytes) {
        const auto there = m_parts.channel.waitForBytes(QDeadlineTimer(0));
        if (!there)
            return there.error();
        if (!there.value())
            break;
        const auto count = readSome(QDeadlineTimer(0));
        if (!count && count.error().code == ErrorCode::TimedOut)
            break; // a part of an encrypted record
        if (!count)
            return count.error();
        if (count.value() == 0)
            break;
    }
    return m_session.cancelRequested();
}

Result<> ExtendedConversation::perform(const Request &request)
{
    const bool logsItself = request.verb == Verb::News || request.verb == Verb::Tell;
    if (!logsItself)
        logRequest(request);
    m_performing = true;
    // Not PUT: before it is answered, nothing moves, and the checksum of a part may take long.
    m_movingFile =
        request.verb == Verb::Get || request.verb == Verb::End || request.verb == Verb::Abort;
    Result<> done;
    bool opened = false;
    switch (request.verb) {
    case Verb::List:
        done = answerList(request, m_shares, m_stream, m_session.peerGivesFiles());
        break;
    case Verb::Tree:
        done = answerTree(request, m_shares, m_stream);
        break;
    case Verb::Get:
        done = answerFile(request);
        m_partDeadline.setRemainingTime(
            m_session.cancelRequested()
                ? 0ms
                : std::min(m_parts.config->noProgressTime, m_parts.config->idleTime));
        m_receiptDeadline.setRemainingTime(std::min(limits::receiptTime, m_parts.config->idleTime));
        m_lastReceipts = false;
        break;
    case Verb::Sum:
    case Verb::Receipt:
    case Verb::Drop:
        done = answerFile(request);
        break;
    case Verb::Receipts:
        done = m_files.receipts(request);
        break;
    case Verb::Put: {
        const auto put = beginUpload(request);
        done = put ? Result<>() : put.error();
        opened = put && put.value();
        break;
    }
    case Verb::End:
    case Verb::Abort:
        done = finishUpload(request);
        break;
    case Verb::Who:
        done = answerWho();
        break;
    case Verb::Tell:
        done = answerTell(request);
        break;
    case Verb::News:
        done = answerNews(request);
        break;
    default:
        Q_UNREACHABLE(); // the session performs no other
    }
    m_shares.endRequest();
    if (m_gifts)
        m_gifts->endRequest();
    if (!done)
        return done;
    m_performing = false;
    if (opened) {
        m_parts.channel.expectContent();
        m_session.uploadOpened();
        m_movingFile = true;
        m_comparing =
            QDeadlineTimer(std::chrono::seconds(m_upload->toCompare() / limits::uploadCompareRate));
    } else {
        m_session.performed();
    }
    if (!m_uploads.holdsAnswers() && !logsItself) // or they are logged when they are given
        log(LogKind::Response, displayText(m_stream.lastLine()));
    return {};
}

void ExtendedConversation::logRequest(const Request &request)
{
    log(LogKind::Command, displayText(extended::loggableLine(request)));
}

Ending ExtendedConversation::endingOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Cancelled:
        return {{}, true, true};
    case ErrorCode::Refused: // what it was at ends because the server, or this session, does
        return sayEnd();
    case ErrorCode::TimedOut:
        // Between requests there is a word for it; in the middle of an answer it could be taken
        // for a part of it.
        if (!m_performing)
            static_cast<void>(
                m_parts.channel.write(extended::refusal("TIMEOUT"), QDeadlineTimer(0)));
        return {tr("timed out"), true};
    default:
        // Everything that was asked for had gone out: nothing failed, and a client may end so.
        return leftBy(tr("connection lost"), !m_listening);
    }
}

void ExtendedConversation::log(LogKind kind, const QString &message)
{
    m_parts.context->log->add(m_parts.id, kind, message);
}

} // namespace ferry::server
