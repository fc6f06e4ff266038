// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "server/limits.h"

#include <QTcpServer>
#include <QTimer>

#include <functional>

namespace ferry::server {

/// Accepts descriptors and hands each to `accepted`, on its own thread's event loop. When the
/// system refuses to accept (EMFILE, ENFILE, ENOBUFS, ENOMEM), it rests for limits::acceptRest
/// and goes on: a QTcpServer by itself would stay deaf for good.
class Listener final : public QTcpServer
{
    Q_OBJECT
public:
    using Accepted = std::function<void(FileDescriptor socket)>;

    explicit Listener(Accepted accepted, QObject *parent = nullptr);

    /// Instead of listen(): accepts from a socket that listens already, and whose other owners go
    /// on with it after close(). False with errorString().
    bool borrow(int socket);

Q_SIGNALS:
    void rested(const QString &why);

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    Accepted m_accepted;
    QTimer m_rest;
};

} // namespace ferry::server
