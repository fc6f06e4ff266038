// SPDX-License-Identifier: MIT
#include "server/records/historystore.h"

#include "net/base/displaytext.h"
#include "net/base/privatefile.h"
#include "net/base/sqliteerror.h"
#include "server/records/deliverycsv.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <atomic>

#include <fcntl.h>

namespace ferry::server {

namespace {

constexpr int formatVersion = 1;

/// Rows beyond the bound go this many at a time.
constexpr qint64 trimStep = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("ferry", text);
}

QString newConnectionName()
{
    static std::atomic_int last = 0;
    return QStringLiteral("ferry-history-%1").arg(++last);
}

/// LocalFile: the file is not to blame, as far as anybody can tell. Protocol: it is damaged.
Error failure(const QSqlError &error)
{
    return {isPassingSqliteError(error.nativeErrorCode().toInt()) ? ErrorCode::LocalFile
                                                                  : ErrorCode::Protocol,
            tr("The history: %1").arg(displayText(error.text()))};
}

Result<> run(QSqlDatabase &database, const QString &statement)
{
    QSqlQuery query(database);
    if (!query.exec(statement))
        return failure(query.lastError());
    return {};
}

/// What a search looks at, in one column, without upper and lower case.
QString searchable(const Delivery &delivery)
{
    return (delivery.file + u'\n' + delivery.address + u'\n' + delivery.account + u'\n' +
            delivery.client)
        .toCaseFolded();
}

const QString columns = QStringLiteral(
    "began, ended, address, account, client, encrypted, file, size, sent, outcome, why");

Delivery deliveryOf(const QSqlQuery &query)
{
    Delivery delivery;
    delivery.beganMs = query.value(0).toLongLong();
    delivery.endedMs = query.value(1).toLongLong();
    delivery.address = query.value(2).toString();
    delivery.account = query.value(3).toString();
    delivery.client = query.value(4).toString();
    delivery.encrypted = query.value(5).toBool();
    delivery.file = query.value(6).toString();
    delivery.size = query.value(7).toLongLong();
    delivery.sent = query.value(8).toLongLong();
    const int outcome = query.value(9).toInt();
    delivery.outcome = outcome == 0   ? Delivery::Outcome::Verified
                       : outcome == 1 ? Delivery::Outcome::Unverified
                                      : Delivery::Outcome::BrokenOff;
    delivery.why = query.value(10).toString();
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

    Result<> run(QSqlQuery &query, const QString &statement) const
    {
        query.setForwardOnly(true);
        if (!query.prepare(statement))
            return failure(query.lastError());
        for (const QString &value : values)
            query.addBindValue(value);
        if (!query.exec())
            return failure(query.lastError());
        return {};
    }
};

} // namespace

HistoryStore::HistoryStore(const QString &dataFolder, qint64 rows)
    : m_path(pathIn(dataFolder))
    , m_connection(newConnectionName())
    , m_rows(rows)
{
}

HistoryStore::~HistoryStore()
{
    close();
}

QString HistoryStore::pathIn(const QString &dataFolder)
{
    return dataFolder + QStringLiteral("/history.sqlite");
}

void HistoryStore::close()
{
    if (QSqlDatabase::contains(m_connection))
        QSqlDatabase::removeDatabase(m_connection);
}

void HistoryStore::open(Access access)
{
    m_problems.clear();
    if (access == Access::ReadOnly) {
        const bool there = QFileInfo::exists(m_path);
        if (const auto opened = openFile(there ? m_path : QStringLiteral(":memory:"), there);
            !opened)
            m_problems.append(opened.error().text);
        return;
    }
    static_cast<void>(privatefile::ensureFolder(QFileInfo(m_path).path()));
    // There before the first name is, with the right mode; SQLite gives it to its other files.
    const FileDescriptor file(
        ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const QString unusable = tr("The history in %1 cannot be used. What is delivered now is "
                                "forgotten at the end of the program.")
                                 .arg(m_path);
    if (!file.valid() || !QFileInfo(m_path).isFile())
        return useMemory(unusable);
    const Result<> opened = openFile(m_path, false);
    const Result<bool> sound = opened ? isSound() : Result<bool>(opened.error());
    if (sound && sound.value())
        return;
    if (!sound && sound.error().code == ErrorCode::Invalid)
        return useMemory(sound.error().text);
    if (!sound && sound.error().code != ErrorCode::Protocol)
        return useMemory(sound.error().text + u' ' + unusable);
    mend();
}

void HistoryStore::useMemory(const QString &problem)
{
    m_problems.append(problem);
    static_cast<void>(openFile(QStringLiteral(":memory:"), false));
}

/// Invalid: it is of a later Ferry, and not to be touched.
Result<> HistoryStore::openFile(const QString &path, bool readOnly)
{
    close();
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    database.setDatabaseName(path);
    if (readOnly)
        database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY"));
    if (!database.open())
        return failure(database.lastError());
    QSqlQuery version(database);
    if (!version.exec(QStringLiteral("PRAGMA user_version")) || !version.next())
        return failure(version.lastError());
    if (version.value(0).toInt() > formatVersion)
        return Error{ErrorCode::Invalid,
                     tr("The history in %1 was made by a later Ferry and is left alone. What is "
                        "delivered now is forgotten at the end of the program.")
                         .arg(path)};
    version.finish();
    return readOnly ? Result<>() : prepare();
}

Result<> HistoryStore::prepare()
{
    QSqlDatabase database = QSqlDatabase::database(m_connection);
    const QStringList statements{
        QStringLiteral("PRAGMA journal_mode=WAL"),
        QStringLiteral("PRAGMA synchronous=NORMAL"),
        QStringLiteral("PRAGMA secure_delete=ON"), // what is cleared is gone
        QStringLiteral("CREATE TABLE IF NOT EXISTS deliveries("
                       "id INTEGER PRIMARY KEY, began INTEGER, ended INTEGER, address TEXT, "
                       "account TEXT, client TEXT, encrypted INTEGER, file TEXT, size INTEGER, "
                       "sent INTEGER, outcome INTEGER, why TEXT, search TEXT)"),
        QStringLiteral("PRAGMA user_version=%1").arg(formatVersion),
    };
    for (const QString &statement : statements) {
        if (auto done = run(database, statement); !done)
            return done;
    }
    return {};
}

Result<bool> HistoryStore::isSound()
{
    QSqlQuery query(QSqlDatabase::database(m_connection));
    if (!query.exec(QStringLiteral("PRAGMA quick_check(1)")) || !query.next())
        return failure(query.lastError());
    if (query.value(0).toString() != QLatin1StringView("ok"))
        return false;
    if (!query.exec(QStringLiteral("SELECT %1, search FROM deliveries LIMIT 1").arg(columns)))
        return failure(query.lastError());
    return true;
}

/// From both ends up to the damage.
QList<Delivery> HistoryStore::readable()
{
    QList<Delivery> forward;
    qint64 last = -1;
    QSqlQuery query(QSqlDatabase::database(m_connection));
    query.setForwardOnly(true);
    const QString select = QStringLiteral("SELECT %1, id FROM deliveries ").arg(columns);
    if (query.exec(select + QStringLiteral("ORDER BY id"))) {
        while (query.next()) {
            forward.append(deliveryOf(query));
            last = query.value(11).toLongLong();
        }
    }
    QList<Delivery> backward;
    if (query.exec(select + QStringLiteral("WHERE id > %1 ORDER BY id DESC").arg(last))) {
        while (query.next())
            backward.prepend(deliveryOf(query));
    }
    return forward + backward;
}

/// The new name; empty if it cannot be renamed.
QString HistoryStore::putAside()
{
    QString aside = m_path + QStringLiteral(".damaged");
    for (int number = 2; QFileInfo::exists(aside); ++number)
        aside = m_path + QStringLiteral(".damaged-%1").arg(number);
    if (!QFile::rename(m_path, aside))
        return {};
    for (const char *part : {"-wal", "-shm"}) {
        if (QFileInfo::exists(m_path + QLatin1StringView(part)))
            QFile::rename(m_path + QLatin1StringView(part), aside + QLatin1StringView(part));
    }
    return aside;
}

void HistoryStore::mend()
{
    const QList<Delivery> saved = readable();
    close();
    const QString aside = putAside();
    const FileDescriptor file(
        ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const bool fresh = !aside.isEmpty() && openFile(m_path, false).ok();
    if (!fresh)
        static_cast<void>(openFile(QStringLiteral(":memory:"), false));
    static_cast<void>(add(saved));
    m_problems.append(
        fresh ? tr("The history of deliveries was damaged. %1 of its lines could be read and were "
                   "kept; the old file is %2.")
                    .arg(saved.size())
                    .arg(aside)
              : tr("The history in %1 is damaged and cannot be put aside. What is delivered now is "
                   "forgotten at the end of the program.")
                    .arg(m_path));
}

Result<> HistoryStore::add(const QList<Delivery> &deliveries)
{
    if (deliveries.isEmpty())
        return {};
    QSqlDatabase database = QSqlDatabase::database(m_connection);
    if (!database.transaction())
        return failure(database.lastError());
    QSqlQuery query(database);
    if (!query.prepare(QStringLiteral("INSERT INTO deliveries(%1, search) "
                                      "VALUES(?,?,?,?,?,?,?,?,?,?,?,?)")
                           .arg(columns))) {
        database.rollback();
        return failure(query.lastError());
    }
    for (const Delivery &delivery : deliveries) {
        const int outcome = delivery.outcome == Delivery::Outcome::Verified     ? 0
                            : delivery.outcome == Delivery::Outcome::Unverified ? 1
                                                                                : 2;
        const QVariant values[] = {delivery.beganMs, delivery.endedMs, delivery.address,
                                   delivery.account, delivery.client,  delivery.encrypted,
                                   delivery.file,    delivery.size,    delivery.sent,
                                   outcome,          delivery.why,     searchable(delivery)};
        for (int i = 0; i < int(std::size(values)); ++i)
            query.bindValue(i, values[i]);
        if (!query.exec()) {
            const Error error = failure(query.lastError());
            database.rollback();
            return error;
        }
    }
    if (!database.commit()) {
        const Error error = failure(database.lastError());
        database.rollback();
        return error;
    }
    return trim();
}

/// Rows only ever go from the start, or all of them, so the IDs tell how many there are.
Result<> HistoryStore::trim()
{
    QSqlDatabase database = QSqlDatabase::database(m_connection);
    QSqlQuery query(database);
    if (!query.exec(QStringLiteral("SELECT min(id), max(id) FROM deliveries")) || !query.next())
        return failure(query.lastError());
    const qint64 last = query.value(1).toLongLong();
    const qint64 rows = last - query.value(0).toLongLong() + 1;
    query.finish();
    if (rows <= m_rows + qMin(trimStep, m_rows / 10))
        return {};
    return run(database,
               QStringLiteral("DELETE FROM deliveries WHERE id <= %1").arg(last - m_rows));
}

Result<HistoryStore::Page> HistoryStore::search(const QString &text, qint64 most)
{
    const Filter filter(text);
    Page page;
    QSqlQuery query(QSqlDatabase::database(m_connection));
    // A read-only file that is empty has no table, and no history either.
    if (auto counted =
            filter.run(query, QStringLiteral("SELECT count(*) FROM deliveries") + filter.where);
        !counted || !query.next())
        return counted ? failure(query.lastError()) : counted.error();
    page.matches = query.value(0).toLongLong();
    if (auto done = filter.run(query, QStringLiteral("SELECT %1 FROM deliveries%2 "
                                                     "ORDER BY id DESC LIMIT %3")
                                          .arg(columns, filter.where)
                                          .arg(most));
        !done)
        return done.error();
    while (query.next())
        page.rows.append(deliveryOf(query));
    return page;
}

Result<qint64> HistoryStore::writeCsv(const QString &text, QIODevice &to)
{
    const Filter filter(text);
    QSqlQuery query(QSqlDatabase::database(m_connection));
    if (auto done = filter.run(
            query,
            QStringLiteral("SELECT %1 FROM deliveries%2 ORDER BY id").arg(columns, filter.where));
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
    return lines;
}

Result<> HistoryStore::clear()
{
    QSqlDatabase database = QSqlDatabase::database(m_connection);
    if (auto done = run(database, QStringLiteral("DELETE FROM deliveries")); !done)
        return done;
    return run(database, QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"));
}

} // namespace ferry::server
