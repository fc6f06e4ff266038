// SPDX-License-Identifier: MIT
#pragma once

#include "client/disk/partialfile.h"
#include "client/download.h"
#include "net/base/filedescriptor.h"
#include "wire/extended/extended.h"
#include "wire/result.h"
#include "wire/virtualpath.h"

#include <QByteArrayView>

#include <deque>
#include <mutex>
#include <optional>

namespace ferry::client {

/// A large file, cut into parts that any number of connections fetch in any order, each verified by
/// its own checksum. What an earlier try left is compared with what the server has, first in large
/// pieces and then block by block, and only what differs is fetched. If the file became longer on
/// the server meanwhile, all of it is compared once more at the end: only so it is known that its
/// beginning stayed as it was.
///
/// Any thread. Parts do not overlap, so they are written without a lock.
class PartedFile
{
public:
    enum class Work {
        Fetch,   ///< get these bytes
        Compare, ///< ask for their checksum: they are here already, of unknown worth
    };
    struct Part
    {
        Work work = Work::Fetch;
        qint64 offset = 0;
        qint64 length = 0;
    };

    /// `facts` are the server's; what `file` holds already is compared first. `begun` bytes at
    /// the start are a part that the caller fetches already.
    PartedFile(Download download, VirtualPath path, PartialFile file,
               const extended::FileFacts &facts, qint64 begun);

    const Download &download() const { return m_download; }
    const VirtualPath &path() const { return m_path; }
    const QByteArray &identity() const { return m_identity; }
    qint64 size() const { return m_size; }

    /// The next part that nobody works on, of at most `most` bytes (a part to compare may be
    /// longer). Nothing: all are verified or under way, or the file is lost.
    std::optional<Part> take(qint64 most);

    /// Bytes that nobody works on yet.
    qint64 untaken() const;

    qint64 verifiedBytes() const;

    /// Not done, and nobody works on it any more.
    void returnRange(const Part &part);

    /// LocalFile.
    Result<> write(qint64 offset, QByteArrayView bytes);

    /// Of bytes that are here. LocalFile.
    Result<QByteArray> checksum(const Part &part) const;

    /// From now on, since a part was sent of a file that is longer by now.
    void grew();
    bool hasGrown() const;
    /// The last comparison of it is under way.
    bool comparesAgain() const;

    enum class Progress {
        More,
        Again,    ///< all of it, from the beginning
        Complete, ///< said once, to the connection that has to finish the file
    };
    /// These bytes are here and equal what the server has.
    Progress verified(const Part &part);

    /// These bytes are not what the server has.
    void differs(const Part &part);

    /// Ends the attempt; true for the first call. With `keep`, what is there stays for a later one.
    bool lose(bool keep);
    bool isLost() const;

    /// After Complete.
    PartialFile takeFile();

private:
    void compareFrom(qint64 offset, qint64 end);

    const Download m_download;
    const VirtualPath m_path;
    const QByteArray m_identity;
    const qint64 m_size;

    /// Without the lock: its descriptor, by any thread; the rest by the one that ends the attempt.
    PartialFile m_file;

    mutable std::mutex m_mutex; ///< guards all below
    std::deque<Part> m_untaken; ///< by offset; those to compare first
    qint64 m_verified = 0;      ///< bytes
    bool m_lost = false;
    bool m_grown = false;
    bool m_comparesAgain = false;
};

} // namespace ferry::client
