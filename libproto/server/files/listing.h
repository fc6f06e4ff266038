// SPDX-License-Identifier: MIT
#pragma once

#include "server/files/loggedshares.h"
#include "server/files/replystream.h"
#include "server/limits.h"
#include "wire/extended/extended.h"

namespace ferry::server {

/// The answers to LIST and TREE (docs/PROTOCOL.md), as a stream: memory is bounded by
/// limits::namesInMemory, however many entries there are. A list leaves out what may
/// not be seen; a tree names it.
///
/// The errors are the stream's; what is wrong with the path is a reply.
Result<> answerList(const extended::Request &request, LoggedShares &shares, ReplyStream &stream,
                    bool withInboxes);
Result<> answerTree(const extended::Request &request, LoggedShares &shares, ReplyStream &stream);

} // namespace ferry::server
