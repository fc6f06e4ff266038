// SPDX-License-Identifier: MIT
#include "server/files/jail.h"

#include <QByteArrayList>

#include <fcntl.h>

namespace ferry::server::jail {

/// Goes down one name at a time, each below the descriptor of the one before, and never through
/// a link: at no moment is there a path that somebody could bend.
FileDescriptor openComponentWise(int folder, const QByteArray &path)
{
    constexpr int common = O_RDONLY | O_NOFOLLOW | O_CLOEXEC;
    const QByteArrayList names = path.isEmpty() ? QByteArrayList{"."} : path.split('/');
    FileDescriptor parent;
    for (qsizetype i = 0; i < names.size(); ++i) {
        const bool last = i == names.size() - 1;
        const int flags = common | (last ? O_NONBLOCK | O_NOCTTY : O_DIRECTORY);
        const int at = parent.valid() ? parent.get() : folder;
        FileDescriptor next(::openat(at, names.at(i).constData(), flags));
        if (!next.valid())
            return {};
        parent = std::move(next);
    }
    return parent;
}

} // namespace ferry::server::jail
