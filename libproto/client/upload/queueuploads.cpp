// SPDX-License-Identifier: MIT
#include "client/upload/queueuploads.h"

#include "client/disk/localname.h"
#include "client/queue/downloadqueue.h"
#include "client/queue/retryplan.h"
#include "client/upload/uploadids.h"
#include "net/base/displaytext.h"
#include "net/base/filetime.h"
#include "net/base/guarded.h"
#include "net/base/translate.h"

#include <QDateTime>
#include <QSet>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/stat.h>

namespace ferry::client {

namespace {

/// Rows added to the queue at once.
constexpr qsizetype rowsAtOnce = 1000;

Error noPath()
{
    return {ErrorCode::NotTaken, tr("Nothing can be put there on the server.")};
}

/// A row of what is in a folder, `below` its name and those of the folders in it.
Download rowBelow(const Download &folder, const QByteArray &below, const QByteArray &target)
{
    Download row = folder;
    const QString path = localText(below);
    const qsizetype slash = path.lastIndexOf(u'/');
    row.id = 0;
    row.kind = DownloadKind::File;
    row.state = DownloadState::Queued;
    row.subfolder = path.first(std::max<qsizetype>(slash, 0));
    row.localName = path.sliced(slash + 1);
    row.remotePath = target + '/' + below;
    row.size = -1;
    row.received = 0;
    return row;
}

} // namespace

Download uploadRow(const QByteArray &localPath, const QByteArray &target)
{
    const QByteArray path = namedPath(localPath);
    const qsizetype slash = path.lastIndexOf('/');
    const QByteArray name = path.sliced(slash + 1);
    Download row;
    row.direction = Direction::Upload;
    row.folder =
        slash < 0 ? QStringLiteral(".") : localText(path.first(std::max<qsizetype>(slash, 1)));
    row.remotePath = (target.endsWith('/') ? target.chopped(1) : target) + '/' + name;
    const auto fail = [&](const Error &error) {
        row.state = DownloadState::Failed;
        row.error = error;
        row.endedMs = QDateTime::currentMSecsSinceEpoch();
        return row;
    };
    if (const auto own = localName(name, false); own)
        row.localName = own.value();
    else
        return fail(own.error());
    struct stat status = {};
    if (::stat(path.constData(), &status) != 0)
        return fail({ErrorCode::LocalFile, qt_error_string(errno), errno});
    const auto remote = VirtualPath::fromTyped(row.remotePath);
    if (!remote || remote->names().size() < 2)
        return fail(noPath());
    if (S_ISDIR(status.st_mode)) {
        row.kind = DownloadKind::Folder;
        return row;
    }
    if (!S_ISREG(status.st_mode))
        return fail({ErrorCode::LocalFile, tr("It is neither a file nor a folder.")});
    row.size = status.st_size;
    row.modifiedNs = modifiedNs(status);
    row.uploadId = newUploadId();
    return row;
}

QList<Download> rowsOf(const QList<UploadItem> &items, const QList<quint64> &left,
                       const QString &server)
{
    const QSet<quint64> wanted(left.begin(), left.end());
    QList<Download> rows;
    for (qsizetype i = 0; i < items.size(); ++i) {
        const UploadItem &item = items.at(i);
        if (!wanted.contains(item.row))
            continue;
        // A folder comes before what is in it.
        const QByteArray below = item.remotePath.toBytes() + '/';
        if (item.folder && i + 1 < items.size() &&
            items.at(i + 1).remotePath.toBytes().startsWith(below))
            continue;
        const QByteArrayList names = item.remotePath.names();
        const auto parent = VirtualPath::fromNames(names.first(names.size() - 1));
        Download row = uploadRow(item.localPath, parent->toBytes());
        row.server = server;
        row.id = quint64(i) + 1;
        if (!item.folder && row.size == item.size && row.modifiedNs == item.mtimeNs)
            row.uploadId = item.id;
        rows.append(row);
    }
    return rows;
}

QByteArray otherName(const Download &upload)
{
    const QByteArray name = upload.remotePath.mid(upload.remotePath.lastIndexOf('/') + 1);
    return upload.state == DownloadState::Done && name != localBytes(upload.localName)
               ? name
               : QByteArray();
}

QueueUploads::QueueUploads(DownloadQueue &queue, LogQueue &log, const std::atomic_bool &closing)
    : m_queue(queue)
    , m_log(log)
    , m_closing(closing)
{
}

void QueueUploads::lost(const Error &error)
{
    bool blame = !m_closing && isFault(error.code);
    for (const quint64 row : m_taken) {
        if (row == 0)
            continue;
        const bool fails = std::exchange(blame, false);
        guardedUntilDone([&] { fails ? m_queue.fail(row, error) : m_queue.requeue(row); },
                         [this] { return m_closing.load(); });
    }
    m_taken.clear();
    m_folderItems.clear();
    m_folders.clear();
}

std::optional<UploadItem> QueueUploads::next()
{
    for (;;) {
        if (!m_folderItems.empty()) {
            UploadItem item = std::move(m_folderItems.front());
            m_folderItems.pop_front();
            return item;
        }
        if (m_closing)
            return {};
        // First what needs memory: a row that was taken and is nowhere would be lost.
        m_taken.push_back(0);
        const auto row = m_queue.takeNext(DownloadQueue::Take::Upload);
        if (!row) {
            m_taken.pop_back();
            return {};
        }
        m_taken.back() = row->id;
        if (auto item = begin(*row))
            return item;
    }
}

/// What is here now may be something else than when it was put into the queue. Nothing: it has
/// ended, or it is a folder.
std::optional<UploadItem> QueueUploads::begin(const Download &row)
{
    UploadItem item;
    item.row = row.id;
    item.localPath = localBytes(row.path());
    item.shownName = localBytes(row.target());
    const auto remote = VirtualPath::fromTyped(row.remotePath);
    if (!remote || remote->names().size() < 2) {
        over(row.id, {{}, 0, {}, noPath()});
        return {};
    }
    item.remotePath = *remote;
    struct stat status = {};
    if (::stat(item.localPath.constData(), &status) != 0) {
        const int error = errno;
        over(row.id, {{}, 0, {}, Error{ErrorCode::LocalFile, qt_error_string(error), error}});
        return {};
    }
    item.size = status.st_size;
    item.mtimeNs = modifiedNs(status);
    if (S_ISREG(status.st_mode))
        return beginFile(row, std::move(item));
    if (S_ISDIR(status.st_mode))
        beginFolder(row, item);
    else
        over(row.id,
             {{}, 0, {}, Error{ErrorCode::LocalFile, tr("It is neither a file nor a folder.")}});
    return {};
}

std::optional<UploadItem> QueueUploads::beginFile(const Download &row, UploadItem item)
{
    if (row.kind != DownloadKind::File)
        m_queue.setKind(row.id, DownloadKind::File);
    item.id = row.uploadId;
    // The ID belongs to one content.
    if (item.id.isEmpty() || item.size != row.size || item.mtimeNs != row.modifiedNs) {
        item.id = newUploadId();
        m_queue.setUpload(row.id, item.size, item.mtimeNs, item.id);
    }
    return item;
}

/// Its files become rows; it and the folders in it are sent as items of its own row.
void QueueUploads::beginFolder(const Download &row, const UploadItem &item)
{
    m_queue.setKind(row.id, DownloadKind::Folder);
    const QByteArrayList names = item.remotePath.names();
    const VirtualPath parent = *VirtualPath::fromNames(names.first(names.size() - 1));
    QList<Download> rows;
    const auto add = [&](Download found) {
        rows.append(std::move(found));
        if (rows.size() >= rowsAtOnce)
            m_queue.addFound(row.id, std::exchange(rows, {}));
    };
    const auto leave = [&](const QByteArray &name, const Error &why) {
        m_log.add(0, LogKind::Error,
                  QStringLiteral("%1: %2").arg(displayText(QByteArrayView(name)), why.text));
        Download left = rowBelow(row, name, parent.toBytes());
        left.state = DownloadState::Failed;
        left.error = why;
        left.endedMs = QDateTime::currentMSecsSinceEpoch();
        add(std::move(left));
    };
    auto found = findUploads(item.localPath, parent, leave);
    if (!found)
        return over(row.id, {{}, 0, {}, found.error()});
    Folder &folder = m_folders[row.id];
    for (UploadItem &each : found.value()) {
        if (each.folder) {
            each.row = row.id;
            ++folder.open;
            m_folderItems.push_back(std::move(each));
            continue;
        }
        Download file = rowBelow(row, each.shownName, parent.toBytes());
        file.size = each.size;
        file.modifiedNs = each.mtimeNs;
        file.uploadId = newUploadId();
        add(std::move(file));
    }
    m_queue.addFound(row.id, rows);
    if (folder.open == 0) // it is a file by now
        ended(
            row.id,
            {{}, 0, {}, Error{ErrorCode::RemoteChanged, tr("It was changed while it was sent.")}});
}

UploadSource::Wish QueueUploads::wish(quint64 row)
{
    if (m_closing)
        return Wish::Keep;
    if (m_queue.isWanted(row))
        return Wish::Send;
    const auto now = m_queue.find(row);
    return now && now->state == DownloadState::Cancelled ? Wish::Drop : Wish::Keep;
}

void QueueUploads::compared(quint64 row, qint64 bytes, qint64)
{
    if (std::exchange(m_comparedRow, row) != row) {
        m_compared = 0;
        if (const auto now = m_queue.find(row))
            m_queue.beginCheck(row, now->size);
    }
    m_queue.adjustReceived(row, bytes - std::exchange(m_compared, bytes));
}

void QueueUploads::begun(quint64 row, qint64 offset)
{
    m_comparedRow = 0;
    m_queue.beginUpload(row, offset);
}

void QueueUploads::sent(quint64 row, qint64 bytes)
{
    m_queue.addReceived(row, bytes);
}

void QueueUploads::complete(quint64 row)
{
    m_queue.setState(row, DownloadState::Verifying);
}

void QueueUploads::stalled(quint64 row, bool heldThere)
{
    m_queue.stall(row, heldThere);
}

qint64 QueueUploads::piece(quint64 row, qint64 most)
{
    if (std::exchange(m_limitedRow, row) != row || !m_limits)
        m_limits.emplace(m_queue, row);
    return m_limits->piece(most);
}

RateLimiter::Clock::duration QueueUploads::spend(quint64 row, qint64 bytes)
{
    static_cast<void>(piece(row, bytes)); // a small file is one piece, and nobody asked
    return m_limits->spend(bytes);
}

void QueueUploads::ended(quint64 row, const UploadResult &result)
{
    const auto folder = m_folders.find(row);
    if (folder == m_folders.end())
        return over(row, result);
    if (result.error && !folder->second.error)
        folder->second.error = result.error;
    if (--folder->second.open > 0)
        return;
    const UploadResult all{{}, 0, {}, folder->second.error};
    m_folders.erase(folder);
    over(row, all);
}

void QueueUploads::over(quint64 row, const UploadResult &result)
{
    if (!result.error) {
        guardedUntilDone([&] { m_queue.finishUpload(row, result.storedPath, result.sum); },
                         [this] { return m_closing.load(); });
    } else if (result.error->code == ErrorCode::Cancelled) {
        m_queue.requeue(row); // if a person has not said more
    } else {
        if (const auto failed = m_queue.find(row))
            m_log.add(
                0, LogKind::Error,
                QStringLiteral("%1: %2").arg(
                    displayText(QByteArrayView(localBytes(failed->target()))), result.error->text));
        m_queue.fail(row, *result.error);
    }
    // Last: should there be no memory for the above, lost() finds it here.
    const auto taken = std::find(m_taken.begin(), m_taken.end(), row);
    if (taken != m_taken.end())
        m_taken.erase(taken);
}

} // namespace ferry::client
