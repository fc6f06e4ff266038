// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/extendedconversation.h"
#include "wire/extended/extended.h"
#include "wire/result.h"
#include "wire/virtualpath.h"

#include <functional>

namespace ferry::client {

/// What is called while a tree is read.
struct TreeSink
{
    /// For each entry, called by its path below the top. False: that is enough; the rest of an
    /// answer may still be on its way.
    std::function<Result<bool>(const extended::Entry &)> entry;
    /// Again and again while nothing comes.
    std::function<void()> waiting;
    /// After each folder that is asked for by itself.
    std::function<void()> folderEnd;
};

/// Reads everything below a folder, over a connection that is logged in: with TREE, or folder by
/// folder with LIST where the server has no TREE. Folders below the top that cannot be read are
/// left out. `folderBytes`: what the folders that wait to be read may take here, 0:
/// listingMemory(). Errors of a refused top; Protocol; what ends the connection.
Result<> readTree(ExtendedConversation &conversation, const VirtualPath &top, qint64 folderBytes,
                  const TreeSink &sink);

} // namespace ferry::client
