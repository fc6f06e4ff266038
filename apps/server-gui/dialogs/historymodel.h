// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/parts/columnmodel.h"
#include "server/records/historystore.h"

namespace ferry::gui {

/// A page of the history, newest first.
class HistoryModel final : public ColumnModel
{
    Q_OBJECT
public:
    enum Column { When, File, Outcome, Size, Address, Account, Client, ColumnCount };
    enum Role { ToneRole = Qt::UserRole }; ///< int(Tone)

    explicit HistoryModel(QObject *parent = nullptr);

    void setRows(const QList<server::Delivery> &rows);

    QVariant data(const QModelIndex &index, int role) const override;

private:
    qsizetype rows() const override { return m_rows.size(); }
    QString text(const server::Delivery &delivery, int column) const;

    QList<server::Delivery> m_rows;
};

} // namespace ferry::gui
