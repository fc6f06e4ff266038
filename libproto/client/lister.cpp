// SPDX-License-Identifier: MIT
#include "client/lister.h"

#include "client/securelink.h"
#include "net/displaytext.h"
#include "net/socketops.h"
#include "net/tlscontext.h"

#include <QCoreApplication>
#include <QMutex>
#include <QMutexLocker>

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ferry", text);
}

} // namespace

class Lister::Private
{
public:
    Result<> answers(const Request &request, const Sink &sink, bool &isFile);

    ClientConfig config;
    std::shared_ptr<LogQueue> log;
    std::shared_ptr<sasl::SaltedPasswords> derived;
    std::atomic_bool closing = false;
    QMutex mutex; ///< guards the life of the channel against close()
    std::unique_ptr<TlsChannel> channel;
    std::unique_ptr<SecureLink> link;
};

Lister::Lister(ClientConfig config, std::shared_ptr<LogQueue> log,
               std::shared_ptr<sasl::SaltedPasswords> derived)
    : d(std::make_unique<Private>())
{
    d->config = std::move(config);
    if (d->config.port == 0)
        d->config.port = limits::tlsPort;
    d->log = std::move(log);
    d->derived = std::move(derived);
}

Lister::~Lister()
{
    if (d->link && d->channel)
        d->channel->finishWriting();
}

Result<> Lister::connect()
{
    auto socket = socketops::connectTo(d->config.host, d->config.port,
                                       QDeadlineTimer(d->config.connectTime), &d->closing);
    if (!socket)
        return socket.error();
    const auto context = TlsContext::forClient();
    if (!context)
        return context.error();
    {
        const QMutexLocker lock(&d->mutex);
        d->channel = std::make_unique<TlsChannel>(socket.take(), context.value());
        if (d->closing)
            d->channel->shutdown();
    }
    d->link = std::make_unique<SecureLink>(d->config, *d->log, d->derived);
    if (auto shaken = d->link->shakeHands(*d->channel); !shaken)
        return shaken;
    return d->link->logIn(*d->channel);
}

Result<> Lister::list(const QByteArray &path, bool tree, const Sink &sink)
{
    QByteArrayView remote = path;
    while (remote.size() > 1 && remote.endsWith('/'))
        remote.chop(1);
    const auto checked =
        remote == "/" || remote.isEmpty() ? VirtualPath::root() : VirtualPath::parse(remote);
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
    ExtendedConversation &talk = link->talk();
    talk.send(request);
    for (qint64 entries = 0;;) {
        const auto event = talk.next();
        if (!event)
            return event.error();
        switch (event.value().kind) {
        case Kind::Entry:
            if (++entries > limits::entriesTaken)
                return Error{ErrorCode::Protocol, tr("The server's listing does not end.")};
            sink(event.value().entry);
            break;
        case Kind::Skipped:
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
    return d->link ? d->link->offered() : QByteArray();
}

bool Lister::savedDiffers() const
{
    return d->link && !d->link->saved().isEmpty();
}

void Lister::close()
{
    d->closing = true;
    const QMutexLocker lock(&d->mutex);
    if (d->channel)
        d->channel->shutdown();
}

} // namespace ferry::client
