// SPDX-License-Identifier: MIT
#include "net/base/logqueue.h"

#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "net/limits.h"

#include <QDateTime>

namespace ferry {

void LogQueue::add(quint64 session, LogKind kind, const QString &message)
{
    if (m_warningsOnly && kind != LogKind::Warning)
        return;
    // Escaping what is escaped already changes nothing, so callers may do it too.
    const LogRecord record{QDateTime::currentMSecsSinceEpoch(), session, kind,
                           displayText(message)};
    const QMutexLocker lock(&m_mutex);
    if (m_records.size() < limits::logRecords)
        m_records.append(record);
    else
        ++m_dropped;
}

QList<LogRecord> LogQueue::take()
{
    QList<LogRecord> records;
    qint64 dropped = 0;
    {
        const QMutexLocker lock(&m_mutex);
        records.swap(m_records);
        dropped = std::exchange(m_dropped, 0);
    }
    if (dropped > 0)
        records.append(
            {QDateTime::currentMSecsSinceEpoch(), 0, LogKind::Warning,
             tr("%Ln more messages were not kept.", nullptr, int(qMin<qint64>(dropped, INT_MAX)))});
    return records;
}

} // namespace ferry
