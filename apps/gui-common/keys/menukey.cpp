// SPDX-License-Identifier: MIT
#include "gui-common/keys/menukey.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QWidget>

namespace ferry::gui {

namespace {

class MenuKey final : public QObject
{
public:
    explicit MenuKey(QApplication *application)
        : QObject(application)
    {
        application->installEventFilter(this);
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::KeyPress || !watched->isWidgetType())
            return false;
        const auto *key = static_cast<const QKeyEvent *>(event);
        if (key->key() != Qt::Key_F10 || key->modifiers() != Qt::ShiftModifier)
            return false;
        auto *const widget = static_cast<QWidget *>(watched);
        // In a list that is the current row.
        const QPoint at = widget->inputMethodQuery(Qt::ImCursorRectangle).toRect().center();
        QContextMenuEvent asked(QContextMenuEvent::Keyboard, at, widget->mapToGlobal(at));
        QCoreApplication::sendEvent(widget, &asked);
        return true;
    }
};

} // namespace

void openMenusByShiftF10(QApplication *application)
{
    new MenuKey(application);
}

} // namespace ferry::gui
