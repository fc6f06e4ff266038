// SPDX-License-Identifier: MIT
#include "net/base/privatefile.h"

#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "net/base/uninterrupted.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace ferry::privatefile {

namespace {

Error failed(const QString &path, int error)
{
    return {ErrorCode::LocalFile, QStringLiteral("%1: %2").arg(path, qt_error_string(error)),
            error};
}

QString folderOf(const QString &path)
{
    return QFileInfo(path).path();
}

int openRetrying(const QByteArray &path, int flags, mode_t mode = 0)
{
    return uninterrupted([&] { return ::open(path.constData(), flags | O_CLOEXEC, mode); });
}

bool syncFolder(const QString &folder)
{
    const FileDescriptor fd(openRetrying(QFile::encodeName(folder), O_RDONLY | O_DIRECTORY));
    // Some file systems cannot sync a folder and say EINVAL; there is nothing more to be had.
    return fd.valid() && (::fsync(fd.get()) == 0 || errno == EINVAL);
}

/// A complete, synced temporary file beside `path`; its name.
Result<QByteArray> writeBeside(const QString &path, const QByteArray &content)
{
    QByteArray name = QFile::encodeName(path) + ".XXXXXX";
    FileDescriptor fd(::mkostemp(name.data(), O_CLOEXEC)); // mode 0600
    if (!fd.valid())
        return failed(path, errno);
    const auto giveUp = [&](int error) {
        ::unlink(name.constData());
        return failed(path, error);
    };
    for (qsizetype done = 0; done < content.size();) {
        const ssize_t count =
            ::write(fd.get(), content.constData() + done, size_t(content.size() - done));
        if (count > 0)
            done += count;
        else if (count == 0 || errno != EINTR)
            return giveUp(count == 0 ? EIO : errno);
    }
    if (::fsync(fd.get()) != 0)
        return giveUp(errno);
    if (::close(fd.release()) != 0)
        return giveUp(errno);
    return name;
}

/// What is not there, or of another kind, is no fault.
bool isOurs(const QString &path, mode_t kind, mode_t forbidden)
{
    struct stat status = {};
    if (::stat(QFile::encodeName(path).constData(), &status) != 0 ||
        (status.st_mode & S_IFMT) != kind)
        return true;
    const bool nobodyMoves = kind == S_IFDIR && (status.st_mode & S_ISVTX) != 0;
    return (status.st_uid == ::geteuid() || status.st_uid == 0) &&
           (nobodyMoves || (status.st_mode & forbidden) == 0);
}

} // namespace

Result<> ensureFolder(const QString &folder)
{
    const QByteArray path = QFile::encodeName(folder);
    if (::mkdir(path.constData(), 0700) == 0)
        return {};
    if (errno == ENOENT && QFileInfo(folder).path() != folder) {
        if (const Result<> above = ensureFolder(QFileInfo(folder).path()); !above)
            return above.error();
        if (::mkdir(path.constData(), 0700) == 0)
            return {};
    }
    const int error = errno;
    struct stat status = {};
    if (error == EEXIST && ::stat(path.constData(), &status) == 0 && S_ISDIR(status.st_mode))
        return {};
    return failed(folder, error == EEXIST ? ENOTDIR : error);
}

Result<QByteArray> read(const QString &path, qsizetype most)
{
    // O_NONBLOCK: a FIFO in the place of the file must not block.
    const FileDescriptor fd(openRetrying(QFile::encodeName(path), O_RDONLY | O_NONBLOCK));
    if (!fd.valid()) {
        if (errno == ENOENT)
            return Error{ErrorCode::NotFound, failed(path, ENOENT).text};
        return failed(path, errno);
    }
    struct stat status = {};
    if (::fstat(fd.get(), &status) != 0)
        return failed(path, errno);
    if (!S_ISREG(status.st_mode))
        return failed(path, EINVAL);
    QByteArray content;
    for (;;) {
        if (content.size() > most)
            return failed(path, EFBIG);
        char piece[16 * 1024];
        const ssize_t count = ::read(fd.get(), piece, sizeof piece);
        if (count > 0)
            content.append(piece, count);
        else if (count == 0)
            return content;
        else if (errno != EINTR)
            return failed(path, errno);
    }
}

Result<> replace(const QString &path, const QByteArray &content)
{
    const Result<QByteArray> temporary = writeBeside(path, content);
    if (!temporary)
        return temporary.error();
    if (::rename(temporary.value().constData(), QFile::encodeName(path).constData()) != 0) {
        const int error = errno;
        ::unlink(temporary.value().constData());
        return failed(path, error);
    }
    if (!syncFolder(folderOf(path)))
        return failed(folderOf(path), errno);
    return {};
}

Result<bool> create(const QString &path, const QByteArray &content)
{
    const Result<QByteArray> temporary = writeBeside(path, content);
    if (!temporary)
        return temporary.error();
    // Unlike rename, link never takes the place of a file that appeared in the meantime.
    const bool linked =
        ::link(temporary.value().constData(), QFile::encodeName(path).constData()) == 0;
    const int error = errno;
    ::unlink(temporary.value().constData());
    if (!linked && error == EEXIST)
        return false;
    if (!linked)
        return failed(path, error);
    if (!syncFolder(folderOf(path)))
        return failed(folderOf(path), errno);
    return true;
}

bool isExposed(const QString &path)
{
    struct stat status = {};
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 && (status.st_mode & 077) != 0;
}

bool isOurs(const QString &path, Others others)
{
    return isOurs(path, S_IFREG, others == Others::MayRead ? 022 : 077);
}

Result<> checkOurs(const QString &path, Others others)
{
    const auto invalid = [](const char *text, const QString &name) {
        return Error{ErrorCode::Invalid, tr(text).arg(displayText(name))};
    };
    if (!isOurs(folderOf(path), S_IFDIR, 022))
        return invalid("Others can change what is in %1. Make it yours alone (chmod 700).",
                       folderOf(path));
    if (others == Others::MayNothing && !isOurs(path, others))
        return invalid("Others can read or write %1. Make it yours alone (chmod 600).", path);
    if (others == Others::MayRead && !isOurs(path, others))
        return invalid("Others can change %1, so what is in it is not trusted. Look through it, "
                       "then make it yours alone (chmod 600).",
                       path);
    return {};
}

Result<Lock> Lock::take(const QString &path, QDeadlineTimer deadline)
{
    const QString name = path + QStringLiteral(".lock");
    Lock lock;
    lock.m_file.reset(openRetrying(QFile::encodeName(name), O_RDWR | O_CREAT, 0600));
    if (!lock.m_file.valid())
        return failed(name, errno);
    while (::flock(lock.m_file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return failed(name, errno);
        if (deadline.hasExpired())
            return Error{ErrorCode::TimedOut, tr("Another program holds %1.").arg(name)};
        // flock has no deadline of its own; holders need a few milliseconds.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return lock;
}

} // namespace ferry::privatefile
