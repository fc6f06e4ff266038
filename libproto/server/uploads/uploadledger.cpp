// SPDX-License-Identifier: MIT
#include "server/uploads/uploadledger.h"

#include "wire/bytesum.h"

#include <algorithm>
#include <utility>

namespace ferry::server {

UploadLedger::Lease::~Lease()
{
    release();
}

UploadLedger::Lease &UploadLedger::Lease::operator=(Lease &&other) noexcept
{
    if (this != &other) {
        release();
        m_ledger = other.m_ledger;
        m_holder = std::move(other.m_holder);
    }
    return *this;
}

/// What is left of it on the disk counts as a part from now on.
void UploadLedger::Lease::release()
{
    if (!m_holder)
        return;
    const std::shared_ptr<Holder> holder = std::exchange(m_holder, nullptr);
    const std::lock_guard lock(m_ledger->m_mutex);
    holder->working = false;
    m_ledger->m_changed.notify_all();
    const auto held = m_ledger->m_holders.find(holder->upload.key);
    if (held == m_ledger->m_holders.end() || held->second != holder)
        return; // it was taken over
    m_ledger->m_holders.erase(held);
    if (holder->there > 0)
        m_ledger->m_parts[holder->upload.key] = {holder->upload.key, holder->upload.account,
                                                 holder->there};
}

bool UploadLedger::Lease::beginWork()
{
    const std::lock_guard lock(m_ledger->m_mutex);
    if (!m_holder->lost)
        m_holder->working = true;
    return !m_holder->lost;
}

void UploadLedger::Lease::endWork()
{
    const std::lock_guard lock(m_ledger->m_mutex);
    m_holder->working = false;
    m_ledger->m_changed.notify_all();
}

void UploadLedger::Lease::setThere(qint64 bytes)
{
    const std::lock_guard lock(m_ledger->m_mutex);
    m_holder->there = bytes;
}

void UploadLedger::Lease::stored(const extended::Stored &answer)
{
    const std::lock_guard lock(m_ledger->m_mutex);
    const QByteArray &key = m_holder->upload.key;
    Account &account = m_ledger->account(m_holder->upload.account);
    account.bytes += m_holder->upload.size;
    account.files += 1;
    m_holder->reserved = false;
    m_holder->there = 0;
    if (m_ledger->m_answers.insert_or_assign(key, answer).second)
        m_ledger->m_answersInOrder.push_back(key);
    while (m_ledger->m_answersInOrder.size() > size_t(limits::uploadAnswers)) {
        m_ledger->m_answers.erase(m_ledger->m_answersInOrder.front());
        m_ledger->m_answersInOrder.pop_front();
    }
}

void UploadLedger::setLimits(const UploadLimits &limits)
{
    const std::lock_guard lock(m_mutex);
    m_limits = limits;
}

UploadLimits UploadLedger::limits() const
{
    const std::lock_guard lock(m_mutex);
    return m_limits;
}

std::optional<UploadLedger::Lease> UploadLedger::take(const Upload &upload,
                                                      std::function<void()> close)
{
    auto holder = std::make_shared<Holder>();
    holder->upload = upload;
    holder->close = std::move(close);
    std::unique_lock lock(m_mutex);
    const auto found = m_holders.find(upload.key);
    if (found != m_holders.end()) {
        const std::shared_ptr<Holder> before = found->second;
        before->lost = true;
        before->close();
        holder->previous = before;
        found->second = holder;
        if (!m_changed.wait_for(lock, limits::uploadTakeOverTime,
                                [&before] { return !before->isWorking(); })) {
            // Its disk does not answer. As long as it may still write, nobody else must.
            if (const auto mine = m_holders.find(upload.key);
                mine != m_holders.end() && mine->second == holder)
                mine->second = before;
            return std::nullopt;
        }
        holder->previous.reset();
        if (holder->lost) // to a third one, meanwhile
            return std::nullopt;
        holder->there = before->there;
    } else {
        if (const auto part = m_parts.find(upload.key); part != m_parts.end())
            holder->there = part->second.bytes;
        m_holders.emplace(upload.key, holder);
    }
    m_parts.erase(upload.key);
    Lease lease;
    lease.m_ledger = this;
    lease.m_holder = holder;
    return lease;
}

std::optional<extended::Stored> UploadLedger::answered(const QByteArray &key) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_answers.find(key);
    return found == m_answers.end() ? std::nullopt : std::optional(found->second);
}

/// Called with m_mutex held.
UploadLedger::Account &UploadLedger::account(const QByteArray &name)
{
    const auto now = std::chrono::steady_clock::now();
    Account &account = m_accounts[name];
    if (account.since == std::chrono::steady_clock::time_point() ||
        now - account.since > limits::uploadQuotaTime)
        account = {now, 0, 0};
    return account;
}

/// Called with m_mutex held.
UploadLedger::Usage UploadLedger::usage(const QByteArray &name, const QByteArray &but)
{
    const Account &stored = account(name);
    ByteSum bytes;
    bytes += stored.bytes;
    qint64 files = stored.files;
    qint64 parts = 0;
    for (const auto &[key, holder] : m_holders) {
        if (key != but && holder->upload.account == name && holder->reserved) {
            bytes += holder->upload.size;
            ++files;
        }
    }
    for (const auto &[key, part] : m_parts) {
        if (key != but && part.account == name) {
            bytes += part.bytes;
            ++parts;
        }
    }
    return {bytes, files + parts, parts};
}

const char *UploadLedger::reserve(Lease &lease, qint64 there, const Disk &disk)
{
    const std::lock_guard lock(m_mutex);
    Holder &holder = *lease.m_holder;
    const Upload &upload = holder.upload;
    holder.there = there;
    holder.disk = disk.id;
    if (m_limits.fileBytes > 0 && upload.size > m_limits.fileBytes)
        return "TOOLARGE";
    const Usage used = usage(upload.account, upload.key);
    if ((m_limits.accountBytes > 0 && upload.size > m_limits.accountBytes - used.bytes) ||
        (m_limits.accountFiles > 0 && used.files >= m_limits.accountFiles) ||
        used.parts >= limits::uploadParts)
        return "QUOTA";
    ByteSum staged;
    ByteSum promised; // and not on this disk yet
    for (const auto &[key, other] : m_holders) {
        if (!other->reserved || key == upload.key)
            continue;
        staged += other->upload.size;
        if (other->disk == disk.id)
            promised += other->upload.size - other->there;
    }
    for (const auto &[key, part] : m_parts)
        staged += part.bytes;
    if (m_limits.stagedBytes > 0 && upload.size > m_limits.stagedBytes - staged)
        return "NOROOM";
    const qint64 kept = m_limits.diskReserve.value_or(
        std::min(limits::uploadDiskReserve, disk.totalBytes / limits::uploadDiskShare));
    if (!disk.hasInodes || upload.size - there > disk.freeBytes - kept - promised)
        return "NOROOM";
    holder.reserved = true;
    return nullptr;
}

const char *UploadLedger::countFolder(const QByteArray &name)
{
    const std::lock_guard lock(m_mutex);
    if (m_limits.accountFiles > 0 && usage(name, {}).files >= m_limits.accountFiles)
        return "QUOTA";
    ++account(name).files;
    return nullptr;
}

void UploadLedger::addPart(const Part &part)
{
    const std::lock_guard lock(m_mutex);
    if (!m_holders.contains(part.key))
        m_parts[part.key] = part;
}

void UploadLedger::removePart(const QByteArray &key)
{
    const std::lock_guard lock(m_mutex);
    m_parts.erase(key);
}

bool UploadLedger::isHeld(const QByteArray &key) const
{
    const std::lock_guard lock(m_mutex);
    return m_holders.contains(key);
}

} // namespace ferry::server
