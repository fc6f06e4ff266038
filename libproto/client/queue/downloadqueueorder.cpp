// SPDX-License-Identifier: MIT
// What holds the queue together: states, counts, and who is next.
#include "client/limits.h"
#include "client/queue/downloadqueue.h"

#include <QDateTime>

namespace ferry::client {

namespace {

bool isLarge(const Download &download)
{
    return download.size > limits::largeFile;
}

} // namespace

/// Those whose pause is over.
void DownloadQueue::queueDue()
{
    while (!m_retrying.empty() && m_retrying.begin()->first <= m_now())
        apply(m_rows.at(m_retrying.begin()->second), DownloadEvent::Due);
}

void DownloadQueue::changed(Row &row)
{
    if (row.revision != 0)
        m_changed.erase(row.revision);
    row.revision = ++m_revision;
    m_changed.emplace_hint(m_changed.end(), row.revision, row.download.id);
}

/// False: the event means nothing in this state.
bool DownloadQueue::apply(Row &row, DownloadEvent event)
{
    const auto next = nextState(row.download.state, event);
    if (next)
        enter(row, *next);
    return next.has_value();
}

/// The one place where a state changes, so that the counts and the order stay true.
void DownloadQueue::enter(Row &row, DownloadState state)
{
    Download &download = row.download;
    const DownloadState before = download.state;
    if (before == DownloadState::Queued && state != before)
        setQueued(download, false);
    if (before == DownloadState::Retrying)
        m_retrying.erase({download.retryAt, download.id});
    if (isLive(before) && !isLive(state) && download.kind == DownloadKind::Folder)
        m_known.erase(download.id);
    setCounted(download, -1);
    download.state = state;
    setCounted(download, 1);
    if (state == DownloadState::Connecting)
        download.front = false;
    if (state == DownloadState::Retrying)
        m_retrying.emplace(download.retryAt, download.id);
    if (hasEnded(state)) {
        download.endedMs = QDateTime::currentMSecsSinceEpoch();
        download.forced = false;
    }
    if (state == DownloadState::Queued && before != state)
        setQueued(download, true);
    changed(row);
}

void DownloadQueue::setCounted(const Download &download, int sign)
{
    m_counts.of[size_t(download.state)] += sign;
    if (!hasEnded(download.state) && isOurs(download))
        m_open += sign;
}

DownloadQueue::Turn DownloadQueue::turnOf(const Download &download)
{
    const int rank =
        (download.forced ? 0 : 8) + 2 * (2 - int(download.priority)) + (download.front ? 0 : 1);
    return {quint8(rank), download.position, download.id};
}

void DownloadQueue::setQueued(const Download &download, bool queued)
{
    if (!isOurs(download))
        return;
    const bool large = isLarge(download);
    std::set<Turn> &turns = large ? m_queuedLarge : m_queuedSmall;
    if (queued)
        turns.insert(turns.end(), turnOf(download));
    else
        turns.erase(turnOf(download));
    m_forced += download.forced ? (queued ? 1 : -1) : 0;
    if (large)
        m_queuedLargeBytes += queued ? download.size : -download.size;
}

DownloadQueue::Row *DownloadQueue::row(quint64 id)
{
    const auto found = m_rows.find(id);
    return found == m_rows.end() ? nullptr : &found->second;
}

DownloadQueue::Row *DownloadQueue::liveRow(quint64 id)
{
    Row *const found = row(id);
    return found && isLive(found->download.state) ? found : nullptr;
}

} // namespace ferry::client
