// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/parts/columnmodel.h"
#include "server/doors/banlist.h"
#include "server/login/loginthrottle.h"

namespace ferry::gui {

/// Who is let in no more, and who may not log in for a while: bans first.
class BlockedModel final : public ColumnModel
{
    Q_OBJECT
public:
    enum Column { Address, Why, When, ColumnCount };

    explicit BlockedModel(QObject *parent = nullptr);

    void update(const QList<server::BanList::Ban> &bans,
                const QList<server::LoginThrottle::Penalty> &penalties);

    bool isBan(int row) const { return row < m_bans.size(); }
    QHostAddress address(int row) const;

    QVariant data(const QModelIndex &index, int role) const override;

private:
    qsizetype rows() const override { return m_bans.size() + m_penalties.size(); }
    QString text(int row, int column) const;

    QList<server::BanList::Ban> m_bans;
    QList<server::LoginThrottle::Penalty> m_penalties;
};

} // namespace ferry::gui
