// SPDX-License-Identifier: MIT
#include "server/records/historystore.h"

#include "net/base/privatefile.h"
#include "net/base/translate.h"
#include "net/limits.h"
#include "server/records/deliverycsv.h"

#include <QFileInfo>
#include <QSqlError>
#include <QVariant>

namespace ferry::server {

using Outcome = Delivery::Outcome;

namespace {

constexpr int formatVersion = 1;

/// Rows beyond the bound go this many at a time.
constexpr qint64 trimStep = 1000;

/// What a search looks at, in one column, without upper and lower case.
QString searchable(const Delivery &delivery)
{
    return (delivery.file + u'\n' + delivery.address + u'\n' + delivery.account + u'\n' +
            delivery.client)
        .toCaseFolded();
}

const QString columns = QStringLiteral(
    "began, ended, address, account, client, encrypted, file, size, sent, outcome, why");

/// In a file of an older Ferry, which only sent, it is not there.
const QString receivedColumn = QStringLiteral("received");

/// Of a row of `id` and the columns.
Delivery deliveryOf(const QSqlQuery &query)
{
    int at = 1;
    const auto next = [&] { return query.value(at++); };
    Delivery delivery;
    delivery.beganMs = next().toLongLong();
    delivery.endedMs = next().toLongLong();
    delivery.address = next().toString();
    delivery.account = next().toString();
    delivery.client = next().toString();
    delivery.encrypted = next().toBool();
    delivery.file = next().toString();
    delivery.size = next().toLongLong();
    delivery.sent = next().toLongLong();
    const int outcome = next().toInt();
    delivery.outcome = outcome == 0 || outcome == 1 ? Outcome(outcome) : Outcome::BrokenOff;
    delivery.why = next().toString();
    delivery.received = next().toBool();
    return delivery;
}

/// `search LIKE ? AND search LIKE ?…`, and what to bind.
struct Filter
{
    QString where;
    QStringList values;

    explicit Filter(const QString &text)
    {
        const QStringList words =
            text.toCaseFolded().split(u' ', Qt::SkipEmptyParts).mid(0, 16); // enough for anybody
        QStringList parts;
        for (QString word : words) {
            word.replace(u'\\', QStringLiteral("\\\\"))
                .replace(u'%', QStringLiteral("\\%"))
                .replace(u'_', QStringLiteral("\\_"));
            parts.append(QStringLiteral("search LIKE ? ESCAPE '\\'"));
            values.append(u'%' + word + u'%');
        }
        if (!parts.isEmpty())
            where = QStringLiteral(" WHERE ") + parts.join(QStringLiteral(" AND "));
    }

    Result<> run(const SqliteFile &file, QSqlQuery &query, const QString &statement) const
    {
        query.setForwardOnly(true);
        if (!query.prepare(statement))
            return file.failure(query);
        for (const QString &value : values)
            query.addBindValue(value);
        if (!query.exec())
            return file.failure(query);
        return {};
    }
};

} // namespace

HistoryStore::HistoryStore(const QString &dataFolder, qint64 rows)
    : m_file(pathIn(dataFolder),
             {tr("The history"),
              formatVersion,
              {QStringLiteral("PRAGMA secure_delete=ON"), // what is cleared is gone
               QStringLiteral("CREATE TABLE IF NOT EXISTS deliveries("
                              "id INTEGER PRIMARY KEY, began INTEGER, ended INTEGER, address TEXT, "
                              "account TEXT, client TEXT, encrypted INTEGER, file TEXT, "
                              "size INTEGER, sent INTEGER, outcome INTEGER, why TEXT, "
                              "search TEXT)")},
              QStringLiteral("SELECT %1, search FROM deliveries LIMIT 1").arg(columns),
              QStringLiteral("deliveries"),
              {receivedColumn}})
    , m_rows(rows)
{
}

QString HistoryStore::readColumns() const
{
    const bool known = m_file.hasColumn(receivedColumn);
    return columns + QStringLiteral(", ") + (known ? receivedColumn : QStringLiteral("0"));
}

QString HistoryStore::pathIn(const QString &dataFolder)
{
    return dataFolder + QStringLiteral("/history.sqlite");
}

void HistoryStore::open(Access access)
{
    m_problems.clear();
    Result<> opened;
    if (access == Access::Keep)
        opened = openFile();
    else if (QFileInfo::exists(m_file.path()))
        opened = m_file.openReadOnly();
    else
        opened = m_file.openInMemory();
    if (opened)
        return;
    m_problems.append(opened.error().text);
    if (access == Access::ReadOnly)
        return;
    m_problems.last() += u' ' + tr("What is delivered now is forgotten at the end of the program.");
    static_cast<void>(m_file.openInMemory());
}

Result<> HistoryStore::openFile()
{
    if (auto folder = privatefile::ensureFolder(QFileInfo(m_file.path()).path()); !folder)
        return folder;
    // Two programs that find the same damage must not both put the file aside.
    const auto lock = privatefile::Lock::take(m_file.path(), QDeadlineTimer(limits::lockTime));
    if (!lock)
        return lock.error();
    const auto opened = m_file.open();
    if (opened || opened.error().code != ErrorCode::Damaged)
        return opened;
    return mend();
}

Result<> HistoryStore::mend()
{
    QList<Delivery> kept;
    QList<Delivery> behindDamage;
    const auto read = m_file.rows(readColumns() + QStringLiteral(" FROM deliveries"),
                                  [&](const auto &row, bool backward) {
                                      if (backward)
                                          behindDamage.prepend(deliveryOf(row));
                                      else
                                          kept.append(deliveryOf(row));
                                  });
    if (!read)
        return read;
    kept += behindDamage;
    const auto aside = m_file.startOver([&] { return add(kept); });
    if (!aside)
        return aside.error();
    m_problems.append(tr("The history of deliveries was damaged. %1 of its lines could be read and "
                         "were kept; the old file is %2.")
                          .arg(QString::number(kept.size()), aside.value()));
    return {};
}

Result<> HistoryStore::add(const QList<Delivery> &deliveries)
{
    if (deliveries.isEmpty())
        return {};
    const auto added = m_file.transaction([&](QSqlQuery &query) -> Result<> {
        if (!query.prepare(QStringLiteral("INSERT INTO deliveries(%1, %2, search) "
                                          "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)")
                               .arg(columns, receivedColumn)))
            return m_file.failure(query);
        for (const Delivery &delivery : deliveries) {
            const QVariant values[] = {delivery.beganMs,      delivery.endedMs, delivery.address,
                                       delivery.account,      delivery.client,  delivery.encrypted,
                                       delivery.file,         delivery.size,    delivery.sent,
                                       int(delivery.outcome), delivery.why,     delivery.received,
                                       searchable(delivery)};
            for (int i = 0; i < int(std::size(values)); ++i)
                query.bindValue(i, values[i]);
            if (!query.exec())
                return m_file.failure(query);
        }
        return {};
    });
    return added ? trim() : added;
}

/// Rows only ever go from the start, or all of them, so the IDs tell how many there are.
Result<> HistoryStore::trim()
{
    QSqlQuery query = m_file.query();
    if (!query.exec(QStringLiteral("SELECT min(id), max(id) FROM deliveries")) || !query.next())
        return m_file.failure(query);
    const qint64 last = query.value(1).toLongLong();
    const qint64 rows = last - query.value(0).toLongLong() + 1;
    query.finish();
    if (rows <= m_rows + qMin(trimStep, m_rows / 10))
        return {};
    return m_file.run(QStringLiteral("DELETE FROM deliveries WHERE id <= %1").arg(last - m_rows));
}

Result<HistoryStore::Page> HistoryStore::search(const QString &text, qint64 most)
{
    const Filter filter(text);
    Page page;
    QSqlQuery query = m_file.query();
    // A read-only file that is empty has no table, and no history either.
    if (auto counted = filter.run(m_file, query,
                                  QStringLiteral("SELECT count(*) FROM deliveries") + filter.where);
        !counted || !query.next())
        return counted ? m_file.failure(query) : counted.error();
    page.matches = query.value(0).toLongLong();
    if (auto done = filter.run(m_file, query,
                               QStringLiteral("SELECT id, %1 FROM deliveries%2 "
                                              "ORDER BY id DESC LIMIT %3")
                                   .arg(readColumns(), filter.where)
                                   .arg(most));
        !done)
        return done.error();
    while (query.next())
        page.rows.append(deliveryOf(query));
    if (query.lastError().isValid())
        return m_file.failure(query);
    return page;
}

Result<QList<Delivery>> HistoryStore::received(qint64 most)
{
    QList<Delivery> rows;
    if (!m_file.hasColumn(receivedColumn)) // an empty one, or one of a Ferry that only sent
        return rows;
    QSqlQuery query = m_file.query();
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT id, %1 FROM deliveries WHERE %2 AND outcome = 0 "
                                   "ORDER BY id DESC LIMIT %3")
                        .arg(readColumns(), receivedColumn)
                        .arg(most)))
        return m_file.failure(query);
    while (query.next())
        rows.append(deliveryOf(query));
    if (query.lastError().isValid())
        return m_file.failure(query);
    return rows;
}

Result<qint64> HistoryStore::writeCsv(const QString &text, QIODevice &to)
{
    const Filter filter(text);
    QSqlQuery query = m_file.query();
    if (auto done = filter.run(m_file, query,
                               QStringLiteral("SELECT id, %1 FROM deliveries%2 ORDER BY id")
                                   .arg(readColumns(), filter.where));
        !done)
        return done.error();
    const Error failed{ErrorCode::LocalFile, tr("The file could not be written.")};
    const auto put = [&to](const QByteArray &line) { return to.write(line) == line.size(); };
    if (!put(csvHeader()))
        return failed;
    qint64 lines = 0;
    while (query.next()) {
        if (!put(csvLine(deliveryOf(query))))
            return failed;
        ++lines;
    }
    if (query.lastError().isValid())
        return m_file.failure(query);
    return lines;
}

Result<> HistoryStore::clear()
{
    if (auto done = m_file.run(QStringLiteral("DELETE FROM deliveries")); !done)
        return done;
    return m_file.run(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"));
}

} // namespace ferry::server
