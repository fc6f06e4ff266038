// SPDX-License-Identifier: MIT
#include "client/browse/remotesearch.h"

#include "client/connect/listingbound.h"
#include "client/connect/listwalk.h"
#include "client/connect/refusal.h"
#include "net/base/translate.h"

#include <utility>

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

enum class Answer { Complete, Enough, Refused };

struct Reader
{
    ExtendedConversation &conversation;
    const TreeSink &sink;
    Error refusal{ErrorCode::Cancelled, {}}; ///< of the last Answer::Refused

    /// `take`: for each entry of the answer, as TreeSink::entry.
    template <typename Take>
    Result<Answer> read(const Request &request, Take take)
    {
        conversation.send(request);
        for (;;) {
            const auto event = conversation.next(sink.waiting);
            if (!event)
                return event.error();
            switch (event.value().kind) {
            case Kind::Entry: {
                const Result<bool> goesOn = take(event.value().entry);
                if (!goesOn)
                    return goesOn.error();
                if (!goesOn.value())
                    return Answer::Enough;
                break;
            }
            case Kind::Skipped:
                break; // what is left out is not found
            case Kind::ListEnd:
                return Answer::Complete;
            case Kind::Refused:
                refusal = refusalError(event.value());
                return Answer::Refused;
            default:
                return Error{ErrorCode::Protocol,
                             tr("The server broke the rules of the protocol.")};
            }
        }
    }

    Result<> walk(const VirtualPath &top, qint64 folderBytes)
    {
        ListingBound waiting(folderBytes, listedCost);
        for (ListWalk walk(top); !walk.isOver();) {
            const Request request = walk.next();
            const auto answer = read(request, [&](const extended::Entry &entry) -> Result<bool> {
                const extended::Entry located = walk.entry(entry);
                if (located.folder) {
                    if (auto fits = waiting.entry(located); !fits)
                        return fits.error();
                }
                return sink.entry(located);
            });
            if (!answer)
                return answer.error();
            if (answer.value() == Answer::Enough)
                return {};
            if (answer.value() == Answer::Refused && walk.folder().isEmpty())
                return refusal;
            sink.folderEnd();
        }
        return {};
    }
};

} // namespace

Result<> readTree(ExtendedConversation &conversation, const VirtualPath &top, qint64 folderBytes,
                  const TreeSink &sink)
{
    Reader reader{conversation, sink};
    if (!conversation.can(Verb::Tree))
        return reader.walk(top, folderBytes);
    Request request;
    request.verb = Verb::Tree;
    request.path = top;
    const auto answer = reader.read(request, sink.entry);
    if (!answer)
        return answer.error();
    return answer.value() == Answer::Refused ? Result<>(reader.refusal) : Result<>();
}

} // namespace ferry::client
