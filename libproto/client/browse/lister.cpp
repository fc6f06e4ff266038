// SPDX-License-Identifier: MIT
#include "client/browse/lister.h"

#include "client/connect/encryptedconnection.h"
#include "client/connect/listingbound.h"
#include "client/connect/refusal.h"
#include "net/base/translate.h"

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
    auto listed = d->answers(request, sink, leftOut, isFile);
    if (!isFile || path.endsWith('/'))
        return listed;
    request.verb = Verb::Tree; // of a file, that is the file
    request.skipped = false;
    return d->answers(request, sink, leftOut, isFile);
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
