// SPDX-License-Identifier: MIT
#include "server/session/giftreply.h"

#include "wire/extended/extendedwords.h"
#include "wire/extended/people.h"

#include <utility>

namespace ferry::server {

using extended::Request;
using extended::Verb;

GiftReply::GiftReply(ConnectionParts &parts, std::shared_ptr<Gifts> gifts, ReplyStream &stream,
                     const QByteArray &account, const LoggedShares::Log &warn,
                     const UploadReply::Log &log)
    : m_gifts(std::move(gifts))
    , m_who(*parts.presence)
    , m_stream(stream)
    , m_shares(m_gifts->shares(), warn)
    , m_files(m_shares, m_stream, parts.counters, parts.deliveries)
    , m_uploads(
          m_shares, m_stream, parts.counters, parts.deliveries, m_gifts->uploads(),
          [&channel = parts.channel] { channel.shutdown(); }, log, [](const QByteArray &) {})
{
    m_uploads.setAccount(account);
    m_uploads.onStored([this](const Request &put, const extended::Stored &answer) {
        const auto number = extended::parseNumber(put.path.names().at(1));
        return m_gifts->stored(number.value_or(0), answer, m_who);
    });
}

Result<bool> GiftReply::put(const Request &request)
{
    const auto refuse = [this](const char *token) {
        const auto said = this->refuse(token);
        return said ? Result<bool>(false) : said.error();
    };
    const auto path = extended::giftPath(request.path);
    if (!path || !path->session || path->number || request.folder)
        return refuse("NAME");
    Gifts::Begun begun = m_gifts->begin(m_who, *path, request);
    if (begun.refusal)
        return refuse(begun.refusal);
    if (begun.stored) {
        const auto said = m_stream.line(extended::stored(*begun.stored));
        return said ? Result<bool>(false) : said.error();
    }
    Request inside = request;
    inside.path = Gifts::place(begun.number, path->name);
    const auto put = m_uploads.put(inside);
    if (put && put.value())
        m_hold = std::move(begun.hold);
    else
        begun.hold.release(put && begun.fresh);
    return put;
}

Result<> GiftReply::finish(const Request &request)
{
    Result<> done = request.verb == Verb::End ? m_uploads.end(request) : m_uploads.abort(request);
    if (done)
        done = m_uploads.settle();
    m_hold.release(request.verb == Verb::Abort && request.drop);
    return done;
}

Result<> GiftReply::answer(const Request &request)
{
    const auto path = extended::giftPath(request.path);
    if (request.verb == Verb::Drop)
        return path && m_gifts->drop(m_who, *path) ? m_stream.line(extended::dropped())
                                                   : refuse("NOTFOUND");
    const auto place = path ? m_gifts->find(m_who, *path) : std::nullopt;
    if (!place)
        return refuse("NOTFOUND");
    Request inside = request;
    inside.path = *place;
    if (request.verb == Verb::Get)
        return m_files.get(inside);
    if (request.verb == Verb::Sum)
        return m_files.sum(inside);
    Result<> answered = m_files.receipt(inside);
    if (answered && m_stream.lastLine().startsWith("#RECEIPT"))
        static_cast<void>(m_gifts->take(m_who, *path));
    return answered;
}

bool GiftReply::finishes(const Request &request)
{
    const auto path = extended::giftPath(request.path);
    const auto place = path ? m_gifts->find(m_who, *path) : std::nullopt;
    if (!place)
        return false;
    Request inside = request;
    inside.path = *place;
    return m_files.finishes(inside);
}

} // namespace ferry::server
