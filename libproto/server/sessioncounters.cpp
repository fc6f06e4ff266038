// SPDX-License-Identifier: MIT
#include "server/sessioncounters.h"

#include "wire/limits.h"

#include <QCoreApplication>

namespace ferry::server {

namespace {

/// Speeds are worked out over at least this long; a caller that asks more often gets the last.
constexpr qint64 sampleMs = 250;

} // namespace

SessionCounters::SessionCounters()
{
    m_clock.start();
}

void SessionCounters::setState(SessionState state)
{
    const QMutexLocker lock(&m_mutex);
    m_info.state = state;
}

void SessionCounters::beginFile(const QString &displayName, qint64 size)
{
    touch();
    m_fileSent = 0;
    const QMutexLocker lock(&m_mutex);
    m_info.state = SessionState::Sending;
    m_info.file = displayName;
    m_info.fileSize = size;
    m_inFile = true;
    m_fileBeganMs = m_clock.elapsed();
}

void SessionCounters::addBytes(qint64 count)
{
    m_sent += count;
    m_fileSent += count;
    touch();
}

void SessionCounters::endFile(bool complete)
{
    touch();
    const QMutexLocker lock(&m_mutex);
    m_sendingMs += m_clock.elapsed() - m_fileBeganMs;
    // A file that broke off stays "in the file" for the outcome's percentage.
    m_inFile = !complete;
    if (complete) {
        ++m_info.filesSent;
        m_info.state = SessionState::Idle;
    }
}

void SessionCounters::touch()
{
    m_lastActivityMs = m_clock.elapsed();
}

void SessionCounters::end(const QString &cause, bool failed)
{
    const QMutexLocker lock(&m_mutex);
    m_info.outcome = compose(cause, failed);
    m_info.failed = failed;
    m_info.state = SessionState::Ended;
}

QString SessionCounters::outcome()
{
    const QMutexLocker lock(&m_mutex);
    return m_info.outcome;
}

/// Called with m_mutex held.
QString SessionCounters::compose(const QString &cause, bool failed) const
{
    const auto delivered = [this] {
        return m_info.filesSent == 1
                   ? QCoreApplication::translate("ferry", "1 file delivered (unverified)")
                   : QCoreApplication::translate("ferry", "%1 files delivered (unverified)")
                         .arg(m_info.filesSent);
    };
    QString text = cause;
    if (m_inFile) {
        const qint64 percent = m_info.fileSize > 0 ? m_fileSent * 100 / m_info.fileSize : 0;
        text = QCoreApplication::translate("ferry", "aborted at %1 %: %2")
                   .arg(QString::number(percent), cause);
    }
    if (m_info.filesSent == 0)
        return text;
    return failed ? delivered() + QStringLiteral(", ") + text : delivered();
}

void SessionCounters::sample(SessionInfo &info)
{
    const qint64 now = m_clock.elapsed();
    const qint64 sent = m_sent;
    const qint64 passed = now - m_sampledMs;
    if (passed >= sampleMs) {
        const double latest = double(sent - m_sampledSent) * 1000 / double(passed);
        // The last second or so: what is older than that has no weight.
        const double weight = qMin(1.0, double(passed) / 1000);
        m_speed = weight * latest + (1 - weight) * m_speed;
        m_sampledMs = now;
        m_sampledSent = sent;
    }

    const QMutexLocker lock(&m_mutex);
    info.state = m_info.state;
    info.file = m_info.file;
    info.fileSize = m_info.fileSize;
    info.filesSent = m_info.filesSent;
    info.outcome = m_info.outcome;
    info.failed = m_info.failed;
    info.sent = sent;
    info.fileSent = m_fileSent;
    info.idleMs = now - m_lastActivityMs;
    qint64 sendingMs = m_sendingMs;
    if (info.state == SessionState::Sending) {
        sendingMs += now - m_fileBeganMs;
        if (info.idleMs >= limits::stalledTime.count())
            info.state = SessionState::Stalled;
    }
    info.bytesPerSecond = info.state == SessionState::Ended ? 0 : qint64(m_speed);
    info.averageBytesPerSecond = sendingMs > 0 ? sent * 1000 / sendingMs : 0;
}

} // namespace ferry::server
