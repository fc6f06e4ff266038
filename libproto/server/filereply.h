// SPDX-License-Identifier: MIT
#pragma once

#include "server/replystream.h"
#include "server/sessioncounters.h"
#include "server/share.h"
#include "wire/extended.h"

#include <QSet>

namespace ferry::server {

/// The answers to GET, SUM and RECEIPT (docs/PROTOCOL.md) on one connection.
///
/// The errors are the stream's; what is wrong with the request or the file is a reply.
class FileReply
{
public:
    FileReply(const ShareSet &shares, ReplyStream &stream, SessionCounters &counters)
        : m_shares(shares)
        , m_stream(stream)
        , m_counters(counters)
    {
    }

    Result<> get(const extended::Request &request);
    Result<> sum(const extended::Request &request);
    Result<> receipt(const extended::Request &request);

private:
    struct Range
    {
        OpenNode node;
        extended::FileFacts facts;
    };
    /// Nothing if the refusal was sent.
    Result<std::optional<Range>> open(const extended::Request &request);
    Result<const char *> sendBody(const Range &range, QByteArray &sum);
    void remember(const QByteArray &key);

    const ShareSet &m_shares;
    ReplyStream &m_stream;
    SessionCounters &m_counters;
    QSet<QByteArray> m_sent;      ///< path and token of what may be acknowledged
    QByteArrayList m_sentInOrder; ///< the same, oldest first
};

} // namespace ferry::server
