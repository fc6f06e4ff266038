// SPDX-License-Identifier: MIT
#include "server/people/mailbox.h"

#include "server/limits.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ferry::server {

namespace {

/// What a note costs beside its text.
constexpr qint64 letterBytes = 256;

bool isOlder(const std::shared_ptr<const Mailbox::Letter> &one,
             const std::shared_ptr<const Mailbox::Letter> &other)
{
    return one->note().id < other->note().id;
}

} // namespace

Mailbox::Letter::Letter(extended::Note note, qint64 &total)
    : m_note(std::move(note))
    , m_bytes(letterBytes + m_note.text.size() + m_note.name.size() + m_note.account.size() +
              (m_note.gift ? m_note.gift->name.size() : 0))
    , m_total(total)
{
    m_total += m_bytes;
}

Mailbox::Letter::~Letter()
{
    m_total -= m_bytes;
}

void Mailbox::add(const std::shared_ptr<const Letter> &letter)
{
    m_letters.push_back(letter);
    m_bytes += letter->bytes();
    trim();
}

void Mailbox::absorb(Mailbox &other)
{
    // What everybody was sent is in both, and comes once.
    std::deque<std::shared_ptr<const Letter>> all;
    std::set_union(m_letters.begin(), m_letters.end(), other.m_letters.begin(),
                   other.m_letters.end(), std::back_inserter(all), isOlder);
    m_letters.swap(all);
    m_bytes = 0;
    for (const auto &letter : m_letters)
        m_bytes += letter->bytes();
    other.m_bytes = 0;
    m_lostSince += std::exchange(other.m_lostSince, 0);
    other.m_letters.clear();
    trim();
}

void Mailbox::trim()
{
    while (count() > limits::notesKept || m_bytes > limits::notesKeptBytes)
        dropOldest();
}

Mailbox::News Mailbox::news(qint64 since, qint64 next)
{
    News news;
    if (since > next) {
        // A cursor from somewhere else: what waits here begins where it begins.
        news.next = m_letters.empty() ? next : m_letters.front()->note().id;
        news.any = true;
        return news;
    }
    while (!m_letters.empty() && m_letters.front()->note().id < since)
        removeFirst();
    if (since >= m_given)
        m_lostGiven = 0;
    news.lost = m_lostGiven + m_lostSince;
    news.next = m_letters.empty() ? next : m_letters.back()->note().id + 1;
    news.any = !m_letters.empty() || news.lost > 0;
    news.notes.reserve(count());
    for (const auto &letter : m_letters)
        news.notes.append(letter->note());
    if (news.any) {
        m_given = news.next;
        m_lostGiven = std::exchange(m_lostSince, 0) + m_lostGiven;
    }
    return news;
}

bool Mailbox::offers(const extended::GiftPath &gift) const
{
    return std::any_of(m_letters.begin(), m_letters.end(), [&gift](const auto &letter) {
        const extended::Note &note = letter->note();
        return note.kind == extended::Note::Kind::Gift && note.gift == gift;
    });
}

Mailbox::News Mailbox::takeAll()
{
    News taken = news(0, 0);
    m_letters.clear();
    m_bytes = 0;
    m_lostGiven = 0;
    return taken;
}

bool Mailbox::dropOldest()
{
    if (m_letters.empty())
        return false;
    ++(m_letters.front()->note().id < m_given ? m_lostGiven : m_lostSince);
    removeFirst();
    return true;
}

void Mailbox::removeFirst()
{
    m_bytes -= m_letters.front()->bytes();
    m_letters.pop_front();
}

} // namespace ferry::server
