// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace ferry::gui {

/// A server that somebody connected to, or saved. Its fingerprint is a matter of
/// client::KnownServers, its password one of the keychain.
struct SavedServer
{
    QString address; ///< as it was typed: `user@host:port`
    QString name;    ///< that the person gave it; empty: none, and it goes when newer ones come

    bool operator==(const SavedServer &) const = default;

    /// Its name, else its address.
    QString shown() const { return name.isEmpty() ? address : name; }
};

namespace savedservers {

/// Without a name, and with one.
inline constexpr qsizetype maxRecent = 10;
inline constexpr qsizetype maxNamed = 200;
inline constexpr qsizetype longestName = 64; ///< characters

/// One `ADDRESS` or `ADDRESS NAME` each, as in the settings file; what is none is left out.
QList<SavedServer> parse(const QStringList &lines);
QStringList lines(const QList<SavedServer> &servers);

/// Whether both mean the same host, port and account, whichever way they are written.
bool isSame(const QString &oneAddress, const QString &otherAddress);

/// Nothing: it is not in the list.
const SavedServer *find(const QList<SavedServer> &servers, const QString &address);

/// With this one first, as it was used last. The name is for one that is new; others keep theirs,
/// also if that is none.
QList<SavedServer> withUsed(QList<SavedServer> servers, const SavedServer &used);

/// Under another name; an empty one takes it away. One that is not in the list comes last.
QList<SavedServer> withName(QList<SavedServer> servers, const QString &address,
                            const QString &name);

QList<SavedServer> without(QList<SavedServer> servers, const QString &address);

} // namespace savedservers

} // namespace ferry::gui
