// SPDX-License-Identifier: MIT
#pragma once

#include <QElapsedTimer>
#include <QWidget>

#include <deque>
#include <optional>

class QPainter;

namespace ferry::gui {

/// The speed of the last minutes as a curve: small beside other things, or large with its scale
/// when it is given the height for it. Drawn in the colours of the palette.
///
/// Its accessible name says what it is, its description the speed now and the highest one shown;
/// so does the tooltip.
class ThroughputPlot final : public QWidget
{
    Q_OBJECT
public:
    /// How far back it looks.
    static constexpr int seconds = 180;

    explicit ThroughputPlot(QWidget *parent = nullptr);

    /// The speed of this moment, in bytes per second. To be called a few times a second; what is
    /// said within one second becomes one point, and a time without a call counts as 0.
    void add(qint64 bytesPerSecond) { add(bytesPerSecond, m_clock.elapsed()); }

    /// The same at `atMs`, milliseconds that never run backwards.
    void add(qint64 bytesPerSecond, qint64 atMs);

    void clear();

    qint64 now() const { return m_latest; } ///< bytes per second, as said last
    qint64 highest() const;                 ///< of the points that are shown

    /// The value of the point `secondsAgo` back; nothing where nothing is known yet.
    std::optional<qint64> at(int secondsAgo) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void clicked();

protected:
    void mouseReleaseEvent(QMouseEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void closeSecond();
    void tell();
    bool hasRoomForWords() const;
    void paintScale(QPainter &painter, const QRectF &area, qint64 top) const;

    QElapsedTimer m_clock;
    std::deque<qint64> m_points; ///< one per second, oldest first
    qint64 m_second = -1;        ///< the one under way, counted on the caller's clock
    qint64 m_sum = 0;            ///< of what was said in it
    int m_count = 0;
    qint64 m_latest = 0;
};

/// The next "round" number of bytes per second at or above `speed`: what a scale ends with.
qint64 roundSpeed(qint64 speed);

} // namespace ferry::gui
