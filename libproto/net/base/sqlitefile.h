// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QStringList>

#include <functional>

class QSqlError;

namespace ferry {

/// A database in an SQLite file that only its owner may read, with a table whose key is `id`.
/// Several programs may write at once. One thread, which may have to wait for the disk.
///
/// Errors: LocalFile is the computer's trouble (a full disk, no descriptors, another program); it
/// may pass, and the file is left as it is. Damaged.
class SqliteFile
{
public:
    struct Format
    {
        QString name; ///< what a person calls it: "The history"
        int version;
        QStringList setUp;      ///< statements that an existing file accepts too
        QString probe;          ///< a query that a sound file answers
        QString table = {};     ///< the one that `added` is about
        QStringList added = {}; ///< columns that a file of an older Ferry lacks; they are made
    };
    SqliteFile(QString path, Format format);
    ~SqliteFile() { close(); }
    SqliteFile(const SqliteFile &) = delete;
    SqliteFile &operator=(const SqliteFile &) = delete;

    const QString &path() const { return m_path; }

    /// Makes the file if it is not there, and checks it. After Damaged it is still open, for
    /// rows(). Invalid: it is of a later Ferry.
    Result<> open();
    Result<> openReadOnly();
    Result<> openInMemory();
    void close();

    /// Puts the damaged file aside, opens a new one and fills it: the new name of the old one. If
    /// that fails, the old one is put back. LocalFile, errors of `fill`.
    Result<QString> startOver(const std::function<Result<>()> &fill);

    /// Of the format's table. A file that is only read may lack what was added.
    bool hasColumn(const QString &column) const;

    QSqlQuery query() const { return QSqlQuery(QSqlDatabase::database(m_connection)); }
    Result<> run(const QString &statement);

    /// All that `work` does, or nothing of it.
    Result<> transaction(const std::function<Result<>(QSqlQuery &)> &work);

    /// The rows of `select`, which names columns and table: by id up to the first damage, then
    /// from the end (`backward`). LocalFile: not all could be read now.
    Result<> rows(const QString &select,
                  const std::function<void(const QSqlQuery &, bool backward)> &take);

    /// What a statement failed of.
    Error failure(const QSqlQuery &query) const;

private:
    Result<> makeFile() const;
    Result<> connect(const QString &name, const QString &options);
    Result<> setUp();
    Result<> check();
    Error failure(const QSqlError &error) const;
    Error damage(const QString &reason) const;

    const QString m_path;
    const Format m_format;
    const QString m_connection; ///< Qt's name for it, unique in the process
};

} // namespace ferry
