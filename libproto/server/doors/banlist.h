// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QHash>
#include <QHostAddress>
#include <QList>
#include <QString>
#include <QStringList>

namespace ferry::server {

/// Addresses that the operator lets in no more. File `bans` in the data folder, 0600, replaced as
/// a whole under a lock, so that `ferryd ban` and a running server never lose each other's change.
///
///     ferry-bans 1
///     ban ADDRESS EPOCHMS
///
/// What is banned is a block (server/addressblock.h). A line that cannot be read is reported and
/// kept as it is; the others hold. Main thread.
class BanList
{
public:
    /// `folder`: the data folder, made when something is written; empty: nothing is read or kept.
    explicit BanList(const QString &folder = {});

    /// Reads the file if it changed; true if it did. LocalFile if that is not possible; the bans
    /// known so far hold on.
    Result<bool> refresh();

    /// One sentence for each line that could not be read, or for the file.
    QStringList problems() const { return m_problems; }

    struct Ban
    {
        QHostAddress block;
        qint64 sinceMs = 0; ///< wall clock, since the epoch
    };
    QList<Ban> list() const; ///< newest first

    bool isBanned(const QHostAddress &address) const;

    /// No error if it was done already. It holds in this process also when the file cannot be
    /// written. LocalFile, TimedOut (the lock), Invalid (too many).
    Result<> ban(const QHostAddress &address);
    Result<> lift(const QHostAddress &address);

private:
    Result<> load();
    void parse(const QByteArray &text);
    QByteArray print() const;
    template <typename Change>
    Result<> change(Change &&apply);

    struct Stamp
    {
        qint64 inode = -1;
        qint64 size = -1;
        qint64 modified = -1; ///< ns
        bool operator==(const Stamp &) const = default;
    };
    Stamp stamp() const;

    const QString m_path; ///< empty: no file
    Stamp m_stamp;
    QHash<QHostAddress, qint64> m_bans; ///< since when, by block
    QList<QByteArray> m_unreadable;     ///< lines
    QStringList m_problems;
};

} // namespace ferry::server
