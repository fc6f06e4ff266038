// SPDX-License-Identifier: MIT
#include "server-gui/window/speedplots.h"

#include "gui-common/format.h"
#include "gui-common/theme.h"
#include "gui-common/throughputplot.h"
#include "server-gui/fields.h"
#include "server-gui/window/startbar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>

namespace ferry::gui {

namespace {
constexpr int smallWidth = 160;
constexpr int smallHeight = 40;
constexpr int largeHeight = 120;
} // namespace

SpeedPlots::SpeedPlots(StartBar *bar, QWidget *parent)
    : QObject(parent)
    , m_box(new QWidget(bar))
    , m_speed(plainLabel(QStringLiteral("plotSpeed"), m_box))
    , m_small(new ThroughputPlot(m_box))
    , m_large(new ThroughputPlot(parent))
{
    m_small->setFixedSize(smallWidth, smallHeight);
    m_large->setObjectName(QStringLiteral("largePlot"));
    m_large->setFixedHeight(largeHeight);
    m_speed->setAlignment(Qt::AlignRight | Qt::AlignBottom);
    m_speed->setMinimumWidth(m_speed->fontMetrics().horizontalAdvance(QStringLiteral("000 MB/s")));
    setTone(m_speed, Tone::Quiet);
    auto *layout = new QHBoxLayout(m_box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(rhythm);
    layout->addWidget(m_speed);
    layout->addWidget(m_small);
    bar->addWidget(m_box);
}

QWidget *SpeedPlots::large() const
{
    return m_large;
}

void SpeedPlots::setAction(QAction *large)
{
    m_action = large;
    for (ThroughputPlot *plot : {m_small, m_large})
        connect(plot, &ThroughputPlot::clicked, large, &QAction::toggle);
    connect(large, &QAction::toggled, this, &SpeedPlots::showOne);
    showOne();
}

void SpeedPlots::showOne()
{
    m_large->setVisible(m_action->isChecked());
    m_box->setVisible(m_running && !m_action->isChecked());
}

void SpeedPlots::add(qint64 bytesPerSecond, bool running)
{
    m_small->add(bytesPerSecond);
    m_large->add(bytesPerSecond);
    m_speed->setText(formatSpeed(bytesPerSecond));
    if (running == m_running)
        return;
    m_running = running;
    showOne();
}

} // namespace ferry::gui
