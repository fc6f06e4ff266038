// SPDX-License-Identifier: MIT
#include "client/browse/lister.h"

#include "client/connect/encryptedconnection.h"
#include "client/connect/listingbound.h"
#include "net/base/displaytext.h"
#include "net/base/translate.h"

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

class Lister::Private
{
public:
    Private(ClientConfig config, std::shared_ptr<LogQueue> conversation,
            std::shared_ptr<sasl::SaltedPasswords> derived)
        : log(conversation)
        , entriesTaken(config.entriesTaken)
        , connection(std::move(config), std::move(conversation), std::move(derived))
    {
    }

    Result<> answers(const Request &request, const Sink &sink, bool &isFile);

    const std::shared_ptr<LogQueue> log;
    const qint64 entriesTaken;
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

Result<> Lister::list(const QByteArray &path, bool tree, const Sink &sink)
{
    const auto checked = VirtualPath::fromTyped(path);
    if (!checked)
        return Error{ErrorCode::NotFound, tr("That is no path.")};
    Request request;
    request.verb = tree ? Verb::Tree : Verb::List;
    request.path = *checked;
    bool isFile = false;
    auto listed = d->answers(request, sink, isFile);
    if (!isFile)
        return listed;
    request.verb = Verb::Tree; // of a file, that is the file
    return d->answers(request, sink, isFile);
}

Result<> Lister::Private::answers(const Request &request, const Sink &sink, bool &isFile)
{
    ExtendedConversation &conversation = connection.conversation();
    conversation.send(request);
    for (ListingBound bound(entriesTaken);;) {
        const auto event = conversation.next();
        if (!event)
            return event.error();
        switch (event.value().kind) {
        case Kind::Entry:
            if (auto taken = bound.entry(event.value().entry); !taken)
                return taken;
            sink(event.value().entry);
            break;
        case Kind::Skipped:
            if (auto taken = bound.skipped(); !taken)
                return taken;
            log->add(0, LogKind::Warning,
                     tr("Left out: %1").arg(displayText(QByteArrayView(event.value().text))));
            break;
        case Kind::ListEnd:
            return {};
        case Kind::Refused:
            isFile = event.value().token == "NOTFOLDER";
            return Error{ErrorCode::NotFound, tr("Not found on the server.")};
        default:
            return Error{ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
        }
    }
}

QByteArray Lister::offered() const
{
    return d->connection.offered();
}

bool Lister::savedDiffers() const
{
    return !d->connection.saved().isEmpty();
}

void Lister::close()
{
    d->connection.close();
}

} // namespace ferry::client
