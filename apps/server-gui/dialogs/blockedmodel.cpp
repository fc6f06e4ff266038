// SPDX-License-Identifier: MIT
#include "server-gui/dialogs/blockedmodel.h"

#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "server/doors/addressblock.h"

#include <QDateTime>

#include <algorithm>

namespace ferry::gui {

BlockedModel::BlockedModel(QObject *parent)
    : ColumnModel({tr("Address"), tr("Why"), tr("Time")}, {}, parent)
{
}

void BlockedModel::update(const QList<server::BanList::Ban> &bans,
                          const QList<server::LoginThrottle::Penalty> &penalties)
{
    const auto sameBan = [](const auto &a, const auto &b) {
        return a.block == b.block && a.untilMs == b.untilMs;
    };
    const auto samePenalty = [](const auto &a, const auto &b) { return a.address == b.address; };
    const bool same = std::equal(bans.begin(), bans.end(), m_bans.begin(), m_bans.end(), sameBan) &&
                      std::equal(penalties.begin(), penalties.end(), m_penalties.begin(),
                                 m_penalties.end(), samePenalty);
    if (!same)
        beginResetModel();
    m_bans = bans;
    m_penalties = penalties;
    if (!same)
        endResetModel();
    else if (rows() > 0)
        Q_EMIT dataChanged(index(0, Why), index(rowCount() - 1, When));
}

QHostAddress BlockedModel::address(int row) const
{
    return isBan(row) ? m_bans.at(row).block : m_penalties.at(row - m_bans.size()).address;
}

QVariant BlockedModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::DisplayRole)
        return text(index.row(), index.column());
    if (role == Qt::DecorationRole && index.column() == Address)
        return icon(QLatin1StringView(isBan(index.row()) ? "ban" : "lock"), Tone::Quiet);
    return {};
}

QString BlockedModel::text(int row, int column) const
{
    if (column == Address)
        return server::blockText(address(row));
    if (isBan(row)) {
        const server::BanList::Ban &ban = m_bans.at(row);
        const qint64 more = ban.untilMs - QDateTime::currentMSecsSinceEpoch();
        if (ban.untilMs > 0)
            return column == Why ? tr("Disconnected by you")
                                 : tr("for %1 more").arg(formatDuration(more));
        return column == Why ? tr("Banned by you") : tr("since %1").arg(formatWhen(ban.sinceMs));
    }
    const server::LoginThrottle::Penalty &penalty = m_penalties.at(row - m_bans.size());
    if (column == When)
        return tr("for %1 more").arg(formatDuration(penalty.remaining.count()));
    return tr("%Ln wrong passwords", nullptr, int(penalty.failures));
}

} // namespace ferry::gui
