// SPDX-License-Identifier: MIT
#include "client-gui/window/statusline.h"

#include "client-gui/connect/connectiontext.h"
#include "client-gui/queue/queuemodel.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/parts/fields.h"
#include "net/base/displaytext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStatusBar>

namespace ferry::gui {

using client::ConnectionState;

namespace {
constexpr int lockSize = 16;
}

StatusLine::StatusLine(QStatusBar *bar, QWidget *plot)
    : QObject(bar)
    , m_lock(namedLabel(QStringLiteral("statusLock"), bar))
    , m_connection(namedLabel(QStringLiteral("statusConnection"), bar))
    , m_speed(namedLabel(QStringLiteral("statusSpeed"), bar))
    , m_count(namedLabel(QStringLiteral("statusCount"), bar))
{
    for (QLabel *label : {m_speed, m_count})
        label->setContentsMargins(rhythm, 0, rhythm, 0);
    m_lock->setContentsMargins(rhythm, 0, 0, 0);
    m_lock->hide();
    m_connection->setContentsMargins(rhythm / 2, 0, rhythm, 0);
    // In one widget: the bar hides it while it has a message, and the lock must not come back.
    auto *link = new QWidget(bar);
    auto *row = tightLayout<QHBoxLayout>(link, 0);
    row->addWidget(m_lock);
    row->addWidget(m_connection, 1);
    bar->addWidget(link, 1);
    bar->addPermanentWidget(plot);
    bar->addPermanentWidget(m_speed);
    bar->addPermanentWidget(m_count);
    bar->setSizeGripEnabled(false);
}

void StatusLine::setConnection(const ConnectionView &view)
{
    const QString shown = displayText(view.host);
    QString text;
    switch (view.status.state) {
    case ConnectionState::Online:
        text = tr("Connected to %1 · %2", "host, TLS version").arg(shown, safetyWords(view));
        break;
    case ConnectionState::Connecting:
        text = tr("Connecting to %1…").arg(shown);
        break;
    case ConnectionState::LoggingIn:
        text = tr("Logging in at %1…").arg(shown);
        break;
    case ConnectionState::Offline:
    case ConnectionState::Failed:
        text = connectionWord(view.shownState());
        break;
    }
    m_connection->setText(text);
    const bool online = view.status.state == ConnectionState::Online;
    m_lock->setVisible(online);
    if (online) {
        const bool open = view.classic;
        m_lock->setPixmap(icon(QLatin1StringView(open ? "lock-open" : "lock"),
                               open ? Tone::Caution : Tone::Accent)
                              .pixmap(QSize(lockSize, lockSize), m_lock->devicePixelRatioF()));
        m_lock->setAccessibleName(safetyWords(view));
    }
}

void StatusLine::setSummary(const QueueSummary &summary)
{
    m_speed->setText(summary.active > 0 || summary.bytesPerSecond > 0
                         ? formatSpeed(summary.bytesPerSecond)
                         : QString());
    m_count->setText(summary.total() == 0
                         ? tr("Queue empty")
                         : tr("%1 of %2 done", "files of the queue")
                               .arg(formatCount(summary.done), formatCount(summary.total())));
}

} // namespace ferry::gui
