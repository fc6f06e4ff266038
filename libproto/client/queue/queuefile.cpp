// SPDX-License-Identifier: MIT
#include "client/queue/queuefile.h"

#include "client/disk/localname.h"
#include "client/queue/queuerow.h"
#include "net/base/displaytext.h"
#include "net/base/filedescriptor.h"
#include "net/base/privatefile.h"
#include "net/base/sqliteerror.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <algorithm>
#include <atomic>

#include <fcntl.h>

namespace ferry::client {

namespace {

constexpr int formatVersion = 1;

QString tr(const char *text)
{
    return QCoreApplication::translate("ferry", text);
}

QString newConnectionName()
{
    static std::atomic_int last = 0;
    return QStringLiteral("ferry-queue-%1").arg(++last);
}

/// LocalFile: the file is not to blame, as far as anybody can tell. Protocol: it is damaged.
Error failure(const QSqlError &error)
{
    return {isPassingSqliteError(error.nativeErrorCode().toInt()) ? ErrorCode::LocalFile
                                                                  : ErrorCode::Protocol,
            tr(QT_TRANSLATE_NOOP("ferry", "The queue's file: %1")).arg(displayText(error.text()))};
}

} // namespace

QueueFile::QueueFile(QString path)
    : m_path(std::move(path))
    , m_connection(newConnectionName())
{
}

QueueFile::~QueueFile()
{
    close();
}

void QueueFile::close()
{
    if (QSqlDatabase::contains(m_connection))
        QSqlDatabase::removeDatabase(m_connection);
}

Result<> QueueFile::open()
{
    m_problems.clear();
    if (auto folder = privatefile::ensureFolder(QFileInfo(m_path).path()); !folder)
        return folder;
    // There before SQLite is, with the right mode, which it gives to its other files.
    const FileDescriptor file(
        ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!file.valid() || !QFileInfo(m_path).isFile())
        return Error{ErrorCode::LocalFile,
                     tr(QT_TRANSLATE_NOOP("ferry", "The queue's file %1 cannot be opened."))
                         .arg(displayText(m_path))};
    const Result<> opened = openDatabase(false);
    const Result<bool> sound = opened ? isSound() : Result<bool>(opened.error());
    if (!sound && sound.error().code != ErrorCode::Protocol)
        return sound.error();
    if (sound && sound.value())
        return {};
    return mend();
}

Result<> QueueFile::openToRead()
{
    m_problems.clear();
    if (!QFileInfo::exists(m_path))
        return Error{
            ErrorCode::NotFound,
            tr(QT_TRANSLATE_NOOP("ferry", "There is no queue in %1.")).arg(displayText(m_path))};
    return openDatabase(true);
}

Result<> QueueFile::openDatabase(bool readOnly)
{
    close();
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    database.setDatabaseName(m_path);
    database.setConnectOptions(readOnly
                                   ? QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT="
                                                    "5000")
                                   : QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    if (!database.open())
        return failure(database.lastError());
    QSqlQuery version(database);
    if (!version.exec(QStringLiteral("PRAGMA user_version")) || !version.next())
        return failure(version.lastError());
    if (version.value(0).toInt() > formatVersion)
        return Error{ErrorCode::Invalid,
                     tr(QT_TRANSLATE_NOOP("ferry", "The queue in %1 was made by a later Ferry and "
                                                   "is left alone."))
                         .arg(displayText(m_path))};
    version.finish();
    return readOnly ? Result<>() : prepare();
}

Result<> QueueFile::prepare()
{
    QSqlQuery query(QSqlDatabase::database(m_connection));
    const QStringList statements{
        QStringLiteral("PRAGMA journal_mode=WAL"),
        QStringLiteral("PRAGMA synchronous=NORMAL"),
        QStringLiteral("CREATE TABLE IF NOT EXISTS downloads(id INTEGER PRIMARY KEY, %1)")
            .arg(queuerow::columns()),
        QStringLiteral("PRAGMA user_version=%1").arg(formatVersion),
    };
    for (const QString &statement : statements) {
        if (!query.exec(statement))
            return failure(query.lastError());
    }
    return {};
}

Result<bool> QueueFile::isSound() const
{
    QSqlQuery query(QSqlDatabase::database(m_connection));
    if (!query.exec(QStringLiteral("PRAGMA quick_check(1)")) || !query.next())
        return failure(query.lastError());
    if (query.value(0).toString() != QLatin1StringView("ok"))
        return false;
    if (!query.exec(
            QStringLiteral("SELECT id, %1 FROM downloads LIMIT 1").arg(queuerow::columns())))
        return failure(query.lastError());
    return true;
}

/// From both ends up to the damage.
QList<Download> QueueFile::readable()
{
    QList<Download> forward;
    QList<Download> backward;
    qint64 last = -1;
    qsizetype senseless = 0;
    QSqlQuery query(QSqlDatabase::database(m_connection));
    query.setForwardOnly(true);
    const auto take = [&](QList<Download> &to) {
        last = query.value(0).toLongLong();
        if (auto download = queuerow::read(query))
            to.append(std::move(*download));
        else
            ++senseless;
    };
    m_unread.reset();
    const auto look = [&] {
        if (isPassingSqliteError(query.lastError().nativeErrorCode().toInt()))
            m_unread = failure(query.lastError());
    };
    const QString select = QStringLiteral("SELECT id, %1 FROM downloads ").arg(queuerow::columns());
    if (query.exec(select + QStringLiteral("ORDER BY id"))) {
        while (query.next())
            take(forward);
    }
    look();
    const qint64 end = last;
    if (query.exec(select + QStringLiteral("WHERE id > %1 ORDER BY id DESC").arg(end))) {
        while (query.next())
            take(backward);
    }
    look();
    std::reverse(backward.begin(), backward.end());
    if (senseless > 0)
        m_problems.append(
            tr(QT_TRANSLATE_NOOP("ferry", "%1 downloads of the saved queue make no sense and were "
                                          "left out."))
                .arg(senseless));
    return forward + backward;
}

Result<QList<Download>> QueueFile::rows()
{
    QList<Download> all = readable();
    if (m_unread)
        return *m_unread;
    return all;
}

Result<> QueueFile::mend()
{
    const QList<Download> kept = readable();
    close();
    if (m_unread)
        return *m_unread;
    const QString aside = putAside();
    if (aside.isEmpty())
        return Error{ErrorCode::LocalFile,
                     tr(QT_TRANSLATE_NOOP("ferry", "The queue's file %1 is damaged and cannot be "
                                                   "put aside."))
                         .arg(displayText(m_path))};
    m_problems.append(
        tr(QT_TRANSLATE_NOOP("ferry", "The saved queue is damaged. %1 downloads could be read "
                                      "and were kept; the damaged file is now %2."))
            .arg(QString::number(kept.size()), displayText(aside)));
    const FileDescriptor file(
        ::open(QFile::encodeName(m_path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (auto opened = openDatabase(false); !opened)
        return opened;
    return write(kept, {});
}

/// The new name; empty if it cannot be renamed.
QString QueueFile::putAside() const
{
    QString aside = m_path + QStringLiteral(".damaged");
    for (int number = 2; QFileInfo::exists(aside); ++number)
        aside = m_path + QStringLiteral(".damaged-%1").arg(number);
    if (!QFile::rename(m_path, aside))
        return {};
    for (const char *part : {"-wal", "-shm"}) {
        const QString name = m_path + QLatin1StringView(part);
        if (QFileInfo::exists(name))
            QFile::rename(name, aside + QLatin1StringView(part));
    }
    return aside;
}

Result<> QueueFile::write(const QList<Download> &changed, const QList<quint64> &removed)
{
    if (changed.isEmpty() && removed.isEmpty())
        return {};
    QSqlDatabase database = QSqlDatabase::database(m_connection);
    if (!database.transaction())
        return failure(database.lastError());
    QSqlQuery query(database);
    const auto undo = [&] {
        const Error error = failure(query.lastError());
        query.finish();
        database.rollback();
        return error;
    };
    if (!query.prepare(QStringLiteral("INSERT OR REPLACE INTO downloads(id, %1) VALUES (%2)")
                           .arg(queuerow::columns(), queuerow::placeholders())))
        return undo();
    for (const Download &download : changed) {
        queuerow::bind(query, download);
        if (!query.exec())
            return undo();
    }
    if (!removed.isEmpty() && !query.prepare(QStringLiteral("DELETE FROM downloads WHERE id = ?")))
        return undo();
    for (const quint64 id : removed) {
        query.bindValue(0, qint64(id));
        if (!query.exec())
            return undo();
    }
    query.finish();
    if (!database.commit())
        return undo();
    return {};
}

Result<> QueueFile::trim(qsizetype most)
{
    QSqlQuery query(QSqlDatabase::database(m_connection));
    if (!query.exec(QStringLiteral("DELETE FROM downloads WHERE id IN (SELECT id FROM downloads "
                                   "WHERE state IN (%1, %2, %3) ORDER BY ended DESC, id DESC "
                                   "LIMIT -1 OFFSET %4)")
                        .arg(int(DownloadState::Done))
                        .arg(int(DownloadState::Skipped))
                        .arg(int(DownloadState::Cancelled))
                        .arg(most)))
        return failure(query.lastError());
    return {};
}

} // namespace ferry::client
