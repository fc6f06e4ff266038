// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/recordfile.h"
#include "wire/result.h"

#include <QDeadlineTimer>
#include <QHash>
#include <QHostAddress>
#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace ferry::server {

/// Addresses that the operator has banned. File `bans` in the data folder, 0600, replaced as
/// a whole under a lock, so that `ferryd ban` and a running server never lose each other's change.
///
///     ferry-bans 1
///     ban ADDRESS EPOCHMS
///
/// What is banned is a block (addressblock.h). A line that cannot be read is reported and kept as
/// it is; the others are in force. Main thread.
class BanList
{
public:
    /// `folder`: the data folder, made when something is written; empty: nothing is read or kept.
    explicit BanList(const QString &folder = {});

    /// Reads the file if it changed; true if it did. LocalFile if that is not possible; the bans
    /// known so far stay in force.
    Result<bool> refresh();

    /// One sentence for each line that could not be read, or for the file.
    QStringList problems() const { return m_damaged.problems; }

    struct Ban
    {
        QHostAddress block;
        qint64 sinceMs = 0; ///< wall clock, since the epoch
        qint64 untilMs = 0; ///< likewise; 0: until it is lifted
    };
    QList<Ban> list() const; ///< newest first

    bool isBanned(const QHostAddress &address) const;

    /// No error if it was done already. In force in this process even if the file cannot be
    /// written; then it is written with the next change. LocalFile, TimedOut (the lock), Invalid
    /// (too many).
    Result<> ban(const QHostAddress &address);
    /// For that long, unless it is banned already. Never in the file: it ends with this process.
    /// Invalid (too many).
    Result<> banFor(const QHostAddress &address, std::chrono::milliseconds time);
    Result<> lift(const QHostAddress &address);

private:
    void parse(const QByteArray &text);
    QByteArray print() const;
    QList<Ban> inFile() const;
    qsizetype count() const { return m_bans.size() + m_temporary.size(); }
    void applyUnwritten();
    Result<> change(const QHostAddress &block, std::optional<qint64> since);

    RecordFile m_file;
    QHash<QHostAddress, qint64> m_bans;                     ///< since when, by block
    QHash<QHostAddress, std::optional<qint64>> m_unwritten; ///< changes; nothing: lifted
    RecordFile::Damaged m_damaged;

    struct Temporary
    {
        qint64 sinceMs = 0;
        qint64 untilMs = 0;
        QDeadlineTimer end; ///< whatever becomes of the wall clock
    };
    QHash<QHostAddress, Temporary> m_temporary; ///< by block
};

} // namespace ferry::server
