// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QHostAddress>

#include <vector>

namespace ferry::servercli {

/// Listening sockets that a service manager opened for this program and passed on by name
/// (sd_listen_fds(3)). They stay open as long as this: whoever connects meanwhile waits there.
class InheritedSockets
{
public:
    struct Socket
    {
        QByteArray name;
        FileDescriptor descriptor;
        QHostAddress address;
        quint16 port = 0;
    };

    /// Those that are meant for this process, in any order; programs that it starts get none of
    /// them. Once. Invalid with a sentence: one of `names` is no listening TCP socket, or there
    /// are two of it.
    Result<> take(const QByteArrayList &names);

    /// Null if there is none.
    const Socket *find(QByteArrayView name) const;

    /// Of the sockets that nobody asked for.
    const QByteArrayList &unknown() const { return m_unknown; }

private:
    std::vector<Socket> m_sockets;
    QByteArrayList m_unknown;
};

} // namespace ferry::servercli
