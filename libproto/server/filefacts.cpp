// SPDX-License-Identifier: MIT
#include "server/filefacts.h"

namespace ferry::server {

qint64 modifiedNs(const struct stat &status)
{
    return qint64(status.st_mtim.tv_sec) * 1'000'000'000 + qint64(status.st_mtim.tv_nsec);
}

QByteArray identityToken(const struct stat &status)
{
    return 'i' + QByteArray::number(quint64(status.st_ino), 16) + "-s" +
           QByteArray::number(quint64(status.st_size), 16) + "-m" +
           QByteArray::number(quint64(modifiedNs(status)), 16);
}

extended::FileFacts factsOf(const struct stat &status)
{
    extended::FileFacts facts;
    facts.size = status.st_size;
    facts.mtimeNs = modifiedNs(status);
    facts.id = identityToken(status);
    return facts;
}

} // namespace ferry::server
