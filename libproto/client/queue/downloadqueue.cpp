// SPDX-License-Identifier: MIT
// The connections' side; what a person asks for is in downloadqueueactions.cpp.
#include "client/queue/downloadqueue.h"
#include "client/limits.h"
#include "wire/limits.h"

#include "client/disk/diskwrite.h"
#include "client/queue/retryplan.h"

#include <algorithm>
#include <chrono>

namespace ferry::client {

namespace {

bool isLarge(const Download &download)
{
    return download.size > limits::largeFile;
}

} // namespace

DownloadQueue::DownloadQueue(std::function<Clock::time_point()> now, FreeSpace freeSpace)
    : m_now(std::move(now))
    , m_freeSpace(freeSpace ? std::move(freeSpace) : FreeSpace(&freeSpaceOf))
{
}

void DownloadQueue::setRules(const QueueRules &rules)
{
    const std::lock_guard lock(m_mutex);
    m_rules = rules;
}

QueueRules DownloadQueue::rules() const
{
    const std::lock_guard lock(m_mutex);
    return m_rules;
}

DownloadQueue::Row &DownloadQueue::insert(Download download)
{
    if (isLive(download.state) || download.state == DownloadState::Retrying)
        download.state = DownloadState::Queued;
    // Of a damaged file of a queue, or from another program.
    if (download.size < 0 || download.size > limits::maxFileBytes)
        download.size = -1;
    download.received = std::clamp<qint64>(download.received, 0, limits::maxFileBytes);
    const quint64 id = download.id;
    Row row;
    row.download = std::move(download);
    if (row.download.rateLimit > 0)
        row.limiter = std::make_shared<RateLimiter>(row.download.rateLimit);
    Row &added = m_rows.emplace_hint(m_rows.end(), id, std::move(row))->second;
    m_order.emplace_hint(m_order.end(), added.download.position, id);
    setCounted(added.download, 1);
    if (added.download.state == DownloadState::Queued)
        setQueued(added.download, true);
    changed(added);
    return added;
}

QList<quint64> DownloadQueue::add(const QList<Download> &downloads)
{
    const std::lock_guard lock(m_mutex);
    const quint64 batch = m_nextBatch++;
    QList<quint64> ids;
    ids.reserve(downloads.size());
    for (Download download : downloads) {
        download.id = m_nextId++;
        download.position = m_order.empty() ? 0 : m_order.rbegin()->first + 1;
        if (download.batch == 0)
            download.batch = batch;
        ids.append(insert(std::move(download)).download.id);
    }
    if (!nothingQueued())
        m_work.notify_all();
    return ids;
}

void DownloadQueue::addFound(quint64 folder, const QList<Download> &downloads)
{
    const std::lock_guard lock(m_mutex);
    Row *const from = row(folder);
    if (!from)
        return;
    from->download.begun = true;
    changed(*from);
    const auto known = m_known.find(folder);
    for (Download download : downloads) {
        if (known != m_known.end() && known->second.contains(download.target()))
            continue;
        const Download &parent = from->download;
        download.id = m_nextId++;
        download.position = m_order.rbegin()->first + 1;
        download.parent = folder;
        download.batch = parent.batch;
        download.server = parent.server;
        download.priority = parent.priority;
        download.existing = parent.existing;
        download.forced = false;
        download.front = false;
        download.begun = false;
        download.tries = 0;
        insert(std::move(download));
    }
    m_work.notify_all();
}

void DownloadQueue::restore(const QList<Download> &downloads)
{
    const std::lock_guard lock(m_mutex);
    for (Download download : downloads) {
        m_nextId = std::max(m_nextId, download.id + 1);
        m_nextBatch = std::max(m_nextBatch, download.batch + 1);
        if (m_rows.contains(download.id))
            continue;
        // A damaged file may say the same position twice.
        if (m_order.contains(download.position))
            download.position = m_order.rbegin()->first + 1;
        if (isLive(download.state) || download.state == DownloadState::Retrying)
            download.front = true;
        // What the server had is not known any more, so it is compared again before it is asked.
        if (download.state == DownloadState::NeedsDecision)
            download.state = DownloadState::Queued;
        download.bytesPerSecond = 0;
        insert(std::move(download));
    }
    m_work.notify_all();
}

void DownloadQueue::append(const QList<Download> &downloads)
{
    const std::lock_guard lock(m_mutex);
    const quint64 ids = m_nextId - 1;
    const quint64 batches = m_nextBatch - 1;
    for (Download download : downloads) {
        download.id += ids;
        if (m_rows.contains(download.id))
            continue;
        download.parent += download.parent == 0 ? 0 : ids;
        download.batch += batches;
        download.position = m_order.empty() ? 0 : m_order.rbegin()->first + 1;
        m_nextId = std::max(m_nextId, download.id + 1);
        m_nextBatch = std::max(m_nextBatch, download.batch + 1);
        insert(std::move(download));
    }
    m_work.notify_all();
}

void DownloadQueue::setServer(const QString &server)
{
    const std::lock_guard lock(m_mutex);
    m_server = server;
    m_queuedSmall.clear();
    m_queuedLarge.clear();
    m_queuedLargeBytes = {};
    m_forced = 0;
    m_open = 0;
    for (auto &[id, row] : m_rows) {
        Download &download = row.download;
        if (download.server.isEmpty() && !server.isEmpty()) {
            download.server = server;
            changed(row);
        }
        if (download.state == DownloadState::Queued)
            setQueued(download, true);
        m_open += int(!hasEnded(download.state) && isOurs(download));
    }
    m_work.notify_all();
}

bool DownloadQueue::isOurs(const Download &download) const
{
    return m_server.isEmpty() || download.server.isEmpty() || download.server == m_server;
}

std::optional<DownloadQueue::Turn> DownloadQueue::firstOf(Take what) const
{
    std::optional<Turn> first;
    if (what != Take::Large && !m_queuedSmall.empty())
        first = *m_queuedSmall.begin();
    if (what != Take::Small && !m_queuedLarge.empty())
        first = first ? std::min(*first, *m_queuedLarge.begin()) : *m_queuedLarge.begin();
    return first;
}

std::optional<Download> DownloadQueue::takeNext(Take what)
{
    const std::lock_guard lock(m_mutex);
    queueDue();
    lookForSpace();
    const std::optional<Turn> first = firstOf(what);
    if (!first || m_hold)
        return std::nullopt;
    Row &row = m_rows.at(std::get<2>(*first));
    row.download.received = 0;
    row.download.bytesPerSecond = 0;
    row.progress = 0;
    if (row.download.server.isEmpty())
        row.download.server = m_server;
    apply(row, DownloadEvent::Taken);
    return row.download;
}

bool DownloadQueue::hasQueued(Take what)
{
    const std::lock_guard lock(m_mutex);
    queueDue();
    lookForSpace();
    return firstOf(what) && !m_hold;
}

bool DownloadQueue::hasForced() const
{
    const std::lock_guard lock(m_mutex);
    return m_forced > 0;
}

qint64 DownloadQueue::largeBytesQueued() const
{
    const std::lock_guard lock(m_mutex);
    return m_hold ? 0 : qint64(m_queuedLargeBytes);
}

void DownloadQueue::waitForWork(int ms)
{
    std::unique_lock lock(m_mutex);
    queueDue();
    if (!nothingQueued() && !m_hold)
        return;
    Clock::duration time = std::chrono::milliseconds(std::max(ms, 0));
    const auto notAfter = [&](Clock::time_point then) {
        time = std::clamp(then - m_now(), Clock::duration(0), time);
    };
    if (!m_retrying.empty())
        notAfter(m_retrying.begin()->first);
    if (m_hold)
        notAfter(m_hold->nextLook);
    m_work.wait_for(lock, time);
}

void DownloadQueue::waitForWake(int ms)
{
    std::unique_lock lock(m_mutex);
    m_work.wait_for(lock, std::chrono::milliseconds(std::max(ms, 0)));
}

void DownloadQueue::wakeAll()
{
    const std::lock_guard lock(m_mutex);
    m_work.notify_all();
}

void DownloadQueue::setState(quint64 id, DownloadState state)
{
    const std::lock_guard lock(m_mutex);
    Row *row = liveRow(id);
    if (!row || row->download.state == state)
        return;
    if (state == DownloadState::Downloading) {
        if (row->download.state == DownloadState::Connecting)
            row->rate.start(m_now());
        apply(*row, DownloadEvent::Bytes);
    } else if (state == DownloadState::Stalled) {
        row->download.bytesPerSecond = 0;
        apply(*row, DownloadEvent::Stall);
    } else if (state == DownloadState::Verifying) {
        apply(*row, DownloadEvent::Complete);
    }
}

void DownloadQueue::setLocalName(quint64 id, const QString &name)
{
    const std::lock_guard lock(m_mutex);
    if (Row *found = row(id)) {
        found->download.localName = name;
        changed(*found);
    }
}

void DownloadQueue::setKind(quint64 id, DownloadKind kind)
{
    const std::lock_guard lock(m_mutex);
    Row *const found = row(id);
    if (!found)
        return;
    found->download.kind = kind;
    changed(*found);
    if (kind != DownloadKind::Folder || !found->download.begun)
        return;
    QSet<QString> &known = m_known[id];
    for (const auto &[other, entry] : m_rows) {
        if (entry.download.parent == id)
            known.insert(entry.download.target());
    }
}

void DownloadQueue::setSize(quint64 id, qint64 size, qint64 there)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = liveRow(id)) {
        row->download.size = size;
        row->download.received = there;
        row->download.begun = row->download.begun || isLarge(row->download);
        changed(*row);
    }
}

void DownloadQueue::addReceived(quint64 id, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    Row *row = liveRow(id);
    if (!row)
        return;
    const Clock::time_point now = m_now();
    if (row->download.state == DownloadState::Connecting)
        row->rate.start(now);
    row->rate.add(bytes, now);
    row->download.received += bytes;
    row->download.bytesPerSecond = row->rate.lately();
    row->progress += bytes;
    if (row->progress >= limits::progressBytes)
        row->download.tries = 0;
    apply(*row, DownloadEvent::Bytes);
}

void DownloadQueue::adjustReceived(quint64 id, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = liveRow(id)) {
        row->download.received += bytes;
        changed(*row);
    }
}

void DownloadQueue::finish(quint64 id, bool verified, const QByteArray &checksum)
{
    const std::lock_guard lock(m_mutex);
    Row *const found = row(id);
    if (!found || !nextState(found->download.state, DownloadEvent::Saved))
        return;
    found->download.verified = verified;
    found->download.checksum = checksum;
    found->download.size = found->download.received;
    found->download.bytesPerSecond = found->rate.average(m_now());
    apply(*found, DownloadEvent::Saved);
}

void DownloadQueue::skip(quint64 id, bool identical)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = liveRow(id)) {
        row->download.identical = identical;
        row->download.verified = identical;
        apply(*row, DownloadEvent::LeftAlone);
    }
}

void DownloadQueue::fail(quint64 id, const Error &error)
{
    const std::lock_guard lock(m_mutex);
    Row *const row = liveRow(id);
    if (!row)
        return;
    Download &download = row->download;
    download.bytesPerSecond = 0;
    if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Skip) {
        apply(*row, DownloadEvent::LeftAlone);
    } else if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Ask) {
        download.remote.size = download.size;
        apply(*row, DownloadEvent::Conflict);
    } else if (error.code == ErrorCode::DiskFull && m_rules.waitForSpace) {
        download.front = true;
        hold(download, error);
        apply(*row, DownloadEvent::Requeued);
    } else {
        download.error = error;
        const int mismatches = row->mismatches;
        row->mismatches += int(error.code == ErrorCode::ChecksumMismatch);
        const auto delay = isTemporary(error.code, mismatches)
                               ? retryDelay(++download.tries, m_rules.retries)
                               : std::nullopt;
        if (delay)
            download.retryAt = m_now() + *delay;
        download.front = download.front || delay;
        apply(*row, delay ? DownloadEvent::Temporary : DownloadEvent::Permanent);
    }
    m_work.notify_all();
}

void DownloadQueue::requeue(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = liveRow(id)) {
        row->download.received = 0;
        row->download.bytesPerSecond = 0;
        row->download.front = true;
        apply(*row, DownloadEvent::Requeued);
        m_work.notify_all();
    }
}

void DownloadQueue::needDecision(quint64 id, const RemoteFacts &facts)
{
    const std::lock_guard lock(m_mutex);
    Row *const row = liveRow(id);
    if (!row)
        return;
    row->download.remote = facts;
    row->download.bytesPerSecond = 0;
    // The answer may have come while this one was asked about.
    if (row->download.existing != ExistingPolicy::Ask) {
        row->download.front = true;
        apply(*row, DownloadEvent::Requeued);
        m_work.notify_all();
        return;
    }
    apply(*row, DownloadEvent::Conflict);
}

bool DownloadQueue::canBeSaved(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const auto row = m_rows.find(id);
    return row != m_rows.end() && row->second.download.state != DownloadState::Cancelled &&
           nextState(row->second.download.state, DownloadEvent::Saved);
}

bool DownloadQueue::keepsPart(quint64 id, const Error &error, bool resume) const
{
    return canBeSaved(id) && (!isWanted(id) || isWorthKeeping(error.code, resume));
}

bool DownloadQueue::isWanted(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const auto row = m_rows.find(id);
    return row != m_rows.end() && isLive(row->second.download.state);
}

qsizetype DownloadQueue::failQueued(const Error &error)
{
    const std::lock_guard lock(m_mutex);
    if (m_rules.keepWaiting)
        return 0;
    std::vector<quint64> waiting;
    for (const std::set<Turn> *queued : {&m_queuedSmall, &m_queuedLarge}) {
        for (const Turn &turn : *queued)
            waiting.push_back(std::get<2>(turn));
    }
    for (const auto &[when, id] : m_retrying)
        waiting.push_back(id);
    for (const quint64 id : waiting) {
        Row &row = m_rows.at(id);
        // What was tried has a reason of its own.
        if (row.download.state != DownloadState::Retrying)
            row.download.error = error;
        apply(row, DownloadEvent::Permanent);
    }
    return qsizetype(waiting.size());
}

std::shared_ptr<RateLimiter> DownloadQueue::limiterOf(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const auto row = m_rows.find(id);
    return row == m_rows.end() ? nullptr : row->second.limiter;
}

} // namespace ferry::client
