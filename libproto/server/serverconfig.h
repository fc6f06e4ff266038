// SPDX-License-Identifier: MIT
#pragma once

#include "wire/limits.h"
#include "wire/result.h"

#include <QHostAddress>
#include <QList>
#include <QString>

namespace ferry::server {

/// One shared folder: the name that clients see, and the folder on this disk.
struct ShareConfig
{
    QByteArray name;   ///< bytes, as in VirtualPath: not empty, no `/`, not `.` or `..`
    QByteArray folder; ///< path in the file system's own encoding
};

/// Everything an engine needs to know to start. Plain values; only the apps know settings files.
struct ServerConfig
{
    QList<ShareConfig> shares;

    /// UTF-8. Never empty.
    QByteArray password;

    bool classicEnabled = true;
    QHostAddress classicAddress = QHostAddress(QHostAddress::LocalHost);
    quint16 classicPort = limits::classicPort; ///< 0: a free one

    int maxSessions = limits::sessionsTotal;
    int maxSessionsPerAddress = limits::sessionsPerAddress;
    int maxStrangers = limits::strangersTotal;
    int maxStrangersPerAddress = limits::strangersPerAddress;

    std::chrono::milliseconds loginTime = limits::loginTime;
    std::chrono::milliseconds idleTime = limits::idleTime;
    std::chrono::milliseconds noProgressTime = limits::noProgressTime;
    qint64 minimumRate = limits::minimumRate; ///< bytes per second
    std::chrono::milliseconds minimumRateWindow = limits::minimumRateWindow;
    std::chrono::milliseconds loginFailureDelay = limits::loginFailureDelay;
};

/// Invalid with a sentence if the configuration cannot work: bad or equal share names, a folder
/// that is not there or is `/`, a password that is empty or that no client could send, a cap
/// below one. No share at all is no fault: the owner may add one later.
Result<> check(const ServerConfig &config);

/// NAME=DIR or DIR (named after its last part) as the command line takes it. What stands before
/// the first `=` is a name only if it has no `/` in it.
Result<ShareConfig> parseShare(const QByteArray &text);

} // namespace ferry::server
