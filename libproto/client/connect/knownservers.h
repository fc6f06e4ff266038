// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QString>
#include <QStringList>

#include <functional>

namespace ferry::client {

/// The pins: which certificate belongs to which server, as a person once agreed. A text file with
/// one `HOST:PORT sha256:HEX` per line, 0600, replaced as a whole under a lock, so that several
/// programs of one person never lose each other's entries. Lines that cannot be read, and comments
/// (`#`), are kept. Nothing is kept in memory, so any thread.
class KnownServers
{
public:
    /// `path`: the file itself; it, and its folder, is made when the first pin is saved.
    explicit KnownServers(const QString &path);

    enum class Match {
        Unknown, ///< nobody agreed to anything yet
        Same,
        Changed, ///< another one is saved: send nothing
    };
    struct Answer
    {
        Match match = Match::Unknown;
        QByteArray saved; ///< fingerprint, unless Unknown
    };
    /// `fingerprint` as from TlsChannel::peerFingerprint(). LocalFile if the file cannot be read:
    /// then nobody is known, and nobody may be taken for new. Damaged if a line of the file that
    /// may be about this very server is, for the same reason.
    Result<Answer> lookup(const QString &host, quint16 port, const QByteArray &fingerprint) const;

    /// Saves or replaces the pin. Only after the server proved that it knows the password
    /// (sasl::ScramClient::finished) or a person said so. LocalFile, TimedOut (the lock),
    /// Invalid (a fingerprint or host that is none).
    Result<> save(const QString &host, quint16 port, const QByteArray &fingerprint);

    /// What was there of it, as HOST:PORT; a damaged line goes as well. Port 0: all of the host.
    Result<QByteArrayList> remove(const QString &host, quint16 port);

    struct Entry
    {
        QByteArray server; ///< `HOST:PORT`
        QByteArray fingerprint;
    };
    /// All that have this fingerprint, as HOST:PORT: the same server at other addresses. None where
    /// the file cannot be read.
    QByteArrayList serversWith(const QByteArray &fingerprint) const;

    /// In the order of the file. Damaged lines go, as a sentence each, to `problems`.
    Result<QList<Entry>> list(QStringList *problems = nullptr) const;

    /// `host:port`, the host in lower case, IPv6 addresses in their shortest form and in
    /// brackets. Empty if it cannot be a host.
    static QByteArray key(const QString &host, quint16 port);

private:
    using Condition = std::function<bool(const QByteArray &server)>;
    Result<> change(const Condition &isMeant, const QByteArray &line);

    const QString m_path;
};

} // namespace ferry::client
