// SPDX-License-Identifier: MIT
#pragma once

#include <QSortFilterProxyModel>

namespace ferry::gui {

/// The sessions in the order that was chosen, and of them those that have all the words that were
/// typed: in the ID, the address, the client, the account, the state or the file.
class SessionFilter final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit SessionFilter(QObject *parent = nullptr);

    void setWords(const QString &text);
    bool isFiltering() const { return !m_words.isEmpty(); }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QStringList m_words;
};

} // namespace ferry::gui
