// SPDX-License-Identifier: MIT
#include "gui-common/parts/throughputplot.h"

#include "gui-common/look/format.h"
#include "gui-common/look/theme.h"

#include <QEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace ferry::gui {

namespace {

constexpr qint64 secondMs = 1000;

/// From this many lines of text in height on, the scale has words.
constexpr int linesForWords = 5;

constexpr int compactWidth = 144;
constexpr int compactHeight = 32;

QColor faint(const QPalette &palette)
{
    QColor color = palette.color(QPalette::WindowText);
    color.setAlphaF(0.16F);
    return color;
}

} // namespace

qint64 roundSpeed(qint64 speed)
{
    constexpr qint64 most = 1'000'000'000'000'000;
    for (qint64 unit = 1000; unit < most; unit *= 10) {
        for (const qint64 step : {1, 2, 5}) {
            if (speed <= unit * step)
                return unit * step;
        }
    }
    return std::max(most, speed);
}

ThroughputPlot::ThroughputPlot(QWidget *parent)
    : QWidget(parent)
{
    m_clock.start();
    setObjectName(QStringLiteral("throughputPlot"));
    setAccessibleName(tr("Speed of the last %1 minutes").arg(seconds / 60));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    tell();
}

void ThroughputPlot::add(qint64 bytesPerSecond, qint64 atMs)
{
    const qint64 second = atMs / secondMs;
    if (m_second < 0)
        m_second = second;
    // A clock that stood still for long (the computer slept) leaves an empty plot, not a loop.
    if (second - m_second > seconds) {
        m_points.assign(seconds, 0);
        m_second = second;
        m_sum = m_count = 0;
    }
    const bool ended = m_second < second;
    while (m_second < second)
        closeSecond();
    m_latest = std::max<qint64>(bytesPerSecond, 0);
    m_sum += m_latest;
    ++m_count;
    if (!ended)
        return;
    tell();
    update();
}

void ThroughputPlot::closeSecond()
{
    m_points.push_back(m_count > 0 ? m_sum / m_count : 0);
    if (m_points.size() > size_t(seconds))
        m_points.pop_front();
    m_sum = 0;
    m_count = 0;
    ++m_second;
}

void ThroughputPlot::clear()
{
    m_points.clear();
    m_second = -1;
    m_sum = m_count = 0;
    m_latest = 0;
    tell();
    update();
}

qint64 ThroughputPlot::highest() const
{
    return m_points.empty() ? 0 : *std::max_element(m_points.begin(), m_points.end());
}

std::optional<qint64> ThroughputPlot::at(int secondsAgo) const
{
    if (secondsAgo < 0 || size_t(secondsAgo) >= m_points.size())
        return std::nullopt;
    return m_points[m_points.size() - 1 - size_t(secondsAgo)];
}

/// Once a second at the most: a screen reader may read it out.
void ThroughputPlot::tell()
{
    const QString text =
        tr("%1 now, highest %2").arg(formatSpeed(m_latest), formatSpeed(highest()));
    if (text == accessibleDescription())
        return;
    setAccessibleDescription(text);
    setToolTip(plainToolTip(accessibleName() + QStringLiteral(": ") + text));
}

QSize ThroughputPlot::sizeHint() const
{
    return {compactWidth, compactHeight};
}

QSize ThroughputPlot::minimumSizeHint() const
{
    return {compactWidth / 2, compactHeight / 2};
}

bool ThroughputPlot::hasRoomForWords() const
{
    return height() >= linesForWords * fontMetrics().lineSpacing();
}

void ThroughputPlot::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool words = hasRoomForWords();
    QRectF area = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    if (words)
        area.adjust(0, fontMetrics().lineSpacing() + 2, 0, -fontMetrics().lineSpacing() - 2);
    const qint64 top = roundSpeed(highest());
    painter.setPen(faint(palette()));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    if (words)
        paintScale(painter, area, top);
    if (m_points.size() < 2)
        return;

    const double step = area.width() / (seconds - 1);
    const auto point = [&](size_t i) {
        const double x = area.right() - double(m_points.size() - 1 - i) * step;
        return QPointF(x, area.bottom() - double(m_points[i]) / double(top) * area.height());
    };
    QPainterPath curve(point(0));
    for (size_t i = 1; i < m_points.size(); ++i)
        curve.lineTo(point(i));
    QPainterPath filled = curve;
    filled.lineTo(area.bottomRight());
    filled.lineTo(point(0).x(), area.bottom());

    painter.setRenderHint(QPainter::Antialiasing);
    const QColor accent = toneColor(Tone::Accent, palette());
    QColor light = accent;
    light.setAlphaF(0.2F);
    painter.fillPath(filled, light);
    painter.setPen(QPen(accent, 1.5));
    painter.drawPath(curve);
}

void ThroughputPlot::paintScale(QPainter &painter, const QRectF &area, qint64 top) const
{
    const QColor line = faint(palette());
    painter.setPen(line);
    painter.drawLine(area.topLeft(), area.topRight());
    painter.drawLine(QPointF(area.left(), area.center().y()),
                     QPointF(area.right(), area.center().y()));
    painter.setPen(toneColor(Tone::Quiet, palette()));
    const int height = fontMetrics().lineSpacing();
    const QRectF above(area.left(), area.top() - height - 2, area.width(), height);
    const QRectF below(area.left(), area.bottom() + 2, area.width(), height);
    painter.drawText(above, Qt::AlignLeft | Qt::AlignVCenter, formatSpeed(top));
    painter.drawText(above, Qt::AlignRight | Qt::AlignVCenter,
                     tr("now %1").arg(formatSpeed(m_latest)));
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter,
                     tr("%1 minutes ago").arg(seconds / 60));
    painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, tr("now"));
}

void ThroughputPlot::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
        Q_EMIT clicked();
}

void ThroughputPlot::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        update();
}

} // namespace ferry::gui
