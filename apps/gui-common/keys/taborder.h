// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QWidget;

namespace ferry::gui {

/// The order of the Tab key, for all controls below `root`: that of the layouts, so that it is
/// what the eye sees, in whatever order the widgets were made.
void orderTabs(QWidget *root);

/// Keeps it so while widgets come and go in some places.
class TabOrder final : public QObject
{
    Q_OBJECT
public:
    explicit TabOrder(QWidget *root);

    /// `place`: a widget whose layout changes in the course of time.
    void watch(QWidget *place);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void order();

    QWidget *m_root;
    bool m_pending = false;
};

} // namespace ferry::gui
