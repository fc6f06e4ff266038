// SPDX-License-Identifier: MIT
#include "support/evilferry.h"

#include "net/channel/tlscontext.h"
#include "net/login/passphrase.h"
#include "net/login/sasl.h"

#include <algorithm>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ferry::test {

namespace {

/// No script waits longer for its client.
QDeadlineTimer patience()
{
    return QDeadlineTimer(std::chrono::seconds(60));
}

} // namespace

std::optional<extended::Request> EvilPeer::next()
{
    for (;;) {
        const ReceiveBuffer::Taken taken = m_input.takeLine();
        if (taken.status == ReceiveBuffer::Status::Line)
            return extended::parseRequest(taken.line).request;
        char bytes[4096];
        const auto count = m_channel.read(bytes, sizeof bytes, patience());
        if (!count || count.value() == 0)
            return std::nullopt;
        m_input.append(QByteArrayView(bytes, count.value()));
    }
}

std::optional<extended::Request> EvilPeer::waitFor(extended::Verb verb)
{
    for (;;) {
        const auto request = next();
        if (!request || request->verb == verb)
            return request;
    }
}

bool EvilPeer::skip(qint64 bytes)
{
    char piece[16 * 1024];
    while (bytes > 0) {
        bytes -= m_input.takeBytes(qsizetype(std::min<qint64>(bytes, sizeof piece))).size();
        if (bytes == 0)
            break;
        const auto count =
            m_channel.read(piece, qsizetype(std::min<qint64>(bytes, sizeof piece)), patience());
        if (!count || count.value() == 0)
            return false;
        bytes -= count.value();
    }
    return true;
}

bool EvilPeer::say(const QByteArray &bytes)
{
    return m_channel.write(bytes, patience()).ok();
}

bool EvilPeer::logIn(const QByteArray &hello)
{
    say("#Server Ready.\r\n");
    const auto request = waitFor(extended::Verb::Hello);
    if (!request)
        return false;
    m_box = request->box;
    say(hello);
    const auto verifier = sasl::makeVerifier(EvilFerry::password(), 4096);
    sasl::ScramServer scram(m_channel.exporter(), [&](const QByteArray &) {
        return sasl::ScramServer::Account{verifier.value(), true};
    });
    const auto first = waitFor(extended::Verb::Login);
    if (!first)
        return false;
    const auto challenge = scram.step(QByteArray::fromBase64(first->base64));
    if (!challenge || !say(extended::challenge(challenge.value().toBase64())))
        return false;
    const auto proof = waitFor(extended::Verb::Response);
    if (!proof)
        return false;
    const auto last = scram.step(QByteArray::fromBase64(proof->base64));
    return last && say(extended::loggedIn("ferry", last.value().toBase64()));
}

QByteArray EvilFerry::password()
{
    static const QByteArray password = generatePassphrase().toUtf8();
    return password;
}

EvilFerry::EvilFerry(Script script, Certificate certificate)
    : m_script(std::move(script))
    , m_certificate(certificate)
    , m_identity(TlsIdentity::generate().value())
    , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(m_listener.get(), reinterpret_cast<sockaddr *>(&address), size) == 0 &&
        ::listen(m_listener.get(), 8) == 0 &&
        ::getsockname(m_listener.get(), reinterpret_cast<sockaddr *>(&address), &size) == 0)
        m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { serve(); });
}

EvilFerry::~EvilFerry()
{
    m_closing = true;
    ::shutdown(m_listener.get(), SHUT_RDWR); // wakes accept()
    m_thread.join();
}

void EvilFerry::serve()
{
    auto context = TlsContext::forServer(m_identity);
    while (!m_closing) {
        FileDescriptor socket(::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!socket.valid())
            return;
        TlsChannel channel(std::move(socket), context.value());
        if (!channel.handshake(patience()))
            continue;
        EvilPeer peer(channel, m_closing);
        m_script(peer);
        channel.finishWriting();
        if (m_certificate == Certificate::EachItsOwn)
            context = TlsContext::forServer(TlsIdentity::generate().value());
    }
}

} // namespace ferry::test
