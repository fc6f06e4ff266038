// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "net/base/sqlitefile.h"
#include "wire/result.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace ferry::client {

/// A queue in an SQLite file, a row per download. Never a password. Only its owner may read it.
/// One thread, which may have to wait for the disk; see QueueStore for keeping one up to date.
class QueueFile
{
public:
    explicit QueueFile(QString path);

    /// Makes the file if it is not there. A damaged one is put aside, and what can still be read
    /// goes into a new one: problems() says so. Invalid: it is of a later Ferry, or others may
    /// change it, and is left alone.
    /// LocalFile: it cannot be used now (a full disk, no descriptors) and is left as it is.
    Result<> open();

    /// To read only, while another program may be writing to it. NotFound; Invalid; Damaged: rows()
    /// gives what can be read.
    Result<> openToRead();

    /// In the order of their ids. Rows that make no sense are left out: problems(). LocalFile: not
    /// all could be read now.
    Result<QList<Download>> rows();

    /// All or nothing. With `everything`, what is not among `changed` is removed. LocalFile.
    Result<> write(const QList<Download> &changed, const QList<quint64> &removed,
                   bool everything = false);

    /// Forgets the oldest of what was done beyond `most`.
    Result<> trim(qsizetype most);

    QStringList problems() const { return m_problems; }

private:
    Result<> checkOurs() const;
    Result<> mend();

    SqliteFile m_file;
    QStringList m_problems;
};

} // namespace ferry::client
