// SPDX-License-Identifier: MIT
#include "server/files/jail.h"

#include <QtGlobal>

#include <cerrno>
#include <fcntl.h>

#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ferry::server::jail {

namespace {

FileDescriptor openResolved(int folder, const QByteArray &path, quint64 resolve)
{
    open_how how = {};
    how.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    how.resolve = resolve;
    const char *const relative = path.isEmpty() ? "." : path.constData();
    // EAGAIN: something was renamed at the wrong moment and the kernel could not be sure. A peer
    // cannot make us try for ever.
    for (int attempt = 0; attempt < 16; ++attempt) {
        const long fd = ::syscall(SYS_openat2, folder, relative, &how, sizeof how);
        if (fd >= 0)
            return FileDescriptor(int(fd));
        if (errno != EAGAIN && errno != EINTR)
            break;
    }
    return {};
}

} // namespace

FileDescriptor openWithOpenat2(int folder, const QByteArray &path)
{
    return openResolved(folder, path, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
}

FileDescriptor openExactly(int folder, const QByteArray &path)
{
    return openResolved(folder, path, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
}

Method best()
{
    // Asked once: an old kernel says ENOSYS, some containers' filters say EPERM.
    static const Method method = [] {
        const FileDescriptor root(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        return openWithOpenat2(root.get(), {}).valid() ? Method::Openat2 : Method::ComponentWise;
    }();
    return method;
}

FileDescriptor openBeneath(Method method, int folder, const QByteArray &path)
{
    return method == Method::Openat2 ? openWithOpenat2(folder, path)
                                     : openComponentWise(folder, path);
}

} // namespace ferry::server::jail
