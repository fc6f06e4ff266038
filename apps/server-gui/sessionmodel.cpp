// SPDX-License-Identifier: MIT
#include "server-gui/sessionmodel.h"

#include "gui-common/format.h"
#include "gui-common/icon.h"
#include "gui-common/progressdelegate.h"
#include "net/displaytext.h"
#include "server-gui/sessiondetails.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace ferry::gui {

using server::SessionInfo;
using server::SessionState;

namespace {

constexpr qint64 second = 1000;

bool isSending(const SessionInfo &s)
{
    return s.state == SessionState::Sending || s.state == SessionState::Stalled ||
           (s.state == SessionState::Paused && s.fileSent < s.fileSize);
}

/// Delivered, all of it, and the client said of each file that it arrived as it was sent.
bool isVerified(const SessionInfo &s)
{
    return s.filesSent > 0 && s.filesVerified == s.filesSent && !s.failed;
}

/// The engine's figure is smoothed and fades; beside the word "stalled" only 0 makes sense.
qint64 speedNow(const SessionInfo &s)
{
    return s.state == SessionState::Sending ? s.bytesPerSecond : 0;
}

/// Figures stand to the right; an ID is a name.
bool isNumber(int column)
{
    return column >= SessionModel::Speed;
}

/// Idle times are shown in whole seconds, rounded.
qint64 shownSeconds(qint64 ms)
{
    return (ms + second / 2) / second;
}

/// Would the row look the same?
bool looksEqual(const SessionInfo &a, const SessionInfo &b)
{
    return a.state == b.state && a.sent == b.sent && a.fileSent == b.fileSent &&
           a.fileSize == b.fileSize && a.bytesPerSecond == b.bytesPerSecond &&
           a.averageBytesPerSecond == b.averageBytesPerSecond &&
           shownSeconds(a.idleMs) == shownSeconds(b.idleMs) && a.failed == b.failed &&
           a.file == b.file && a.outcome == b.outcome && a.address == b.address &&
           a.paused == b.paused && a.rateLimit == b.rateLimit && a.sinceMs == b.sinceMs &&
           a.client == b.client && a.account == b.account && a.door == b.door &&
           a.filesSent == b.filesSent && a.filesVerified == b.filesVerified;
}

/// Bounded and plain, whatever the engine was told by a peer.
SessionInfo madeSafe(SessionInfo s)
{
    s.address = displayText(s.address);
    s.client = displayText(s.client);
    s.account = displayText(s.account);
    s.file = displayText(s.file);
    s.outcome = displayText(s.outcome);
    if (!s.outcome.isEmpty())
        s.outcome.front() = s.outcome.front().toUpper();
    return s;
}

} // namespace

SessionModel::SessionModel(QObject *parent)
    : QAbstractTableModel(parent)
    , m_sendingIcon(gui::icon(QLatin1StringView("up"), Tone::Accent))
    , m_stalledIcon(gui::icon(QLatin1StringView("warning"), Tone::Caution))
    , m_pausedIcon(gui::icon(QLatin1StringView("pause"), Tone::Quiet))
    , m_endedIcon(gui::icon(QLatin1StringView("disconnect"), Tone::Quiet))
    , m_failedIcon(gui::icon(QLatin1StringView("error"), Tone::Bad))
    , m_connectedIcon(gui::icon(QLatin1StringView("connect"), Tone::Quiet))
    , m_loginIcon(gui::icon(QLatin1StringView("client"), Tone::Quiet))
    , m_verifiedIcon(gui::icon(QLatin1StringView("ok"), Tone::Good))
    , m_encryptedIcon(gui::icon(QLatin1StringView("lock"), Tone::Quiet))
    , m_unencryptedIcon(gui::icon(QLatin1StringView("lock-open"), Tone::Quiet))
{
}

void SessionModel::update(const QList<SessionInfo> &sessions)
{
    QHash<quint64, const SessionInfo *> now;
    now.reserve(sessions.size());
    for (const SessionInfo &s : sessions)
        now.insert(s.id, &s);
    removeGone(now);
    updateKnown(now);
    appendNew(sessions);
}

void SessionModel::removeGone(const QHash<quint64, const SessionInfo *> &now)
{
    for (int last = int(m_sessions.size()) - 1; last >= 0; --last) {
        if (now.contains(m_sessions[last].id))
            continue;
        int first = last;
        while (first > 0 && !now.contains(m_sessions[first - 1].id))
            --first;
        beginRemoveRows({}, first, last);
        for (int row = first; row <= last; ++row)
            m_rows.remove(m_sessions[row].id);
        m_sessions.remove(first, last - first + 1);
        for (int row = first; row < m_sessions.size(); ++row)
            m_rows[m_sessions[row].id] = row;
        endRemoveRows();
        last = first;
    }
}

void SessionModel::updateKnown(const QHash<quint64, const SessionInfo *> &now)
{
    int firstChanged = -1;
    const int rows = int(m_sessions.size());
    for (int row = 0; row <= rows; ++row) {
        bool changed = false;
        if (row < rows) {
            SessionInfo fresh = madeSafe(*now.value(m_sessions[row].id));
            changed = !looksEqual(m_sessions[row], fresh);
            if (changed)
                m_sessions[row] = std::move(fresh);
        }
        if (changed && firstChanged < 0) {
            firstChanged = row;
        } else if (!changed && firstChanged >= 0) {
            Q_EMIT dataChanged(index(firstChanged, 0), index(row - 1, ColumnCount - 1));
            firstChanged = -1;
        }
    }
}

void SessionModel::appendNew(const QList<SessionInfo> &sessions)
{
    QList<SessionInfo> added;
    for (const SessionInfo &s : sessions) {
        if (!m_rows.contains(s.id))
            added.append(madeSafe(s));
    }
    if (added.isEmpty())
        return;
    std::sort(added.begin(), added.end(),
              [](const SessionInfo &a, const SessionInfo &b) { return a.id < b.id; });
    const int first = int(m_sessions.size());
    beginInsertRows({}, first, first + int(added.size()) - 1);
    for (const SessionInfo &s : added) {
        m_rows.insert(s.id, int(m_sessions.size()));
        m_sessions.append(s);
    }
    endInsertRows();
}

bool SessionModel::hasEnded() const
{
    return std::any_of(m_sessions.begin(), m_sessions.end(),
                       [](const SessionInfo &s) { return s.state == SessionState::Ended; });
}

int SessionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_sessions.size());
}

int SessionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SessionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SessionInfo &s = session(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(s, column);
    case Qt::ToolTipRole:
        return plainToolTip(toolTip(s, column));
    case Qt::TextAlignmentRole:
        return int((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::DecorationRole:
        return icon(s, column);
    case ProgressDelegate::Role:
        if (column == Progress && isSending(s) && s.fileSize > 0)
            return QVariant::fromValue(
                gui::Progress{double(s.fileSent) / double(s.fileSize),
                              s.state == SessionState::Stalled  ? Tone::Caution
                              : s.state == SessionState::Paused ? Tone::Quiet
                                                                : Tone::Accent});
        return {};
    case SortRole:
        return sortValue(s, column);
    case ToneRole:
        return int(tone(s, column));
    default:
        return {};
    }
}

QVariant SessionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Id:
        return tr("ID");
    case Since:
        return tr("Since");
    case Address:
        return tr("Address");
    case Client:
        return tr("Client");
    case Account:
        return tr("Account");
    case Encryption:
        return tr("Encryption");
    case State:
        return tr("State");
    case File:
        return tr("File");
    case Progress:
        return tr("Progress");
    case Speed:
        return tr("Speed");
    case Average:
        return tr("Average");
    case Sent:
        return tr("Sent");
    case Verified:
        return tr("Verified");
    case Idle:
        return tr("Idle");
    default:
        return {};
    }
}

QString SessionModel::text(const SessionInfo &s, int column) const
{
    const bool ended = s.state == SessionState::Ended;
    switch (column) {
    case Id:
        return QString::number(s.id);
    case Since:
        return formatClock(s.sinceMs, true);
    case Address:
        return s.address;
    case Client:
        return s.client;
    case Account:
        return s.account;
    case Encryption:
        return encryptionText(s);
    case State:
        return stateText(s);
    case File:
        return s.file;
    case Progress:
        return isSending(s) && s.fileSize > 0
                   ? formatPercent(double(s.fileSent) / double(s.fileSize))
                   : QString();
    case Speed:
        return isSending(s) ? formatSpeed(speedNow(s)) : QString();
    case Average:
        return s.sent > 0 ? formatSpeed(s.averageBytesPerSecond) : QString();
    case Sent:
        return s.sent > 0 ? formatSize(s.sent) : QString();
    case Verified:
        return s.filesSent > 0
                   ? tr("%1 of %2").arg(formatCount(s.filesVerified)).arg(formatCount(s.filesSent))
                   : QString();
    case Idle:
        return ended || s.state == SessionState::Sending || s.idleMs < second
                   ? QString()
                   : formatDuration(s.idleMs);
    default:
        return {};
    }
}

QString SessionModel::stateText(const SessionInfo &s) const
{
    switch (s.state) {
    case SessionState::Login:
        return tr("Not logged in");
    case SessionState::Idle:
        return tr("Logged in");
    case SessionState::Sending:
        return s.rateLimit > 0 ? tr("Sending, at most %1").arg(formatSpeed(s.rateLimit))
                               : tr("Sending");
    case SessionState::Stalled:
        return tr("Stalled %1").arg(formatDuration(s.idleMs));
    case SessionState::Paused:
        return tr("Paused");
    case SessionState::Ended:
        return s.outcome.isEmpty() ? tr("Ended") : s.outcome;
    }
    return {};
}

QVariant SessionModel::sortValue(const SessionInfo &s, int column) const
{
    switch (column) {
    case Id:
        return s.id;
    case Since:
        return s.sinceMs;
    case Progress:
        return isSending(s) && s.fileSize > 0 ? double(s.fileSent) / double(s.fileSize) : -1.0;
    case Speed:
        return isSending(s) ? speedNow(s) : qint64(-1);
    case Average:
        return s.averageBytesPerSecond;
    case Sent:
        return s.sent;
    case Verified:
        return s.filesVerified;
    case Idle:
        return s.state == SessionState::Ended ? qint64(-1) : s.idleMs;
    default:
        return text(s, column);
    }
}

Tone SessionModel::tone(const SessionInfo &s, int column) const
{
    if ((column == State && s.state == SessionState::Ended) || column == Verified) {
        if (isVerified(s))
            return Tone::Good;
    }
    if (s.state == SessionState::Ended)
        return column == State && s.failed ? Tone::Bad : Tone::Quiet;
    if (column == State && s.state == SessionState::Stalled)
        return Tone::Caution;
    return Tone::Normal;
}

QVariant SessionModel::icon(const SessionInfo &s, int column) const
{
    switch (column) {
    case State:
        return stateIcon(s);
    case Encryption:
        return encryptionOf(s).encrypted ? m_encryptedIcon : m_unencryptedIcon;
    case Verified:
        return isVerified(s) ? m_verifiedIcon : QVariant();
    default:
        return {};
    }
}

QString SessionModel::toolTip(const SessionInfo &s, int column) const
{
    switch (column) {
    case Since:
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(s.sinceMs), QLocale::LongFormat);
    case Address:
        return tr("%1, from port %2").arg(s.address).arg(s.port);
    case Encryption: {
        const QString cipher = encryptionOf(s).cipher;
        return cipher.isEmpty() ? text(s, column)
                                : QStringLiteral("%1, %2").arg(text(s, column), cipher);
    }
    case Verified:
        return tr("Files that arrived as they were sent, says the client, out of those sent");
    default:
        return text(s, column);
    }
}

QIcon SessionModel::stateIcon(const SessionInfo &s) const
{
    switch (s.state) {
    case SessionState::Login:
        return m_loginIcon;
    case SessionState::Idle:
        return m_connectedIcon;
    case SessionState::Sending:
        return m_sendingIcon;
    case SessionState::Stalled:
        return m_stalledIcon;
    case SessionState::Paused:
        return m_pausedIcon;
    case SessionState::Ended:
        return s.failed ? m_failedIcon : isVerified(s) ? m_verifiedIcon : m_endedIcon;
    }
    return {};
}

} // namespace ferry::gui
