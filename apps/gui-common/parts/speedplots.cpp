// SPDX-License-Identifier: MIT
#include "gui-common/parts/speedplots.h"

#include "gui-common/look/format.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/throughputplot.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>

namespace ferry::gui {

SpeedPlots::SpeedPlots(QSize small, int largeHeight, Figure figure, QWidget *parent)
    : QObject(parent)
    , m_box(new QWidget(parent))
    , m_small(new ThroughputPlot(m_box))
    , m_large(new ThroughputPlot(parent))
{
    m_small->setObjectName(QStringLiteral("smallPlot"));
    m_small->setFixedSize(small);
    m_large->setObjectName(QStringLiteral("largePlot"));
    m_large->setFixedHeight(largeHeight);
    auto *layout = tightLayout<QHBoxLayout>(m_box, rhythm);
    if (figure == Figure::Shown) {
        m_figure = namedLabel(QStringLiteral("plotSpeed"), m_box);
        m_figure->setAlignment(Qt::AlignRight | Qt::AlignBottom);
        m_figure->setMinimumWidth(
            m_figure->fontMetrics().horizontalAdvance(QStringLiteral("000 MB/s")));
        setTone(m_figure, Tone::Quiet);
        layout->addWidget(m_figure);
    }
    layout->addWidget(m_small);
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
    const bool large = m_action && m_action->isChecked();
    m_large->setVisible(large);
    m_box->setVisible(!large && m_small->highest() > 0);
}

void SpeedPlots::add(qint64 speed)
{
    m_small->add(speed);
    m_large->add(speed);
    if (m_figure)
        m_figure->setText(formatSpeed(speed));
    showOne();
}

} // namespace ferry::gui
