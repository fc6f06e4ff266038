// SPDX-License-Identifier: MIT
#include "client/browse/lister.h"

#include "client/connect/encryptedconnection.h"
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

QByteArray joined(const VirtualPath &folder, const QByteArray &below)
{
    const QByteArray base = folder.toBytes();
    if (below.isEmpty())
        return base;
    return folder.isRoot() ? base + below : base + '/' + below;
}

} // namespace

class Lister::Private
{
public:
    Private(ClientConfig config, std::shared_ptr<LogQueue> conversation,
            std::shared_ptr<sasl::SaltedPasswords> derived)
        : listingBytes(config.listingBytes)
        , connection(std::move(config), std::move(conversation), std::move(derived))
    {
    }

    Result<> answers(const Request &request, const Sink &sink, const LeftOut &leftOut,
                     bool &isFile);
    Result<> file(const VirtualPath &path, const Sink &sink);
    Result<> walk(const VirtualPath &top, const Sink &sink, const LeftOut &leftOut, bool &isFile);

    const qint64 listingBytes;
    bool open = true;
    EncryptedConnection connection;
};

Lister::Lister(ClientConfig config, std::shared_ptr<LogQueue> log,
               std::shared_ptr<sasl::SaltedPasswords> derived)
    : d(std::make_unique<Private>(std::move(config), std::move(log), std::move(derived)))
{
}

Lister::~Lister() = default;

Result<> Lister::connect()
{
    return d->connection.connect();
}

Result<> Lister::list(const QByteArray &path, bool tree, const Sink &sink, const LeftOut &leftOut)
{
    const auto checked = VirtualPath::fromTyped(path);
    if (!checked)
        return Error{ErrorCode::NotFound, tr("That is not a valid path.")};
    Request request;
    request.verb = tree ? Verb::Tree : Verb::List;
    request.path = *checked;
    request.skipped = !tree;
    bool isFile = false;
    const bool walks = tree && !d->connection.conversation().can(Verb::Tree) &&
                       d->connection.conversation().can(Verb::List);
    auto listed = walks ? d->walk(*checked, sink, leftOut, isFile)
                        : d->answers(request, sink, leftOut, isFile);
    if (!isFile || path.endsWith('/'))
        return listed;
    request.skipped = false;
    if (!d->connection.conversation().can(Verb::Tree))
        return d->file(*checked, sink);
    request.verb = Verb::Tree; // of a file, that is the file
    return d->answers(request, sink, leftOut, isFile);
}

/// A file, of a server that has only LIST: as its folder gives it.
Result<> Lister::Private::file(const VirtualPath &path, const Sink &sink)
{
    const QByteArray name = path.names().constLast();
    Request request;
    request.verb = Verb::List;
    request.path = *VirtualPath::fromNames(path.names().first(path.names().size() - 1));
    bool found = false;
    bool isFile = false;
    const auto listed = answers(
        request,
        [&](const extended::Entry &entry) {
            if (entry.path == name && !entry.folder && !std::exchange(found, true))
                sink(entry);
        },
        [](const QByteArray &, const Error &) {}, isFile);
    if (listed && !found)
        return Error{ErrorCode::NotFound, tr("Not found on the server.")};
    return listed;
}

Result<> Lister::Private::answers(const Request &request, const Sink &sink, const LeftOut &leftOut,
                                  bool &isFile)
{
    ExtendedConversation &conversation = connection.conversation();
    isFile = false;
    if (!conversation.can(request.verb))
        return notOffered(request.verb);
    conversation.send(request);
    open = false;
    for (ListingBound bound(listingBytes, listedCost);;) {
        const auto event = conversation.next();
        if (!event)
            return event.error();
        switch (event.value().kind) {
        case Kind::Entry:
            if (auto taken = bound.entry(event.value().entry); !taken) {
                open = false;
                return taken;
            }
            sink(event.value().entry);
            break;
        case Kind::Skipped:
            if (auto taken = bound.skipped(event.value().text); !taken) {
                open = false;
                return taken;
            }
            leftOut(joined(request.path, event.value().text), leftOutError(event.value().token));
            break;
        case Kind::ListEnd:
            open = true;
            if (event.value().yes) // all was asked for
                leftOut(joined(request.path, {}), leftOutError("READ"));
            return {};
        case Kind::Refused:
            open = true;
            isFile = event.value().token == "NOTFOLDER";
            return refusalError(event.value());
        default:
            return Error{ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
        }
    }
}

/// The whole tree, of a server that has only LIST.
Result<> Lister::Private::walk(const VirtualPath &top, const Sink &sink, const LeftOut &leftOut,
                               bool &isFile)
{
    ListingBound bound(listingBytes, listedCost);
    Result<> done;
    for (ListWalk walk(top); done && !walk.isOver();) {
        const Request request = walk.next();
        Result<> fits;
        auto listed = answers(
            request,
            [&](const extended::Entry &entry) {
                const extended::Entry located = walk.entry(entry);
                if (fits)
                    fits = bound.entry(located);
                if (fits)
                    sink(located);
                if (fits && located.folder && walk.isTooDeep(located.path))
                    leftOut(joined(top, located.path),
                            {ErrorCode::CutShort, tr("It lies too deep.")});
            },
            leftOut, isFile);
        if (!fits)
            open = false;
        if (walk.folder().isEmpty() || listed || !open)
            done = !fits ? fits : listed;
        else
            leftOut(request.path.toBytes(), listed.error());
    }
    return done;
}

bool Lister::isOpen() const
{
    return d->open;
}

QByteArray Lister::offered() const
{
    return d->connection.offered();
}

QByteArray Lister::saved() const
{
    return d->connection.saved();
}

void Lister::close()
{
    d->connection.close();
}

} // namespace ferry::client
