// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QPointer>
#include <QWidget>

namespace ferry::gui {

/// F6: from pane to pane, each time to the pane's first widget, or to the one that had the focus
/// there last if that cannot have it now. Not to the last one always: whatever is hidden or
/// disabled hands the focus on to some button, and F6 would lead there ever after.
class PaneCycle final : public QObject
{
    Q_OBJECT
public:
    explicit PaneCycle(QObject *parent);

    /// `first` gets the focus when the pane is entered: its list, its field.
    void addPane(QWidget *pane, QWidget *first);

    void next() { step(+1); }
    void previous() { step(-1); }

private:
    struct Pane
    {
        QPointer<QWidget> pane;
        QPointer<QWidget> first;
        QPointer<QWidget> last;
    };
    void step(int direction);
    void noteFocus(QWidget *widget);

    QList<Pane> m_panes;
};

} // namespace ferry::gui
