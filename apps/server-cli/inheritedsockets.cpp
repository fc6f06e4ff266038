// SPDX-License-Identifier: MIT
#include "server-cli/inheritedsockets.h"

#include "net/base/displaytext.h"

#include <cstdlib>

#include <netinet/in.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

namespace ferry::servercli {

namespace {

quint16 portOf(const sockaddr_storage &address)
{
    return ntohs(address.ss_family == AF_INET6
                     ? reinterpret_cast<const sockaddr_in6 *>(&address)->sin6_port
                     : reinterpret_cast<const sockaddr_in *>(&address)->sin_port);
}

bool readAddress(InheritedSockets::Socket &socket)
{
    sockaddr_storage address = {};
    socklen_t size = sizeof address;
    auto *const generic = reinterpret_cast<sockaddr *>(&address);
    if (::sd_is_socket_inet(socket.descriptor.get(), AF_UNSPEC, SOCK_STREAM, 1, 0) <= 0 ||
        ::getsockname(socket.descriptor.get(), generic, &size) != 0)
        return false;
    socket.address.setAddress(generic);
    socket.port = portOf(address);
    return true;
}

} // namespace

Result<> InheritedSockets::take(const QByteArrayList &names)
{
    const auto invalid = [](const QString &text, const QByteArray &name) {
        return Error{ErrorCode::Invalid, text.arg(displayText(name))};
    };
    char **given = nullptr;
    const int count = ::sd_listen_fds_with_names(1, &given);
    if (count < 0)
        return Error{ErrorCode::Invalid, QStringLiteral("the inherited sockets cannot be used: %1")
                                             .arg(qt_error_string(-count))};
    for (int i = 0; i < count; ++i) {
        Socket socket;
        socket.name = given[i];
        std::free(given[i]);
        socket.descriptor.reset(SD_LISTEN_FDS_START + i);
        m_sockets.push_back(std::move(socket));
    }
    std::free(given);
    for (Socket &socket : m_sockets) {
        if (!names.contains(socket.name)) {
            m_unknown.append(socket.name);
            continue;
        }
        if (!readAddress(socket))
            return invalid(
                QStringLiteral("the inherited socket “%1” is no TCP socket that listens"),
                socket.name);
        if (find(socket.name) != &socket)
            return invalid(QStringLiteral("two inherited sockets are called “%1”"), socket.name);
    }
    return {};
}

const InheritedSockets::Socket *InheritedSockets::find(QByteArrayView name) const
{
    for (const Socket &socket : m_sockets) {
        if (socket.name == name)
            return &socket;
    }
    return nullptr;
}

} // namespace ferry::servercli
