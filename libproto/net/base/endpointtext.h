// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ferry {

/// `host:port`, or `[v6]:port`, as a person reads and types it.
inline QString endpointText(const QString &host, quint16 port)
{
    return (host.contains(u':') ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2"))
        .arg(host, QString::number(port)); // in one step: a scope may be "%2"
}

} // namespace ferry
