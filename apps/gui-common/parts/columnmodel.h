// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractTableModel>
#include <QStringList>

#include <initializer_list>

namespace ferry::gui {

/// A flat table with titles over its columns, those of figures aligned right.
class ColumnModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    int rowCount(const QModelIndex &parent = {}) const final;
    int columnCount(const QModelIndex &parent = {}) const final;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

protected:
    ColumnModel(QStringList titles, std::initializer_list<int> figures, QObject *parent);

    virtual qsizetype rows() const = 0;

    /// For Qt::TextAlignmentRole.
    int alignment(int column) const;

private:
    const QStringList m_titles;
    const QList<int> m_figures;
};

} // namespace ferry::gui
