// SPDX-License-Identifier: MIT
#include "server/filefacts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace ferry::server {

qint64 modifiedNs(const struct stat &status)
{
    return qint64(status.st_mtim.tv_sec) * 1'000'000'000 + qint64(status.st_mtim.tv_nsec);
}

bool sameContent(const struct stat &a, const struct stat &b)
{
    return a.st_ino == b.st_ino && a.st_size == b.st_size && modifiedNs(a) == modifiedNs(b);
}

QByteArray identityToken(const struct stat &status)
{
    // One for every file of a listing: written in place. Three numbers of at most 16 hex digits.
    std::array<char, 64> text;
    char *end = text.data();
    const auto add = [&](std::string_view mark, quint64 value) {
        end = std::copy(mark.begin(), mark.end(), end);
        end = std::to_chars(end, text.data() + text.size(), value, 16).ptr;
    };
    add("i", quint64(status.st_ino));
    add("-s", quint64(status.st_size));
    add("-m", quint64(modifiedNs(status)));
    return QByteArray(text.data(), end - text.data());
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
