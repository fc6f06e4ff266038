// SPDX-License-Identifier: MIT
#pragma once

#include "server/files/loggedshares.h"
#include "server/files/replystream.h"
#include "server/pacing/sessioncounters.h"
#include "server/records/delivery.h"
#include "wire/extended/extended.h"

#include <QRandomGenerator>

#include <deque>
#include <map>
#include <utility>

namespace ferry::server {

/// The answers to GET, SUM and RECEIPT (docs/PROTOCOL.md) on one connection.
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

    /// Of a file that was asked for in parts something went out, and no receipt has come.
    bool isInParts() const;

    /// Is this what a file needs to be finished that has begun to go out: another part, or its
    /// receipt? For a server that drains, so what is asked for is counted: once a whole file's
    /// worth, it is over.
    bool finishes(const extended::Request &request);

private:
    /// A digest of path and token: a table of paths could be as large as a peer likes. It is made
    /// twice for each file, so it is a quick one; who does not know the seed cannot make two that
    /// are equal.
    using ReceiptKey = std::pair<quint64, quint64>;
    ReceiptKey receiptKey(const VirtualPath &path, const QByteArray &id) const;

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
    void remember(const ReceiptKey &key, const extended::FileFacts &facts, bool counted);

    LoggedShares &m_shares;
    ReplyStream &m_stream;
    SessionCounters &m_counters;
    DeliveryReporter &m_deliveries;
    const quint64 m_seed = QRandomGenerator::system()->generate64();

    struct Sent
    {
        qint64 size = 0;
        bool counted = false; ///< as a file of its own: it went out as a whole
        qint64 finishing = 0; ///< bytes asked for while the server drains
    };
    // Not a QHash: without memory its insert() ends the program.
    std::map<ReceiptKey, Sent> m_sent;    ///< what may be acknowledged
    std::deque<ReceiptKey> m_sentInOrder; ///< the same, oldest first
};

} // namespace ferry::server
