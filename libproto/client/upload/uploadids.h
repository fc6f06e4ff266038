// SPDX-License-Identifier: MIT
#pragma once

#include "client/upload/uploaditem.h"

#include <QByteArray>
#include <QString>

namespace ferry::client {

/// The IDs of uploads: 128 random bits each. Those of large files are written down until they have
/// ended, so that a later run continues what an interrupted one began. One thread.
class UploadIds
{
public:
    /// `file`: where they are written down; empty, or if that fails: this run alone knows them.
    /// `server`: as serverName() says it.
    UploadIds(QString file, QByteArray server);

    /// The ID of an upload of this very file to this place: the one it had before, or a new one.
    QByteArray idFor(const UploadItem &item);

    /// It is over, so nothing of it is continued.
    void forget(const UploadItem &item);

private:
    QByteArray keyOf(const UploadItem &item) const;
    const QString m_file;
    const QByteArray m_server;
};

} // namespace ferry::client
