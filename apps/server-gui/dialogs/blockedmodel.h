// SPDX-License-Identifier: MIT
#pragma once

#include "server/doors/banlist.h"
#include "server/login/loginthrottle.h"

#include <QAbstractTableModel>

namespace ferry::gui {

/// Who is let in no more, and who may not log in for a while: bans first.
class BlockedModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Address, Why, When, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void update(const QList<server::BanList::Ban> &bans,
                const QList<server::LoginThrottle::Penalty> &penalties);

    bool isBan(int row) const { return row < m_bans.size(); }
    QHostAddress address(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, int column) const;

    QList<server::BanList::Ban> m_bans;
    QList<server::LoginThrottle::Penalty> m_penalties;
};

} // namespace ferry::gui
