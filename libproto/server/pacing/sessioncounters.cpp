// SPDX-License-Identifier: MIT
#include "server/pacing/sessioncounters.h"

#include "net/base/translate.h"
#include "net/limits.h"

#include <QDateTime>
#include <QLocale>

namespace ferry::server {

namespace {

QString timeText(qint64 ms)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms).time(), QLocale::ShortFormat);
}

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

void SessionCounters::beginFile(const QString &displayName, qint64 size, qint64 offset)
{
    begin(SessionState::Sending, displayName, size, offset);
}

void SessionCounters::beginReceiving(const QString &displayName, qint64 size, qint64 offset)
{
    begin(SessionState::Receiving, displayName, size, offset);
}

void SessionCounters::addReceived(qint64 count)
{
    m_received += count;
    m_fileSent += count;
    touch();
}

void SessionCounters::addStored()
{
    const QMutexLocker lock(&m_mutex);
    ++m_info.filesReceived;
    m_receivedAtMs = QDateTime::currentMSecsSinceEpoch();
}

void SessionCounters::begin(SessionState state, const QString &displayName, qint64 size,
                            qint64 offset)
{
    touch();
    m_fileSent = offset;
    const QMutexLocker lock(&m_mutex);
    m_info.state = state;
    m_info.file = displayName;
    m_info.fileComesIn = state == SessionState::Receiving;
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

void SessionCounters::endFile(bool complete, bool whole)
{
    touch();
    const QMutexLocker lock(&m_mutex);
    m_sendingMs += m_clock.elapsed() - m_fileBeganMs;
    // A file that broke off stays "in the file" for the outcome's percentage.
    m_inFile = !complete;
    if (complete) {
        m_info.filesSent += whole ? 1 : 0;
        m_info.state = SessionState::Idle;
    }
}

void SessionCounters::abandonFile()
{
    touch();
    const QMutexLocker lock(&m_mutex);
    m_sendingMs += m_clock.elapsed() - m_fileBeganMs;
    m_inFile = false;
    m_info.state = SessionState::Idle;
}

void SessionCounters::addVerified(qint64 files, bool counted)
{
    const QMutexLocker lock(&m_mutex);
    m_info.filesSent += counted ? 0 : files;
    m_info.filesVerified += files;
    m_verifiedAtMs = QDateTime::currentMSecsSinceEpoch();
}

void SessionCounters::setClient(const QString &displayName)
{
    const QMutexLocker lock(&m_mutex);
    m_info.client = displayName;
}

void SessionCounters::setName(const QString &displayName)
{
    const QMutexLocker lock(&m_mutex);
    m_info.name = displayName;
}

void SessionCounters::setAccount(const QString &displayName)
{
    const QMutexLocker lock(&m_mutex);
    m_info.account = displayName;
}

void SessionCounters::setEncryption(const QString &tlsVersion, const QString &cipher)
{
    const QMutexLocker lock(&m_mutex);
    m_info.tlsVersion = tlsVersion;
    m_info.cipher = cipher;
}

void SessionCounters::touch()
{
    m_lastActivityMs = m_clock.elapsed();
}

void SessionCounters::end(const QString &cause, bool failed, bool byUs)
{
    const QMutexLocker lock(&m_mutex);
    m_info.outcome = compose(cause, failed);
    m_info.failed = failed && (!byUs || m_inFile);
    m_info.state = SessionState::Ended;
}

QString SessionCounters::outcome()
{
    const QMutexLocker lock(&m_mutex);
    return m_info.outcome;
}

/// Called with m_mutex held.
QString SessionCounters::deliveredText() const
{
    const QString files = m_info.filesSent == 1 ? tr("1 file delivered")
                                                : tr("%1 files delivered").arg(m_info.filesSent);
    if (m_info.filesVerified == 0)
        return tr("%1 (unverified)").arg(files);
    const QString time = timeText(m_verifiedAtMs);
    if (m_info.filesVerified == m_info.filesSent)
        return tr("%1, verified %2").arg(files, time);
    return tr("%1, %2 of them verified %3").arg(files, QString::number(m_info.filesVerified), time);
}

/// Called with m_mutex held.
QString SessionCounters::receivedText() const
{
    const QString time = timeText(m_receivedAtMs);
    return m_info.filesReceived == 1 ? tr("1 file received, verified %1").arg(time)
                                     : tr("%1 files received, verified %2")
                                           .arg(QString::number(m_info.filesReceived), time);
}

/// Called with m_mutex held.
QString SessionCounters::compose(const QString &cause, bool failed) const
{
    QString text = cause;
    if (m_inFile) {
        const qint64 percent = m_info.fileSize > 0 ? m_fileSent * 100 / m_info.fileSize : 0;
        text = tr("aborted at %1 %: %2").arg(QString::number(percent), cause);
    }
    QStringList done;
    if (m_info.filesSent > 0)
        done.append(deliveredText());
    else if (!failed && m_sent > 0) // the other parts went elsewhere
        done.append(tr("parts of a file sent"));
    if (m_info.filesReceived > 0)
        done.append(receivedText());
    if (failed || done.isEmpty())
        done.append(text);
    return done.join(QStringLiteral(", "));
}

void SessionCounters::sample(SessionInfo &info)
{
    const qint64 now = m_clock.elapsed();
    const qint64 sent = m_sent;
    const qint64 received = m_received;
    const qint64 passed = now - m_sampledMs;
    if (passed >= sampleMs) {
        const double latest = double(sent + received - m_sampledBytes) * 1000 / double(passed);
        // The last second or so: what is older than that has no weight.
        const double weight = qMin(1.0, double(passed) / 1000);
        m_speed = weight * latest + (1 - weight) * m_speed;
        m_sampledMs = now;
        m_sampledBytes = sent + received;
    }

    const QMutexLocker lock(&m_mutex);
    info.state = m_info.state;
    info.file = m_info.file;
    info.fileSize = m_info.fileSize;
    info.fileComesIn = m_info.fileComesIn;
    info.filesSent = m_info.filesSent;
    info.filesReceived = m_info.filesReceived;
    info.received = received;
    info.filesVerified = m_info.filesVerified;
    info.client = m_info.client;
    info.name = m_info.name;
    info.account = m_info.account;
    info.tlsVersion = m_info.tlsVersion;
    info.cipher = m_info.cipher;
    info.outcome = m_info.outcome;
    info.failed = m_info.failed;
    info.sent = sent;
    // Small files go out together, so what was sent may belong to several of them.
    info.fileSent = qMin<qint64>(m_fileSent, m_info.fileSize);
    info.idleMs = now - m_lastActivityMs;
    qint64 sendingMs = m_sendingMs;
    if (info.state == SessionState::Sending || info.state == SessionState::Receiving) {
        sendingMs += now - m_fileBeganMs;
        if (info.idleMs >= limits::stalledTime.count())
            info.state = SessionState::Stalled;
    }
    info.bytesPerSecond = info.state == SessionState::Ended ? 0 : qint64(m_speed);
    info.averageBytesPerSecond = sendingMs > 0 ? (sent + received) * 1000 / sendingMs : 0;
}

} // namespace ferry::server
