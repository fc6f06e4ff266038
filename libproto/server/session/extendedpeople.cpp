// SPDX-License-Identifier: MIT
// ExtendedConversation: who is there, messages and notes.
#include "net/base/displaytext.h"
#include "server/limits.h"
#include "server/session/extendedconversation.h"
#include "wire/extended/people.h"

#include <QScopeGuard>

#include <algorithm>
#include <utility>

namespace ferry::server {

using extended::Person;
using extended::Request;

Person::Kind ExtendedConversation::kind() const
{
    return m_session.peerHasWindow() ? Person::Kind::Window : Person::Kind::Program;
}

/// What HELLO said of them.
void ExtendedConversation::describe()
{
    m_parts.presence->describe(m_name.toUtf8(), kind());
    m_parts.presence->belongTo(m_session.peerBox());
}

Result<> ExtendedConversation::answerWho()
{
    for (const Person &person : m_parts.presence->persons()) {
        if (auto said = m_stream.line(extended::person(person)); !said)
            return said;
    }
    return m_stream.line(extended::peopleEnd());
}

Result<> ExtendedConversation::answerTell(const Request &request)
{
    const People::Told told = m_parts.presence->tell(request.to, request.text);
    const bool slower = told.outcome == People::Told::Outcome::Slower;
    const QByteArray answer = slower ? extended::slower(told.wait.count())
                              : told.outcome == People::Told::Outcome::Sent
                                  ? extended::told(told.id)
                                  : extended::refusal("NOTFOUND");
    // Whoever floods is not to fill the log either: of many refusals in a row it has one.
    if (!std::exchange(m_slowedDown, slower) || !slower) {
        logRequest(request);
        log(LogKind::Response, displayText(answer.chopped(2)));
    }
    if (slower) {
        if (auto sent = m_stream.flush(); !sent) // the answers before it are not held up
            return sent;
        if (const auto paused = m_parts.channel.pause(QDeadlineTimer(limits::slowerRest)); !paused)
            return paused;
    }
    return m_stream.line(answer);
}

Result<> ExtendedConversation::answerNews(const Request &request)
{
    People::Presence &presence = *m_parts.presence;
    if (!request.box.isEmpty() && std::exchange(m_mailbox, request.box) != request.box) {
        if (m_parts.context->gifts)
            m_parts.context->gifts->welcome(presence, request.box, request.since);
        else
            static_cast<void>(presence.useMailbox(request.box));
    }
    Mailbox::News news = presence.news(request.since);
    if (!news.any && request.waitSeconds > 0) {
        const auto cancelled =
            waitForNews(request.since, QDeadlineTimer(std::chrono::seconds(request.waitSeconds)));
        if (!cancelled)
            return cancelled.error();
        if (cancelled.value())
            return m_stream.line(extended::refusal("CANCELLED"));
        news = presence.news(request.since);
    }
    // Most of them bring nothing, and a client asks again and again.
    if (news.any)
        logRequest(request);
    for (const extended::Note &note : std::as_const(news.notes)) {
        if (auto said = m_stream.line(extended::note(note)); !said)
            return said;
    }
    return m_stream.line(extended::newsEnd({news.next, news.lost}));
}

/// Until there is something to say, the time is over, or the client wants something else. True: it
/// said CANCEL. The thread sleeps in one call meanwhile, which a note ends as the peer's bytes do.
Result<bool> ExtendedConversation::waitForNews(qint64 since, QDeadlineTimer deadline)
{
    Wakeup wakeup;
    if (!wakeup.valid()) // the client asks again
        return false;
    People::Presence &presence = *m_parts.presence;
    presence.wakeBy(&wakeup);
    m_parts.end.listening = true;
    const auto over = qScopeGuard([this, &presence] {
        m_parts.end.listening = false;
        presence.wakeBy(nullptr);
    });
    QDeadlineTimer nextBusy(limits::newsBusyInterval);
    while (!deadline.hasExpired()) {
        if (auto sent = m_stream.flush(); !sent)
            return sent.error();
        releaseMemory();
        // Both looks come after the session can be woken.
        const auto cancel = cancelled();
        if (!cancel || cancel.value())
            return cancel;
        if (presence.news(since).any || m_peerFinished || m_session.waitingBytes() > 0)
            return false;
        const auto heard = m_parts.channel.waitForBytes(std::min(deadline, nextBusy), &wakeup);
        if (!heard)
            return heard.error();
        if (heard.value() == Channel::Heard::Woken)
            return false; // also where another connection took the mailbox over
        if (nextBusy.hasExpired()) {
            if (auto said = m_stream.line(extended::busy(false)); !said)
                return said.error();
            nextBusy = QDeadlineTimer(limits::newsBusyInterval);
        }
    }
    return false;
}

} // namespace ferry::server
