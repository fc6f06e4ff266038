// SPDX-License-Identifier: MIT
#include "client-cli/printfolder.h"

#include "client/disk/localname.h"
#include "net/base/displaytext.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

namespace {

constexpr char lockName[] = "/.ferry-lock";
constexpr char newLockName[] = "/.ferry-lock.new";
constexpr char contentName[] = "/file";

// By std::filesystem and not by QDir, which drops names that are no UTF-8.
using std::filesystem::directory_iterator;

Error problem(const QByteArray &path, int errnoValue)
{
    return {ErrorCode::LocalFile, QStringLiteral("%1: %2").arg(displayText(QByteArrayView(path)),
                                                               qt_error_string(errnoValue))};
}

/// The content first: as long as there is some, what is left can be known by its lock file.
void removeFolder(const QByteArray &folder)
{
    std::error_code ignored; // the next one tries again
    std::filesystem::remove_all((folder + contentName).constData(), ignored);
    std::filesystem::remove_all(folder.constData(), ignored);
}

bool tryLock(const FileDescriptor &file)
{
    return file.valid() && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
}

/// It gets its name when it is locked. Without locks, as on some network disks, it gets none, and
/// nobody takes the folder for one that was left.
FileDescriptor makeLock(const QByteArray &folder)
{
    const QByteArray path = folder + newLockName;
    FileDescriptor file(::open(path.constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!tryLock(file) || std::rename(path.constData(), (folder + lockName).constData()) != 0)
        ::unlink(path.constData());
    return file;
}

bool isOurs(const QByteArray &path, mode_t kind)
{
    struct stat found = {};
    return ::lstat(path.constData(), &found) == 0 && (found.st_mode & S_IFMT) == kind &&
           found.st_uid == ::geteuid();
}

/// The ones of programs that were killed.
void removeLeftOver(const QByteArray &parent)
{
    std::error_code error;
    for (directory_iterator entry(parent.constData(), error);
         !error && entry != directory_iterator(); entry.increment(error)) {
        const QByteArray folder = entry->path().c_str();
        if (::fnmatch("ferry-??????", entry->path().filename().c_str(), 0) != 0 ||
            !isOurs(folder, S_IFDIR) || !isOurs(folder + lockName, S_IFREG))
            continue;
        const FileDescriptor lock(
            ::open((folder + lockName).constData(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
        struct stat found = {};
        if (tryLock(lock) && ::fstat(lock.get(), &found) == 0 && found.st_nlink == 1)
            removeFolder(folder);
    }
}

} // namespace

Result<PrintFolder> PrintFolder::makeIn(const QString &parent)
{
    const QByteArray in = localBytes(parent);
    removeLeftOver(in);
    PrintFolder made;
    QByteArray name = in + "/ferry-XXXXXX";
    if (!::mkdtemp(name.data()))
        return problem(in, errno);
    made.m_folder = name;
    made.m_lock = makeLock(name);
    if (::mkdir((name + contentName).constData(), 0700) != 0)
        return problem(name, errno);
    return made;
}

PrintFolder::PrintFolder(PrintFolder &&other) noexcept
    : m_folder(std::exchange(other.m_folder, {}))
    , m_lock(std::move(other.m_lock))
{
}

PrintFolder &PrintFolder::operator=(PrintFolder &&other) noexcept
{
    if (this != &other) {
        remove();
        m_folder = std::exchange(other.m_folder, {});
        m_lock = std::move(other.m_lock);
    }
    return *this;
}

PrintFolder::~PrintFolder()
{
    remove();
}

QString PrintFolder::path() const
{
    return localText(m_folder + contentName);
}

Result<FileDescriptor> PrintFolder::takeFile()
{
    const QByteArray folder = m_folder + contentName;
    std::error_code error;
    const directory_iterator first(folder.constData(), error);
    if (error || first == directory_iterator())
        return problem(folder, error ? error.value() : ENOENT);
    FileDescriptor file(::open(first->path().c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid())
        return problem(first->path().c_str(), errno);
    remove();
    return file;
}

void PrintFolder::remove()
{
    if (!m_folder.isEmpty())
        removeFolder(m_folder);
    m_folder.clear();
}

} // namespace ferry::client
