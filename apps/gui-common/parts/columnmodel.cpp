// SPDX-License-Identifier: MIT
#include "gui-common/parts/columnmodel.h"

#include <utility>

namespace ferry::gui {

ColumnModel::ColumnModel(QStringList titles, std::initializer_list<int> figures, QObject *parent)
    : QAbstractTableModel(parent)
    , m_titles(std::move(titles))
    , m_figures(figures)
{
}

int ColumnModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(rows());
}

int ColumnModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_titles.size());
}

QVariant ColumnModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    return role == Qt::DisplayRole ? QVariant(m_titles.value(section)) : QVariant();
}

int ColumnModel::alignment(int column) const
{
    return int(Qt::AlignVCenter | (m_figures.contains(column) ? Qt::AlignRight : Qt::AlignLeft));
}

} // namespace ferry::gui
