// SPDX-License-Identifier: MIT
#pragma once

#include "net/limits.h"
#include "server/limits.h"
#include "server/serverconfig.h"
#include "server/uploadlimits.h"
#include "wire/result.h"

#include <QByteArrayList>
#include <QHostAddress>

#include <optional>
#include <tuple>

namespace ferry::servercli {

/// What the command line and its --config file ask for, as it was written: nothing else is opened
/// or looked up yet, except that the shares are there.
struct Options
{
    bool help = false;
    bool version = false;
    QList<server::ShareConfig> shares;
    QHostAddress tlsAddress = QHostAddress(QHostAddress::Any);
    quint16 tlsPort = limits::tlsPort;
    bool classic = true;
    QHostAddress classicAddress = QHostAddress(QHostAddress::LocalHost);
    quint16 classicPort = limits::classicPort;
    QByteArray passwordFile;
    QByteArray classicPasswordFile;
    QByteArray dataFolder;
    std::optional<int> maxSessions;
    qint64 rateLimit = 0; ///< bytes per second; 0: none
    server::UploadLimits uploads;
    bool members = false; ///< people may write to each other
    QByteArray logFile;   ///< empty: the log goes to standard error
    qint64 logFileBytes = limits::logFileBytes;
    int logFiles = limits::logFiles;
    bool history = false;
    QByteArray configFile; ///< empty: there is none

    /// What a server that runs cannot change; to be compared and assigned.
    auto fixedAtStart()
    {
        return std::tie(tlsAddress, tlsPort, classic, classicAddress, classicPort, dataFolder,
                        logFile, logFileBytes, logFiles, history);
    }
};

/// `arguments` without the program's name, as bytes: a folder's name need not be valid text.
/// Invalid with a sentence.
Result<Options> parseOptions(const QByteArrayList &arguments);

/// ADDR:PORT, with an IPv6 address in brackets; `*` and [::] are all addresses of both families.
/// PORT or :PORT alone is for the address `usual`.
struct Endpoint
{
    QHostAddress address;
    quint16 port = 0;
};
Result<Endpoint> parseEndpoint(const QByteArray &text, const QHostAddress &usual);

/// [::] is both families, as in other servers; Qt keeps IPv4 out of AnyIPv6.
QHostAddress addressToBind(const QHostAddress &given);

} // namespace ferry::servercli
