// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "net/base/logqueue.h"
#include "net/login/sasl.h"
#include "wire/extended/extended.h"

#include <atomic>
#include <functional>
#include <memory>

namespace ferry::client {

/// Lists folders of a server over a connection of its own. Blocks; one thread.
class Lister
{
public:
    Lister(ClientConfig config, std::shared_ptr<LogQueue> log,
           std::shared_ptr<sasl::SaltedPasswords> derived);
    ~Lister();
    Lister(const Lister &) = delete;
    Lister &operator=(const Lister &) = delete;

    /// Errors of EncryptedConnection, and HostNotFound, CannotConnect.
    Result<> connect();

    using Sink = std::function<void(const extended::Entry &)>;
    using LeftOut = std::function<void(const QByteArray &path, const Error &why)>;

    /// The entries of one folder (the shares for the root), or of the whole tree below it, as
    /// they come, and what the server leaves out, with a path from the root. A path to a file
    /// gives that file, unless a slash ends it. NotFound, CutShort (not readable now); what ends
    /// the connection.
    Result<> list(const QByteArray &path, bool tree, const Sink &sink, const LeftOut &leftOut);

    /// Whether another list() may succeed: the last one did, or was refused.
    bool isOpen() const;

    /// The server's fingerprint, once there was a handshake.
    QByteArray offered() const;
    /// The one that was expected, if it is another one: nobody is asked, a person has to look.
    QByteArray saved() const;

    /// Any thread: ends connect() or list() at once.
    void close();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ferry::client
