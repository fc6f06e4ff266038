// SPDX-License-Identifier: MIT
#include "net/base/sqlitefile.h"

#include "net/base/displaytext.h"
#include "net/base/filedescriptor.h"
#include "net/base/privatefile.h"
#include "net/base/translate.h"

#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QVariant>

#include <atomic>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace ferry {

namespace {

QString newConnectionName()
{
    static std::atomic_int last = 0;
    return QStringLiteral("ferry-%1").arg(++last);
}

/// `code`: SQLite's, extended or not; 0 if the error is not from SQLite.
bool isDamage(int code)
{
    switch (code & 0xff) {
    case 1:  // SQLITE_ERROR: no such table or column
    case 11: // SQLITE_CORRUPT
    case 17: // SQLITE_SCHEMA
    case 18: // SQLITE_TOOBIG: the length of a value that is read
    case 24: // SQLITE_FORMAT
    case 26: // SQLITE_NOTADB
        return true;
    default:
        return false;
    }
}

/// With SQLite's other files, in the place of what is there.
bool moveFiles(const QString &from, const QString &to)
{
    const auto name = [](const QString &path, const char *part) {
        return QFile::encodeName(path + QLatin1StringView(part));
    };
    for (const char *part : {"-wal", "-shm"}) {
        ::unlink(name(to, part).constData());
        ::rename(name(from, part).constData(), name(to, part).constData());
    }
    return ::rename(name(from, "").constData(), name(to, "").constData()) == 0;
}

} // namespace

SqliteFile::SqliteFile(QString path, Format format)
    : m_path(std::move(path))
    , m_format(std::move(format))
    , m_connection(newConnectionName())
{
}

Error SqliteFile::failure(const QSqlError &error) const
{
    if (isDamage(error.nativeErrorCode().toInt()))
        return damage(error.databaseText());
    return {ErrorCode::LocalFile,
            QStringLiteral("%1: %2").arg(m_format.name, displayText(error.text()))};
}

Error SqliteFile::damage(const QString &reason) const
{
    return {
        ErrorCode::Damaged,
        tr("%1 in %2 is damaged: %3").arg(m_format.name, displayText(m_path), displayText(reason))};
}

Error SqliteFile::failure(const QSqlQuery &query) const
{
    return failure(query.lastError());
}

void SqliteFile::close()
{
    if (QSqlDatabase::contains(m_connection))
        QSqlDatabase::removeDatabase(m_connection);
}

/// With the right mode, which SQLite gives to its other files. A file that is there is not opened:
/// closing any descriptor of it drops all locks that SQLite has on it in this process.
Result<> SqliteFile::makeFile() const
{
    if (auto folder = privatefile::ensureFolder(QFileInfo(m_path).path()); !folder)
        return folder;
    const FileDescriptor made(
        ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if ((made.valid() || errno == EEXIST) && QFileInfo(m_path).isFile())
        return {};
    return Error{ErrorCode::LocalFile,
                 tr("%1 cannot be kept in %2.").arg(m_format.name, displayText(m_path))};
}

Result<> SqliteFile::open()
{
    if (auto made = makeFile(); !made)
        return made;
    if (auto connected = connect(m_path, {}); !connected)
        return connected;
    if (auto done = setUp(); !done)
        return done;
    return check();
}

Result<> SqliteFile::openReadOnly()
{
    return connect(m_path, QStringLiteral("QSQLITE_OPEN_READONLY"));
}

Result<> SqliteFile::openInMemory()
{
    if (auto connected = connect(QStringLiteral(":memory:"), {}); !connected)
        return connected;
    return setUp();
}

Result<> SqliteFile::connect(const QString &name, const QString &options)
{
    close();
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    database.setDatabaseName(name);
    database.setConnectOptions(options);
    if (!database.open())
        return failure(database.lastError());
    QSqlQuery version(database);
    if (!version.exec(QStringLiteral("PRAGMA user_version")) || !version.next())
        return failure(version);
    if (version.value(0).toInt() > m_format.version)
        return Error{ErrorCode::Invalid, tr("%1 in %2 was made by a later Ferry and is left alone.")
                                             .arg(m_format.name, displayText(m_path))};
    return {};
}

Result<> SqliteFile::setUp()
{
    const QStringList statements =
        QStringList{QStringLiteral("PRAGMA journal_mode=WAL"),
                    QStringLiteral("PRAGMA synchronous=NORMAL")} +
        m_format.setUp +
        QStringList{QStringLiteral("PRAGMA user_version=%1").arg(m_format.version)};
    for (const QString &statement : statements) {
        if (auto done = run(statement); !done)
            return done;
    }
    for (const QString &column : m_format.added) {
        if (hasColumn(column))
            continue;
        const auto made =
            run(QStringLiteral("ALTER TABLE %1 ADD COLUMN %2").arg(m_format.table, column));
        if (!made && !hasColumn(column)) // else another program was faster
            return made;
    }
    return {};
}

bool SqliteFile::hasColumn(const QString &column) const
{
    QSqlQuery columns = query();
    columns.prepare(QStringLiteral("SELECT 1 FROM pragma_table_info(?) WHERE name = ?"));
    columns.bindValue(0, m_format.table);
    columns.bindValue(1, column);
    return columns.exec() && columns.next();
}

Result<> SqliteFile::check()
{
    QSqlQuery checked = query();
    if (!checked.exec(QStringLiteral("PRAGMA quick_check(1)")) || !checked.next())
        return failure(checked);
    if (const QString answer = checked.value(0).toString(); answer != QLatin1StringView("ok"))
        return damage(answer);
    return run(m_format.probe);
}

Result<QString> SqliteFile::startOver(const std::function<Result<>()> &fill)
{
    close();
    QString aside = m_path + QStringLiteral(".damaged");
    for (int number = 2; QFileInfo::exists(aside); ++number)
        aside = m_path + QStringLiteral(".damaged-%1").arg(number);
    if (!moveFiles(m_path, aside))
        return Error{ErrorCode::LocalFile, tr("%1 in %2 is damaged and cannot be put aside.")
                                               .arg(m_format.name, displayText(m_path))};
    Result<> done = open();
    if (done)
        done = fill();
    if (done)
        return aside;
    close();
    moveFiles(aside, m_path);
    return done.error();
}

Result<> SqliteFile::run(const QString &statement)
{
    QSqlQuery one = query();
    if (!one.exec(statement))
        return failure(one);
    return {};
}

Result<> SqliteFile::transaction(const std::function<Result<>(QSqlQuery &)> &work)
{
    QSqlDatabase database = QSqlDatabase::database(m_connection);
    if (!database.transaction())
        return failure(database.lastError());
    Result<> done;
    {
        // Ends before the transaction does: an open statement would keep it open.
        QSqlQuery inside(database);
        done = work(inside);
    }
    if (done && !database.commit())
        done = failure(database.lastError());
    if (!done)
        database.rollback();
    return done;
}

Result<> SqliteFile::rows(const QString &select,
                          const std::function<void(const QSqlQuery &, bool backward)> &take)
{
    QSqlQuery reading = query();
    reading.setForwardOnly(true);
    qint64 last = -1;
    for (const bool backward : {false, true}) {
        const QString order = backward ? QStringLiteral(" WHERE id > %1 ORDER BY id DESC").arg(last)
                                       : QStringLiteral(" ORDER BY id");
        if (reading.exec(QStringLiteral("SELECT id, ") + select + order)) {
            while (reading.next()) {
                last = reading.value(0).toLongLong();
                take(reading, backward);
            }
        }
        if (reading.lastError().isValid() && failure(reading).code == ErrorCode::LocalFile)
            return failure(reading);
    }
    return {};
}

} // namespace ferry
