// SPDX-License-Identifier: MIT
#include "client/queue/queuefile.h"

#include "client/queue/queuerow.h"
#include "net/base/displaytext.h"
#include "net/base/privatefile.h"
#include "net/base/translate.h"

#include <QFileInfo>
#include <QVariant>

namespace ferry::client {

QueueFile::QueueFile(QString path)
    : m_file(std::move(path),
             {tr("The queue"),
              1,
              {QStringLiteral("CREATE TABLE IF NOT EXISTS downloads(id INTEGER PRIMARY KEY, %1)")
                   .arg(queuerow::columns())},
              QStringLiteral("SELECT id, %1 FROM downloads LIMIT 1").arg(queuerow::columns()),
              QStringLiteral("downloads"),
              queuerow::addedColumns()})
{
}

Result<> QueueFile::open()
{
    m_problems.clear();
    if (auto ours = checkOurs(); !ours)
        return ours;
    const auto opened = m_file.open();
    if (opened || opened.error().code != ErrorCode::Damaged)
        return opened;
    return mend();
}

Result<> QueueFile::openToRead()
{
    m_problems.clear();
    if (!QFileInfo::exists(m_file.path()))
        return Error{ErrorCode::NotFound,
                     tr("There is no queue in %1.").arg(displayText(m_file.path()))};
    if (auto ours = checkOurs(); !ours)
        return ours;
    return m_file.openReadOnly();
}

/// A queue says what is written where. SQLite takes what it has not moved into the file yet from
/// the others beside it.
Result<> QueueFile::checkOurs() const
{
    for (const char *suffix : {"", "-wal", "-shm", "-journal"}) {
        const QString path = m_file.path() + QLatin1StringView(suffix);
        if (auto ours = privatefile::checkOurs(path, privatefile::Others::MayRead); !ours)
            return ours;
    }
    return {};
}

Result<QList<Download>> QueueFile::rows()
{
    QList<Download> all;
    QList<Download> behindDamage;
    int senseless = 0;
    QStringList missing;
    for (const QString &column : queuerow::addedColumns()) {
        if (!m_file.hasColumn(column))
            missing.append(column);
    }
    const auto read =
        m_file.rows(queuerow::columnsWithout(missing) + QStringLiteral(" FROM downloads"),
                    [&](const QSqlQuery &row, bool backward) {
                        auto download = queuerow::read(row);
                        if (!download)
                            ++senseless;
                        else if (backward)
                            behindDamage.prepend(std::move(*download));
                        else
                            all.append(std::move(*download));
                    });
    if (!read)
        return read.error();
    if (senseless > 0)
        m_problems.append(tr("%Ln downloads of the saved queue make no sense and were left out.",
                             nullptr, senseless));
    return all + behindDamage;
}

Result<> QueueFile::mend()
{
    const auto kept = rows();
    if (!kept)
        return kept.error();
    const auto aside = m_file.startOver([&] { return write(kept.value(), {}); });
    if (!aside)
        return aside.error();
    m_problems.append(tr("The saved queue is damaged. %1 downloads could be read and were kept; "
                         "the damaged file is now %2.")
                          .arg(QString::number(kept.value().size()), displayText(aside.value())));
    return {};
}

Result<> QueueFile::write(const QList<Download> &changed, const QList<quint64> &removed,
                          bool everything)
{
    if (changed.isEmpty() && removed.isEmpty() && !everything)
        return {};
    return m_file.transaction([&](QSqlQuery &query) -> Result<> {
        if (everything && !query.exec(QStringLiteral("DELETE FROM downloads")))
            return m_file.failure(query);
        if (!query.prepare(QStringLiteral("INSERT OR REPLACE INTO downloads(id, %1) VALUES (%2)")
                               .arg(queuerow::columns(), queuerow::placeholders())))
            return m_file.failure(query);
        for (const Download &download : changed) {
            queuerow::bind(query, download);
            if (!query.exec())
                return m_file.failure(query);
        }
        if (!query.prepare(QStringLiteral("DELETE FROM downloads WHERE id = ?")))
            return m_file.failure(query);
        for (const quint64 id : removed) {
            query.bindValue(0, qint64(id));
            if (!query.exec())
                return m_file.failure(query);
        }
        return {};
    });
}

Result<> QueueFile::trim(qsizetype most)
{
    return m_file.run(QStringLiteral("DELETE FROM downloads WHERE id IN (SELECT id FROM downloads "
                                     "WHERE state IN (%1, %2, %3) ORDER BY ended DESC, id DESC "
                                     "LIMIT -1 OFFSET %4)")
                          .arg(int(DownloadState::Done))
                          .arg(int(DownloadState::Skipped))
                          .arg(int(DownloadState::Cancelled))
                          .arg(most));
}

} // namespace ferry::client
