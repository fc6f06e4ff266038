// SPDX-License-Identifier: MIT
#include "client/queue/downloadqueue.h"

#include "client/disk/diskwrite.h"
#include "client/disk/localname.h"
#include "client/queue/retryplan.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace ferry::client {

namespace {

/// Before its first bytes: what was compared before them is no speed.
void startRate(DownloadTable::Row &row, DownloadTable::Clock::time_point now)
{
    if (row.download.state == DownloadState::Connecting ||
        row.download.state == DownloadState::Checking)
        row.rate.start(now);
}

} // namespace

DownloadQueue::DownloadQueue(std::function<Clock::time_point()> now, FreeSpace freeSpace)
    : m_now(std::move(now))
    , m_space(m_now, freeSpace ? std::move(freeSpace) : FreeSpace(&diskSpaceOf))
{
}

void DownloadQueue::setRules(const QueueRules &rules)
{
    m_diskNames.setEnabled(rules.encodeNames);
    const std::lock_guard lock(m_mutex);
    m_rules = rules;
}

void DownloadQueue::encodeName(Download &download)
{
    if (!m_diskNames.isEnabled() && !download.encodeNames)
        return;
    const bool classic = download.remotePath.contains('\\');
    const auto original = localName(download.remotePath, classic);
    if (!original || original.value() != download.localName)
        return;
    const QString encoded = m_diskNames.encoded(download.folder, download.localName, true);
    if (encoded == download.localName)
        return;
    download.localName = encoded;
    setLocalName(download.id, encoded);
}

QueueRules DownloadQueue::rules() const
{
    const std::lock_guard lock(m_mutex);
    return m_rules;
}

QList<quint64> DownloadQueue::add(const QList<Download> &downloads)
{
    const std::lock_guard lock(m_mutex);
    const quint64 batch = m_nextBatch++;
    QList<quint64> ids;
    ids.reserve(downloads.size());
    for (Download download : downloads) {
        download.id = m_table.nextId();
        download.position = m_table.nextPosition();
        if (download.batch == 0)
            download.batch = batch;
        ids.append(m_table.insert(std::move(download)).download.id);
    }
    m_work.notify_all();
    return ids;
}

void DownloadQueue::addFound(quint64 folder, const QList<Download> &downloads)
{
    const std::lock_guard lock(m_mutex);
    Row *const from = m_table.find(folder);
    if (!from)
        return;
    from->download.begun = true;
    m_table.changed(*from);
    for (Download download : downloads) {
        if (m_table.isLearned(folder, download.target()))
            continue;
        const Download &parent = from->download;
        download.id = m_table.nextId();
        download.position = m_table.nextPosition();
        download.parent = folder;
        download.batch = parent.batch;
        download.server = parent.server;
        download.priority = parent.priority;
        download.existing = parent.existing;
        download.forced = parent.forced && !hasEnded(download.state);
        download.front = false;
        download.begun = false;
        download.tries = 0;
        m_table.insert(std::move(download));
    }
    m_work.notify_all();
}

void DownloadQueue::restore(const QList<Download> &downloads)
{
    const std::lock_guard lock(m_mutex);
    for (Download download : downloads) {
        m_nextBatch = std::max(m_nextBatch, download.batch + 1);
        if (m_table.find(download.id))
            continue;
        // A damaged file may say the same position twice.
        if (m_table.hasPosition(download.position))
            download.position = m_table.nextPosition();
        if (isLive(download.state) || download.state == DownloadState::Retrying)
            download.front = true;
        // What the server had is not known any more, so it is compared again before it is asked.
        if (download.state == DownloadState::NeedsDecision)
            download.state = DownloadState::Queued;
        download.bytesPerSecond = 0;
        m_table.insert(std::move(download));
    }
    m_work.notify_all();
}

void DownloadQueue::append(const QList<Download> &downloads)
{
    const std::lock_guard lock(m_mutex);
    const quint64 ids = m_table.nextId() - 1;
    const quint64 batches = m_nextBatch - 1;
    for (Download download : downloads) {
        download.id += ids;
        if (m_table.find(download.id))
            continue;
        download.parent += download.parent == 0 ? 0 : ids;
        download.batch += batches;
        download.position = m_table.nextPosition();
        m_nextBatch = std::max(m_nextBatch, download.batch + 1);
        m_table.insert(std::move(download));
    }
    m_work.notify_all();
}

void DownloadQueue::setServer(const QString &server)
{
    const std::lock_guard lock(m_mutex);
    m_table.setServer(server);
    // Whoever connects wants to know whether there is room now.
    for (const SpaceHold &hold : m_space.holds())
        release(hold);
    m_work.notify_all();
}

/// With the lock.
std::optional<quint64> DownloadQueue::nextTurn(Take what) const
{
    if (what == Take::Upload)
        return m_table.turns(Direction::Upload).first({true, true, true});
    const TurnOrder &turns = m_table.turns();
    const bool all = what != Take::Large;
    const auto first = turns.first({all, all, true});
    if (what == Take::Any || !first || m_table.find(*first)->download.forced)
        return first;
    const FilesAtOnce &atOnce = m_table.atOnce();
    return turns.first(
        {all, all && atOnce.mayTake(Weight::Unknown), atOnce.mayTake(Weight::Large)});
}

std::optional<Download> DownloadQueue::takeNext(Take what)
{
    const std::lock_guard lock(m_mutex);
    m_table.queueDue(m_now());
    const auto first = nextTurn(what);
    if (!first)
        return std::nullopt;
    Row &row = *m_table.find(*first);
    if (!row.download.begun)
        row.download.received = 0;
    row.download.bytesPerSecond = 0;
    row.progress = 0;
    if (row.download.server.isEmpty())
        row.download.server = m_table.server();
    m_table.apply(row, DownloadEvent::Taken);
    return row.download;
}

bool DownloadQueue::hasQueued(Take what)
{
    lookForSpace();
    const std::lock_guard lock(m_mutex);
    m_table.queueDue(m_now());
    return nextTurn(what).has_value();
}

qint64 DownloadQueue::largeBytesQueued() const
{
    const std::lock_guard lock(m_mutex);
    return m_table.turns().largeBytes();
}

void DownloadQueue::waitForWork(int ms)
{
    std::unique_lock lock(m_mutex);
    m_table.queueDue(m_now());
    if (nextTurn(Take::Any))
        return;
    Clock::duration time = std::chrono::milliseconds(std::max(ms, 0));
    const auto notAfter = [&](Clock::time_point then) {
        time = std::clamp(then - m_now(), Clock::duration(0), time);
    };
    if (!m_table.retrying().empty())
        notAfter(m_table.retrying().begin()->first);
    if (const auto nextLook = m_space.nextLook())
        notAfter(*nextLook);
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
    Row *row = m_table.findLive(id);
    if (!row || row->download.state == state)
        return;
    if (state == DownloadState::Downloading) {
        startRate(*row, m_now());
        m_table.apply(*row, DownloadEvent::Bytes);
    } else if (state == DownloadState::Stalled) {
        row->download.bytesPerSecond = 0;
        row->download.heldThere = false;
        m_table.apply(*row, DownloadEvent::Stall);
    } else if (state == DownloadState::Checking) {
        row->download.checked = 0;
        m_table.apply(*row, DownloadEvent::Check);
    } else if (state == DownloadState::Verifying) {
        m_table.apply(*row, DownloadEvent::Complete);
    }
}

void DownloadQueue::stall(quint64 id, bool heldThere)
{
    const std::lock_guard lock(m_mutex);
    Row *row = m_table.findLive(id);
    if (!row ||
        (row->download.state == DownloadState::Stalled && row->download.heldThere == heldThere))
        return;
    row->download.bytesPerSecond = 0;
    row->download.heldThere = heldThere;
    if (!m_table.apply(*row, DownloadEvent::Stall))
        m_table.changed(*row);
}

void DownloadQueue::setLocalName(quint64 id, const QString &name)
{
    const std::lock_guard lock(m_mutex);
    if (Row *found = m_table.find(id)) {
        found->download.localName = name;
        m_table.changed(*found);
    }
}

void DownloadQueue::setKind(quint64 id, DownloadKind kind)
{
    const std::lock_guard lock(m_mutex);
    Row *const found = m_table.find(id);
    if (!found)
        return;
    m_table.reweigh(*found, [kind](Download &download) { download.kind = kind; });
    if (kind == DownloadKind::Folder && found->download.begun)
        m_table.learn(id);
}

/// With the lock.
void DownloadQueue::resize(Row &row, qint64 size, qint64 received)
{
    m_table.reweigh(row, [size, received](Download &download) {
        download.size = size;
        download.received = received;
        download.begun = download.begun || isLarge(download);
    });
    if (m_table.atOnce(row.download.direction).room() < 0 && !row.download.forced)
        m_table.makeRoom();
}

void DownloadQueue::setSize(quint64 id, qint64 size, qint64 there)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = m_table.findLive(id))
        resize(*row, size, there);
}

void DownloadQueue::beginCheck(quint64 id, qint64 size)
{
    const std::lock_guard lock(m_mutex);
    Row *row = m_table.findLive(id);
    if (!row)
        return;
    row->download.checked = 0;
    m_table.apply(*row, DownloadEvent::Check);
    resize(*row, size, std::min(row->download.received, size));
}

void DownloadQueue::addReceived(quint64 id, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    Row *row = m_table.findLive(id);
    if (!row)
        return;
    const Clock::time_point now = m_now();
    startRate(*row, now);
    m_table.apply(*row, DownloadEvent::Bytes);
    row->rate.add(bytes, now);
    row->download.received += bytes;
    row->download.bytesPerSecond = row->rate.lately();
    row->progress += bytes;
    if (row->progress >= limits::progressBytes && !row->download.isUpload()) // see beginUpload()
        row->download.tries = 0;
}

void DownloadQueue::adjustReceived(quint64 id, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = m_table.findLive(id)) {
        const bool checking = row->download.state == DownloadState::Checking;
        (checking ? row->download.checked : row->download.received) += bytes;
        m_table.changed(*row);
    }
}

void DownloadQueue::finish(quint64 id, bool verified, const QByteArray &checksum, bool grown)
{
    const std::lock_guard lock(m_mutex);
    Row *const found = m_table.find(id);
    if (!found || !m_table.apply(*found, DownloadEvent::Saved))
        return;
    Download &download = found->download;
    download.verified = verified;
    download.grown = grown;
    download.checksum = checksum;
    // A later try may have begun to count anew.
    if (verified && download.size >= 0)
        download.received = download.size;
    download.size = download.received;
    download.bytesPerSecond = found->rate.average(m_now());
}

void DownloadQueue::skip(quint64 id, bool identical)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = m_table.findLive(id)) {
        row->download.identical = identical;
        row->download.verified = identical;
        m_table.apply(*row, DownloadEvent::LeftAlone);
    }
}

void DownloadQueue::fail(quint64 id, const Error &error)
{
    const auto hold = error.code == ErrorCode::DiskFull ? holdFor(id) : std::nullopt;
    const std::lock_guard lock(m_mutex);
    Row *const row = m_table.findLive(id);
    if (!row)
        return;
    Download &download = row->download;
    download.bytesPerSecond = 0;
    if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Skip) {
        m_table.apply(*row, DownloadEvent::LeftAlone);
    } else if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Ask) {
        download.remote.size = download.size;
        m_table.apply(*row, DownloadEvent::Conflict);
    } else if (hold) {
        download.front = true;
        download.forced = false;
        m_space.hold(*hold);
        m_table.hold(hold->folder);
        m_table.apply(*row, DownloadEvent::Requeued);
    } else {
        download.error = error;
        const bool temporary = isTemporary(error.code, row->mismatches);
        const auto delay =
            temporary ? retryDelay(download.tries + 1, m_rules.retries) : std::nullopt;
        if (delay)
            download.retryAt = m_now() + *delay;
        download.front = download.front || delay;
        m_table.apply(*row, delay ? DownloadEvent::Temporary : DownloadEvent::Permanent);
        // Last: whoever lacked the memory for the line above calls again.
        row->mismatches += int(error.code == ErrorCode::ChecksumMismatch);
        download.tries += int(temporary);
    }
    m_work.notify_all();
}

void DownloadQueue::requeue(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    if (Row *row = m_table.findLive(id)) {
        if (!row->download.begun)
            row->download.received = 0;
        row->download.bytesPerSecond = 0;
        row->download.front = true;
        m_table.apply(*row, DownloadEvent::Requeued);
        m_work.notify_all();
    }
}

void DownloadQueue::needDecision(quint64 id, const RemoteFacts &facts)
{
    const std::lock_guard lock(m_mutex);
    Row *const row = m_table.findLive(id);
    if (!row)
        return;
    row->download.remote = facts;
    row->download.bytesPerSecond = 0;
    // The answer may have come while this one was asked about.
    if (row->download.existing != ExistingPolicy::Ask) {
        row->download.front = true;
        m_table.apply(*row, DownloadEvent::Requeued);
        m_work.notify_all();
        return;
    }
    m_table.apply(*row, DownloadEvent::Conflict);
}

bool DownloadQueue::isWanted(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const Row *const row = m_table.find(id);
    return row && isLive(row->download.state);
}

qsizetype DownloadQueue::failQueued(const Error &error)
{
    const std::lock_guard lock(m_mutex);
    if (m_rules.keepWaiting)
        return 0;
    std::vector<quint64> waiting = m_table.turns().ids();
    for (const quint64 id : m_table.turns(Direction::Upload).ids())
        waiting.push_back(id);
    for (const quint64 id : m_table.held().ids())
        waiting.push_back(id);
    for (const auto &[when, id] : m_table.retrying())
        waiting.push_back(id);
    for (const quint64 id : waiting) {
        Row &row = *m_table.find(id);
        // What was tried has a reason of its own.
        if (row.download.state != DownloadState::Retrying)
            row.download.error = error;
        m_table.apply(row, DownloadEvent::Permanent);
    }
    return qsizetype(waiting.size());
}

QList<Download> DownloadQueue::all() const
{
    const std::lock_guard lock(m_mutex);
    QList<Download> downloads;
    downloads.reserve(qsizetype(m_table.rows().size()));
    for (const auto &[id, row] : m_table.rows())
        downloads.append(row.download);
    return downloads;
}

std::optional<Download> DownloadQueue::find(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    const Row *const row = m_table.find(id);
    return row ? std::optional(row->download) : std::nullopt;
}

DownloadQueue::Changes DownloadQueue::changesSince(quint64 revision) const
{
    const std::lock_guard lock(m_mutex);
    return m_table.changesSince(revision);
}

DownloadQueue::Counts DownloadQueue::counts() const
{
    const std::lock_guard lock(m_mutex);
    return m_table.counts();
}

bool DownloadQueue::finished() const
{
    const std::lock_guard lock(m_mutex);
    return m_table.open() == 0;
}

} // namespace ferry::client
