// SPDX-License-Identifier: MIT
#include "net/channel/tlscontext.h"

#include "net/base/translate.h"
#include "net/channel/tlserror.h"
#include "net/limits.h"

#include <openssl/ssl.h>

#include <cstring>

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace ferry {

namespace {

/// ALPN's own form: each name with its length before it.
constexpr unsigned char alpn[] = {7, 'f', 'e', 'r', 'r', 'y', '/', '1'};

bool processorHasAes()
{
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_cpu_supports("aes") && __builtin_cpu_supports("pclmul");
#elif defined(__aarch64__) && defined(__linux__)
    return (getauxval(AT_HWCAP) & HWCAP_AES) != 0;
#elif defined(__aarch64__)
    return true; // every 64-bit Apple processor
#else
    return false;
#endif
}

/// AES-128 first: measured a tenth faster over one connection than AES-256, and X25519 gives no
/// more than 128 bits in either case.
const char *cipherSuites()
{
    return processorHasAes()
               ? "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
               : "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384";
}

int selectAlpn(SSL *, const unsigned char **chosen, unsigned char *chosenLength,
               const unsigned char *offered, unsigned int offeredLength, void *)
{
    for (unsigned int at = 0; at < offeredLength; at += 1u + offered[at]) {
        if (offered[at] == alpn[0] && at + sizeof alpn <= offeredLength &&
            std::memcmp(offered + at, alpn, sizeof alpn) == 0) {
            *chosen = offered + at + 1;
            *chosenLength = alpn[0];
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

bool configure(SSL_CTX *context)
{
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_early_data(context, 0);
    // One record per call, so that progress can be seen; idle sessions keep no buffers.
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) &&
           SSL_CTX_set_num_tickets(context, 0) &&
           SSL_CTX_set_ciphersuites(context, cipherSuites()) &&
           SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
}

Error cannotSetUp()
{
    return {ErrorCode::Invalid, tr("Encryption cannot be set up: %1.").arg(takeTlsError())};
}

} // namespace

TlsContext::TlsContext(Role role, ssl_ctx_st *context)
    : m_role(role)
    , m_context(context)
{
}

TlsContext::~TlsContext()
{
    SSL_CTX_free(m_context);
}

Result<std::shared_ptr<const TlsContext>>
TlsContext::forServer(std::shared_ptr<const TlsIdentity> identity)
{
    const std::shared_ptr<const TlsContext> context(
        new TlsContext(Role::Server, SSL_CTX_new(TLS_server_method())));
    SSL_CTX *raw = context->get();
    // The context counts its own references to key and certificate.
    if (!raw || !configure(raw) || SSL_CTX_use_certificate(raw, identity->certificate()) != 1 ||
        SSL_CTX_use_PrivateKey(raw, identity->key()) != 1)
        return cannotSetUp();
    SSL_CTX_set_alpn_select_cb(raw, selectAlpn, nullptr);
    return context;
}

Result<std::shared_ptr<const TlsContext>> TlsContext::forClient()
{
    const std::shared_ptr<const TlsContext> context(
        new TlsContext(Role::Client, SSL_CTX_new(TLS_client_method())));
    SSL_CTX *raw = context->get();
    if (!raw || !configure(raw) || SSL_CTX_set_alpn_protos(raw, alpn, sizeof alpn) != 0)
        return cannotSetUp();
    // Pins decide, not chains (see peerFingerprint).
    SSL_CTX_set_verify(raw, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_default_read_buffer_len(raw, size_t(limits::tlsReadBytes));
    return context;
}

} // namespace ferry
