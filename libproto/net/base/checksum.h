// SPDX-License-Identifier: MIT
#pragma once

#include "net/limits.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <memory>

struct XXH3_state_s;

namespace ferry {

/// XXH3-128 of a stream: guards against faults, not against forgers. One thread.
class Checksum
{
public:
    Checksum();
    ~Checksum();
    Checksum(Checksum &&) noexcept;
    Checksum &operator=(Checksum &&) noexcept;

    /// One that goes on from the same bytes.
    Checksum copy() const;

    void add(QByteArrayView bytes);

    /// Of all that was added so far: 32 lower-case hex digits, the canonical (big-endian) form
    /// that `xxhsum -H2` prints. More may be added afterwards.
    QByteArray hex() const;

    void reset();

private:
    struct Freer
    {
        void operator()(XXH3_state_s *state) const;
    };
    std::unique_ptr<XXH3_state_s, Freer> m_state;
};

/// Adds `length` bytes of the open file from `offset`, both not negative, with a buffer of
/// limits::ioBytes; the file's position is neither used nor moved. How many there were: less than
/// asked for if the file ends there. LocalFile if it cannot be read. `keepGoing` is asked after
/// each buffer, with the bytes done: false ends with Cancelled.
Result<qint64> addRange(Checksum &sum, int fd, qint64 offset, qint64 length,
                        const std::function<bool(qint64 done)> &keepGoing = {});

struct RangeChecksum
{
    QByteArray hex;
    qint64 bytes = 0; ///< less than asked for: the file ends there
};

/// Of nothing but that range: as addRange().
Result<RangeChecksum> checksumOfRange(int fd, qint64 offset, qint64 length,
                                      const std::function<bool(qint64 done)> &keepGoing = {});

} // namespace ferry
