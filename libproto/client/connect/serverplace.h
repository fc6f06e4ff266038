// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"

namespace ferry::client {

/// A server as somebody named it, and perhaps something on it.
struct ServerPlace
{
    ClientConfig server; ///< host, port, user; of an invitation also `invited`
    QByteArray path;     ///< that an invitation leads to; empty: none
    QString address;     ///< `user@host:port`, as it was written
};

/// What parseAddress() takes, or an invitation (net/channel/invitation.h). Invalid.
Result<ServerPlace> parsePlace(const QString &text);

} // namespace ferry::client
