// SPDX-License-Identifier: MIT
// ExtendedConversation: files in shares, and those from one person to another.
#include "net/base/displaytext.h"
#include "server/session/extendedconversation.h"

namespace ferry::server {

using extended::Request;
using extended::Verb;

/// What answers for this path, if it is no share's. Null where nobody keeps gifts: then it is a
/// path like any other, and there is no such share.
GiftReply *ExtendedConversation::giftsFor(const VirtualPath &path)
{
    if (!GiftReply::isPlace(path) || !m_parts.context->gifts)
        return nullptr;
    if (!m_gifts)
        m_gifts = std::make_unique<GiftReply>(
            m_parts, m_parts.context->gifts, m_stream, m_parts.presence->who().account,
            [this](const QString &text) { log(LogKind::Warning, text); },
            [this](const QString &text) { log(LogKind::Status, text); });
    return m_gifts.get();
}

/// True if the content is awaited now.
Result<bool> ExtendedConversation::beginUpload(const Request &request)
{
    GiftReply *const gifts = giftsFor(request.path);
    if (!gifts)
        return m_uploads.put(request);
    // Answers keep their order.
    if (auto settled = m_uploads.settle(); !settled)
        return settled.error();
    auto put = gifts->put(request);
    if (put && put.value())
        m_upload = &gifts->upload();
    return put;
}

Result<> ExtendedConversation::finishUpload(const Request &request)
{
    if (m_upload == &m_uploads)
        return request.verb == Verb::End ? m_uploads.end(request) : m_uploads.abort(request);
    m_upload = &m_uploads;
    return m_gifts->finish(request);
}

void ExtendedConversation::uploadRefused()
{
    if (m_upload != &m_uploads)
        m_gifts->refused();
    m_upload = &m_uploads;
    m_session.uploadRefused();
}

/// GET, SUM, RECEIPT or DROP.
Result<> ExtendedConversation::answerFile(const Request &request)
{
    if (GiftReply *const gifts = giftsFor(request.path))
        return gifts->answer(request);
    switch (request.verb) {
    case Verb::Get:
        return m_files.get(request);
    case Verb::Sum:
        return m_files.sum(request);
    case Verb::Receipt:
        return m_files.receipt(request);
    default:
        return m_stream.line(extended::refusal("NOTFOUND"));
    }
}

bool ExtendedConversation::isUnconfirmed() const
{
    return m_files.awaitsReceipts() || (m_gifts && m_gifts->awaitsReceipts());
}

bool ExtendedConversation::isInParts() const
{
    return m_files.isInParts() || (m_gifts && m_gifts->isInParts());
}

bool ExtendedConversation::finishesFile(const Request &request)
{
    if (GiftReply *const gifts = m_parts.presence ? giftsFor(request.path) : nullptr)
        return gifts->finishes(request);
    return m_files.finishes(request);
}

} // namespace ferry::server
