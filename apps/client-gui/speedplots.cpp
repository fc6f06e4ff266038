// SPDX-License-Identifier: MIT
#include "client-gui/speedplots.h"

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
    m_small->setFixedSize(smallWidth, m_small->fontMetrics().height() + 2);
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
    const auto show = [this](bool shown) {
        m_large->setVisible(shown);
        m_small->setVisible(!shown);
    };
    connect(large, &QAction::toggled, this, show);
    show(large->isChecked());
}

void ClientPlots::add(qint64 speed)
{
    m_small->add(speed);
    m_large->add(speed);
}

} // namespace ferry::gui
