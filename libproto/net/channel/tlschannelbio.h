// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

struct bio_st;

namespace ferry {

class TlsChannel;

/// What OpenSSL sees of a TlsChannel's socket. It never sees an error or the end: those are noted
/// in the channel and look like "nothing there" from inside, so that a stream whose reading ended
/// can still be written, and every failure is told in one place. Writing always succeeds: what
/// the socket does not take is kept in the channel.
struct TlsChannelBio
{
    /// Null without memory. Must not outlive the channel.
    static bio_st *make(TlsChannel *channel);

private:
    static int write(bio_st *bio, const char *bytes, std::size_t count, std::size_t *taken);
    static int read(bio_st *bio, char *to, std::size_t most, std::size_t *count);
    static long control(bio_st *bio, int command, long number, void *pointer);
};

} // namespace ferry
