// SPDX-License-Identifier: MIT
/// What a server's refusals mean here.
#pragma once

#include "wire/extended/extendedclientsession.h"
#include "wire/result.h"

#include <QByteArray>

#include <span>

namespace ferry::client {

/// What a token means.
struct Meaning
{
    const char *token;
    ErrorCode code;
    const char *text; ///< marked by QT_TRANSLATE_NOOP("ferry", …)
};

/// Of an event of kind Refused. NotFound, RemoteChanged, CutShort, Cancelled; else Protocol.
Error refusalError(const ExtendedEvent &event);
/// The same where its tokens have these meanings; of all others Protocol.
Error refusalError(const ExtendedEvent &event, std::span<const Meaning> meanings);

/// Of a request that the server does not offer, so that it is not made.
Error notOffered(extended::Verb verb);

/// Why something is missing in the tree of a folder: `reason` is the token of `#SKIPPED`.
Error leftOutError(const QByteArray &reason);

} // namespace ferry::client
