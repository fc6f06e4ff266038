// SPDX-License-Identifier: MIT
#pragma once

#include "server/sessioninfo.h"

#include <QElapsedTimer>
#include <QMutex>

#include <atomic>

namespace ferry::server {

/// Written by a session's thread, sampled by the façade a few times a second. Bytes are atomics,
/// so that the data path takes no lock; the rest changes once per command.
class SessionCounters
{
public:
    SessionCounters();

    // The session's thread:
    void setState(SessionState state);
    void beginFile(const QString &displayName, qint64 size);
    void addBytes(qint64 count);
    void endFile(bool complete);
    /// The file under way was given up, but the conversation goes on.
    void abandonFile();
    void addVerified();
    void setClient(const QString &displayName);
    void setAccount(const QString &displayName);
    void setDoor(const QString &door);
    void touch();
    /// `cause` becomes the outcome, together with what was achieved before.
    void end(const QString &cause, bool failed);
    QString outcome();

    // The façade's thread. Speeds are worked out between two calls.
    void sample(SessionInfo &info);

private:
    QString compose(const QString &cause, bool failed) const;

    std::atomic<qint64> m_sent = 0;
    std::atomic<qint64> m_fileSent = 0;
    std::atomic<qint64> m_lastActivityMs = 0; ///< on m_clock
    QElapsedTimer m_clock;

    QMutex m_mutex; ///< guards the next five
    SessionInfo m_info;
    qint64 m_verifiedAtMs = 0; ///< wall clock, since the epoch: the last receipt
    bool m_inFile = false;
    qint64 m_fileBeganMs = 0; ///< on m_clock
    qint64 m_sendingMs = 0;   ///< in files that are over

    // Only the façade's thread:
    qint64 m_sampledSent = 0;
    qint64 m_sampledMs = 0;
    double m_speed = 0;
};

} // namespace ferry::server
