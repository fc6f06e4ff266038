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
    QString address;     ///< as it was typed: `user@host:port`
    QString name;        ///< that the person gave it; empty: none
    QString folder = {}; ///< where its files are saved; empty: where those of all others are

    bool operator==(const SavedServer &) const = default;

    /// Its name, else its address.
    QString shown() const { return name.isEmpty() ? address : name; }
    /// The others go when newer ones come.
    bool isKept() const { return !name.isEmpty() || !folder.isEmpty(); }
};

namespace savedservers {

/// Of those that go when newer ones come, and of the others.
inline constexpr qsizetype maxRecent = 10;
inline constexpr qsizetype maxKept = 200;
inline constexpr qsizetype longestName = 64; ///< characters

/// As in the settings file: one `ADDRESS` or `ADDRESS NAME` each, and one `ADDRESS FOLDER` for
/// those that have a folder. What is none is left out.
QList<SavedServer> parse(const QStringList &lines, const QStringList &folderLines = {});
QStringList lines(const QList<SavedServer> &servers);
QStringList folderLines(const QList<SavedServer> &servers);

/// Whether both mean the same host, port and account, whichever way they are written.
bool isSame(const QString &oneAddress, const QString &otherAddress);

/// Nothing: it is not in the list.
const SavedServer *find(const QList<SavedServer> &servers, const QString &address);

/// With this one first, as it was used last. Name and folder are for one that is new; others keep
/// theirs, also if that is none.
QList<SavedServer> withUsed(QList<SavedServer> servers, const SavedServer &used);

/// Under another name; an empty one takes it away. One that is not in the list comes last.
QList<SavedServer> withName(QList<SavedServer> servers, const QString &address,
                            const QString &name);

/// With another folder; an empty one takes it away. One that is not in the list comes last.
QList<SavedServer> withFolder(QList<SavedServer> servers, const QString &address,
                              const QString &folder);

QList<SavedServer> without(QList<SavedServer> servers, const QString &address);

} // namespace savedservers

} // namespace ferry::gui
