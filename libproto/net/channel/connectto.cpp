// SPDX-License-Identifier: MIT
/// The client's way to a connected socket: name, addresses, first that answers.
#include "net/channel/socketops.h"

#include "net/base/translate.h"
#include "net/base/workerthread.h"

#include <QList>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <netdb.h>
#include <sys/socket.h>

namespace ferry::socketops {

namespace {

using namespace std::chrono_literals;

/// How often a wait looks at the caller's `cancelled`.
constexpr auto cancelInterval = 50ms;

struct Address
{
    sockaddr_storage storage = {};
    socklen_t length = 0;
};

/// One look-up. getaddrinfo(3) cannot be interrupted, so it runs on a thread that may outlive the
/// caller's deadline; what both touch lives here.
struct Lookup
{
    std::mutex mutex; ///< guards the rest
    std::condition_variable changed;
    bool done = false;
    int error = 0;
    QList<Address> addresses;
};

int resolve(const QByteArray &host, const QByteArray &port, int flags, QList<Address> &addresses)
{
    addrinfo hints = {};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | flags;
    addrinfo *found = nullptr;
    const int error = ::getaddrinfo(host.constData(), port.constData(), &hints, &found);
    if (error != 0)
        return error;
    for (const addrinfo *info = found; info; info = info->ai_next) {
        Address address;
        std::memcpy(&address.storage, info->ai_addr, info->ai_addrlen);
        address.length = info->ai_addrlen;
        addresses.append(address);
    }
    ::freeaddrinfo(found);
    return 0;
}

Error cancelledError()
{
    return {ErrorCode::Cancelled, tr("The connection was closed here.")};
}

Error timedOutError(const QString &host)
{
    return {ErrorCode::TimedOut, tr("%1 did not answer in time.").arg(host)};
}

bool isSet(const std::atomic_bool *flag)
{
    return flag && *flag;
}

Result<QList<Address>> lookUp(const QString &host, quint16 port, QDeadlineTimer deadline,
                              const std::atomic_bool *cancelled)
{
    const QByteArray name = host.toUtf8();
    const QByteArray service = QByteArray::number(port);
    QList<Address> addresses;
    if (resolve(name, service, AI_NUMERICHOST, addresses) == 0)
        return addresses;

    const auto lookup = std::make_shared<Lookup>();
    const auto done = [lookup](int error, const QList<Address> &found = {}) {
        const std::lock_guard lock(lookup->mutex);
        lookup->error = error;
        lookup->addresses = found;
        lookup->done = true;
        lookup->changed.notify_all();
    };
    const auto work = [done, name, service] {
        QList<Address> found;
        const int error = resolve(name, service, AI_ADDRCONFIG, found);
        done(error, found);
    };
    if (auto started = WorkerThread::startDetached("look-up", work,
                                                   [done](const Error &) { done(EAI_MEMORY); });
        !started)
        return started.error();

    std::unique_lock lock(lookup->mutex);
    while (!lookup->done) {
        if (isSet(cancelled))
            return cancelledError();
        if (deadline.hasExpired())
            return timedOutError(host);
        lookup->changed.wait_for(lock, cancelInterval);
    }
    if (lookup->error != 0)
        return Error{ErrorCode::HostNotFound,
                     tr("Cannot find the host %1: %2.")
                         .arg(host, QString::fromLocal8Bit(::gai_strerror(lookup->error)))};
    return lookup->addresses;
}

/// Connected, or -1 with errno; ECANCELED and ETIMEDOUT for the two ways to give up.
int connectOne(int fd, const Address &address, QDeadlineTimer deadline,
               const std::atomic_bool *cancelled)
{
    const auto *generic = reinterpret_cast<const sockaddr *>(&address.storage);
    if (::connect(fd, generic, address.length) == 0)
        return 0;
    if (errno != EINPROGRESS && errno != EINTR)
        return -1;
    for (;;) {
        if (isSet(cancelled)) {
            errno = ECANCELED;
            return -1;
        }
        const QDeadlineTimer slice(
            qMin<qint64>(deadline.isForever() ? cancelInterval.count() : deadline.remainingTime(),
                         cancelInterval.count()));
        const Ready ready = waitWritable(fd, slice);
        if (ready == Ready::Failed)
            return -1;
        if (ready == Ready::Yes)
            break;
        if (deadline.hasExpired()) {
            errno = ETIMEDOUT;
            return -1;
        }
    }
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
    errno = error;
    return error == 0 ? 0 : -1;
}

} // namespace

Result<FileDescriptor> connectTo(const QString &host, quint16 port, QDeadlineTimer deadline,
                                 const std::atomic_bool *cancelled)
{
    auto found = lookUp(host, port, deadline, cancelled);
    if (!found)
        return found.error();
    const QList<Address> addresses = found.take();

    int lastError = ECONNREFUSED;
    for (qsizetype i = 0; i < addresses.size(); ++i) {
        const Address &address = addresses.at(i);
        FileDescriptor socket(::socket(address.storage.ss_family, SOCK_STREAM, 0));
        if (!socket.valid()) {
            lastError = errno;
            continue;
        }
        prepare(socket.get());
        // A fair part of the time that is left, so that one dead address of several does not
        // take all of it.
        QDeadlineTimer part = deadline;
        if (!deadline.isForever())
            part = QDeadlineTimer(deadline.remainingTime() / (addresses.size() - i));
        if (connectOne(socket.get(), address, part, cancelled) == 0)
            return socket;
        lastError = errno;
        if (lastError == ECANCELED)
            return cancelledError();
    }
    if (lastError == ETIMEDOUT)
        return timedOutError(host);
    return Error{ErrorCode::CannotConnect,
                 tr("No server at %1, port %2: %3.")
                     .arg(host, QString::number(port), qt_error_string(lastError))};
}

} // namespace ferry::socketops
