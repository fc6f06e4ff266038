// SPDX-License-Identifier: MIT
#include "support/scarcity.h"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include <dlfcn.h>
#include <pthread.h>
#include <sys/stat.h>

namespace {

std::atomic_bool noThreads = false;
std::atomic<qint64> allocationsLeft = 0; ///< until the one that fails; 0: none does
std::atomic_bool allocationFailed = false;
thread_local bool spared = false;
std::atomic<qint64> unsyncedSize = -1;

} // namespace

namespace ferry::test {

NoThreads::NoThreads()
{
    noThreads = true;
}

NoThreads::~NoThreads()
{
    noThreads = false;
}

void spareThisThread()
{
    spared = true;
}

FailingAllocation::FailingAllocation(qint64 when)
{
    spareThisThread();
    allocationFailed = false;
    allocationsLeft = when;
}

FailingAllocation::~FailingAllocation()
{
    allocationsLeft = 0;
}

bool FailingAllocation::happened() const
{
    return allocationFailed;
}

FailingSync::FailingSync(qint64 size)
{
    unsyncedSize = size;
}

FailingSync::~FailingSync()
{
    unsyncedSize = -1;
}

} // namespace ferry::test

#if defined(__GLIBC__)
// In the program itself, so that every library calls these. glibc has its own under other names.
namespace {

/// Those of `new`. Of the libraries not all bear a failure: libgsasl frees twice what it could not
/// allocate, and a QList made of an initializer list is written to without a look.
bool isNew(const void *caller)
{
    Dl_info library = {};
    return ::dladdr(caller, &library) != 0 && library.dli_fname &&
           std::strstr(library.dli_fname, "/libstdc++.");
}

bool fails(const void *caller)
{
    if (spared || allocationsLeft.load(std::memory_order_relaxed) <= 0)
        return false;
    if (!isNew(caller) || allocationsLeft.fetch_sub(1) != 1)
        return false;
    allocationFailed = true;
    errno = ENOMEM;
    return true;
}

} // namespace

extern "C" {

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *argument) noexcept
{
    using Function = int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    static const auto original = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "pthread_create"));
    return noThreads ? EAGAIN : original(thread, attributes, start, argument);
}

int fsync(int descriptor)
{
    using Function = int (*)(int);
    static const auto original = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "fsync"));
    struct stat status = {};
    if (unsyncedSize < 0 || ::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
        status.st_size != unsyncedSize)
        return original(descriptor);
    errno = ENOSPC;
    return -1;
}

void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_realloc(void *old, std::size_t size);

void *malloc(std::size_t size) noexcept
{
    return fails(__builtin_return_address(0)) ? nullptr : __libc_malloc(size);
}

void *calloc(std::size_t count, std::size_t size) noexcept
{
    return fails(__builtin_return_address(0)) ? nullptr : __libc_calloc(count, size);
}

void *realloc(void *old, std::size_t size) noexcept
{
    return fails(__builtin_return_address(0)) ? nullptr : __libc_realloc(old, size);
}

} // extern "C"
#endif
