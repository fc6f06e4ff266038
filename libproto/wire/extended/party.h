// SPDX-License-Identifier: MIT
/// Whom a message goes to and whom a note is from, and where a gift lies: docs/PROTOCOL.md,
/// "People".
#pragma once

#include "wire/virtualpath.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace ferry::extended {

struct Party
{
    enum class Kind {
        Operator, ///< the person at the server
        Server,   ///< the program itself; nobody writes to it
        All,      ///< everybody; nothing is from them
        Session,
    };
    Kind kind = Kind::Operator;
    qint64 session = 0; ///< of Session: its number, at least 1

    bool operator==(const Party &) const = default;
};

/// `operator`, `server`, `all`, or the number of a session.
std::optional<Party> parseParty(QByteArrayView word);
QByteArray partyWord(const Party &party);

/// The place of one file that is given to one person: `/@12/name` where it is put, `/@12/7/name`
/// for who gave it, `/@me/7/name` for who is given it.
struct GiftPath
{
    std::optional<qint64> session; ///< who is given it; nothing: whoever says the path
    std::optional<qint64> number;  ///< of the gift; nothing: it is to be put there
    QByteArray name;               ///< decoded

    VirtualPath path() const;
    bool operator==(const GiftPath &) const = default;
};

/// Nothing if `path` is any other.
std::optional<GiftPath> giftPath(const VirtualPath &path);

/// What may be said in one message: UTF-8 without NUL, neither empty nor longer than
/// limits::messageBytes.
bool isMessage(QByteArrayView text);

} // namespace ferry::extended
