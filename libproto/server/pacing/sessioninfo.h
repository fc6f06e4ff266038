// SPDX-License-Identifier: MIT
#pragma once

#include "net/limits.h"

#include <QString>

namespace ferry::server {

enum class SessionState {
    Login, ///< connected, not logged in
    Idle,  ///< logged in, no transfer
    Sending,
    Receiving,
    Stalled, ///< sending or receiving, but no byte for limits::stalledTime
    Paused,  ///< by the operator: sends no content
    Ended,
};

/// What a window shows of one connection: a copy, taken at one moment.
struct SessionInfo
{
    quint64 id = 0;
    qint64 sinceMs = 0; ///< wall clock, since the epoch
    QString address;    ///< of the peer, without port
    quint16 port = 0;   ///< of the peer
    bool encrypted = false;
    QString tlsVersion; ///< "TLS 1.3"; empty until it is agreed on
    QString cipher;     ///< "TLS_AES_128_GCM_SHA256"; likewise
    QString client;     ///< what it calls itself, safe to show
    QString name;       ///< what the person at it is called, as it says; safe to show, may be empty
    QString account;    ///< empty before login; safe to show
    SessionState state = SessionState::Login;
    QString file;             ///< current or last file, safe to show
    qint64 fileSize = 0;      ///< bytes
    bool fileComesIn = false; ///< the client sends it
    qint64 fileSent = 0;      ///< bytes of the current file, in either direction
    qint64 sent = 0;          ///< bytes of file content since the connection began
    qint64 received = 0;      ///< likewise
    qint64 filesSent = 0;
    qint64 filesReceived = 0;  ///< stored under their final names, and the checksum was right
    qint64 filesVerified = 0;  ///< saved, says the client, and the checksum was right
    qint64 bytesPerSecond = 0; ///< over the last second or so
    qint64 averageBytesPerSecond = 0;
    qint64 idleMs = 0;          ///< since the last byte in either direction
    bool paused = false;        ///< by the operator, also before the login
    bool readsMessages = false; ///< it asks for news, or is telnet: Server::tell() reaches it
    bool muted = false;         ///< by the operator: what they write reaches nobody
    qint64 rateLimit = 0;       ///< bytes per second, set for this session; 0: none
    QString outcome;            ///< of an ended session: why it ended
    bool failed = false;        ///< the outcome is not what the peer wanted

    bool operator==(const SessionInfo &) const = default;
};

} // namespace ferry::server
