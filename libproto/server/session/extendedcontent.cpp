// SPDX-License-Identifier: MIT
// ExtendedConversation: the content of uploads.
#include "server/limits.h"
#include "server/session/extendedconversation.h"

#include <span>

namespace ferry::server {

/// Waits for more of an upload. True: it is in the channel; false: the session has it by now, or
/// knows that there will be none. Nobody wakes it: a server that drains lets it go on, and an
/// operator who ends it is seen soon.
Result<bool> ExtendedConversation::waitForContent()
{
    QDeadlineTimer deadline(m_parts.config->noProgressTime + m_comparing.remainingTimeAsDuration());
    for (;;) {
        if (m_parts.pacer.isPaused())
            deadline = QDeadlineTimer(m_parts.config->noProgressTime);
        const qsizetype before = m_session.waitingBytes();
        const auto there = m_parts.channel.waitForBytes(QDeadlineTimer(0));
        if (!there || !there.value() || mayHaveToWait()) {
            if (auto settled = m_uploads.settle(); !settled)
                return settled.error();
        }
        if (auto turn = m_stream.waitForTurn(); !turn)
            return turn.error();
        if (m_peerFinished || m_session.waitingBytes() > before) // it was looked for a CANCEL
            return false;
        const auto began = RateGuard::Clock::now();
        const auto ready =
            m_parts.channel.waitForBytes(qMin(deadline, QDeadlineTimer(limits::peerPollInterval)));
        if (!ready)
            return ready.error();
        if (m_parts.isEnded())
            return Error{ErrorCode::Refused, {}};
        if (deadline.hasExpired() && !ready.value())
            return Error{ErrorCode::TimedOut, {}};
        if (m_comparing.hasExpired() && !m_contentGuard.add(0, RateGuard::Clock::now() - began))
            return Error{ErrorCode::TimedOut, {}};
        if (ready.value() && !m_parts.pacer.isPaused())
            return true;
    }
}

/// Up to `most` bytes of the upload, that are there: what was received with the lines, or straight
/// from the channel.
Result<qsizetype> ExtendedConversation::readContent(char *to, qsizetype most)
{
    if (!m_session.bufferEmpty())
        return m_session.takeBody(to, most);
    const auto count =
        m_parts.channel.read(to, qsizetype(qMin<qint64>(most, m_session.bodyRemaining())),
                             QDeadlineTimer(m_parts.config->noProgressTime));
    if (count && count.value() == 0) {
        m_peerFinished = true;
        m_session.receiveEnd();
    } else if (count) {
        m_session.bodyReceived(count.value());
    }
    return count;
}

/// As much of the upload as comes without waiting, at least something, and no more than is written
/// at once.
Result<> ExtendedConversation::receiveContent()
{
    m_comparing = QDeadlineTimer();
    if (auto turn = m_stream.waitForTurn(); !turn)
        return turn;
    if (m_session.bufferEmpty()) {
        const auto ready = waitForContent();
        if (!ready || (m_session.bufferEmpty() && !ready.value()))
            return ready ? Result<>() : ready.error();
    }
    const std::span<char> room = m_upload->room();
    const qint64 most = qMax<qint64>(m_parts.pacer.piece(qint64(room.size())), 1);
    qsizetype got = 0;
    while (got < most && m_session.bodyRemaining() > 0 &&
           !(m_peerFinished && m_session.bufferEmpty())) {
        if (got > 0 && m_session.bufferEmpty()) {
            const auto more = m_parts.channel.waitForBytes(QDeadlineTimer(0));
            if (!more || !more.value())
                break;
        }
        const auto count = readContent(room.data() + got, qsizetype(most) - got);
        if (!count && got > 0)
            break; // first what came; the channel says it again
        if (!count)
            return count.error();
        got += count.value();
    }
    m_parts.pacer.spend(got);
    static_cast<void>(m_contentGuard.add(got, {}));
    if (got == 0)
        return {};
    const auto taken = m_upload->added(got);
    if (!taken)
        return taken.error();
    if (!taken.value()) {
        uploadRefused();
        // The client looks for it before the next piece.
        return m_stream.flush();
    }
    return {};
}

} // namespace ferry::server
