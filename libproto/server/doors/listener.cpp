// SPDX-License-Identifier: MIT
#include "server/doors/listener.h"

#include "server/limits.h"

#include <fcntl.h>

namespace ferry::server {

Listener::Listener(Accepted accepted, QObject *parent)
    : QTcpServer(parent)
    , m_accepted(std::move(accepted))
{
    // Connections that arrive while the listener rests wait here.
    setListenBacklogSize(1024);
    m_rest.setSingleShot(true);
    m_rest.setInterval(limits::acceptRest);
    connect(&m_rest, &QTimer::timeout, this, [this] {
        if (isListening())
            resumeAccepting();
    });
    connect(this, &QTcpServer::acceptError, this, [this] {
        m_rest.start();
        Q_EMIT rested(errorString());
    });
}

bool Listener::borrow(int socket)
{
    // Never shutdown(2): that would end the socket for all who have it.
    FileDescriptor own(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
    if (!own.valid() || !setSocketDescriptor(own.get()))
        return false;
    static_cast<void>(own.release());
    return true;
}

void Listener::incomingConnection(qintptr descriptor)
{
    m_accepted(FileDescriptor(int(descriptor)));
}

} // namespace ferry::server
