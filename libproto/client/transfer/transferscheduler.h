// SPDX-License-Identifier: MIT
#pragma once

#include "client/disk/partedfile.h"
#include "client/queue/downloadqueue.h"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <variant>
#include <vector>

namespace ferry::client {

/// Hands out files from the queue, and parts of large files under way, to the connections of one
/// client. The main connection alternates between small files and parts of large ones, so that
/// neither keeps the other waiting; the extra ones fetch large files only: each prefers one of its
/// own, and helps with another's when there is none. Any thread.
class TransferScheduler
{
public:
    explicit TransferScheduler(std::shared_ptr<DownloadQueue> queue);

    enum class Role { Main, Extra };

    struct PartWork
    {
        std::shared_ptr<PartedFile> file;
        PartedFile::Part part;
    };
    /// A file that nobody has asked for yet, or a part of one under way.
    using Work = std::variant<Download, PartWork>;

    /// `partBytes`: how much of a file to fetch at once. Nothing: not now.
    std::optional<Work> next(Role role, qint64 partBytes);

    /// Files under way in parts, which several connections may share.
    void begin(const std::shared_ptr<PartedFile> &file);
    void end(const std::shared_ptr<PartedFile> &file);

    /// Was this row begun over this scheduler before? Then what is left of it is ours to continue.
    bool wasBegun(quint64 id) const;

    /// The connections are gone: what was under way ends, and is kept for a later try.
    std::vector<std::shared_ptr<PartedFile>> takeAll();

    /// There is more to take than before, e.g. because a part came back.
    void changed();

    /// Waits until something may have changed, at most `ms`.
    void wait(int ms);

    /// Files under way in parts.
    bool empty() const;

    /// Bytes of large files that nobody works on, as far as their sizes are known.
    qint64 untaken() const;

    /// All connections report what they receive; it is what their number is decided by.
    void received(qint64 bytes) { m_received.fetch_add(bytes, std::memory_order_relaxed); }
    qint64 receivedTotal() const { return m_received.load(std::memory_order_relaxed); }

private:
    std::optional<Work> nextPart(qint64 partBytes);
    bool goesOn(const Download &download);

    const std::shared_ptr<DownloadQueue> m_queue;
    std::atomic<qint64> m_received = 0;

    mutable std::mutex m_mutex; ///< guards all below; taken before those of the files
    std::condition_variable m_changed;
    std::set<quint64> m_begun;                        ///< ids
    std::vector<std::shared_ptr<PartedFile>> m_files; ///< whose turn it is first
    qint64 m_smallSincePart = 0; ///< files that the main connection took since its last part
};

} // namespace ferry::client
