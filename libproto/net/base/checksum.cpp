// SPDX-License-Identifier: MIT
#include "net/base/checksum.h"

#include "net/base/translate.h"
#include "net/limits.h"

#include <xxhash.h>

// A library made for every x86 processor uses SSE2. One that can choose at run time comes with this
// header, whose names take the place of the plain ones: with AVX2 half the time, with AVX-512 less.
#if (defined(__x86_64__) || defined(__i386__)) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif

#include <unistd.h>

#include <cerrno>

namespace ferry {

Checksum::Checksum()
    : m_state(XXH3_createState())
{
    Q_CHECK_PTR(m_state.get());
    reset();
}

Checksum::~Checksum() = default;
Checksum::Checksum(Checksum &&) noexcept = default;
Checksum &Checksum::operator=(Checksum &&) noexcept = default;

void Checksum::Freer::operator()(XXH3_state_s *state) const
{
    XXH3_freeState(state);
}

void Checksum::add(QByteArrayView bytes)
{
    XXH3_128bits_update(m_state.get(), bytes.data(), size_t(bytes.size()));
}

QByteArray Checksum::hex() const
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(m_state.get()));
    return QByteArray(reinterpret_cast<const char *>(canonical.digest), sizeof canonical.digest)
        .toHex();
}

Checksum Checksum::copy() const
{
    Checksum other;
    XXH3_copyState(other.m_state.get(), m_state.get());
    return other;
}

void Checksum::reset()
{
    XXH3_128bits_reset(m_state.get());
}

Result<qint64> addRange(Checksum &sum, int fd, qint64 offset, qint64 length,
                        const std::function<bool(qint64)> &keepGoing)
{
    const std::unique_ptr<char[]> buffer(new char[size_t(limits::ioBytes)]);
    qint64 done = 0;
    while (done < length) {
        const ssize_t got = ::pread(
            fd, buffer.get(), size_t(qMin<qint64>(limits::ioBytes, length - done)), offset + done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            const int error = errno;
            return Error{ErrorCode::LocalFile,
                         tr("The file cannot be read: %1.").arg(qt_error_string(error)), error};
        }
        if (got == 0)
            break;
        sum.add(QByteArrayView(buffer.get(), qsizetype(got)));
        done += got;
        if (keepGoing && !keepGoing(done))
            return Error{ErrorCode::Cancelled, tr("The check was ended.")};
    }
    return done;
}

Result<RangeChecksum> checksumOfRange(int fd, qint64 offset, qint64 length,
                                      const std::function<bool(qint64)> &keepGoing)
{
    Checksum sum;
    const auto done = addRange(sum, fd, offset, length, keepGoing);
    if (!done)
        return done.error();
    return RangeChecksum{sum.hex(), done.value()};
}

} // namespace ferry
