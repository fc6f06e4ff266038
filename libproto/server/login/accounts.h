// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/recordfile.h"
#include "net/limits.h"
#include "net/login/sasl.h"
#include "wire/result.h"

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QMutex>
#include <QString>
#include <QStringList>

#include <functional>

namespace ferry::server {

/// Whom `AUTH` and clients that name nobody log into.
inline constexpr char defaultAccount[] = "ferry";

/// Who may log in: names with salted verifiers, never passwords. File `accounts` in the data
/// folder, 0600, replaced as a whole under a lock, so that `ferryd account add` and a running
/// server never lose each other's change; a server sees the change at the next login.
///
///     ferry-accounts 1
///     secret BASE64
///     account NAME scram-sha-256 ITERATIONS SALT STOREDKEY SERVERKEY
///
/// A line that cannot be read is reported and kept as it is. Any thread.
class Accounts
{
public:
    /// `folder`: the data folder, made when something is written; empty: nothing is read or
    /// kept. No file is no error: then there are no accounts.
    explicit Accounts(const QString &folder);

    /// Reads the file if it changed. LocalFile if that is not possible; the accounts known so
    /// far stay valid. lookup(), verify() and list() do so themselves.
    Result<> refresh();

    /// One sentence for each line that could not be read, or for the file.
    QStringList problems() const;

    struct Entry
    {
        QByteArray name;
        int iterations = 0;
        bool stored = true; ///< in the file, not only in this process
    };
    QList<Entry> list() const; ///< by name

    /// New, or with a new password. 4,096 iterations for a generated password, 600,000 for one
    /// that a person made up. Invalid (password; name, also a new one that isReservedName()),
    /// LocalFile, TimedOut (the lock).
    Result<> add(const QByteArray &name, const QByteArray &password);

    /// NotFound, LocalFile, TimedOut.
    Result<> remove(const QByteArray &name);

    /// For this process only, and before what the file says. Invalid.
    Result<> addTransient(const QByteArray &name, const QByteArray &password);

    /// For sasl::ScramServer. A name that does not exist gets a verifier that looks like one, is
    /// always the same for the same name, and fits no password.
    sasl::ScramServer::Account lookup(const QByteArray &name) const;

    /// For `AUTH`: derives, which takes its time, the same for a name that does not exist. To be
    /// called with a pass of the VerifyGate.
    bool verify(const QByteArray &name, const QByteArray &password) const;

    /// Letters, digits, `.`, `_` and `-`, at most limits::accountNameBytes.
    static bool isValidName(const QByteArray &name);

private:
    struct Content
    {
        QByteArray secret;
        QMap<QByteArray, sasl::Verifier> accounts;
        RecordFile::Damaged damaged;
    };
    Content parse(const QByteArray &text) const;
    static QByteArray print(const Content &content);
    Result<> load() const;
    Result<> change(const std::function<Result<>(Content &)> &apply);
    sasl::Verifier pretended(const QByteArray &name) const;

    mutable QMutex m_mutex; ///< guards all below, not held while deriving
    mutable Content m_content;
    mutable RecordFile m_file;
    QMap<QByteArray, sasl::Verifier> m_transient;
    QByteArray m_ownSecret; ///< until the file has one
};

} // namespace ferry::server
