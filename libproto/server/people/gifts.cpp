// SPDX-License-Identifier: MIT
// Gifts: from one person to another.
#include "server/people/gifts.h"

#include "server/uploads/targetfolder.h"
#include "wire/extended/people.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace ferry::server {

using extended::GiftPath;
using extended::Note;
using extended::Party;
using extended::Stored;

Gifts::Hold::Hold(std::shared_ptr<Gifts> gifts, qint64 number)
    : m_gifts(std::move(gifts))
    , m_number(number)
{
}

Gifts::Hold::Hold(Hold &&other) noexcept
    : m_gifts(std::move(other.m_gifts))
    , m_number(other.m_number)
{
}

Gifts::Hold &Gifts::Hold::operator=(Hold &&other) noexcept
{
    if (this != &other) {
        release(false);
        m_gifts = std::move(other.m_gifts);
        m_number = other.m_number;
    }
    return *this;
}

void Gifts::Hold::release(bool forget)
{
    if (const auto gifts = std::exchange(m_gifts, nullptr))
        gifts->leave(m_number, forget);
}

void Gifts::leave(qint64 number, bool forget)
{
    const std::lock_guard lock(m_mutex);
    const auto gift = m_gifts.find(number);
    if (gift == m_gifts.end())
        return;
    --gift->second.holders;
    if (forget && !gift->second.there && gift->second.holders == 0) {
        m_gifts.erase(gift);
        static_cast<void>(write()); // it has no file, and goes when it is old
    }
}

void Gifts::setLimits(const UploadLimits &limits)
{
    UploadLimits ours;
    ours.fileBytes = limits.fileBytes;
    ours.accountFiles = 0; // they are counted here
    ours.stagedBytes = limits.stagedBytes;
    ours.diskReserve = limits.diskReserve;
    m_uploads->ledger.setLimits(ours);
}

GiftPath Gifts::forGiver(const Gift &gift)
{
    return {gift.session, gift.number, gift.file};
}

GiftPath Gifts::forReceiver(const Gift &gift)
{
    return {std::nullopt, gift.number, gift.file};
}

Stored Gifts::answerOf(const Gift &gift)
{
    return {forGiver(gift).path().toBytes(), gift.size, gift.sum, gift.id};
}

/// Is it the same PUT once more? Who it is for was decided then: the number of the session may be
/// another person's by now.
bool Gifts::isSame(const Gift &gift, const People::Presence &from, const GiftPath &path,
                   const extended::Request &put)
{
    return gift.upload == put.upload && gift.account == from.who().account &&
           gift.session == path.session && gift.size == put.size && gift.file == path.name;
}

/// Why there is no room for one more.
const char *Gifts::refusalOf(const Gift &gift) const
{
    if (gift.size > m_bounds.bytes)
        return "TOOLARGE";
    qsizetype ofOne = 0;
    qint64 bytesOfOne = 0;
    qint64 bytes = 0; // none of these sums is near the end of the numbers: each was let in
    for (const auto &[number, other] : m_gifts) {
        bytes += other.size;
        if (other.budget == gift.budget) {
            ++ofOne;
            bytesOfOne += other.size;
        }
    }
    if (ofOne >= m_bounds.giftsOfOne || gift.size > m_bounds.bytesOfOne - bytesOfOne)
        return "QUOTA";
    const bool full =
        qsizetype(m_gifts.size()) >= m_bounds.gifts || gift.size > m_bounds.bytesOfAll - bytes;
    return full ? "NOROOM" : nullptr;
}

Gifts::Begun Gifts::begin(People::Presence &from, const GiftPath &path,
                          const extended::Request &put)
{
    const std::lock_guard lock(m_mutex);
    Begun begun;
    if (!path.session || !from.mayGive()) {
        begun.refusal = "NOTFOUND";
        return begun;
    }
    const auto same = [&](const Gift &gift) { return isSame(gift, from, path, put); };
    if (const auto gone = std::find_if(m_gone.begin(), m_gone.end(), same); gone != m_gone.end()) {
        begun.stored = answerOf(*gone);
        return begun;
    }
    auto known = std::find_if(m_gifts.begin(), m_gifts.end(),
                              [&](const auto &entry) { return same(entry.second); });
    if (known == m_gifts.end()) {
        Gift gift;
        gift.receiver = from.receiver(*path.session);
        if (gift.receiver.isEmpty()) {
            begun.refusal = "NOTFOUND";
            return begun;
        }
        gift.number = m_next;
        gift.size = put.size;
        gift.session = *path.session;
        gift.account = from.who().account;
        gift.budget = from.giver();
        gift.upload = put.upload;
        gift.file = path.name;
        begun.refusal = refusalOf(gift);
        if (!begun.refusal && !from.spendGift())
            begun.refusal = "QUOTA";
        if (begun.refusal)
            return begun;
        begun.fresh = true;
        ++m_next;
        known = m_gifts.emplace(gift.number, gift).first;
    }
    Gift &gift = known->second;
    gift.name = from.who().name;
    gift.giver = from.person();
    gift.fromSession = qint64(from.who().session);
    if (gift.there) {
        begun.stored = answerOf(gift);
        return begun;
    }
    m_used = true;
    gift.since = m_clock(); // one that takes long and is continued is not old
    // Before anything of it is on the disk, so that it is found again after a restart.
    if (const auto written = write(); !written && begun.fresh) {
        m_gifts.erase(known);
        const int error = written.error().systemError;
        begun.refusal = error == ENOSPC || error == EDQUOT ? "NOROOM" : putToken(written.error());
        return begun;
    }
    begun.number = gift.number;
    ++gift.holders;
    begun.hold = Hold(shared_from_this(), gift.number);
    return begun;
}

Result<Stored> Gifts::stored(qint64 number, const Stored &answer, const People::Presence &from)
{
    const std::lock_guard lock(m_mutex);
    const auto known = m_gifts.find(number);
    if (known == m_gifts.end()) {
        removeFolder(number);
        return Error{ErrorCode::NotFound, {}};
    }
    Gift &gift = known->second;
    const bool may = from.mayGive();
    gift.there = may;
    gift.since = m_clock();
    gift.sum = answer.sum;
    gift.id = answer.id;
    const auto written = may ? write() : Result<>(Error{ErrorCode::NotFound, {}});
    if (!written) {
        const Gift refused = gift;
        m_gifts.erase(known);
        if (!may)
            static_cast<void>(write());
        removeFiles(refused);
        return written.error();
    }
    tell(gift);
    return answerOf(gift);
}

/// Those who have no mailbox now are told when they come back.
void Gifts::tell(const Gift &gift)
{
    Note note;
    note.kind = Note::Kind::Gift;
    note.from = gift.fromSession > 0 ? Party{Party::Kind::Session, gift.fromSession}
                                     : Party{Party::Kind::Server, 0};
    note.account = gift.account;
    note.name = gift.name;
    note.gift = forReceiver(gift);
    note.size = gift.size;
    static_cast<void>(m_people->post(gift.receiver, gift.giver, std::move(note)));
}

void Gifts::notice(const QByteArray &to, const GiftPath &path, const char *why)
{
    Note note;
    note.kind = Note::Kind::Notice;
    note.from = {Party::Kind::Server, 0};
    note.gift = path;
    note.why = why;
    static_cast<void>(m_people->post(to, {}, std::move(note)));
}

void Gifts::welcome(People::Presence &who, const QByteArray &mailbox, qint64 since)
{
    using Opened = People::Presence::Opened;
    const std::lock_guard lock(m_mutex);
    // Under the lock: what comes complete in this moment is told once.
    const Opened opened = who.useMailbox(mailbox);
    if (opened == Opened::Refused || (opened == Opened::Kept && since > 0))
        return;
    const QByteArray person = who.person();
    for (const auto &[number, gift] : m_gifts) {
        if (gift.there && gift.receiver == person && !who.waits(forReceiver(gift)))
            tell(gift);
    }
}

/// With the lock: the gift that they say, as its receiver or its giver. To anybody else, and under
/// another name than its own, it is not there.
std::map<qint64, Gifts::Gift>::const_iterator Gifts::found(const People::Presence &who,
                                                           const GiftPath &path) const
{
    const auto gift = path.number ? m_gifts.find(*path.number) : m_gifts.end();
    const QByteArray person = who.person();
    if (gift == m_gifts.end() || !gift->second.there || person.isEmpty())
        return m_gifts.end();
    const bool receives = path == forReceiver(gift->second) && person == gift->second.receiver;
    const bool gives = path == forGiver(gift->second) && person == gift->second.giver;
    return receives || gives ? gift : m_gifts.end();
}

std::optional<VirtualPath> Gifts::find(const People::Presence &who, const GiftPath &path) const
{
    const std::lock_guard lock(m_mutex);
    const auto gift = found(who, path);
    return gift == m_gifts.end() || path.session
               ? std::nullopt
               : std::optional(place(gift->second.number, gift->second.file));
}

/// Takes it off the list; its files are still to be removed.
std::optional<Gifts::Gift> Gifts::remove(const People::Presence &who, const GiftPath &path)
{
    const std::lock_guard lock(m_mutex);
    const auto known = found(who, path);
    if (known == m_gifts.end())
        return std::nullopt;
    Gift gift = known->second;
    m_gifts.erase(known);
    m_gone.push_back(gift);
    if (qsizetype(m_gone.size()) > limits::giftsRemembered)
        m_gone.pop_front();
    // If it cannot be written, a list without this file is read the next time.
    static_cast<void>(write());
    return gift;
}

bool Gifts::take(const People::Presence &who, const GiftPath &path)
{
    const auto gift = path.session ? std::nullopt : remove(who, path);
    if (!gift)
        return false;
    removeFiles(*gift);
    Note note;
    note.kind = Note::Kind::Taken;
    note.from = {Party::Kind::Session, qint64(who.who().session)};
    note.account = who.who().account;
    note.name = who.who().name;
    note.gift = forGiver(*gift);
    static_cast<void>(m_people->post(gift->giver, gift->receiver, std::move(note)));
    return true;
}

bool Gifts::drop(const People::Presence &who, const GiftPath &path)
{
    const auto gift = remove(who, path);
    if (!gift)
        return false;
    removeFiles(*gift);
    if (path.session)
        notice(gift->receiver, forReceiver(*gift), "withdrawn");
    else
        notice(gift->giver, forGiver(*gift), "declined");
    return true;
}

qsizetype Gifts::count() const
{
    const std::lock_guard lock(m_mutex);
    return qsizetype(m_gifts.size());
}

} // namespace ferry::server
