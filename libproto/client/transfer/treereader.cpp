// SPDX-License-Identifier: MIT
#include "client/transfer/treereader.h"

#include "client/browse/remoteentry.h"
#include "client/connect/refusal.h"
#include "client/disk/diskwrite.h"
#include "client/disk/localname.h"
#include "client/disk/targetfolder.h"
#include "client/limits.h"
#include "net/base/displaytext.h"
#include "net/base/filetime.h"
#include "net/base/translate.h"
#include "wire/limits.h"

#include <QDateTime>

#include <algorithm>
#include <utility>
#include <vector>

namespace ferry::client {

namespace {

/// Rows added to the queue at once.
constexpr qsizetype rowsAtOnce = 1000;

/// Names joined by `/`.
QString joined(const QString &a, const QString &b)
{
    return a.isEmpty() || b.isEmpty() ? a + b : a + u'/' + b;
}

/// As people sort paths: a folder's files beside each other, numbers by their value.
QByteArray keyOf(const Download &download)
{
    return naturalKey(download.remotePath).replace('/', '\x01');
}

void sortNaturally(QList<Download> &downloads)
{
    std::vector<std::pair<QByteArray, qsizetype>> order;
    order.reserve(size_t(downloads.size()));
    for (qsizetype i = 0; i < downloads.size(); ++i)
        order.emplace_back(keyOf(downloads[i]), i);
    std::sort(order.begin(), order.end());
    QList<Download> sorted;
    sorted.reserve(downloads.size());
    for (const auto &[key, i] : order)
        sorted.append(std::move(downloads[i]));
    downloads = std::move(sorted);
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
        makeFolder(m_folder, {});
    Download row = rowOf(entry.path, entry.folder ? DownloadKind::Folder : DownloadKind::File);
    enter(row.subfolder);
    if (entry.folderMtimeNs)
        m_atModifiedNs = entry.folderMtimeNs;
    if (m_notMade.contains(m_at)) { // which was said
        if (entry.folder)
            m_notMade.insert(row.target());
        return;
    }
    if (entry.path.count('/') >= limits::folderDepth || row.remotePath.size() > limits::pathBytes) {
        if (entry.folder)
            m_notMade.insert(row.target());
        return leaveOut(std::move(row), {ErrorCode::LocalFile, tr("It lies too deep.")});
    }
    if (entry.folder)
        return makeFolder(row, entry.id == "-" ? std::nullopt : std::optional(entry.mtimeNs));
    row.subfolder = m_at; // the same bytes for all of a folder
    row.folderModifiedNs = m_atModifiedNs;
    row.size = entry.size;
    add(std::move(row));
}

void TreeReader::skipped(const QByteArray &reason, const QByteArray &path)
{
    if (!m_queue.isWanted(m_folder.id))
        return;
    const Error why = leftOutError(reason);
    const bool itself = path.isEmpty();
    if (!itself && reason != "READ") // nobody knows what is there, and a person may want to try
        return leaveOut(rowOf(path, DownloadKind::Any), why);
    m_missing = itself ? why : Error{why.code, tr("The server cannot read all of the folder.")};
    if (!itself)
        m_log.add(0, LogKind::Warning,
                  QStringLiteral("%1: %2").arg(displayText(QByteArrayView(m_base + '/' + path)),
                                               why.text));
}

Download TreeReader::rowOf(const QByteArray &path, DownloadKind kind) const
{
    const QString below =
        joined(m_folder.target(),
               m_queue.diskNames().encoded(m_folder.folder, localText(path), m_folder.encodeNames));
    const qsizetype slash = below.lastIndexOf(u'/');
    Download row = m_folder;
    row.id = 0;
    row.kind = kind;
    row.state = DownloadState::Queued;
    row.remotePath = m_base + '/' + path;
    row.subfolder = below.first(std::max<qsizetype>(slash, 0));
    row.localName = below.sliced(slash + 1);
    row.size = -1;
    return row;
}

void TreeReader::add(Download row)
{
    m_found.append(std::move(row));
    if (m_found.size() >= rowsAtOnce)
        flush();
}

void TreeReader::leaveOut(Download row, const Error &why)
{
    row.state = DownloadState::Failed;
    row.error = why;
    row.endedMs = QDateTime::currentMSecsSinceEpoch();
    m_log.add(0, LogKind::Error,
              QStringLiteral("%1: %2").arg(displayText(QByteArrayView(row.remotePath)), why.text));
    add(std::move(row));
}

/// The entries of a folder follow each other, so the last one is complete: the folders in it have
/// changed its time. Its files do so again, and carry it with them.
void TreeReader::enter(const QString &folder)
{
    if (folder == m_at)
        return;
    if (m_atModifiedNs && !m_at.isEmpty() && !m_notMade.contains(m_at)) {
        if (const auto last = openTargetFolder(m_folder.folder, m_at))
            setModified(last.value().get(), *m_atModifiedNs);
    }
    m_at = folder;
    m_atModifiedNs = {};
}

/// What cannot be made is said once, and not again for each of its files. So is a folder that the
/// disk takes for another one: two files in one place would be written to each other's part.
void TreeReader::makeFolder(const Download &row, std::optional<qint64> modifiedNs)
{
    Download folder = row;
    folder.existing = ExistingPolicy::Fail; // none gets a free name
    const auto own = m_queue.savedNames().check(folder);
    const auto made =
        own ? openTargetFolder(m_folder.folder, row.target()) : Result<FileDescriptor>(own.error());
    if (made && modifiedNs)
        setModified(made.value().get(), *modifiedNs);
    if (made)
        return m_queue.savedNames().add(row, row.localName);
    m_notMade.insert(row.target());
    if (row.id == 0)
        leaveOut(row, made.error());
    else
        m_missing = made.error();
}

void TreeReader::flush()
{
    // A server lists in the order of its disk.
    sortNaturally(m_found);
    if (!m_found.isEmpty())
        m_queue.addFound(m_folder.id, m_found);
    m_found.clear();
}

Result<> TreeReader::finish()
{
    enter({});
    flush();
    if (m_missing)
        return *m_missing;
    const auto made = openTargetFolder(m_folder.folder, m_folder.target());
    if (!made)
        return made.error();
    return {};
}

} // namespace ferry::client
