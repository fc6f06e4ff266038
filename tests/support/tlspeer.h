// SPDX-License-Identifier: MIT
#pragma once

#include "net/channel/socketops.h"
#include "net/channel/tlschannel.h"
#include "net/channel/tlscontext.h"
#include "support/process.h"

#include <QByteArray>
#include <QDeadlineTimer>
#include <QString>

#include <sys/socket.h>

namespace ferry::test {

/// A client of the extended dialect that says what a test wants, in lines over TLS. Logs in with
/// AUTH, as a person with `openssl s_client` does. Every wait ends after patienceMs.
class TlsPeer
{
public:
    /// Only the handshake.
    explicit TlsPeer(quint16 port)
        : m_channel(socketops::connectTo(QStringLiteral("127.0.0.1"), port, patience()).take(),
                    TlsContext::forClient().value())
        , m_ready(m_channel.handshake(patience()).ok())
    {
    }
    TlsPeer(quint16 port, const QByteArray &password)
        : TlsPeer(port)
    {
        if (!m_ready)
            return;
        say("AUTH " + password + "\r\nHELLO ferry/1\r\n");
        m_ready = line() == "#Server Ready." && line() == "#You are logged in." &&
                  line().startsWith("#HELLO ferry/1");
    }
    bool ready() const { return m_ready; }

    void say(const QByteArray &bytes) { static_cast<void>(m_channel.write(bytes, patience())); }

    /// Without its end; empty at the end of the stream.
    QByteArray line()
    {
        while (!m_input.contains('\n')) {
            if (!receive())
                return {};
        }
        const qsizetype end = m_input.indexOf('\n');
        const QByteArray taken = m_input.first(end).trimmed();
        m_input.remove(0, end + 1);
        return taken;
    }

    /// Exactly that many; less at the end of the stream.
    QByteArray read(qsizetype count)
    {
        while (m_input.size() < count && receive()) {
        }
        const QByteArray taken = m_input.first(qMin(count, m_input.size()));
        m_input.remove(0, taken.size());
        return taken;
    }

    /// The first line of the answer to a request.
    QByteArray ask(const QByteArray &request)
    {
        say(request + "\r\n");
        return line();
    }

    /// close_notify: says nothing more, and listens.
    void finishWriting() { m_channel.finishWriting(); }

    /// RST, without a word of TLS.
    void reset()
    {
        const FileDescriptor socket = m_channel.takeSocket();
        const linger hard = {1, 0};
        ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }

private:
    static QDeadlineTimer patience() { return QDeadlineTimer(patienceMs); }

    bool receive()
    {
        char bytes[16 * 1024];
        const auto count = m_channel.read(bytes, sizeof bytes, patience());
        if (!count || count.value() == 0)
            return false;
        m_input.append(bytes, count.value());
        return true;
    }

    TlsChannel m_channel;
    QByteArray m_input;
    bool m_ready = false;
};

} // namespace ferry::test
