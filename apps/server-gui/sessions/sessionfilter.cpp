// SPDX-License-Identifier: MIT
#include "server-gui/sessions/sessionfilter.h"

#include "server-gui/sessions/sessionmodel.h"

#include <algorithm>

namespace ferry::gui {

SessionFilter::SessionFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setSortRole(SessionModel::SortRole);
    setRecursiveFilteringEnabled(true);
    setAutoAcceptChildRows(true);
}

void SessionFilter::setWords(const QString &text)
{
    const QStringList words = text.simplified().split(u' ', Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    invalidateFilter();
}

bool SessionFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_words.isEmpty())
        return true;
    QStringList texts;
    for (const int column :
         {SessionModel::Id, SessionModel::Name, SessionModel::Address, SessionModel::Client,
          SessionModel::Account, SessionModel::State, SessionModel::File})
        texts.append(sourceModel()->index(row, column, parent).data().toString());
    return std::all_of(m_words.begin(), m_words.end(), [&texts](const QString &word) {
        return std::any_of(texts.begin(), texts.end(), [&word](const QString &text) {
            return text.contains(word, Qt::CaseInsensitive);
        });
    });
}

} // namespace ferry::gui
