// SPDX-License-Identifier: MIT
#pragma once

#include "server/pacing/sessioninfo.h"

#include <QElapsedTimer>
#include <QMutex>

#include <atomic>

namespace ferry::server {

/// Written by a session's thread, sampled by the façade a few times a second. Bytes are atomics,
/// the rest is locked and changes once per command.
class SessionCounters
{
public:
    SessionCounters();

    // The session's thread:
    void setState(SessionState state);
    /// `size` of the whole file, of which this is what comes from `offset` on.
    void beginFile(const QString &displayName, qint64 size, qint64 offset = 0);
    void addBytes(qint64 count);
    /// `whole`: it counts as a file that was sent; otherwise it was a part of one.
    void endFile(bool complete, bool whole = true);
    /// `offset` bytes of an upload of `size` bytes are here.
    void beginReceiving(const QString &displayName, qint64 size, qint64 offset);
    void addReceived(qint64 count);
    /// One of those that came is stored.
    void addStored();
    /// No file is under way any more, and the conversation goes on.
    void abandonFile();
    /// `files` of them were verified. Not `counted`: they were sent in parts, and count as sent
    /// from now on.
    void addVerified(qint64 files, bool counted = true);
    void setClient(const QString &displayName);
    void setName(const QString &displayName);
    void setAccount(const QString &displayName);
    void setEncryption(const QString &tlsVersion, const QString &cipher);
    void touch();
    /// `cause` becomes the outcome, together with what was achieved before. `byUs`: somebody here
    /// ended it, so that only a file that was cut short makes it a failure.
    void end(const QString &cause, bool failed, bool byUs = false);
    QString outcome();
    qint64 fileSent() const { return m_fileSent; } ///< bytes of the file under way

    // The façade's thread. Speeds are worked out between two calls.
    void sample(SessionInfo &info);

private:
    QString compose(const QString &cause, bool failed) const;
    QString deliveredText() const;
    QString receivedText() const;
    void begin(SessionState state, const QString &displayName, qint64 size, qint64 offset);

    std::atomic<qint64> m_sent = 0;
    std::atomic<qint64> m_received = 0;
    std::atomic<qint64> m_fileSent = 0;
    std::atomic<qint64> m_lastActivityMs = 0; ///< on m_clock
    QElapsedTimer m_clock;

    QMutex m_mutex; ///< guards the next six
    SessionInfo m_info;
    qint64 m_verifiedAtMs = 0; ///< wall clock, since the epoch: the last receipt
    qint64 m_receivedAtMs = 0; ///< likewise: the last file that was stored
    bool m_inFile = false;
    qint64 m_fileBeganMs = 0; ///< on m_clock
    qint64 m_sendingMs = 0;   ///< in files that are over

    // Only the façade's thread:
    qint64 m_sampledBytes = 0;
    qint64 m_sampledMs = 0;
    double m_speed = 0;
};

} // namespace ferry::server
