// SPDX-License-Identifier: MIT
#include "server-gui/sessions/sessionmodel.h"

#include "gui-common/look/icon.h"
#include "gui-common/parts/progressdelegate.h"
#include "server-gui/sessions/sessionwords.h"

#include <algorithm>

namespace ferry::gui {

using server::SessionInfo;
using server::SessionState;

namespace {

constexpr qint64 second = 1000;

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
           a.client == b.client && a.account == b.account && a.encrypted == b.encrypted &&
           a.tlsVersion == b.tlsVersion && a.cipher == b.cipher && a.filesSent == b.filesSent &&
           a.filesVerified == b.filesVerified;
}

SessionInfo asSentence(SessionInfo s)
{
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
            SessionInfo fresh = asSentence(*now.value(m_sessions[row].id));
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
            added.append(asSentence(s));
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
        return sessionText(s, column);
    case Qt::ToolTipRole:
        return plainToolTip(sessionToolTip(s, column));
    case Qt::TextAlignmentRole:
        return int((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::DecorationRole:
        return icon(s, column);
    case ProgressDelegate::Role:
        if (column == Progress && isSendingFile(s) && s.fileSize > 0)
            return QVariant::fromValue(
                gui::Progress{double(s.fileSent) / double(s.fileSize),
                              s.state == SessionState::Stalled  ? Tone::Caution
                              : s.state == SessionState::Paused ? Tone::Quiet
                                                                : Tone::Accent});
        return {};
    case SortRole:
        return sessionSortValue(s, column);
    case ToneRole:
        return int(sessionTone(s, column));
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

QVariant SessionModel::icon(const SessionInfo &s, int column) const
{
    switch (column) {
    case State:
        return stateIcon(s);
    case Encryption:
        return s.encrypted ? m_encryptedIcon : m_unencryptedIcon;
    case Verified:
        return isAllVerified(s) ? m_verifiedIcon : QVariant();
    default:
        return {};
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
        return s.failed ? m_failedIcon : isAllVerified(s) ? m_verifiedIcon : m_endedIcon;
    }
    return {};
}

} // namespace ferry::gui
