// SPDX-License-Identifier: MIT
// People: who gives something to whom, and is told of it.
#include "server/people/mailplace.h"
#include "server/people/people.h"

#include <chrono>
#include <mutex>
#include <utility>

namespace ferry::server {

using extended::Note;
using extended::Party;

QByteArray People::Presence::person() const
{
    const std::lock_guard lock(m_people->m_mutex);
    return m_person;
}

QByteArray People::Presence::giver() const
{
    return payerOf(m_who);
}

bool People::Presence::mayGive() const
{
    const std::lock_guard lock(m_people->m_mutex);
    return m_people->m_membersMayWrite && !m_people->isMuted(*this);
}

QByteArray People::Presence::receiver(qint64 session) const
{
    const std::lock_guard lock(m_people->m_mutex);
    m_people->removeOld();
    const MailPlace *const place = m_people->find(session);
    const bool may = m_people->m_membersMayWrite && !m_people->isMuted(*this);
    return may && place && place->reads ? place->key : QByteArray();
}

bool People::Presence::waits(const extended::GiftPath &gift) const
{
    const std::lock_guard lock(m_people->m_mutex);
    return m_place->mailbox.offers(gift);
}

bool People::Presence::spendGift()
{
    const std::lock_guard lock(m_people->m_mutex);
    const auto wait = m_people->m_gifts.spend(payerOf(m_who), 1, m_people->m_clock());
    return wait == std::chrono::seconds(0);
}

bool People::post(const QByteArray &to, const QByteArray &from, Note note)
{
    const std::lock_guard lock(m_mutex);
    removeOld();
    const auto receiver = m_byName.find(to);
    if (receiver == m_byName.end())
        return false;
    if (const auto giver = m_byName.find(from); giver != m_byName.end() && !from.isEmpty()) {
        const MailPlace &place = *giver->second;
        if (!place.sessions.empty())
            note.from = {Party::Kind::Session, qint64(place.sessions.back())};
        if (place.reader) {
            note.account = place.reader->m_who.account;
            note.name = place.reader->m_who.name;
        }
    }
    stamp(note);
    deliver(makeLetter(std::move(note)), *receiver->second);
    dropBeyondTotal();
    return true;
}

} // namespace ferry::server
