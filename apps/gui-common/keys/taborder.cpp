// SPDX-License-Identifier: MIT
#include "gui-common/keys/taborder.h"

#include <QEvent>
#include <QLayout>
#include <QScrollArea>
#include <QSplitter>
#include <QWidget>

namespace ferry::gui {

namespace {

void collect(QWidget *widget, QList<QWidget *> *found);

void collect(QLayout *layout, QList<QWidget *> *found)
{
    for (int i = 0; i < layout->count(); ++i) {
        QLayoutItem *item = layout->itemAt(i);
        if (item->widget())
            collect(item->widget(), found);
        else if (item->layout())
            collect(item->layout(), found);
    }
}

/// What is inside of a control is the control's own.
void collect(QWidget *widget, QList<QWidget *> *found)
{
    if (widget->focusPolicy() & Qt::TabFocus) {
        found->append(widget);
    } else if (const auto *splitter = qobject_cast<QSplitter *>(widget)) {
        for (int i = 0; i < splitter->count(); ++i)
            collect(splitter->widget(i), found);
    } else if (const auto *area = qobject_cast<QScrollArea *>(widget)) {
        collect(area->widget(), found);
    } else if (widget->layout()) {
        collect(widget->layout(), found);
    }
}

} // namespace

void orderTabs(QWidget *root)
{
    QList<QWidget *> controls;
    collect(root, &controls);
    for (qsizetype i = 1; i < controls.size(); ++i)
        QWidget::setTabOrder(controls[i - 1], controls[i]);
}

TabOrder::TabOrder(QWidget *root)
    : QObject(root)
    , m_root(root)
{
    order();
}

void TabOrder::watch(QWidget *place)
{
    place->installEventFilter(this);
}

bool TabOrder::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest && !m_pending) {
        m_pending = true;
        QMetaObject::invokeMethod(this, &TabOrder::order, Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

void TabOrder::order()
{
    m_pending = false;
    orderTabs(m_root);
}

} // namespace ferry::gui
