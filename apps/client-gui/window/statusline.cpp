// SPDX-License-Identifier: MIT
#include "client-gui/window/statusline.h"

#include "client-gui/queue/queuemodel.h"
#include "gui-common/look/format.h"
#include "gui-common/parts/fields.h"

#include <QLabel>
#include <QStatusBar>

namespace ferry::gui {

StatusLine::StatusLine(QStatusBar *bar, QWidget *plot)
    : QObject(bar)
    , m_speed(namedLabel(QStringLiteral("statusSpeed"), bar))
    , m_count(namedLabel(QStringLiteral("statusCount"), bar))
{
    for (QLabel *label : {m_speed, m_count})
        label->setContentsMargins(rhythm, 0, rhythm, 0);
    bar->addPermanentWidget(plot);
    bar->addPermanentWidget(m_speed);
    bar->addPermanentWidget(m_count);
    bar->setSizeGripEnabled(false);
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
