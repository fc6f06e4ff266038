// SPDX-License-Identifier: MIT
#include "client/transfer/transferscheduler.h"

#include "client/limits.h"
#include "wire/bytesum.h"

#include <algorithm>
#include <chrono>

namespace ferry::client {

TransferScheduler::TransferScheduler(std::shared_ptr<DownloadQueue> queue)
    : m_queue(std::move(queue))
{
}

std::optional<TransferScheduler::Work> TransferScheduler::next(Role role, qint64 partBytes)
{
    m_queue->lookForSpace(); // may take a while, so not under the lock
    const std::lock_guard lock(m_mutex);
    const bool main = role == Role::Main;
    if (main && m_smallSincePart >= limits::filesPerTurn) {
        if (auto part = nextPart(partBytes)) {
            m_smallSincePart = 0;
            return part;
        }
    }
    using Take = DownloadQueue::Take;
    if (auto download = m_queue->takeNext(main ? Take::Next : Take::Large)) {
        if (!goesOn(*download)) {
            m_smallSincePart += main ? 1 : 0;
            return Work(std::move(*download));
        }
    }
    return nextPart(partBytes);
}

/// It is still open, because it had to wait only for a moment.
bool TransferScheduler::goesOn(const Download &download)
{
    const auto file = std::find_if(m_files.begin(), m_files.end(), [&](const auto &each) {
        return each->download().id == download.id && !each->isLost();
    });
    if (file == m_files.end())
        return false;
    m_queue->setSize(download.id, (*file)->size(), (*file)->verifiedBytes());
    m_queue->setState(download.id, DownloadState::Downloading);
    return true;
}

/// The files under way take turns: a short one that began beside a long one does not wait for it.
std::optional<TransferScheduler::Work> TransferScheduler::nextPart(qint64 partBytes)
{
    for (auto file = m_files.begin(); file != m_files.end(); ++file) {
        auto part = (*file)->take(partBytes);
        if (!part)
            continue;
        Work work(PartWork{*file, *part});
        std::rotate(file, file + 1, m_files.end());
        return work;
    }
    return std::nullopt;
}

void TransferScheduler::begin(const std::shared_ptr<PartedFile> &file)
{
    {
        const std::lock_guard lock(m_mutex);
        m_files.push_back(file);
        m_begun.insert(file->download().id);
    }
    m_changed.notify_all();
}

void TransferScheduler::end(const std::shared_ptr<PartedFile> &file)
{
    {
        const std::lock_guard lock(m_mutex);
        std::erase(m_files, file);
    }
    m_changed.notify_all();
}

bool TransferScheduler::wasBegun(quint64 id) const
{
    const std::lock_guard lock(m_mutex);
    return m_begun.contains(id);
}

std::vector<std::shared_ptr<PartedFile>> TransferScheduler::takeAll()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_files, {});
}

void TransferScheduler::changed()
{
    // Under the lock, or a thread between its look and its wait would miss it.
    const std::lock_guard lock(m_mutex);
    m_changed.notify_all();
}

void TransferScheduler::wait(int ms)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, std::chrono::milliseconds(ms));
}

bool TransferScheduler::empty() const
{
    const std::lock_guard lock(m_mutex);
    return m_files.empty();
}

qint64 TransferScheduler::untaken() const
{
    const std::lock_guard lock(m_mutex);
    ByteSum bytes;
    bytes += m_queue->largeBytesQueued();
    for (const std::shared_ptr<PartedFile> &file : m_files)
        bytes += file->untaken();
    return bytes;
}

} // namespace ferry::client
