// SPDX-License-Identifier: MIT
#include "client/disk/partedfile.h"

#include "client/limits.h"
#include "net/base/checksum.h"

#include <algorithm>
#include <utility>

namespace ferry::client {

PartedFile::PartedFile(Download download, VirtualPath path, PartialFile file,
                       const extended::FileFacts &facts, qint64 begun)
    : m_download(std::move(download))
    , m_path(std::move(path))
    , m_identity(facts.id)
    , m_size(facts.size)
    , m_file(std::move(file))
{
    m_file.setModified(facts.mtimeNs);
    m_file.setExecutable(facts.executable);
    const qint64 there = std::min(m_file.size(), m_size);
    compareFrom(begun, there);
    if (const qint64 from = std::max(begun, there); from < m_size)
        m_untaken.push_back({Work::Fetch, from, m_size - from});
}

void PartedFile::compareFrom(qint64 offset, qint64 end)
{
    for (; offset < end; offset += limits::comparedAtOnce)
        m_untaken.push_back(
            {Work::Compare, offset, std::min(limits::comparedAtOnce, end - offset)});
}

std::optional<PartedFile::Part> PartedFile::take(qint64 most)
{
    const std::lock_guard lock(m_mutex);
    if (m_lost || m_untaken.empty())
        return std::nullopt;
    Part &front = m_untaken.front();
    Part part = front;
    if (front.work == Work::Fetch && front.length > most) {
        part.length = most;
        front.offset += most;
        front.length -= most;
    } else {
        m_untaken.pop_front();
    }
    return part;
}

qint64 PartedFile::untaken() const
{
    const std::lock_guard lock(m_mutex);
    qint64 bytes = 0;
    for (const Part &part : m_untaken)
        bytes += part.length;
    return m_lost ? 0 : bytes;
}

qint64 PartedFile::verifiedBytes() const
{
    const std::lock_guard lock(m_mutex);
    return m_verified;
}

void PartedFile::returnRange(const Part &part)
{
    const std::lock_guard lock(m_mutex);
    m_untaken.push_front(part);
}

Result<> PartedFile::write(qint64 offset, QByteArrayView bytes)
{
    return m_file.writeAt(offset, bytes);
}

Result<QByteArray> PartedFile::checksum(const Part &part) const
{
    return m_file.checksum(part.offset, part.length);
}

PartedFile::Progress PartedFile::verified(const Part &part)
{
    const std::lock_guard lock(m_mutex);
    m_verified += part.length;
    if (m_verified != m_size || m_lost)
        return Progress::More;
    if (!m_grown || std::exchange(m_comparesAgain, true))
        return Progress::Complete;
    m_verified = 0;
    compareFrom(0, m_size);
    return Progress::Again;
}

void PartedFile::grew()
{
    const std::lock_guard lock(m_mutex);
    m_grown = true;
}

bool PartedFile::hasGrown() const
{
    const std::lock_guard lock(m_mutex);
    return m_grown;
}

bool PartedFile::comparesAgain() const
{
    const std::lock_guard lock(m_mutex);
    return m_comparesAgain;
}

void PartedFile::differs(const Part &part)
{
    const std::lock_guard lock(m_mutex);
    if (part.length <= limits::minComparedBytes) {
        // Behind the comparisons, so that neighbours that differ are fetched as one.
        const auto next = std::find_if(m_untaken.begin(), m_untaken.end(), [&](const Part &other) {
            return other.work == Work::Fetch && other.offset > part.offset;
        });
        if (next != m_untaken.begin()) {
            Part &before = *std::prev(next);
            if (before.work == Work::Fetch && before.offset + before.length == part.offset) {
                before.length += part.length;
                return;
            }
        }
        m_untaken.insert(next, {Work::Fetch, part.offset, part.length});
        return;
    }
    const qint64 end = part.offset + part.length;
    const qint64 blocks = (part.length + limits::minComparedBytes - 1) / limits::minComparedBytes;
    for (qint64 i = blocks - 1; i >= 0; --i) {
        const qint64 from = part.offset + i * limits::minComparedBytes;
        m_untaken.push_front({Work::Compare, from, std::min(limits::minComparedBytes, end - from)});
    }
}

bool PartedFile::lose(bool keep)
{
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_lost, true))
            return false;
    }
    if (keep)
        m_file.keep();
    return true;
}

bool PartedFile::isLost() const
{
    const std::lock_guard lock(m_mutex);
    return m_lost;
}

PartialFile PartedFile::takeFile()
{
    return std::move(m_file);
}

} // namespace ferry::client
