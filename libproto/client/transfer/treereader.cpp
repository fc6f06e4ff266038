// SPDX-License-Identifier: MIT
#include "client/transfer/treereader.h"

#include "client/disk/diskwrite.h"
#include "client/disk/localname.h"
#include "client/disk/targetfolder.h"
#include "net/base/translate.h"

#include <algorithm>

namespace ferry::client {

namespace {

/// Rows added to the queue at once.
constexpr qsizetype rowsAtOnce = 1000;

/// Names joined by `/`.
QString joined(const QString &a, const QString &b)
{
    return a.isEmpty() || b.isEmpty() ? a + b : a + u'/' + b;
}

} // namespace

TreeReader::TreeReader(Download folder, const VirtualPath &path, DownloadQueue &queue,
                       LogQueue &log)
    : m_folder(std::move(folder))
    , m_base(path.isRoot() ? QByteArray() : path.toBytes())
    , m_queue(queue)
    , m_log(log)
{
}

void TreeReader::entry(const extended::Entry &entry)
{
    ++m_entries;
    if (!m_queue.isWanted(m_folder.id))
        return;
    if (m_entries == 1)
        makeFolder(m_folder.target());
    const QString below = joined(m_folder.target(), localText(entry.path));
    const qsizetype slash = below.lastIndexOf(u'/');
    enter(below.first(std::max<qsizetype>(slash, 0)));
    if (entry.folderMtimeNs)
        m_atModifiedNs = entry.folderMtimeNs;
    if (m_notMade.contains(m_at)) {
        if (entry.folder)
            m_notMade.insert(below);
        return;
    }
    if (entry.folder)
        return makeFolder(below, entry.id == "-" ? std::nullopt : std::optional(entry.mtimeNs));
    Download download = m_folder;
    download.id = 0;
    download.kind = DownloadKind::File;
    download.state = DownloadState::Queued;
    download.remotePath = m_base + '/' + entry.path;
    download.subfolder = m_at;
    download.folderModifiedNs = m_atModifiedNs;
    download.localName = below.sliced(slash + 1);
    download.size = entry.size;
    m_found.append(download);
    if (m_found.size() >= rowsAtOnce)
        flush();
}

/// The entries of a folder follow each other, so the last one is complete: the folders in it have
/// changed its time. Its files do so again, and carry it with them.
void TreeReader::enter(const QString &folder)
{
    if (folder == m_at)
        return;
    if (m_atModifiedNs && !m_at.isEmpty() && !m_notMade.contains(m_at))
        makeFolder(m_at, m_atModifiedNs);
    m_at = folder;
    m_atModifiedNs = {};
}

/// What cannot be made is said once, and not again for each of its files.
void TreeReader::makeFolder(const QString &below, std::optional<qint64> modifiedNs)
{
    auto made = openTargetFolder(m_folder.folder, below);
    if (made && modifiedNs)
        setModified(made.value().get(), *modifiedNs);
    if (made)
        return;
    m_notMade.insert(below);
    m_log.add(0, LogKind::Error, made.error().text);
    if (!m_local)
        m_local = made.error();
}

void TreeReader::flush()
{
    if (!m_found.isEmpty())
        m_queue.addFound(m_folder.id, m_found);
    m_found.clear();
}

Result<> TreeReader::finish()
{
    enter({});
    flush();
    if (m_local)
        return *m_local;
    if (m_skipped > 0)
        return Error{ErrorCode::CutShort,
                     tr("%1 parts of the folder cannot be read on the server.").arg(m_skipped)};
    const auto made = openTargetFolder(m_folder.folder, m_folder.target());
    if (!made)
        return made.error();
    return {};
}

} // namespace ferry::client
