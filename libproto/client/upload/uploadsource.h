// SPDX-License-Identifier: MIT
#pragma once

#include "client/upload/uploaditem.h"
#include "net/base/ratelimiter.h"

#include <optional>

namespace ferry::client {

/// Where an Uploader takes its work from, and whom it tells how far it is. `row` is
/// UploadItem::row. Called by the Uploader's thread.
class UploadSource
{
public:
    virtual ~UploadSource() = default;

    /// Nothing: there is none now.
    virtual std::optional<UploadItem> next() = 0;

    enum class Wish {
        Send,
        Keep, ///< not now; what the server has of it is kept for a later try
        Drop, ///< never
    };
    /// Asked between two pieces.
    virtual Wish wish(quint64 row) = 0;

    /// So many bytes of what the server has already were compared, of `all`.
    virtual void compared(quint64 row, qint64 bytes, qint64 all) = 0;
    /// The server has this much of it; the rest follows.
    virtual void begun(quint64 row, qint64 offset) = 0;
    virtual void sent(quint64 row, qint64 bytes) = 0;
    /// All of it is sent; the server has yet to say that it is stored.
    virtual void complete(quint64 /*row*/) {}
    /// Nothing moves; `heldThere`: the server's operator paused it.
    virtual void stalled(quint64 /*row*/, bool /*heldThere*/) {}

    /// How much to send at once, at most `most`; and how long to rest afterwards.
    virtual qint64 piece(quint64 row, qint64 most) = 0;
    virtual RateLimiter::Clock::duration spend(quint64 row, qint64 bytes) = 0;

    /// Once for each.
    virtual void ended(quint64 row, const UploadResult &result) = 0;
};

} // namespace ferry::client
