// SPDX-License-Identifier: MIT
#pragma once

#include "net/limits.h"

#include <QList>
#include <QMutex>
#include <QString>

namespace ferry {

enum class LogKind { Status, Command, Response, Warning, Error };

struct LogRecord
{
    qint64 timeMs = 0;   ///< since the epoch, wall clock
    quint64 session = 0; ///< 0: not about one session
    LogKind kind = LogKind::Status;
    QString message; ///< one line, safe to show (displayText), without passwords
};

/// From the workers to a window or a log file. Bounded: beyond limits::logRecords the
/// newest are counted instead of kept, and the count becomes a record of its own.
/// Any thread may call anything.
class LogQueue
{
public:
    void add(quint64 session, LogKind kind, const QString &message);

    /// Nobody reads anything else: no other message is kept, and none need be made for each file.
    /// Set before it is shared.
    void keepWarningsOnly() { m_warningsOnly = true; }
    bool keepsAll() const { return !m_warningsOnly; }

    /// Everything since the last call, oldest first.
    QList<LogRecord> take();

private:
    bool m_warningsOnly = false;
    QMutex m_mutex; ///< guards all below
    QList<LogRecord> m_records;
    qint64 m_dropped = 0;
};

} // namespace ferry
