// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QString>

class QMenu;
class QPoint;
class QTreeView;

namespace ferry::gui {

/// The columns of a table: each as wide as its title and its usual content need in the table's
/// font, the rest of the width shared. A person may choose, move and widen them, and that is kept.
class TableColumns final : public QObject
{
    Q_OBJECT
public:
    struct Column
    {
        static constexpr int always = 0;
        static constexpr int whenChosen = -1;

        QString sample;    ///< a long value; the title counts, too
        int stretch = 0;   ///< how large its part of the rest is
        bool icon = false; ///< before the text
        int room = always; ///< above 0: shown where there is room for it, lower numbers first
    };

    /// The view owns this and shows its model already. A column for each of the model. There is a
    /// choice if not all of them are shown always.
    TableColumns(QTreeView *view, const QList<Column> &columns);

    /// Puts the columns to choose from into an empty menu.
    void fillMenu(QMenu *menu);

    /// For the settings. What nobody chose is empty: it fits the next window better when it is
    /// worked out again.
    QByteArray save() const;
    void restore(const QByteArray &state);

private:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void setWidths();
    int neededFor(int column) const;
    void fit(int width);
    void choose(int width);
    void openMenu(const QPoint &where);

    QTreeView *m_view;
    const QList<Column> m_columns;
    bool m_chosen = false;  ///< a person chose columns, their order or the sorting
    bool m_resized = false; ///< a person made a column wider or narrower
    bool m_ours = false;    ///< the widths are being changed here
};

} // namespace ferry::gui
