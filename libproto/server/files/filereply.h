// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/checksum.h"
#include "server/files/loggedshares.h"
#include "server/files/replystream.h"
#include "server/files/sentfiles.h"
#include "server/pacing/sessioncounters.h"
#include "server/records/delivery.h"
#include "wire/extended/extended.h"

#include <optional>

namespace ferry::server {

/// The answers to GET, SUM, RECEIPT and RECEIPTS (docs/PROTOCOL.md) on one connection.
///
/// The errors are the stream's; what is wrong with the request or the file is a reply.
class FileReply
{
public:
    FileReply(LoggedShares &shares, ReplyStream &stream, SessionCounters &counters,
              DeliveryReporter &deliveries)
        : m_shares(shares)
        , m_stream(stream)
        , m_counters(counters)
        , m_deliveries(deliveries)
    {
    }

    Result<> get(const extended::Request &request);
    Result<> sum(const extended::Request &request);
    Result<> receipt(const extended::Request &request);
    Result<> receipts(const extended::Request &request);

    /// Something went out, and no receipt has come.
    bool awaitsReceipts() const { return m_sent.any(); }

    /// Of a file that was asked for in parts something went out, and no receipt has come.
    bool isInParts() const { return m_sent.hasParts(); }

    /// Is this what a file needs to be finished that has begun to go out? For a server that drains.
    bool finishes(const extended::Request &request) { return m_sent.finishes(request); }

private:
    struct Range
    {
        OpenNode node;
        extended::FileFacts facts;
        bool mayGrow = false;
        bool grown = false; ///< it is longer than `facts` say, and the client knows what to do
    };
    static bool isIntact(Range &range);
    /// Nothing if the refusal was sent.
    Result<std::optional<Range>> open(const extended::Request &request);
    Result<const char *> sendBody(Range &range, QByteArray &sum, qint64 &sent);

    LoggedShares &m_shares;
    ReplyStream &m_stream;
    SessionCounters &m_counters;
    DeliveryReporter &m_deliveries;
    SentFiles m_sent;
    Checksum m_checksum; ///< of the answer that goes out
};

} // namespace ferry::server
