// SPDX-License-Identifier: MIT
#include "client-gui/browser/listingwatch.h"

#include "client-gui/browser/foldernavigator.h"

#include <QCoreApplication>
#include <QEvent>
#include <QWidget>

namespace ferry::gui {

namespace {

constexpr int intervalMs = 10'000;
/// Whoever does nothing for this long is not there.
constexpr qint64 presentMs = 120'000;

} // namespace

ListingWatch::ListingWatch(FolderNavigator *navigator, QWidget *view)
    : QObject(view)
    , m_navigator(navigator)
    , m_view(view)
{
    setObjectName(QStringLiteral("listingWatch"));
    m_seen.start();
    QCoreApplication::instance()->installEventFilter(this);
    connect(&m_timer, &QTimer::timeout, this, &ListingWatch::look);
    m_timer.start(intervalMs);
}

bool ListingWatch::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
        m_seen.restart();
        break;
    case QEvent::WindowActivate:
        if (watched == m_view->window()) {
            m_seen.restart();
            look();
        }
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

bool ListingWatch::look()
{
    return m_view->window()->isVisible() && m_view->isEnabled() && m_view->isActiveWindow() &&
           m_seen.elapsed() < presentMs && m_navigator->checkForChanges();
}

} // namespace ferry::gui
