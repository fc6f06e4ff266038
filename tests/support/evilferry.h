// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "net/channel/tlschannel.h"
#include "net/channel/tlsidentity.h"
#include "net/login/sasl.h"
#include "wire/extended/extended.h"
#include "wire/limits.h"
#include "wire/receivebuffer.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace ferry::test {

/// What an evil server's script holds in its hands: one connected client.
class EvilPeer
{
public:
    EvilPeer(TlsChannel &channel, const std::atomic_bool &closing)
        : m_channel(channel)
        , m_closing(closing)
    {
    }

    /// The test is over; nobody looks any more.
    bool isOver() const { return m_closing; }

    /// The client's next line as a request; nothing if it left or said no request.
    std::optional<extended::Request> next();
    /// Waits for a request of this kind and throws away what comes before it.
    std::optional<extended::Request> waitFor(extended::Verb verb);

    /// Throws away content that the client announced. False if it left.
    bool skip(qint64 bytes);

    bool say(const QByteArray &bytes);

    /// HELLO, with this answer to it, and SCRAM as they should be. False if the client did not get
    /// through.
    bool logIn(const QByteArray &hello = extended::hello(false, sasl::mechanism, "Evil"));

    /// What HELLO named, once logIn() has read it.
    const QByteArray &box() const { return m_box; }

    TlsChannel &channel() { return m_channel; }

private:
    TlsChannel &m_channel;
    const std::atomic_bool &m_closing;
    QByteArray m_box;
    ReceiveBuffer m_input{limits::extendedLineBytes};
};

/// A server of the extended dialect that does what its script says: TLS as it should be, then the
/// script on a thread of its own for each client, one client after the other.
class EvilFerry
{
public:
    using Script = std::function<void(EvilPeer &)>;

    enum class Certificate {
        Same,
        EachItsOwn, ///< from the second connection on, one that nobody has seen
    };

    explicit EvilFerry(Script script, Certificate certificate = Certificate::Same);
    ~EvilFerry();

    quint16 port() const { return m_port; }
    QByteArray fingerprint() const { return m_identity->fingerprint(); }

    /// The password that logIn() takes; generated, so that deriving is quick.
    static QByteArray password();

private:
    void serve();

    Script m_script;
    const Certificate m_certificate;
    std::shared_ptr<const TlsIdentity> m_identity;
    FileDescriptor m_listener;
    quint16 m_port = 0;
    std::atomic_bool m_closing = false;
    std::thread m_thread;
};

} // namespace ferry::test
