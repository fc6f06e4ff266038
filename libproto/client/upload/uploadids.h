// SPDX-License-Identifier: MIT
#pragma once

#include "client/upload/uploaditem.h"

#include <QByteArray>
#include <QList>
#include <QSet>
#include <QString>

namespace ferry::client {

/// 128 random bits, as a hexadecimal number.
QByteArray newUploadId();

/// The IDs of uploads. Those of large files are written down until they have ended, so that a later
/// run continues what an interrupted one began. One thread at a time.
class UploadIds
{
public:
    /// `file`: where they are written down; empty: this run alone knows them. `server`: as
    /// serverName() says it.
    UploadIds(QString file, QByteArray server);
    ~UploadIds();
    UploadIds(const UploadIds &) = delete;
    UploadIds &operator=(const UploadIds &) = delete;

    /// Gives each file an ID: the one that an upload of it to this place had before, or a new one.
    /// A file is known by its path, size and time, not by its inode: some file systems give it
    /// another one each time they are mounted. LocalFile, TimedOut, Invalid: they could not be
    /// written down, so this run alone knows them.
    Result<> giveIds(QList<UploadItem> &items);

    /// It is over, so nothing of it is continued. Written down now and then, and at the end.
    void forget(const UploadItem &item);

private:
    QByteArray keyOf(const UploadItem &item) const;
    void writeForgotten();
    const QString m_file;
    const QByteArray m_server;
    QSet<QByteArray> m_forgotten; ///< keys that are still in the file
};

} // namespace ferry::client
