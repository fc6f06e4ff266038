// SPDX-License-Identifier: MIT
#include "server-gui/window/statusline.h"

#include "gui-common/look/format.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"

#include <QCoreApplication>
#include <QLabel>
#include <QStatusBar>

namespace ferry::gui {

namespace {

QString text(const char *sentence)
{
    return QCoreApplication::translate("ferry::gui::StatusLine", sentence);
}

} // namespace

StatusLine::StatusLine(QStatusBar *bar)
    : m_sessions(namedLabel(QStringLiteral("statusSessions"), bar))
    , m_speed(namedLabel(QStringLiteral("statusSpeed"), bar))
    , m_sent(namedLabel(QStringLiteral("statusSent"), bar))
    , m_up(namedLabel(QStringLiteral("statusUp"), bar))
{
    for (QLabel *label : {m_sessions, m_speed, m_sent, m_up}) {
        label->setContentsMargins(rhythm, 0, rhythm, 0);
        bar->addPermanentWidget(label);
    }
    m_sessions->setToolTip(text("Sessions now, and how many there can be at once"));
    m_speed->setToolTip(text("What goes out and comes in now, all sessions together"));
    m_sent->setToolTip(text("Bytes of files sent and received since the program started"));
    m_up->setToolTip(text("How long the server has been listening"));
}

void StatusLine::show(const ServerFigures &figures)
{
    m_sessions->setText(figures.maxSessions > 0 ? text("%1 of %2 sessions")
                                                      .arg(formatCount(figures.sessions))
                                                      .arg(formatCount(figures.maxSessions))
                                                : text("No sessions"));
    m_speed->setText(formatSpeed(figures.bytesPerSecond));
    const QString sent = text("%1 served").arg(formatSize(figures.bytesSent));
    m_sent->setText(figures.bytesReceived > 0
                        ? text("%1, %2 received").arg(sent, formatSize(figures.bytesReceived))
                        : sent);
    const QString up =
        figures.upMs > 0 ? text("up %1").arg(formatDuration(figures.upMs)) : text("not running");
    m_up->setText(figures.stops.isEmpty() ? up : text("%1, %2").arg(up, figures.stops));
}

} // namespace ferry::gui
