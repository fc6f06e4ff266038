// SPDX-License-Identifier: MIT
#include "client/queue/downloadtable.h"

#include "client/limits.h"
#include "wire/limits.h"

#include <QDateTime>

#include <algorithm>
#include <numeric>

namespace ferry::client {

DownloadTable::Row &DownloadTable::insert(Download download)
{
    if (isLive(download.state) || download.state == DownloadState::Retrying)
        download.state = DownloadState::Queued;
    // Of a damaged file of a queue, or from another program.
    if (download.size < 0 || download.size > limits::maxFileBytes)
        download.size = -1;
    download.received = std::clamp<qint64>(download.received, 0, limits::maxFileBytes);
    const quint64 id = download.id;
    m_lastId = std::max(m_lastId, id);
    Row row;
    row.download = std::move(download);
    if (row.download.rateLimit > 0)
        row.limiter = std::make_shared<RateLimiter>(row.download.rateLimit);
    Row &added = m_rows.emplace_hint(m_rows.end(), id, std::move(row))->second;
    m_order.emplace_hint(m_order.end(), added.download.position, id);
    setCounted(added.download, 1);
    setQueued(added.download, true);
    changed(added);
    return added;
}

void DownloadTable::erase(Row &row)
{
    const quint64 id = row.download.id;
    enter(row, DownloadState::Cancelled); // out of the order
    setCounted(row.download, -1);
    m_changed.erase(row.revision);
    m_order.erase(row.download.position);
    m_rows.erase(id);
    if (qsizetype(m_removed.size()) >= 2 * limits::removedRows) {
        const auto kept = m_removed.end() - limits::removedRows;
        m_removedSince = std::prev(kept)->first;
        m_removed.erase(m_removed.begin(), kept);
    }
    m_removed.emplace_back(++m_revision, id);
}

DownloadTable::Row *DownloadTable::find(quint64 id)
{
    const auto found = m_rows.find(id);
    return found == m_rows.end() ? nullptr : &found->second;
}

const DownloadTable::Row *DownloadTable::find(quint64 id) const
{
    const auto found = m_rows.find(id);
    return found == m_rows.end() ? nullptr : &found->second;
}

DownloadTable::Row *DownloadTable::findLive(quint64 id)
{
    Row *const found = find(id);
    return found && isLive(found->download.state) ? found : nullptr;
}

bool DownloadTable::apply(Row &row, DownloadEvent event)
{
    const auto next = nextState(row.download.state, event);
    if (next)
        enter(row, *next);
    return next.has_value();
}

void DownloadTable::enter(Row &row, DownloadState state)
{
    const DownloadState before = row.download.state;
    if (before == state)
        return changed(row);
    Download &download = row.download;
    // What needs memory comes first: nothing has changed if there is none. Only a row that is
    // queued again is copied for it; every file goes through the other states.
    if (state == DownloadState::Retrying)
        m_retrying.emplace(download.retryAt, download.id);
    if (state == DownloadState::Queued) {
        Download queued = download;
        queued.state = state;
        setQueued(queued, true);
    }

    setQueued(download, false);
    if (before == DownloadState::Retrying)
        m_retrying.erase({download.retryAt, download.id});
    if (isLive(before) && !isLive(state))
        m_learned.erase(download.id);
    if (isInTransfer(before) && !isInTransfer(state) && weightOf(download) == Weight::Unknown)
        atOnce(download.direction).learned(Weight::Small);
    setCounted(download, -1);
    download.state = state;
    if (state == DownloadState::Connecting)
        download.front = false;
    if (before == DownloadState::Checking &&
        (state == DownloadState::Downloading || state == DownloadState::Verifying))
        download.received = download.checked; // what differs is worth nothing
    if (hasEnded(state)) {
        download.endedMs = QDateTime::currentMSecsSinceEpoch();
        download.forced = false;
    }
    setCounted(download, 1);
    changed(row);
}

void DownloadTable::changed(Row &row)
{
    // Needs no memory but for a new row: one that was taken, and could not say so, would be lost.
    if (auto known = m_changed.extract(row.revision)) {
        known.key() = ++m_revision;
        m_changed.insert(m_changed.end(), std::move(known));
    } else {
        m_changed.emplace_hint(m_changed.end(), ++m_revision, row.download.id);
    }
    row.revision = m_revision;
}

void DownloadTable::queueDue(Clock::time_point now)
{
    while (!m_retrying.empty() && m_retrying.begin()->first <= now)
        apply(m_rows.at(m_retrying.begin()->second), DownloadEvent::Due);
}

/// Only a queued one has a turn.
void DownloadTable::setQueued(const Download &download, bool queued)
{
    if (download.state != DownloadState::Queued || !isOurs(download))
        return;
    TurnOrder &turns = isHeld(download) ? m_held : m_turns[size_t(download.direction)];
    if (queued)
        turns.insert(download);
    else
        turns.erase(download);
}

bool DownloadTable::isHeld(const Download &download) const
{
    return !m_heldFolders.empty() && !download.forced && !download.isUpload() &&
           m_heldFolders.contains(download.folder);
}

void DownloadTable::hold(const QString &folder)
{
    TurnOrder &turns = m_turns[size_t(Direction::Download)];
    const std::vector<quint64> ids = turns.ids();
    m_heldFolders.insert(folder);
    for (const quint64 id : ids) {
        if (const Download &download = m_rows.at(id).download; isHeld(download))
            turns.pass(download, m_held);
    }
}

void DownloadTable::release(const QString &folder)
{
    const std::vector<quint64> ids = m_held.ids();
    m_heldFolders.erase(folder);
    for (const quint64 id : ids) {
        if (const Download &download = m_rows.at(id).download; !isHeld(download))
            m_held.pass(download, m_turns[size_t(Direction::Download)]);
    }
}

void DownloadTable::setCounted(const Download &download, int sign)
{
    m_counts.of[size_t(download.state)] += sign;
    atOnce(download.direction).count(download, sign);
    if (!hasEnded(download.state) && isOurs(download))
        m_open += sign;
}

bool DownloadTable::isOurs(const Download &download) const
{
    return m_server.isEmpty() || download.server.isEmpty() || download.server == m_server;
}

void DownloadTable::makeRoom(const QList<quint64> &ids)
{
    makeRoom(Direction::Download, ids);
    makeRoom(Direction::Upload, ids);
}

void DownloadTable::makeRoom(Direction direction, const QList<quint64> &ids)
{
    using Ordered = std::pair<TurnOrder::Turn, Row *>;
    std::vector<Ordered> moved;
    for (const quint64 id : ids) {
        Row *const row = find(id);
        // Uploads go one after the other, so a small one waits for a large one, too.
        const bool waits = row && row->download.direction == direction &&
                           (isLarge(row->download) || row->download.isUpload());
        if (waits && row->download.state == DownloadState::Queued && isOurs(row->download) &&
            !isHeld(row->download))
            moved.emplace_back(TurnOrder::turnOf(row->download), row);
    }
    std::vector<Ordered> running;
    for (auto &[id, row] : m_rows) {
        if (row.download.direction != direction || !isInTransfer(row.download.state) ||
            !isLarge(row.download) || row.download.forced)
            continue;
        Download waiting = row.download;
        waiting.front = true;
        running.emplace_back(TurnOrder::turnOf(waiting), &row);
    }
    std::sort(moved.begin(), moved.end());
    std::sort(running.begin(), running.end());
    qsizetype room = atOnce(direction).room();
    auto next = moved.begin() + std::clamp<qsizetype>(room, 0, qsizetype(moved.size()));
    while (!running.empty() &&
           (room < 0 || (next != moved.end() && next->first < running.back().first))) {
        if (room < 0)
            ++room;
        else
            ++next;
        Row &row = *running.back().second;
        running.pop_back();
        row.download.front = true;
        row.download.bytesPerSecond = 0;
        apply(row, DownloadEvent::Requeued);
    }
}

void DownloadTable::setServer(const QString &server)
{
    m_server = server;
    m_turns = {};
    m_held = {};
    m_open = 0;
    for (auto &[id, row] : m_rows) {
        Download &download = row.download;
        if (download.server.isEmpty() && !server.isEmpty()) {
            download.server = server;
            changed(row);
        }
        setQueued(download, true);
        m_open += int(!hasEnded(download.state) && isOurs(download));
    }
}

void DownloadTable::setServerOf(Row &row, const QString &server)
{
    setCounted(row.download, -1);
    reorder(row, [&server](Download &download) { download.server = server; });
    setCounted(row.download, 1);
}

void DownloadTable::learn(quint64 folder)
{
    QSet<QString> &targets = m_learned[folder];
    for (const auto &[id, row] : m_rows) {
        if (row.download.parent == folder)
            targets.insert(row.download.target());
    }
}

bool DownloadTable::isLearned(quint64 folder, const QString &target) const
{
    const auto targets = m_learned.find(folder);
    return targets != m_learned.end() && targets->second.contains(target);
}

/// Those that are there, by position.
QList<quint64> DownloadTable::idsInOrder(const QList<quint64> &ids) const
{
    QList<quint64> known;
    for (const quint64 id : QSet<quint64>(ids.begin(), ids.end())) {
        if (m_rows.contains(id))
            known.append(id);
    }
    std::sort(known.begin(), known.end(), [this](quint64 a, quint64 b) {
        return m_rows.at(a).download.position < m_rows.at(b).download.position;
    });
    return known;
}

void DownloadTable::moveTo(Row &row, qint64 position, bool front)
{
    reorder(row, [this, position, front](Download &download) {
        download.front = front;
        if (const auto there = m_order.find(download.position);
            there != m_order.end() && there->second == download.id)
            m_order.erase(there);
        download.position = position;
        m_order[position] = download.id;
    });
}

void DownloadTable::arrange(const QList<quint64> &ids)
{
    std::vector<std::pair<qint64, bool>> places;
    QList<quint64> known;
    for (const quint64 id : ids) {
        if (const Row *row = find(id)) {
            known.append(id);
            places.emplace_back(row->download.position, row->download.front);
        }
    }
    std::sort(places.begin(), places.end());
    auto place = places.cbegin();
    for (const quint64 id : std::as_const(known)) {
        moveTo(m_rows.at(id), place->first, place->second);
        ++place;
    }
}

void DownloadTable::moveToTop(const QList<quint64> &ids)
{
    const QList<quint64> sorted = idsInOrder(ids);
    if (sorted.isEmpty())
        return;
    qint64 position = m_order.begin()->first - sorted.size();
    // In front, else those that were under way would still be before them.
    for (const quint64 id : sorted)
        moveTo(m_rows.at(id), position++, true);
}

void DownloadTable::moveToBottom(const QList<quint64> &ids)
{
    for (const quint64 id : idsInOrder(ids))
        moveTo(m_rows.at(id), nextPosition(), false);
}

DownloadTable::Changes DownloadTable::changesSince(quint64 revision) const
{
    Changes changes;
    changes.revision = m_revision;
    changes.everything = revision < m_removedSince;
    std::vector<quint64> ids;
    for (auto it = m_changed.upper_bound(changes.everything ? 0 : revision); it != m_changed.end();
         ++it)
        ids.push_back(it->second);
    std::sort(ids.begin(), ids.end());
    changes.rows.reserve(qsizetype(ids.size()));
    for (const quint64 id : ids)
        changes.rows.append(m_rows.at(id).download);
    if (changes.everything)
        return changes;
    const auto firstRemoved =
        std::upper_bound(m_removed.begin(), m_removed.end(), revision,
                         [](quint64 wanted, const auto &entry) { return wanted < entry.first; });
    for (auto it = firstRemoved; it != m_removed.end(); ++it) {
        if (!m_rows.contains(it->second)) // else it is back
            changes.removed.append(it->second);
    }
    return changes;
}

qsizetype DownloadTable::Counts::all() const
{
    return std::accumulate(of.begin(), of.end(), qsizetype(0));
}

qsizetype DownloadTable::Counts::active() const
{
    qsizetype count = 0;
    for (int state = 0; state < downloadStates; ++state)
        count += hasEnded(DownloadState(state)) ? 0 : of[size_t(state)];
    return count;
}

qsizetype DownloadTable::Counts::done() const
{
    return of[size_t(DownloadState::Done)] + of[size_t(DownloadState::Skipped)];
}

} // namespace ferry::client
