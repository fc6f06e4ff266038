// SPDX-License-Identifier: MIT
// What the tests of the encrypted channel share: two connected ends, and peers that are none.
#pragma once

#include "net/channel/socketops.h"
#include "net/channel/tlschannel.h"
#include "unit/net/tcppair.h"

#include <QRandomGenerator>
#include <QTest>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <functional>
#include <future>
#include <thread>

namespace ferry::test {

using namespace std::chrono_literals;

/// Bounds every call of a test; nothing is expected to need it.
inline QDeadlineTimer soon()
{
    return QDeadlineTimer(20s);
}

inline QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator(1).fillRange(reinterpret_cast<quint32 *>(bytes.data()), size / 4);
    return bytes;
}

/// Everything until the end of the stream, or the error.
inline Result<QByteArray> readAll(Channel &channel)
{
    QByteArray all;
    QByteArray piece(100'000, Qt::Uninitialized);
    for (;;) {
        const Result<qsizetype> got = channel.read(piece.data(), piece.size(), soon());
        if (!got)
            return got.error();
        if (got.value() == 0)
            return all;
        all.append(piece.constData(), got.value());
    }
}

inline std::string text(const Error &error)
{
    return error.text.toStdString();
}

class TlsFixture
{
protected:
    TlsFixture()
    {
        socketops::ignoreBrokenPipes();
        m_identity = TlsIdentity::generate().take();
        m_server = TlsContext::forServer(m_identity).take();
        m_client = TlsContext::forClient().take();
    }

    struct Pair
    {
        std::unique_ptr<TlsChannel> server;
        std::unique_ptr<TlsChannel> client;
    };
    /// Connected, and the handshake done.
    Pair connected(std::shared_ptr<const TlsContext> client = {})
    {
        auto [a, b] = tcpPair();
        Pair pair{std::make_unique<TlsChannel>(std::move(a), m_server),
                  std::make_unique<TlsChannel>(std::move(b), client ? client : m_client)};
        auto served =
            std::async(std::launch::async, [&] { return pair.server->handshake(soon()); });
        const Result<> done = pair.client->handshake(soon());
        if (!done || !served.get())
            return {};
        return pair;
    }
    /// A server's handshake against whatever `peer` does with its end.
    Result<> serve(const std::function<void(int fd)> &peer, QDeadlineTimer deadline = soon())
    {
        auto [a, b] = tcpPair();
        TlsChannel server(std::move(a), m_server);
        std::thread thread(peer, b.get());
        const Result<> result = server.handshake(deadline);
        server.shutdown();
        thread.join();
        return result;
    }
    /// A plain OpenSSL client, adjusted by `adjust`: its error's reason, 0 if it connected.
    static int plainClient(int fd, const std::function<void(SSL_CTX *, SSL *)> &adjust)
    {
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        SSL *ssl = SSL_new(context);
        adjust(context, ssl);
        SSL_set_fd(ssl, fd);
        ERR_clear_error();
        char byte;
        int result = SSL_connect(ssl);
        if (result == 1)
            result = SSL_read(ssl, &byte, 1);
        const int reason = result == 1 ? 0 : ERR_GET_REASON(ERR_peek_last_error());
        ERR_clear_error();
        SSL_free(ssl);
        SSL_CTX_free(context);
        return reason;
    }

    std::shared_ptr<const TlsIdentity> m_identity;
    std::shared_ptr<const TlsContext> m_server;
    std::shared_ptr<const TlsContext> m_client;
};

} // namespace ferry::test

#define VERIFY_OK(result)                                                                          \
    do {                                                                                           \
        const auto &checked = (result);                                                            \
        QVERIFY2(checked.ok(), checked.ok() ? "" : ferry::test::text(checked.error()).c_str());    \
    } while (false)

#define VERIFY_ERROR(result, expected)                                                             \
    do {                                                                                           \
        const auto &checked = (result);                                                            \
        QVERIFY(!checked.ok());                                                                    \
        QCOMPARE(int(checked.error().code), int(expected));                                        \
    } while (false)
