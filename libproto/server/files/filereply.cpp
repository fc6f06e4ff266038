// SPDX-License-Identifier: MIT
#include "server/files/filereply.h"

#include "net/base/displaytext.h"
#include "server/files/filefacts.h"
#include "wire/extended/sumname.h"

#include <algorithm>
#include <utility>
#include <vector>

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
    m_sent.add(request.path, facts, subject.file, sum);
    return m_stream.line(extended::done(facts.length, sumName + sum, range.grown));
}

/// Null, or the token of what went wrong in the middle.
Result<const char *> FileReply::sendBody(Range &range, QByteArray &sum, qint64 &sent)
{
    m_checksum.reset();
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
        m_checksum.add(chunk.value());
        sent += chunk.value().size();
    }
    if (!isIntact(range))
        return "CHANGED";
    sum = m_checksum.hex();
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
    const auto sent = m_sent.take(request.path, request.id);
    if (!sent)
        return m_stream.line(extended::refusal("NOTFOUND"));
    m_counters.addVerified(1, sent->counted);
    m_deliveries.confirmed({displayText(request.path.toBytes()), request.id, sent->size});
    return m_stream.line(extended::success("RECEIPT"));
}

Result<> FileReply::receipts(const extended::Request &request)
{
    const SentFiles::Run run = m_sent.check(request.first, request.count, request.sum);
    if (run != SentFiles::Run::Known)
        return m_stream.line(
            extended::refusal(run == SentFiles::Run::Unknown ? "NOTFOUND" : "MISMATCH"));
    std::vector<DeliveryReporter::Subject> files;
    files.reserve(size_t(request.count));
    for (SentFiles::File &file : m_sent.takeRun(request.first, request.count))
        files.push_back({std::move(file.name), std::move(file.id), file.size});
    m_counters.addVerified(request.count);
    m_deliveries.confirmedAll(files);
    return m_stream.line(extended::success("RECEIPTS"));
}

} // namespace ferry::server
