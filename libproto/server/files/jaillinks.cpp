// SPDX-License-Identifier: MIT
#include "server/files/jail.h"

#include <climits>
#include <fcntl.h>
#include <unistd.h>

namespace ferry::server::jail {

namespace {

constexpr int maxLinks = 40; // as in the kernel

/// Empty if it is no link.
QByteArray linkTarget(int folder, const QByteArray &name)
{
    char target[PATH_MAX];
    const ssize_t size = ::readlinkat(folder, name.constData(), target, sizeof target);
    return size > 0 ? QByteArray(target, size) : QByteArray();
}

/// Behind the folder's own path; nothing if it leads elsewhere.
std::optional<QByteArray> below(const QByteArrayList &names, const QByteArray &target)
{
    for (const QByteArray &name : names) {
        if (target == name || target.startsWith(name + '/'))
            return target.sliced(name.size());
    }
    return std::nullopt;
}

/// A folder below the folder, to look into; `names` has no links.
FileDescriptor goDown(int folder, const QByteArrayList &names)
{
    FileDescriptor at(::openat(folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
    for (const QByteArray &name : names)
        at = FileDescriptor(
            ::openat(at.get(), name.constData(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    return at;
}

} // namespace

std::optional<QByteArray> withoutLinks(int folder, const QByteArrayList &names,
                                       const QByteArray &path)
{
    QByteArrayList waiting = path.split('/');
    QByteArrayList done;
    int links = 0;
    FileDescriptor at = goDown(folder, done);
    while (!waiting.isEmpty()) {
        const QByteArray name = waiting.takeFirst();
        if (name.isEmpty() || name == ".")
            continue;
        if (name == "..") {
            if (done.isEmpty())
                return std::nullopt;
            done.removeLast();
            at = goDown(folder, done);
            continue;
        }
        QByteArray target = linkTarget(at.get(), name);
        if (target.isEmpty()) {
            done.append(name);
            if (!waiting.isEmpty())
                at = FileDescriptor(::openat(at.get(), name.constData(),
                                             O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
            continue;
        }
        if (++links > maxLinks)
            return std::nullopt;
        if (target.startsWith('/')) {
            const auto inside = below(names, target);
            if (!inside)
                return std::nullopt;
            target = *inside;
            done.clear();
            at = goDown(folder, done);
        }
        waiting = target.split('/') + waiting;
    }
    return done.join('/');
}

} // namespace ferry::server::jail
