// SPDX-License-Identifier: MIT
#include "server/people/people.h"

#include "net/base/translate.h"
#include "server/doors/addressblock.h"
#include "server/limits.h"
#include "server/people/mailplace.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QScopeGuard>

#include <algorithm>
#include <utility>
#include <vector>

namespace ferry::server {

using extended::Note;
using extended::Party;
using extended::Person;

namespace {

qint64 nowNs()
{
    return QDateTime::currentMSecsSinceEpoch() * 1'000'000;
}

constexpr MessageRate messageRate{limits::messageBurst, limits::messageInterval};

QByteArray personOf(const QByteArray &account, const QByteArray &mailbox)
{
    return QCryptographicHash::hash(account + '\0' + mailbox, QCryptographicHash::Sha256).toHex();
}

/// So many mailboxes are kept for one account and address. On this machine itself that would be all
/// its users, and everybody behind a proxy.
QByteArray senderOf(const People::Newcomer &who)
{
    return isLocalHost(who.address) ? QByteArray::number(who.session) : People::payerOf(who);
}

} // namespace

// Microseconds since 1970: a server that was started anew goes on with higher numbers, and a
// program that reads them as floating point numbers reads them exactly.
People::People(Clock clock)
    : m_clock(std::move(clock))
    , m_next(QDateTime::currentMSecsSinceEpoch() * 1000)
    , m_budget(messageRate)
    , m_gifts({limits::giftBurst, limits::giftInterval})
{
}

// --- Who is there
// ---------------------------------------------------------------------------------

People::Presence::Presence(std::shared_ptr<People> people, Newcomer who)
    : m_people(std::move(people))
    , m_who(std::move(who))
    , m_sinceNs(nowNs())
    , m_sender(senderOf(m_who))
{
    m_people->arrive(*this);
}

People::Presence::~Presence()
{
    m_people->leave(*this);
}

void People::arrive(Presence &who)
{
    const std::lock_guard lock(m_mutex);
    removeOld();
    const quint64 session = who.m_who.session;
    auto place = std::make_shared<MailPlace>(session, messageRate.nothing(m_clock()));
    m_bySession.emplace(session, place);
    auto nowhere = qScopeGuard([&] { m_bySession.erase(session); }); // without memory
    m_present.emplace(session, &who);
    nowhere.dismiss();
    place->reader = &who;
    place->sender = who.m_sender;
    place->reads = who.m_who.kind == Person::Kind::Telnet;
    who.m_place = std::move(place);
}

void People::leave(Presence &who) noexcept
{
    const std::lock_guard lock(m_mutex);
    m_present.erase(who.m_who.session);
    release(who);
    removeOld();
}

/// Their mailbox waits for them, if they can find it again.
void People::release(Presence &who)
{
    const Place place = std::exchange(who.m_place, nullptr);
    place->reader = nullptr;
    place->left = m_clock();
    if (place->key.isEmpty())
        remove(*place);
    else
        removeOldest(limits::mailboxesKeptOfOne, place->sender);
}

void People::remove(const MailPlace &place)
{
    if (!place.key.isEmpty())
        m_byName.erase(place.key);
    for (const quint64 session : place.sessions)
        m_bySession.erase(session);
}

/// Mailboxes whose people have not come back, and the oldest of too many.
void People::removeOld()
{
    while (const MailPlace *const oldest = removeOldest(limits::mailboxesKept, {})) {
        if (m_clock() - oldest->left < limits::mailboxKept)
            return;
        const Place kept = m_byName.at(oldest->key);
        remove(*kept);
    }
}

/// Of those that wait for somebody from `sender`, or for anybody if that is empty, at most `most`
/// are left: the oldest of these, or null.
const MailPlace *People::removeOldest(qsizetype most, const QByteArray &sender)
{
    for (;;) {
        qsizetype count = 0;
        const MailPlace *oldest = nullptr;
        for (const auto &[key, place] : m_byName) {
            if (place->reader || (!sender.isEmpty() && place->sender != sender))
                continue;
            ++count;
            if (!oldest || place->left < oldest->left)
                oldest = place.get();
        }
        if (count <= most)
            return oldest;
        const Place removed = m_byName.at(oldest->key);
        remove(*removed);
    }
}

void People::Presence::describe(const QByteArray &name, Person::Kind kind)
{
    const std::lock_guard lock(m_people->m_mutex);
    m_who.name = name;
    m_who.kind = kind;
    m_place->reads = kind == Person::Kind::Telnet;
}

void People::Presence::belongTo(const QByteArray &mailbox)
{
    const std::lock_guard lock(m_people->m_mutex);
    if (!mailbox.isEmpty() && m_person.isEmpty())
        m_person = personOf(m_who.account, mailbox);
}

People::Presence::Opened People::Presence::useMailbox(const QByteArray &name)
{
    const std::lock_guard lock(m_people->m_mutex);
    const QByteArray key = personOf(m_who.account, name);
    // One connection is one person's.
    if (name.isEmpty() || !m_place->key.isEmpty() || key == m_lostMailbox)
        return Opened::Refused;
    m_person = key;
    return m_people->use(*this, key);
}

People::Presence::Opened People::use(Presence &who, const QByteArray &key)
{
    removeOld();
    const auto found = m_byName.find(key);
    if (found == m_byName.end()) {
        m_byName.emplace(key, who.m_place);
        who.m_place->key = key;
        return Presence::Opened::Fresh;
    }
    const Place kept = found->second;
    if (Presence *const other = kept->reader) {
        auto fresh =
            std::make_shared<MailPlace>(other->m_who.session, messageRate.nothing(m_clock()));
        std::erase(kept->sessions, other->m_who.session);
        other->m_lostMailbox = key;
        other->m_place = nullptr;
        assign(*other, fresh);
        if (other->m_wakeup)
            other->m_wakeup->wake();
    }
    kept->mailbox.absorb(who.m_place->mailbox);
    kept->muted = kept->muted || who.m_place->muted;
    kept->reads = true;
    kept->sessions.push_back(who.m_who.session);
    if (kept->sessions.size() > limits::sessionsRemembered) {
        m_bySession.erase(kept->sessions.front());
        kept->sessions.pop_front();
    }
    kept->sender = who.m_sender;
    kept->paid = std::max(kept->paid, who.m_place->paid); // earned while they are connected only
    assign(who, kept);
    return Presence::Opened::Kept;
}

void People::assign(Presence &who, const Place &place)
{
    m_bySession[who.m_who.session] = place;
    place->reader = &who;
    who.m_place = place;
}

QList<Person> People::Presence::persons() const
{
    const std::lock_guard lock(m_people->m_mutex);
    QList<Person> all;
    for (const auto &[session, presence] : m_people->m_present) {
        if (presence != this && !(m_people->m_membersMayWrite && presence->m_place->reads))
            continue;
        const Newcomer &who = presence->m_who;
        all.append({qint64(session), who.account, who.name, who.address.toString().toLatin1(),
                    who.kind, presence->m_sinceNs, presence == this});
    }
    return all;
}

MailPlace *People::find(qint64 session) const
{
    const auto found = m_bySession.find(quint64(session));
    return found == m_bySession.end() ? nullptr : found->second.get();
}

/// Each once, however many sessions it had.
template <typename Visit>
void People::forEachPlace(Visit visit) const
{
    for (const auto &[session, place] : m_bySession) {
        if (!place->sessions.empty() && place->sessions.back() == session)
            visit(*place);
    }
}

// --- What they write
// ------------------------------------------------------------------------------

Mailbox::News People::Presence::news(qint64 since)
{
    const std::lock_guard lock(m_people->m_mutex);
    m_place->reads = true;
    return m_place->mailbox.news(since, m_people->m_next);
}

void People::Presence::wakeBy(Wakeup *wakeup)
{
    const std::lock_guard lock(m_people->m_mutex);
    m_wakeup = wakeup;
}

People::Told People::Presence::tell(const Party &to, const QByteArray &text)
{
    const std::lock_guard lock(m_people->m_mutex);
    return m_people->tell(*this, to, text);
}

People::Told People::Presence::tellWhoeverMay(const QByteArray &text)
{
    const std::lock_guard lock(m_people->m_mutex);
    const auto to = m_people->m_membersMayWrite ? Party::Kind::All : Party::Kind::Operator;
    return m_people->tell(*this, {to, 0}, text);
}

People::Told People::tell(Presence &from, const Party &to, const QByteArray &text)
{
    removeOld();
    const bool toAll = to.kind == Party::Kind::All;
    std::vector<MailPlace *> receivers;
    const bool muted = isMuted(from);
    if (m_membersMayWrite && !muted)
        receivers = receiversOf(to, from.m_place.get());
    const bool toOperator =
        !muted && (to.kind == Party::Kind::Operator || (toAll && m_membersMayWrite));
    // Who guesses pays, too.
    const qint64 cost = std::max<qint64>(qint64(receivers.size()) + (toOperator ? 1 : 0), 1);
    if (const auto wait = pay(from, cost); wait > std::chrono::seconds(0))
        return {Told::Outcome::Slower, 0, wait};
    if (receivers.empty() && !toOperator)
        return {};
    Note note = newNote({Party::Kind::Session, qint64(from.m_who.session)}, text, toAll);
    note.account = from.m_who.account;
    note.name = from.m_who.name;
    const auto letter = makeLetter(std::move(note));
    if (toOperator)
        m_operator.add(letter);
    for (MailPlace *const place : receivers)
        deliver(letter, *place);
    dropBeyondTotal();
    return {Told::Outcome::Sent, letter->note().id, {}};
}

/// Who shares an account and an address shares a budget, or many connections would have many.
/// Whoever stays connected earns one of their own besides, so that nobody there silences another.
/// Both are taken from, so that one person has no more than one of them.
std::chrono::seconds People::pay(Presence &from, qint64 cost)
{
    constexpr std::chrono::seconds none(0);
    const Time now = m_clock();
    Time &paid = from.m_place->paid;
    const auto own = messageRate.wait(paid, cost, now);
    const auto shared = m_budget.spend(payerOf(from.m_who), cost, now);
    if (own > none && shared > none)
        return std::min(own, shared);
    paid = messageRate.after(paid, cost, now);
    return none;
}

QByteArray People::payerOf(const Newcomer &who)
{
    return blockText(blockOf(who.address)).toLatin1() + ' ' + who.account;
}

/// Over one connection, or over another of the same person's.
bool People::isMuted(const Presence &who) const
{
    const auto place = m_byName.find(who.m_person);
    return who.m_place->muted || (place != m_byName.end() && place->second->muted);
}

/// Those of them who read what they are sent; not `but` where it is everybody.
std::vector<MailPlace *> People::receiversOf(const Party &to, const MailPlace *but) const
{
    std::vector<MailPlace *> receivers;
    if (to.kind == Party::Kind::All) {
        forEachPlace([&](MailPlace &place) {
            if (place.reads && &place != but)
                receivers.push_back(&place);
        });
    } else if (to.kind == Party::Kind::Session) {
        if (MailPlace *const place = find(to.session); place && place->reads)
            receivers.push_back(place);
    }
    return receivers;
}

Note People::newNote(const Party &from, const QByteArray &text, bool toAll)
{
    Note note;
    stamp(note);
    note.from = from;
    note.toAll = toAll;
    note.text = text;
    return note;
}

void People::stamp(Note &note)
{
    note.id = m_next++;
    note.atNs = nowNs();
}

std::shared_ptr<const Mailbox::Letter> People::makeLetter(Note note)
{
    return std::make_shared<const Mailbox::Letter>(std::move(note), m_held);
}

void People::deliver(const std::shared_ptr<const Mailbox::Letter> &letter, MailPlace &place)
{
    place.mailbox.add(letter);
    if (place.reader && place.reader->m_wakeup)
        place.reader->m_wakeup->wake();
}

/// From where most waits: whoever floods others fills up mailboxes.
void People::dropBeyondTotal()
{
    while (m_held > limits::notesHeldBytes) {
        Mailbox *fullest = &m_operator;
        forEachPlace([&](MailPlace &place) {
            if (place.mailbox.bytes() > fullest->bytes())
                fullest = &place.mailbox;
        });
        if (!fullest->dropOldest())
            return;
    }
}

// --- The operator
// ---------------------------------------------------------------------------------

void People::setMembers(bool mayWrite)
{
    const std::lock_guard lock(m_mutex);
    m_membersMayWrite = mayWrite;
}

void People::mute(quint64 session, bool muted)
{
    const std::lock_guard lock(m_mutex);
    if (MailPlace *const place = find(qint64(session)))
        place->muted = muted;
}

std::map<quint64, People::Standing> People::standings() const
{
    const std::lock_guard lock(m_mutex);
    std::map<quint64, Standing> standings;
    for (const auto &[session, presence] : m_present)
        standings.emplace(session, Standing{presence->m_place->reads, presence->m_place->muted});
    return standings;
}

Result<> People::tell(const Party &to, const QByteArray &text)
{
    if (!extended::isMessage(text))
        return Error{ErrorCode::Invalid, tr("This cannot be sent as a message.")};
    const std::lock_guard lock(m_mutex);
    removeOld();
    const std::vector<MailPlace *> receivers = receiversOf(to, nullptr);
    if (receivers.empty())
        return Error{ErrorCode::NotFound, tr("Nobody there reads messages.")};
    const auto letter =
        makeLetter(newNote({Party::Kind::Operator, 0}, text, to.kind == Party::Kind::All));
    for (MailPlace *const place : receivers)
        deliver(letter, *place);
    dropBeyondTotal();
    return {};
}

Mailbox::News People::takeMessages()
{
    const std::lock_guard lock(m_mutex);
    return m_operator.takeAll();
}

qint64 People::held() const
{
    const std::lock_guard lock(m_mutex);
    return m_held;
}

qsizetype People::mailboxes() const
{
    const std::lock_guard lock(m_mutex);
    qsizetype count = 0;
    forEachPlace([&count](const MailPlace &) { ++count; });
    return count;
}

} // namespace ferry::server
