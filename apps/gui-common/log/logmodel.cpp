// SPDX-License-Identifier: MIT
#include "gui-common/log/logmodel.h"

#include "gui-common/look/localtime.h"
#include "gui-common/look/theme.h"

#include <algorithm>

namespace ferry::gui {

LogModel::LogModel(QObject *parent, qsizetype most)
    : ColumnModel({tr("Time"), tr("ID"), tr("Kind"), tr("Message")}, {}, parent)
    , m_most(most)
{
}

void LogModel::append(const QList<LogRecord> &records)
{
    // Of more than fits at once, only the end is of use.
    const qsizetype skipped = std::max<qsizetype>(0, records.size() - m_most);
    const qsizetype added = records.size() - skipped;
    if (added == 0)
        return;

    const auto held = qsizetype(m_records.size());
    if (held + added > m_most) {
        const qsizetype dropped = std::min(held, std::max(held + added - m_most, m_most / 10));
        if (dropped > 0) {
            beginRemoveRows({}, 0, int(dropped) - 1);
            m_records.erase(m_records.begin(), m_records.begin() + dropped);
            endRemoveRows();
        }
    }
    const int first = int(m_records.size());
    beginInsertRows({}, first, first + int(added) - 1);
    m_records.insert(m_records.end(), records.begin() + skipped, records.end());
    endInsertRows();
}

void LogModel::clear()
{
    if (m_records.empty())
        return;
    beginResetModel();
    m_records.clear();
    endResetModel();
}

void LogModel::clearSessions(const QSet<quint64> &sessions)
{
    // The rows of a session lie scattered; one reset is cheaper than many removals.
    beginResetModel();
    std::erase_if(m_records, [&](const LogRecord &r) { return sessions.contains(r.session); });
    endResetModel();
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const LogRecord &r = record(index.row());
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Time:
            return localTime(r.timeMs).toString(u"HH:mm:ss.zzz");
        case Session:
            return r.session == 0 ? QString() : QString::number(r.session);
        case Kind:
            return kindText(r.kind);
        case Message:
            return r.message;
        default:
            return {};
        }
    case Qt::ToolTipRole:
        return index.column() == Message ? plainToolTip(r.message) : QVariant();
    case Qt::TextAlignmentRole:
        return alignment(index.column());
    case KindRole:
        return int(r.kind);
    case SessionRole:
        return r.session;
    default:
        return {};
    }
}

QString LogModel::kindText(LogKind kind)
{
    static constexpr const char *words[] = {QT_TR_NOOP("· Status"), QT_TR_NOOP("→ Command"),
                                            QT_TR_NOOP("← Reply"), QT_TR_NOOP("▲ Warning"),
                                            QT_TR_NOOP("✕ Error")};
    return tr(words[int(kind)]); // in the order of LogKind
}

QString LogModel::lineOf(const LogRecord &record)
{
    QString line = localTime(record.timeMs).toString(u"yyyy-MM-ddTHH:mm:ss.zzz");
    line += u'\t';
    if (record.session != 0)
        line += QString::number(record.session);
    line += u'\t' + kindText(record.kind) + u'\t' + record.message;
    return line;
}

} // namespace ferry::gui
