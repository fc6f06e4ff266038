// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/extendedconversation.h"
#include "wire/result.h"
#include "wire/virtualpath.h"

#include <QByteArray>

#include <functional>

namespace ferry::client {

/// How a file of the server begins.
struct RemoteContent
{
    QByteArray bytes;
    qint64 size = 0; ///< of the whole file
};

/// Reads at most `most` bytes of a file over a connection that is logged in, and compares their
/// checksum with the server's. `waiting` is called again and again while nothing comes. Errors of a
/// refusal; ChecksumMismatch, Protocol; what ends the connection.
Result<RemoteContent> readBeginning(ExtendedConversation &conversation, const VirtualPath &path,
                                    qint64 most, const std::function<void()> &waiting);

} // namespace ferry::client
