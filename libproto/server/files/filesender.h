// SPDX-License-Identifier: MIT
#pragma once

#include "net/channel/channel.h"
#include "server/files/share.h"
#include "server/serverconfig.h"

namespace ferry::server {

class Pacer;
class SessionCounters;

/// Sends the whole of `file` as it was when it was opened: exactly file.size bytes.
/// CutShort: the peer is gone. LocalFile: the file shrank meanwhile, or cannot be read.
/// TimedOut: the peer took nothing for config.noProgressTime, or less than
/// config.minimumRate over config.minimumRateWindow. As fast as `pacer` lets it.
Result<> sendWholeFile(Channel &channel, const OpenFile &file, const ServerConfig &config,
                       Pacer &pacer, SessionCounters &counters);

} // namespace ferry::server
