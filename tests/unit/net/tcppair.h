// SPDX-License-Identifier: MIT
/// Two ends of one real TCP connection over 127.0.0.1, and a thread that stands in for a session.
#pragma once

#include "net/base/filedescriptor.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace ferry::test {

/// First the accepted end, then the connecting one; both invalid if there is no network.
inline std::pair<FileDescriptor, FileDescriptor> tcpPair()
{
    const FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (::bind(listener.get(), generic, length) != 0 || ::listen(listener.get(), 1) != 0 ||
        ::getsockname(listener.get(), generic, &length) != 0)
        return {};
    FileDescriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(client.get(), generic, length) != 0)
        return {};
    FileDescriptor server(::accept(listener.get(), nullptr, nullptr));
    return {std::move(server), std::move(client)};
}

} // namespace ferry::test
