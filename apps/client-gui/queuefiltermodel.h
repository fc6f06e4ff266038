// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>

namespace ferry::gui {

enum class QueueTab { All, Active, Failed, Done };

/// The part of the queue that is looked at: one tab, and names or paths that hold a text. In
/// the order of the queue.
class QueueFilterModel final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit QueueFilterModel(QObject *parent = nullptr);

    void setTab(QueueTab tab);
    void setText(const QString &text);
    bool hidesAnything() const { return m_tab != QueueTab::All || !m_text.isEmpty(); }
    QString text() const { return m_text; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QueueTab m_tab = QueueTab::All;
    QString m_text;
};

} // namespace ferry::gui
