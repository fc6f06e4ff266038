// SPDX-License-Identifier: MIT
#include "client-gui/queuefiltermodel.h"

#include "client-gui/queuemodel.h"
#include "client-gui/statetext.h"

namespace ferry::gui {

QueueFilterModel::QueueFilterModel(QObject *parent)
    : QSortFilterProxyModel(parent)
{
}

void QueueFilterModel::setTab(QueueTab tab)
{
    if (tab == m_tab)
        return;
    m_tab = tab;
    invalidateFilter();
}

void QueueFilterModel::setText(const QString &text)
{
    if (text == m_text)
        return;
    m_text = text;
    invalidateFilter();
}

bool QueueFilterModel::filterAcceptsRow(int row, const QModelIndex &) const
{
    const auto *model = static_cast<const QueueModel *>(sourceModel());
    const client::Download &download = model->download(row);
    const QueueGroup group = groupOf(download);
    switch (m_tab) {
    case QueueTab::All:
        break;
    case QueueTab::Active:
        if (group != QueueGroup::Active)
            return false;
        break;
    case QueueTab::Failed:
        if (group != QueueGroup::Failed)
            return false;
        break;
    case QueueTab::Done:
        if (group != QueueGroup::Done)
            return false;
        break;
    }
    return m_text.isEmpty() || shownName(download).contains(m_text, Qt::CaseInsensitive) ||
           QString::fromUtf8(download.remotePath).contains(m_text, Qt::CaseInsensitive);
}

} // namespace ferry::gui
