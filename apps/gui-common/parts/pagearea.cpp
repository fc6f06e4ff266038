// SPDX-License-Identifier: MIT
#include "gui-common/parts/pagearea.h"

#include <QEvent>

namespace ferry::gui {

namespace {

/// Of 900 × 480, what menus and status bar leave, also with a larger font.
constexpr QSize smallScreen(880, 400);

} // namespace

PageArea::PageArea(QWidget *page, QWidget *parent)
    : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setWidgetResizable(true);
    setWidget(page);
}

QSize PageArea::minimumSizeHint() const
{
    return widget()->minimumSizeHint().boundedTo(smallScreen);
}

QSize PageArea::sizeHint() const
{
    return widget()->sizeHint();
}

bool PageArea::eventFilter(QObject *object, QEvent *event)
{
    if (object == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(object, event);
}

} // namespace ferry::gui
