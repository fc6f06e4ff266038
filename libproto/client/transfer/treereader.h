// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/queue/downloadqueue.h"
#include "net/base/logqueue.h"
#include "wire/extended/extended.h"
#include "wire/result.h"

#include <QByteArray>
#include <QList>
#include <QSet>
#include <QString>

#include <optional>

namespace ferry::client {

/// Turns the listing of a folder into rows of the queue, and makes the folders on the way, so
/// that empty ones arrive too. One thread.
class TreeReader
{
public:
    /// `folder`: the row of the folder itself; `path`: where it is on the server.
    TreeReader(Download folder, const VirtualPath &path, DownloadQueue &queue, LogQueue &log);

    void entry(const extended::Entry &entry);
    /// What the server leaves out, and the token that says why: a row that has failed. `path` is
    /// below the folder, empty for itself.
    void skipped(const QByteArray &reason, const QByteArray &path);

    /// Entries so far.
    qint64 entries() const { return m_entries; }

    /// What came so far is worth having, whatever comes of the rest.
    void flush();

    /// The listing is complete. LocalFile if the folder cannot be made here, CutShort if the
    /// server could not read something, which may pass.
    Result<> finish();

private:
    Download rowOf(const QByteArray &path, DownloadKind kind) const;
    void add(Download row);
    void leaveOut(Download row, const Error &why);
    void makeFolder(const Download &row, std::optional<qint64> modifiedNs);
    void enter(const QString &folder);

    const Download m_folder;
    const QByteArray m_base; ///< remote path before that of an entry
    DownloadQueue &m_queue;
    LogQueue &m_log;
    QList<Download> m_found;
    qint64 m_entries = 0;
    QSet<QString> m_notMade; ///< folders, below m_folder.folder
    QString m_at;            ///< the folder of the last entry, likewise
    std::optional<qint64> m_atModifiedNs;
    std::optional<Error> m_missing; ///< why it is not the whole folder, and may be next time
};

} // namespace ferry::client
