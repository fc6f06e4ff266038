// SPDX-License-Identifier: MIT
#pragma once

#include "server/records/historystore.h"

#include <QAbstractTableModel>

namespace ferry::gui {

/// A page of the history, newest first.
class HistoryModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { When, File, Outcome, Size, Address, Account, Client, ColumnCount };
    enum Role { ToneRole = Qt::UserRole }; ///< int(Tone)

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(const QList<server::Delivery> &rows);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const server::Delivery &delivery, int column) const;

    QList<server::Delivery> m_rows;
};

} // namespace ferry::gui
