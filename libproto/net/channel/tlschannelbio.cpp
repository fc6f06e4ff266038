// SPDX-License-Identifier: MIT
#include "net/channel/tlschannelbio.h"

#include "net/base/guarded.h"
#include "net/channel/socketops.h"
#include "net/channel/tlschannel.h"
#include "net/limits.h"

#include <openssl/bio.h>

#include <cerrno>

namespace ferry {

int TlsChannelBio::write(BIO *bio, const char *bytes, size_t count, size_t *taken)
{
    auto *channel = static_cast<TlsChannel *>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const qint64 sent = channel->transmit(bytes, qint64(count));
    if (qint64(count) > sent) {
        // No exception may pass through OpenSSL.
        const auto kept = guarded([&] {
            if (channel->m_out.capacity() == 0)
                channel->m_out.reserve(limits::tlsSendBytes + 2 * 16 * 1024);
            channel->m_out.append(bytes + sent, qsizetype(qint64(count) - sent));
        });
        if (!kept) {
            *taken = 0;
            return 0;
        }
    }
    *taken = count;
    return 1;
}

int TlsChannelBio::read(BIO *bio, char *to, size_t most, size_t *count)
{
    auto *channel = static_cast<TlsChannel *>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    // OpenSSL answers what is no content within one call, for as long as more of it comes; only
    // here can that be ended.
    if (channel->isFlooded()) {
        *count = 0;
        return 0;
    }
    if (!channel->m_ended) {
        const qint64 got = socketops::receive(channel->m_socket.get(), to, qint64(most));
        if (got > 0) {
            channel->m_bytesWithoutData += qsizetype(got);
            *count = size_t(got);
            return 1;
        }
        if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) {
            channel->m_ended = true;
            channel->m_receiveError = got < 0 ? errno : 0;
        }
    }
    BIO_set_retry_read(bio);
    *count = 0;
    return 0;
}

long TlsChannelBio::control(BIO *, int command, long, void *)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO *TlsChannelBio::make(TlsChannel *channel)
{
    static BIO_METHOD *const method = [] {
        BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ferry");
        BIO_meth_set_write_ex(made, write);
        BIO_meth_set_read_ex(made, read);
        BIO_meth_set_ctrl(made, control);
        return made;
    }();
    BIO *bio = method ? BIO_new(method) : nullptr;
    if (bio) {
        BIO_set_data(bio, channel);
        BIO_set_init(bio, 1);
    }
    return bio;
}

} // namespace ferry
