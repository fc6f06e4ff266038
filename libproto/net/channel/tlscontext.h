// SPDX-License-Identifier: MIT
#pragma once

#include "net/channel/tlsidentity.h"
#include "wire/result.h"

#include <memory>

struct ssl_ctx_st;

namespace ferry {

/// What all TLS connections of one side share. TLS 1.3 only (RFC 8446), ALPN `ferry/1`
/// (RFC 7301), X25519 before P-256 and P-384, AES-GCM before ChaCha20 where the processor has
/// AES; no tickets, no resumption, no early data: a handshake costs a millisecond, and a
/// connection that begins afresh has nothing to replay. Immutable; any thread.
class TlsContext
{
public:
    enum class Role { Server, Client };

    /// A client that offers no ALPN at all is served; one that offers only other protocols gets
    /// the alert no_application_protocol.
    static Result<std::shared_ptr<const TlsContext>>
    forServer(std::shared_ptr<const TlsIdentity> identity);

    /// Accepts any certificate, whose key the handshake proves to be the peer's. The caller
    /// compares TlsChannel::peerFingerprint() before it says anything that matters.
    static Result<std::shared_ptr<const TlsContext>> forClient();

    ~TlsContext();
    TlsContext(const TlsContext &) = delete;
    TlsContext &operator=(const TlsContext &) = delete;

    Role role() const { return m_role; }
    ssl_ctx_st *get() const { return m_context; }

private:
    TlsContext(Role role, ssl_ctx_st *context);

    const Role m_role;
    ssl_ctx_st *const m_context;
};

} // namespace ferry
