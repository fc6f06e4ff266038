// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/party.h"
#include "wire/extended/people.h"

#include <QList>

#include <deque>
#include <memory>

namespace ferry::server {

/// What waits for one person until they ask for it: at most limits::notesKept notes and
/// limits::notesKeptBytes, of which the oldest go first. A note stays until it was asked for what
/// comes behind it, so that one whose answer was lost on the way is given again.
///
/// Not thread-safe: all mailboxes have one lock (people.h).
class Mailbox
{
public:
    /// A note that waits in any number of mailboxes, and is held once. What all of them hold is
    /// counted in the `total` that it was made with.
    class Letter
    {
    public:
        Letter(extended::Note note, qint64 &total);
        ~Letter();
        Letter(const Letter &) = delete;
        Letter &operator=(const Letter &) = delete;

        const extended::Note &note() const { return m_note; }
        qint64 bytes() const { return m_bytes; }

    private:
        const extended::Note m_note;
        const qint64 m_bytes;
        qint64 &m_total;
    };

    /// Its id is higher than those before.
    void add(const std::shared_ptr<const Letter> &letter);

    /// What waits in `other`, too.
    void absorb(Mailbox &other);

    struct News
    {
        QList<extended::Note> notes;
        qint64 next = 0;  ///< what to ask for next
        qint64 lost = 0;  ///< dropped before these
        bool any = false; ///< there is something to say; otherwise it is worth waiting
    };
    /// The notes from the id `since` on; those before are done with. `next`: the id of the note
    /// that comes next, whoever it is for.
    News news(qint64 since, qint64 next);

    /// A note that this gift is there.
    bool offers(const extended::GiftPath &gift) const;

    /// All of them, and they are done with.
    News takeAll();

    /// False if there is none.
    bool dropOldest();

    qint64 bytes() const { return m_bytes; }
    qsizetype count() const { return qsizetype(m_letters.size()); }

private:
    void trim();
    void removeFirst();

    std::deque<std::shared_ptr<const Letter>> m_letters; ///< by id
    qint64 m_bytes = 0;
    qint64 m_given = 0;     ///< beyond the last note that an answer held
    qint64 m_lostGiven = 0; ///< dropped, and an answer said so; or it held them
    qint64 m_lostSince = 0; ///< dropped, and no answer has said so
};

} // namespace ferry::server
