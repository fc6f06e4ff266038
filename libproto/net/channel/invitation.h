// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QString>

namespace ferry {

/// What one person hands to another so that they find a server and know it again, in one piece:
/// `ferry://[USER@]HOST[:PORT][/PATH][?fp=sha256:HEX]`. It comes from anywhere, and names nothing
/// secret: never a password.
struct Invitation
{
    QString address;        ///< `user@host:port`, for client::parseAddress() to look at
    QByteArray path;        ///< of a file or folder, `/Photos/2026`; empty: none is named
    QByteArray fingerprint; ///< `sha256:` and 64 digits; empty: none is named

    /// The link.
    QString toText() const;

    /// Whether `text` is meant as one, right or wrong.
    static bool isMeant(const QString &text);

    /// Invalid with a sentence: what cannot be understood is never half understood. Unknown keys
    /// after the `?` are for later versions.
    static Result<Invitation> parse(const QString &text);

    static constexpr qsizetype longest = 4096; ///< characters
};

} // namespace ferry
