// SPDX-License-Identifier: MIT
#pragma once

#include <QSet>
#include <QTreeView>

namespace ferry::gui {

class QueueFilterModel;
class QueueModel;
class TableColumns;

/// The rows of the queue: folders that unfold and stay as the person left them, and what is
/// selected, in rows of the model.
class QueueTable final : public QTreeView
{
    Q_OBJECT
public:
    /// Nothing is owned.
    QueueTable(QueueModel *model, QueueFilterModel *shown, QWidget *parent);

    /// At most so many; no file whose folder is among them.
    QModelIndexList selected(int most) const;
    /// What changes places when the selected rows move up (-1) or down (1), in the new order; a
    /// list of ids for each folder.
    QList<QList<quint64>> moved(int step) const;

    /// After another part of the queue is shown: where only a few files are looked for, all of
    /// them are in sight; else the folders are as the person left them.
    void unfold();
    /// After something was done with the selected rows: there is still one to go on with.
    void keepSelection();

    /// Not less than what five rows need.
    QSize minimumSizeHint() const override;

    /// Widths and order of the columns, for settings.
    QByteArray saveColumns() const;
    void restoreColumns(const QByteArray &state);

Q_SIGNALS:
    void sorted();
    /// A row of the model.
    void opened(const QModelIndex &index);

private:
    void makeHeader();
    void remember(const QModelIndex &index, bool open);

    QueueModel *m_model;
    QueueFilterModel *m_shown;
    TableColumns *m_columns = nullptr;
    QSet<quint64> m_unfolded; ///< folders, by the person
    bool m_unfolding = false;
};

} // namespace ferry::gui
