// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QPointer>
#include <QWidget>

namespace ferry::gui {

/// F6: from pane to pane, each time to the widget that had the focus there last, or to the pane's
/// first one if that cannot have it now.
class PaneCycle final : public QObject
{
    Q_OBJECT
public:
    explicit PaneCycle(QObject *parent);

    /// `first` gets the focus when the pane is entered for the first time.
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
