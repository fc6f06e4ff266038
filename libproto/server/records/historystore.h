// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/sqlitefile.h"
#include "server/limits.h"
#include "server/records/deliveryledger.h"
#include "wire/result.h"

#include <QIODevice>
#include <QList>
#include <QString>
#include <QStringList>

namespace ferry::server {

/// The history of deliveries in `history.sqlite` of a data folder. Bounded; only its owner may
/// read it. One thread, which may have to wait for the disk; see History for a window's way.
class HistoryStore
{
public:
    /// `rows`: beyond it the oldest go.
    explicit HistoryStore(const QString &dataFolder, qint64 rows = limits::historyRows);

    static QString pathIn(const QString &dataFolder);

    enum class Access {
        Keep,     ///< make the file, and mend it
        ReadOnly, ///< what is there; a file that is not there is an empty history
    };
    /// A damaged file is put aside, and what can still be read goes into the new one. Where no
    /// file can be used now (a full disk, no descriptors), it is left as it is and the history is
    /// kept in memory. problems() says so in both cases.
    void open(Access access = Access::Keep);

    /// On the thread that opened it.
    void close() { m_file.close(); }

    QStringList problems() const { return m_problems; }

    /// LocalFile; what cannot be written is lost.
    Result<> add(const QList<Delivery> &deliveries);

    struct Page
    {
        QList<Delivery> rows; ///< newest first
        qint64 matches = 0;   ///< how many there are in all
    };
    /// Those that hold each word of `text`, in any of file, address, account and client.
    Result<Page> search(const QString &text, qint64 most);

    /// The newest of what came in and is verified, newest first.
    Result<QList<Delivery>> received(qint64 most);

    /// What was searched for as CSV (RFC 4180), oldest first, with a header.
    Result<qint64> writeCsv(const QString &text, QIODevice &to);

    Result<> clear();

private:
    Result<> openFile();
    Result<> mend();
    QString readColumns() const;
    Result<> trim();

    SqliteFile m_file;
    const qint64 m_rows;
    QStringList m_problems;
};

} // namespace ferry::server
