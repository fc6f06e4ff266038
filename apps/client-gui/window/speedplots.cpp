// SPDX-License-Identifier: MIT
#include "client-gui/window/speedplots.h"

#include "gui-common/throughputplot.h"

#include <QAction>

namespace ferry::gui {

namespace {
constexpr int smallWidth = 120;
constexpr int largeHeight = 110;
} // namespace

ClientPlots::ClientPlots(QWidget *window)
    : QObject(window)
    , m_small(new ThroughputPlot(window))
    , m_large(new ThroughputPlot(window))
{
    m_small->setObjectName(QStringLiteral("smallPlot"));
    m_small->setFixedSize(smallWidth, m_small->fontMetrics().ascent());
    m_large->setObjectName(QStringLiteral("largePlot"));
    m_large->setFixedHeight(largeHeight);
}

QWidget *ClientPlots::small() const
{
    return m_small;
}

QWidget *ClientPlots::large() const
{
    return m_large;
}

void ClientPlots::setAction(QAction *large)
{
    for (ThroughputPlot *plot : {m_small, m_large})
        connect(plot, &ThroughputPlot::clicked, large, &QAction::toggle);
    m_action = large;
    connect(large, &QAction::toggled, this, &ClientPlots::place);
    place();
}

void ClientPlots::place()
{
    const bool large = m_action && m_action->isChecked();
    m_large->setVisible(large);
    m_small->setVisible(!large && m_small->highest() > 0);
}

void ClientPlots::add(qint64 speed)
{
    m_small->add(speed);
    m_large->add(speed);
    place();
}

} // namespace ferry::gui
