// SPDX-License-Identifier: MIT
#include "client/browse/remotecommand.h"

#include "client/connect/listingbound.h"
#include "client/limits.h"
#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "net/limits.h"

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

/// What a person may say here. The login has been, and an end of this connection is no use.
bool hasPlace(Verb verb)
{
    return verb == Verb::List || verb == Verb::Tree || verb == Verb::Get || verb == Verb::Sum ||
           verb == Verb::Ping;
}

QString factsLine(const extended::FileFacts &facts)
{
    return QStringLiteral("#FILE size=%1 id=%2 offset=%3 length=%4")
        .arg(facts.size)
        .arg(displayText(facts.id))
        .arg(facts.offset)
        .arg(facts.length);
}

/// The chunk under way, which nobody wants.
Result<> drop(ExtendedConversation &conversation)
{
    QByteArray buffer(limits::ioBytes, Qt::Uninitialized);
    while (conversation.bodyRemaining() > 0) {
        if (const auto got = conversation.readBody(buffer.data(), buffer.size(), {}); !got)
            return got.error();
    }
    return {};
}

Result<> receive(ExtendedConversation &conversation, LogQueue &log)
{
    const auto say = [&log](const QString &text) { log.add(0, LogKind::Response, text); };
    ListingBound bound(limits::listingBytes, rowCost);
    for (qint64 entries = 0;;) {
        const auto next = conversation.next();
        if (!next)
            return next.error();
        const ExtendedEvent &event = next.value();
        switch (event.kind) {
        case Kind::Entry:
            if (auto taken = bound.entry(event.entry); !taken)
                return taken;
            if (++entries <= limits::entriesLogged)
                say(displayText(extended::entry(event.entry).chopped(2)));
            else if (entries == limits::entriesLogged + 1)
                say(tr("… and more, which are not shown here"));
            break;
        case Kind::Skipped:
            if (auto taken = bound.skipped(event.text); !taken)
                return taken;
            say(displayText(extended::skipped(event.token.constData(), event.text).chopped(2)));
            break;
        case Kind::FileBegin:
            say(factsLine(event.facts));
            break;
        case Kind::Body:
            if (auto dropped = drop(conversation); !dropped)
                return dropped;
            break;
        case Kind::FileDone:
            say(tr("The content is not kept here; download the file for that."));
            return {};
        case Kind::Pong:
            say(QStringLiteral("#PONG"));
            return {};
        case Kind::ListEnd:
        case Kind::Sum:
        case Kind::Refused:
            return {}; // the conversation has written it down
        default:
            return Error{ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
        }
    }
}

} // namespace

QString shownCommand(QByteArrayView line)
{
    const QByteArray text = line.toByteArray().trimmed();
    const QByteArray verb = text.left(text.indexOf(' ')).toUpper();
    const bool secret = text.contains(' ') &&
                        (verb == "AUTH" || verb == "LOGIN" || verb == "RESPONSE" || verb == "PASS");
    return secret ? displayText(verb) + QStringLiteral(" ***") : displayText(text);
}

Result<> sayCommand(ExtendedConversation &conversation, LogQueue &log, QByteArrayView line)
{
    const QByteArray text = line.toByteArray().trimmed();
    auto parsed = extended::parseRequest(text);
    if (!parsed.request || !hasPlace(parsed.request->verb)) {
        const Error refused{
            ErrorCode::Invalid,
            tr("Not sent. What can be said here: LIST, TREE, GET and SUM with a path, and PING.")};
        log.add(0, LogKind::Command, shownCommand(text));
        log.add(0, LogKind::Warning, refused.text);
        return refused;
    }
    Request &request = *parsed.request;
    // Nobody reads more here, and a mistyped GET of a large file would block the connection.
    if (request.verb == Verb::Get &&
        request.length.value_or(limits::commandBytes) >= limits::commandBytes) {
        request.length.reset();
        request.most = std::min(request.most.value_or(limits::commandBytes), limits::commandBytes);
    }
    conversation.send(request);
    return receive(conversation, log);
}

} // namespace ferry::client
