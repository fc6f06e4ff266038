// SPDX-License-Identifier: MIT
#include "client/browse/remotecontent.h"

#include "client/connect/refusal.h"
#include "net/base/checksum.h"
#include "net/base/translate.h"
#include "wire/extended/sumname.h"

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

/// The chunk under way.
Result<> readChunk(ExtendedConversation &conversation, const std::function<void()> &waiting,
                   QByteArray *bytes)
{
    qsizetype filled = bytes->size();
    bytes->resize(filled + conversation.bodyRemaining());
    while (conversation.bodyRemaining() > 0) {
        const auto got =
            conversation.readBody(bytes->data() + filled, bytes->size() - filled, waiting);
        if (!got)
            return got.error();
        filled += got.value();
    }
    return {};
}

} // namespace

Result<RemoteContent> readBeginning(ExtendedConversation &conversation, const VirtualPath &path,
                                    qint64 most, const std::function<void()> &waiting)
{
    const Error broken{ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
    Request request;
    request.verb = Verb::Get;
    request.path = path;
    request.most = most;
    conversation.send(request);
    for (RemoteContent content;;) {
        const auto event = conversation.next(waiting);
        if (!event)
            return event.error();
        switch (event.value().kind) {
        case Kind::FileBegin:
            content.size = event.value().facts.size;
            break;
        case Kind::Body:
            if (conversation.bodyRemaining() > most - content.bytes.size())
                return broken;
            if (auto read = readChunk(conversation, waiting, &content.bytes); !read)
                return read.error();
            break;
        case Kind::FileDone: {
            Checksum sum;
            sum.add(content.bytes);
            if (event.value().text != extended::sumName + sum.hex())
                return Error{ErrorCode::ChecksumMismatch,
                             tr("What arrived is not what the server sent: the checksums differ.")};
            return content;
        }
        case Kind::Refused:
            return refusalError(event.value());
        default:
            return broken;
        }
    }
}

} // namespace ferry::client
