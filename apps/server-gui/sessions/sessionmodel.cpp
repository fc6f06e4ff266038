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

/// Idle times are shown in whole seconds, rounded.
qint64 shownSeconds(qint64 ms)
{
    return (ms + second / 2) / second;
}

/// Would the row look the same?
bool looksEqual(SessionInfo a, const SessionInfo &b)
{
    if (shownSeconds(a.idleMs) == shownSeconds(b.idleMs))
        a.idleMs = b.idleMs;
    return a == b;
}

SessionInfo asSentence(SessionInfo s)
{
    if (!s.outcome.isEmpty())
        s.outcome.front() = s.outcome.front().toUpper();
    if (isBetweenParts(s))
        s.state = SessionState::Sending;
    return s;
}

QIcon stateIcon(const SessionInfo &s)
{
    switch (s.state) {
    case SessionState::Login:
        return icon(QLatin1StringView("client"), Tone::Quiet);
    case SessionState::Idle:
        return isAllVerified(s) ? icon(QLatin1StringView("ok"), Tone::Good)
                                : icon(QLatin1StringView("connect"), Tone::Quiet);
    case SessionState::Sending:
        return icon(QLatin1StringView("up"), Tone::Accent);
    case SessionState::Receiving:
        return icon(QLatin1StringView("down"), Tone::Accent);
    case SessionState::Stalled:
        return icon(QLatin1StringView("warning"), Tone::Caution);
    case SessionState::Paused:
        return icon(QLatin1StringView("pause"), Tone::Quiet);
    case SessionState::Ended:
        break;
    }
    return s.failed           ? icon(QLatin1StringView("error"), Tone::Bad)
           : isAllVerified(s) ? icon(QLatin1StringView("ok"), Tone::Good)
                              : icon(QLatin1StringView("disconnect"), Tone::Quiet);
}

} // namespace

SessionModel::SessionModel(QObject *parent)
    : ColumnModel({tr("ID"), tr("Since"), tr("Name"), tr("Address"), tr("Client"), tr("Account"),
                   tr("Encryption"), tr("State"), tr("File"), tr("Progress"), tr("Speed"),
                   tr("Average"), tr("Sent"), tr("Received"), tr("Verified"), tr("Idle")},
                  {Speed, Average, Sent, Received, Verified, Idle}, parent)
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
    Q_EMIT updated();
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

QVariant SessionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    return dataOf(session(index.row()), index.column(), role);
}

QVariant SessionModel::dataOf(const SessionInfo &s, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return sessionText(s, column);
    case Qt::ToolTipRole:
        return plainToolTip(sessionToolTip(s, column));
    case Qt::TextAlignmentRole:
        return alignment(column);
    case Qt::DecorationRole:
        if (column == State)
            return stateIcon(s);
        if (column == Encryption)
            return icon(QLatin1StringView(s.encrypted ? "lock" : "lock-open"), Tone::Quiet);
        if (column == File && !s.file.isEmpty())
            return icon(QLatin1StringView(s.fileComesIn ? "down" : "up"), Tone::Quiet);
        return column == Verified && s.filesSent > 0 && isAllVerified(s)
                   ? icon(QLatin1StringView("ok"), Tone::Good)
                   : QVariant();
    case ProgressDelegate::Role:
        if (column == Progress && isMovingFile(s) && s.fileSize > 0)
            return QVariant::fromValue(
                gui::Progress{double(s.fileSent) / double(s.fileSize),
                              s.state == SessionState::Stalled  ? Tone::Caution
                              : s.state == SessionState::Paused ? Tone::Quiet
                                                                : Tone::Accent});
        return {};
    case Qt::AccessibleTextRole: // the arrow in words
        if (column == File && !s.file.isEmpty())
            return s.fileComesIn ? tr("%1, comes in").arg(s.file) : tr("%1, goes out").arg(s.file);
        return {};
    case SortRole:
        return sessionSortValue(s, column);
    case ToneRole:
        return int(sessionTone(s, column));
    default:
        return {};
    }
}

} // namespace ferry::gui
