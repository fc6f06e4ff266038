// SPDX-License-Identifier: MIT
#pragma once

#include "wire/limits.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>

#include <chrono>

namespace ferry::client {

/// Where and how to connect.
struct ClientConfig
{
    QString host;         ///< name or address, without brackets
    quint16 port = 0;     ///< 0: the dialect's own
    QString user;         ///< empty: the default account
    QByteArray password;  ///< UTF-8
    bool classic = false; ///< the unencrypted tutorial dialect

    // Who the server may be, on an encrypted connection (docs/PROTOCOL.md, "Identity"). Without
    // any of these, only a server whose fingerprint was stored before is trusted.
    QString knownServersFile; ///< path; empty: nobody is known, nothing is stored
    QByteArray pin;           ///< `sha256:HEX`: this one and no other, whatever is stored
    QByteArray accepted;      ///< a person agreed to this one; stored after the login
    bool trustNew = false;    ///< whoever is not known; stored after the login

    /// A partial file that an earlier try left is continued, not begun again.
    bool resume = false;

    std::chrono::milliseconds connectTime = limits::connectTime;
    std::chrono::milliseconds replyTime = limits::replyTime;
    std::chrono::milliseconds probeTime = limits::probeTime;
    std::chrono::milliseconds stalledTime = limits::stalledTime;
    /// A file that comes slower than limits::minimumRate over this long is given up.
    std::chrono::milliseconds minimumRateWindow = limits::minimumRateWindow;
};

/// `host`, `host:port`, `[v6]:port`, a bare v6 address, each with `user@` before it.
/// Invalid with a sentence for anything else.
Result<ClientConfig> parseAddress(const QString &text);

/// May the password go there unencrypted? Loopback addresses and `localhost` only.
bool isLoopbackHost(const QString &host);

} // namespace ferry::client
