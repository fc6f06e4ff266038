// SPDX-License-Identifier: MIT
#include "client/connect/listingbound.h"

#include "net/base/translate.h"

#include <QByteArrayList>
#include <QFile>

#include <algorithm>
#include <utility>

#include <sys/resource.h>
#include <unistd.h>

namespace ferry::client {

namespace {

Error tooLong()
{
    return {ErrorCode::Protocol,
            tr("The server's listing does not end, or takes more memory than there is here.")};
}

/// Of this process, in bytes: its address space, and what of it is in memory.
std::pair<qint64, qint64> usedNow()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArrayList pages = file.readAll().split(' ');
    const qint64 page = ::sysconf(_SC_PAGESIZE);
    return {pages.value(0).toLongLong() * page, pages.value(1).toLongLong() * page};
}

} // namespace

qint64 listingMemory()
{
    const auto [space, resident] = usedNow();
    const qint64 machine = qint64(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
    qint64 bytes = std::min(limits::listingBytes, machine / 2 - resident);
    rlimit allowed = {};
    if (::getrlimit(RLIMIT_AS, &allowed) == 0 && allowed.rlim_cur != RLIM_INFINITY)
        bytes = std::min(bytes, (qint64(allowed.rlim_cur) - space) / 2);
    return std::max<qint64>(bytes, 1);
}

ListingBound::ListingBound(qint64 bytes, EntryCost cost)
    : m_cost(cost)
    , m_left(bytes > 0 ? bytes : listingMemory())
{
}

Result<> ListingBound::skipped(const QByteArray &path)
{
    return --m_skipped < 0 ? tooLong() : taken(path.size());
}

Result<> ListingBound::taken(qsizetype pathBytes)
{
    m_left -= m_cost.entry + m_cost.pathByte * pathBytes;
    return m_left < 0 ? Result<>(tooLong()) : Result<>();
}

} // namespace ferry::client
