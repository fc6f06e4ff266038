// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QTreeView;

namespace ferry::gui {

class LogFilterModel;

/// The field that finds text in the lines of a log, with the number of matches before it. Return
/// and Shift+Return go from match to match and round, Esc goes back to the lines.
class LogFind final : public QWidget
{
    Q_OBJECT
public:
    /// Neither is owned.
    LogFind(const LogFilterModel *lines, QTreeView *view, QWidget *parent = nullptr);

    /// To the field, as somebody who wants to type into it.
    void begin();
    /// The lines are others now.
    void showMatches();

private:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void findNext(int step); ///< -1, 1; 0: from this line on
    bool isMatch(int row) const;

    const LogFilterModel *m_lines;
    QTreeView *m_view;
    QLabel *m_matches;
    QLineEdit *m_field;
};

} // namespace ferry::gui
