// SPDX-License-Identifier: MIT
#include "server/files/filereply.h"

#include "net/base/checksum.h"
#include "net/base/displaytext.h"
#include "server/files/filefacts.h"
#include "server/limits.h"
#include "wire/extended/sumname.h"

#include <xxhash.h>

#include <algorithm>

namespace ferry::server {

namespace {

using extended::sumName;

} // namespace

/// Is the open file still what it was when the answer began, or does it begin so?
bool FileReply::isIntact(Range &range)
{
    struct stat now = {};
    if (::fstat(range.node.descriptor.get(), &now) != 0)
        return false;
    if (sameContent(now, range.node.status))
        return true;
    range.grown = range.mayGrow && now.st_size > range.facts.size;
    return range.grown;
}

FileReply::ReceiptKey FileReply::receiptKey(const VirtualPath &path, const QByteArray &id) const
{
    const QByteArray text = path.toBytes() + '\0' + id;
    const XXH128_hash_t digest =
        XXH3_128bits_withSeed(text.constData(), size_t(text.size()), m_seed);
    return {digest.high64, digest.low64};
}

Result<std::optional<FileReply::Range>> FileReply::open(const extended::Request &request)
{
    const auto refuse = [](Result<> sent) -> Result<std::optional<Range>> {
        if (!sent)
            return sent.error();
        return std::optional<Range>();
    };
    auto node = m_shares.open(request.path);
    if (!node)
        return refuse(m_stream.line(
            extended::refusal(request.path.isRoot() ? "ISFOLDER" : refusalToken(node.error()))));
    if (node.value().isFolder())
        return refuse(m_stream.line(extended::refusal("ISFOLDER")));

    Range range{node.take(), {}, request.grown};
    range.facts = factsOf(range.node.status);
    extended::FileFacts &facts = range.facts;
    if (facts.executable && !keepsModes(range.node.descriptor.get(), range.node.status))
        facts.executable = false;
    if (request.grown && !request.id.isEmpty() && request.id != facts.id) {
        if (const auto before = factsBefore(range.node.status, request.id)) {
            const bool executable = facts.executable;
            facts = *before;
            facts.executable = executable;
            range.grown = true;
        }
    }
    if (!request.id.isEmpty() && request.id != facts.id)
        return refuse(m_stream.line(extended::refusal("CHANGED", facts.size, facts.id)));
    if (request.offset > facts.size || request.length.value_or(0) > facts.size - request.offset)
        return refuse(m_stream.line(extended::refusal("RANGE", facts.size, facts.id)));
    facts.offset = request.offset;
    const qint64 rest = facts.size - request.offset;
    facts.length = request.length.value_or(std::min(rest, request.most.value_or(rest)));
    return std::optional(std::move(range));
}

Result<> FileReply::get(const extended::Request &request)
{
    auto opened = open(request);
    if (!opened)
        return opened.error();
    if (!opened.value())
        return {};
    Range &range = *opened.value();
    const extended::FileFacts &facts = range.facts;
    const DeliveryReporter::Subject subject{displayText(request.path.toBytes()), facts.id,
                                            facts.size};
    m_counters.beginFile(subject.file, facts.size, facts.offset);
    if (auto sent = m_stream.line(extended::file(facts)); !sent)
        return sent;

    QByteArray sum;
    qint64 sent = 0;
    const auto refusal = sendBody(range, sum, sent);
    if (!refusal) {
        m_counters.endFile(false);
        m_deliveries.brokenOff(subject, sent, {});
        return refusal.error();
    }
    if (refusal.value()) {
        m_counters.abandonFile();
        m_deliveries.brokenOff(subject, sent, QLatin1StringView(refusal.value()));
        return m_stream.line(extended::refusal(refusal.value()));
    }
    // Of a file that is fetched in parts, the receipt tells when it is complete.
    const bool whole = facts.length == facts.size;
    m_counters.endFile(true, whole);
    m_deliveries.sent(subject, facts.length);
    remember(receiptKey(request.path, facts.id), facts, whole);
    return m_stream.line(extended::done(facts.length, sumName + sum, range.grown));
}

/// Null, or the token of what went wrong in the middle.
Result<const char *> FileReply::sendBody(Range &range, QByteArray &sum, qint64 &sent)
{
    Checksum checksum;
    const extended::FileFacts &facts = range.facts;
    while (sent < facts.length) {
        if (sent > 0) {
            const auto end = m_stream.cancelled();
            if (!end)
                return end.error();
            if (end.value())
                return "CANCELLED";
        }
        const auto chunk =
            m_stream.chunk(range.node.descriptor.get(), facts.offset + sent, facts.length - sent);
        if (!chunk && chunk.error().code == ErrorCode::LocalFile)
            return "READ";
        if (!chunk)
            return chunk.error();
        if (chunk.value().isEmpty())
            return "CHANGED";
        checksum.add(chunk.value());
        sent += chunk.value().size();
    }
    if (!isIntact(range))
        return "CHANGED";
    sum = checksum.hex();
    return nullptr;
}

Result<> FileReply::sum(const extended::Request &request)
{
    auto opened = open(request);
    if (!opened)
        return opened.error();
    if (!opened.value())
        return {};
    Range &range = *opened.value();
    const extended::FileFacts &facts = range.facts;
    std::optional<Error> broken;
    const auto result =
        checksumOfRange(range.node.descriptor.get(), facts.offset, facts.length, [&](qint64) {
            const auto end = m_stream.pulse();
            if (!end)
                broken = end.error();
            return end && !end.value();
        });
    if (broken)
        return *broken;
    if (!result)
        return m_stream.line(
            extended::refusal(result.error().code == ErrorCode::Cancelled ? "CANCELLED" : "READ"));
    if (result.value().bytes != facts.length || !isIntact(range))
        return m_stream.line(extended::refusal("CHANGED"));
    return m_stream.line(extended::sum(facts, sumName + result.value().hex, range.grown));
}

Result<> FileReply::receipt(const extended::Request &request)
{
    const ReceiptKey key = receiptKey(request.path, request.id);
    const auto known = m_sent.find(key);
    if (known == m_sent.end())
        return m_stream.line(extended::refusal("NOTFOUND"));
    const Sent sent = known->second;
    m_sent.erase(known);
    m_counters.addVerified(sent.counted);
    m_deliveries.confirmed({displayText(request.path.toBytes()), request.id, sent.size});
    return m_stream.line(extended::success("RECEIPT"));
}

bool FileReply::isInParts() const
{
    return std::any_of(m_sent.begin(), m_sent.end(),
                       [](const auto &sent) { return !sent.second.counted; });
}

bool FileReply::finishes(const extended::Request &request)
{
    if (request.verb != extended::Verb::Get && request.verb != extended::Verb::Receipt)
        return false;
    const auto known = m_sent.find(receiptKey(request.path, request.id));
    if (known == m_sent.end() || request.verb == extended::Verb::Receipt)
        return known != m_sent.end();
    Sent &sent = known->second;
    const qint64 asked = request.length.value_or(sent.size);
    if (sent.counted || asked > sent.size - sent.finishing)
        return false;
    sent.finishing += std::max(asked, limits::leastPart);
    return true;
}

void FileReply::remember(const ReceiptKey &key, const extended::FileFacts &facts, bool counted)
{
    if (const auto known = m_sent.find(key); known != m_sent.end()) {
        known->second.counted = known->second.counted || counted;
        return;
    }
    m_sentInOrder.push_back(key);
    m_sent.emplace(key, Sent{facts.size, counted, 0});
    // Acknowledged ones leave the table at once and the list when their turn comes.
    while (m_sentInOrder.size() > size_t(limits::receiptsAwaited)) {
        m_sent.erase(m_sentInOrder.front());
        m_sentInOrder.pop_front();
    }
}

} // namespace ferry::server
