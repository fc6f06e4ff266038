// SPDX-License-Identifier: MIT
#pragma once

#include "client/limits.h"
#include "net/limits.h"
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
    QString name;         ///< what the operator is told of the person; empty: ownName()
    QByteArray box;       ///< newBox(): all connections that name the same one are one person's to
                          ///< the server, so that what is given to them can be fetched; one for
                          ///< each server, and a secret. Empty: they belong to nobody
    bool window = false;  ///< a person sits before it, not before a command line
    bool classic = false; ///< the unencrypted tutorial dialect

    // Who the server may be, on an encrypted connection (docs/PROTOCOL.md, "Identity"). Without
    // any of these, only a server whose fingerprint was stored before is trusted.
    QString knownServersFile; ///< path; empty: nobody is known, nothing is stored
    QByteArray pin;           ///< `sha256:HEX`: this one and no other, whatever is stored
    QByteArray accepted;      ///< a person agreed to this one; stored after the login (a Client
                              ///< remembers it for further connections to this server)
    QByteArray invited;       ///< an invitation names this one: another is refused, whatever is
                              ///< stored; if nothing is, it is accepted
    bool trustNew = false;    ///< any server that is not known; stored after the login

    /// A partial file that an earlier try left is continued, not begun again.
    bool resume = false;

    /// How often a server that is gone is looked for again, once a login has succeeded, while
    /// files wait for it: with pauses of 1, 2, 4, 8, 16 and then 30 s. -1: for ever, and more often
    /// (retryplan.h).
    int reconnects = 0;
    /// Also while nothing waits for it.
    bool stayConnected = false;

    std::chrono::milliseconds connectTime = limits::connectTime;
    std::chrono::milliseconds replyTime = limits::replyTime;
    std::chrono::milliseconds probeTime = limits::probeTime;
    std::chrono::milliseconds stalledTime = limits::stalledTime;
    /// A file that comes slower than limits::minimumRate (minimumRateClassic) over this long is
    /// given up, unless the server says that it is busy.
    std::chrono::milliseconds minimumRateWindow = limits::minimumRateWindow;
    /// An answer that comes slower than that over this long is given up even so.
    std::chrono::milliseconds busyTime = limits::busyTime;

    /// A listing that takes more bytes here is given up; 0: half of what there is.
    qint64 listingBytes = 0;
};

/// `host`, `host:port`, `[v6]:port`, a bare v6 address, each with `user@` before it.
/// Invalid with a sentence for anything else.
Result<ClientConfig> parseAddress(const QString &text);

/// The server of a queue's rows: `[classic ]user@host:port`, with the ports and the account that
/// are used if none is given. Without a password, of course.
QString serverName(const ClientConfig &config);

/// The other way round: host, port, user and dialect. Invalid.
Result<ClientConfig> parseServerName(const QString &name);

/// The account that it logs in to, UTF-8.
QByteArray accountOf(const ClientConfig &config);

/// `anna@studio-laptop`: the account and the computer that this program runs on.
QString ownName();

/// A name for ClientConfig::box, that nobody can guess.
QByteArray newBox();

/// May the password go there unencrypted? Loopback addresses and `localhost` only.
bool isLoopbackHost(const QString &host);

} // namespace ferry::client
