// SPDX-License-Identifier: MIT
#pragma once

#include "net/limits.h"
#include "server/limits.h"
#include "server/uploadlimits.h"
#include "wire/extended/extended.h"
#include "wire/result.h"

#include <QByteArrayList>
#include <QHostAddress>
#include <QList>
#include <QString>

namespace ferry::server {

/// One shared folder, or a single file: the name that clients see, and where it is on this disk.
struct ShareConfig
{
    QByteArray name;   ///< isShareName()
    QByteArray folder; ///< path in the file system's own encoding; it may be that of a file
    /// Others only read, unless somebody says otherwise.
    extended::Access access = extended::Access::Read;
};

/// Everything an engine needs to know to start. Plain values; only the apps know settings files.
struct ServerConfig
{
    QList<ShareConfig> shares;

    /// Of the account `ferry`, UTF-8. Empty: the stored accounts hold it, or nobody has it.
    QByteArray password;

    /// UTF-8. What AUTH takes at the classic door, where the password can be overheard; empty: the
    /// same as at the other.
    QByteArray classicPassword;

    /// Where the certificate, its key and the accounts are kept. Empty: a certificate of this run
    /// only, and no stored accounts.
    QString dataFolder;

    /// Paths of what else is never served, whatever is shared: files of logs, passwords and
    /// settings, or whole folders. The data folder is among them anyhow.
    QByteArrayList ownFiles;

    /// Off here, on in the programs: a test wants no port that it did not ask for.
    bool tlsEnabled = false;
    QHostAddress tlsAddress = QHostAddress(QHostAddress::Any);
    quint16 tlsPort = limits::tlsPort; ///< 0: a free one
    int tlsSocket =
        -1; ///< listens already, instead of at an address; it is borrowed and stays open

    bool classicEnabled = true;
    QHostAddress classicAddress = QHostAddress(QHostAddress::LocalHost);
    quint16 classicPort = limits::classicPort; ///< 0: a free one
    int classicSocket = -1;                    ///< likewise

    UploadLimits uploads;

    /// People see each other and may write to each other. To the operator they always may.
    bool members = false;

    int maxSessions = limits::sessionsTotal;
    int maxSessionsPerAddress = limits::sessionsPerAddress;
    int maxStrangers = limits::strangersTotal;
    int maxStrangersPerAddress = limits::strangersPerAddress;
    std::chrono::milliseconds strangerGrace = limits::strangerGrace;

    std::chrono::milliseconds tlsHandshakeTime = limits::tlsHandshakeTime;
    std::chrono::milliseconds loginTime = limits::loginTime;
    std::chrono::milliseconds idleTime = limits::idleTime;
    std::chrono::milliseconds noProgressTime = limits::noProgressTime;
    qint64 minimumRate = limits::minimumRate; ///< bytes per second
    std::chrono::milliseconds minimumRateWindow = limits::minimumRateWindow;
    std::chrono::milliseconds loginFailureDelay = limits::loginFailureDelay;
    std::chrono::milliseconds penaltyFirst = limits::penaltyFirst; ///< per address
    std::chrono::milliseconds maxPenalty = limits::maxPenalty;

    /// Sessions get less of a busy processor than the program's other threads: it has a window.
    bool besideWindow = false;

    qint64 sessionRateLimit = 0; ///< bytes per second that each session begins with; 0: none
    qint64 rateLimit = 0;        ///< bytes per second of all sessions together; 0: none

    /// What AUTH takes; empty: ask the accounts.
    const QByteArray &passwordAt(bool encrypted) const
    {
        return encrypted || classicPassword.isEmpty() ? password : classicPassword;
    }
};

/// Bytes, as in VirtualPath: not empty, no `/`, not `.` or `..`; and no `@` in front, where the
/// protocol has people.
bool isShareName(const QByteArray &name);

/// Invalid with a sentence if the configuration cannot work: bad or equal share names, a folder
/// that is not there, is `/` or lies in the data folder, a share that takes files in a folder that
/// cannot be written, a password that is empty or that no client
/// could send, a cap below one. No share at all is no fault: the owner may add one later.
Result<> check(const ServerConfig &config);

/// The data folders that Ferry's programs have if they are told no other, for
/// ServerConfig::ownFiles: a server must not give out the secrets of another one either.
QByteArrayList defaultDataFolders();

/// Whether others may put files into `folder`, if that is what `access` lets them do. Invalid with
/// a sentence: it is a file, or this program may not write there.
Result<> checkAccess(const QByteArray &folder, extended::Access access);

/// NAME=DIR or DIR (named after its last part) as the command line takes it. What stands before
/// the first `=` is a name only if it has no `/` in it.
Result<ShareConfig> parseShare(const QByteArray &text,
                               extended::Access access = extended::Access::Read);

} // namespace ferry::server
