// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/taskthread.h"
#include "server/files/share.h"
#include "server/uploads/publication.h"

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

namespace ferry::server {

/// Publishes one group of uploads on a thread of its own, while the session receives the next one:
/// the disk does not wait for the network, nor the network for the disk.
///
/// One thread calls everything.
class Publisher
{
public:
    Publisher(UploadLedger &ledger, FolderNames &names);

    /// Waits for what is under way.
    ~Publisher() = default;
    Publisher(const Publisher &) = delete;
    Publisher &operator=(const Publisher &) = delete;

    /// None may be under way. All of it outlives wait().
    void start(std::vector<CompleteUpload> uploads, std::shared_ptr<const ShareSet> shares);

    /// There is something to take, and wait() would not wait.
    bool isDone() const { return m_done; }

    void wait();

    /// Gives the thread back until the next group. None may be under way.
    void release() { m_thread.reset(); }

    /// After wait(), once: what became of the group. What publish() threw is thrown here.
    std::vector<Publication> take();

private:
    UploadLedger &m_ledger;
    FolderNames &m_names;

    // The thread's, until it is done:
    std::vector<CompleteUpload> m_uploads;
    std::shared_ptr<const ShareSet> m_shares;
    std::vector<Publication> m_publications;
    std::exception_ptr m_thrown;

    std::atomic_bool m_done = false;
    std::optional<TaskThread> m_thread; ///< from the first group on; last: it uses the others
};

} // namespace ferry::server
