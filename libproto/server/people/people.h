// SPDX-License-Identifier: MIT
#pragma once

#include "net/channel/wakeup.h"
#include "server/people/mailbox.h"
#include "server/people/messagebudget.h"
#include "wire/extended/party.h"
#include "wire/extended/people.h"
#include "wire/result.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace ferry::server {

struct MailPlace;

/// Who is logged in, and what they write to each other and to the operator. A message never waits
/// for its receiver, and never touches another session's connection: it is put into a mailbox, and
/// the receiver's own thread comes for it.
///
/// One person's client may have several connections. Only one that has asked for news is somebody
/// to the others: who else would read it? At telnet, where news come at a person's word, everybody
/// is.
///
/// The mailbox of somebody who named one (NEWS box=…) is kept for limits::mailboxKept after their
/// connection has ended, and the numbers that their sessions had mean them for as long.
///
/// Any thread; one lock, under which nothing waits. Outlives a stop and a start of the server.
class People
{
public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    explicit People(Clock clock = std::chrono::steady_clock::now);

    /// Whoever has just logged in.
    struct Newcomer
    {
        quint64 session = 0;
        QByteArray account;
        QByteArray name; ///< as it may be shown, UTF-8
        QHostAddress address;
        extended::Person::Kind kind = extended::Person::Kind::Program;
    };
    struct Told
    {
        enum class Outcome { Sent, NotFound, Slower };
        Outcome outcome = Outcome::NotFound;
        qint64 id = 0;                ///< Sent: of the note
        std::chrono::seconds wait{0}; ///< Slower
    };

    /// Somebody who is there, until this is destroyed. For the thread of their session.
    class Presence
    {
    public:
        Presence(std::shared_ptr<People> people, Newcomer who);
        ~Presence();
        Presence(const Presence &) = delete;
        Presence &operator=(const Presence &) = delete;

        /// They said more about themselves.
        void describe(const QByteArray &name, extended::Person::Kind kind);

        /// This connection is of the person with the mailbox of this name, without reading it.
        void belongTo(const QByteArray &mailbox);

        enum class Opened {
            Fresh,   ///< nothing was kept under that name
            Kept,    ///< it is theirs again, or of another connection of theirs
            Refused, ///< the connection has another one, or lost this one
        };
        /// Their notes wait in the mailbox of this name from now on, which is secret, and belongs
        /// to the account. It is taken over from the connection that has it; that one does not get
        /// it back. A connection has one: another name is ignored.
        Opened useMailbox(const QByteArray &name);
        /// A note about a gift to them waits there.
        bool waits(const extended::GiftPath &gift) const;

        /// What their gifts are known by, over connections and restarts: a digest of the account
        /// and the name of the mailbox. Empty if they named none.
        QByteArray person() const;
        /// payerOf() them.
        QByteArray giver() const;
        const Newcomer &who() const { return m_who; } ///< for the thread of their session

        /// Members may write to each other, and this one is not muted.
        bool mayGive() const;
        /// The person() of a session that they may give something to: one that reads notes, and
        /// named its mailbox. Empty: none such.
        QByteArray receiver(qint64 session) const;
        /// Takes a gift from what they may give. False: it is too much.
        bool spendGift();

        /// See Mailbox::news().
        Mailbox::News news(qint64 since);

        /// `wakeup` is woken by every note from now on, and by the loss of the mailbox; null: by
        /// none. It has to live until then. What came before does not count: look for it after
        /// this.
        void wakeBy(Wakeup *wakeup);

        /// Themselves, and those who read, where members may write to each other; by session.
        QList<extended::Person> persons() const;

        /// To whom it is sent: operator, all, or one session. `text`: see extended::isMessage().
        Told tell(const extended::Party &to, const QByteArray &text);
        /// To All where members may write to each other, otherwise to the Operator.
        Told tellWhoeverMay(const QByteArray &text);

    private:
        friend class People;
        const std::shared_ptr<People> m_people;
        // Under the lock of m_people:
        Newcomer m_who;
        const qint64 m_sinceNs;
        const QByteArray m_sender; ///< how many mailboxes are kept for it is counted
        QByteArray m_person;
        std::shared_ptr<MailPlace> m_place;
        QByteArray m_lostMailbox; ///< another connection took it over
        Wakeup *m_wakeup = nullptr;
    };

    /// From whose budget they pay, with others: account and block of addresses.
    static QByteArray payerOf(const Newcomer &who);

    /// Puts a note about a gift into the mailbox of the person `to`; false if they have none now.
    /// It is from the session of the person `from`, if they have a mailbox, else from whom it
    /// says.
    bool post(const QByteArray &to, const QByteArray &from, extended::Note note);

    // The operator's:

    /// Whether members may see each other, and write to each other. At once.
    void setMembers(bool mayWrite);

    /// Nothing that this person writes reaches anybody. At once; also after they came back, if they
    /// named their mailbox.
    void mute(quint64 session, bool muted);
    struct Standing
    {
        bool reads = false;
        bool muted = false;
    };
    std::map<quint64, Standing> standings() const; ///< of those who are there, by session

    /// From the operator to All or a Session. NotFound: nobody there reads it. Invalid: no message.
    Result<> tell(const extended::Party &to, const QByteArray &text);

    /// What was written to the operator since the last call.
    Mailbox::News takeMessages();

    /// Bytes of all notes that wait.
    qint64 held() const;
    /// Those of people who are there, and those that are kept for others.
    qsizetype mailboxes() const;

private:
    using Place = std::shared_ptr<MailPlace>;
    using Time = std::chrono::steady_clock::time_point;

    Told tell(Presence &from, const extended::Party &to, const QByteArray &text);
    std::chrono::seconds pay(Presence &from, qint64 cost);
    bool isMuted(const Presence &who) const;
    std::vector<MailPlace *> receiversOf(const extended::Party &to, const MailPlace *but) const;
    extended::Note newNote(const extended::Party &from, const QByteArray &text, bool toAll);
    void stamp(extended::Note &note);
    std::shared_ptr<const Mailbox::Letter> makeLetter(extended::Note note);
    void deliver(const std::shared_ptr<const Mailbox::Letter> &letter, MailPlace &place);
    void dropBeyondTotal();
    void arrive(Presence &who);
    void leave(Presence &who) noexcept;
    Presence::Opened use(Presence &who, const QByteArray &key);
    void release(Presence &who);
    void assign(Presence &who, const Place &place);
    void remove(const MailPlace &place);
    void removeOld();
    const MailPlace *removeOldest(qsizetype most, const QByteArray &sender);
    MailPlace *find(qint64 session) const;
    template <typename Visit>
    void forEachPlace(Visit visit) const;

    const Clock m_clock;
    mutable std::mutex m_mutex; ///< guards all below, and what every Presence has
    qint64 m_held = 0;          ///< bytes; before the letters that count themselves there
    qint64 m_next;              ///< the id of the next note
    bool m_membersMayWrite = false;
    MessageBudget m_budget;
    MessageBudget m_gifts;
    Mailbox m_operator;
    std::map<quint64, Presence *> m_present;
    std::map<quint64, Place> m_bySession; ///< also by those that have ended
    std::map<QByteArray, Place> m_byName; ///< by Presence::person()
};

} // namespace ferry::server
