// SPDX-License-Identifier: MIT
#include "gui-common/keys/panecycle.h"

#include <QApplication>

namespace ferry::gui {

PaneCycle::PaneCycle(QObject *parent)
    : QObject(parent)
{
    connect(qApp, &QApplication::focusChanged, this,
            [this](QWidget *, QWidget *now) { noteFocus(now); });
}

void PaneCycle::addPane(QWidget *pane, QWidget *first)
{
    m_panes.append(Pane{pane, first, first});
}

void PaneCycle::noteFocus(QWidget *widget)
{
    for (Pane &pane : m_panes) {
        if (widget && pane.pane && pane.pane->isAncestorOf(widget))
            pane.last = widget;
    }
}

void PaneCycle::step(int direction)
{
    const QWidget *focus = QApplication::focusWidget();
    const qsizetype count = m_panes.size();
    qsizetype at = -1;
    for (qsizetype i = 0; i < count; ++i) {
        const QWidget *pane = m_panes[i].pane;
        if (pane && focus && (pane == focus || pane->isAncestorOf(focus)))
            at = i;
    }
    if (at < 0 && direction < 0)
        at = 0; // from nowhere backwards: the last one
    for (qsizetype tried = 0; tried < count; ++tried) {
        at = (at + direction + count) % count;
        // An empty table is not there: its button may be, which had the focus last.
        for (QWidget *target : {m_panes[at].first.data(), m_panes[at].last.data()}) {
            if (target && target->isVisible() && target->isEnabled()) {
                target->setFocus(direction > 0 ? Qt::TabFocusReason : Qt::BacktabFocusReason);
                return;
            }
        }
    }
}

} // namespace ferry::gui
