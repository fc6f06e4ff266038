// SPDX-License-Identifier: MIT
#include "gui-common/parts/pagearea.h"

#include "gui-common/look/theme.h"

#include <QEvent>
#include <QScreen>
#include <QStyle>

namespace ferry::gui {

namespace {

/// Of 1024 × 600 with letters a third larger, which is 756 × 443 of these pixels, what title,
/// menus and status bar leave.
constexpr QSize smallScreen(740, 360);

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

QSize firstSize(const QWidget *window, QSize usual)
{
    // The desktop's own frame is not known before the window is shown.
    const int title = window->style()->pixelMetric(QStyle::PM_TitleBarHeight, nullptr, window);
    QSize size = usual;
    if (const auto *area = window->findChild<PageArea *>()) {
        const QSize bars = (window->sizeHint() - area->sizeHint()).expandedTo(QSize(0, 0));
        size = usual.expandedTo(area->widget()->minimumSizeHint() + bars);
    }
    return size.boundedTo(window->screen()->availableSize() - QSize(0, title + rhythm));
}

bool PageArea::eventFilter(QObject *object, QEvent *event)
{
    if (object == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(object, event);
}

} // namespace ferry::gui
