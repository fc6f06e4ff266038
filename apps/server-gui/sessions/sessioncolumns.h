// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>

class QMenu;
class QTreeView;

namespace ferry::gui {

/// The columns of the table of sessions: they fill its width, those that matter most have the most
/// room, and a person chooses, moves and widens them.
class SessionColumns final : public QObject
{
    Q_OBJECT
public:
    /// The view shows a SessionModel, and owns this.
    explicit SessionColumns(QTreeView *view);

    /// Puts the columns to choose from into an empty menu.
    void fillMenu(QMenu *menu);

    /// For the settings.
    QByteArray save() const;
    void restore(const QByteArray &state);

private:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void setWidths();
    void fit(int width);
    void choose(int width);
    void openMenu(const QPoint &where);

    QTreeView *m_view;
    bool m_chosen = false; ///< a person chose columns, their order or the sorting
    bool m_fits = true;    ///< the columns fill the width; a person may have wanted otherwise
};

} // namespace ferry::gui
