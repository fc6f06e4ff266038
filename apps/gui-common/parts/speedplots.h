// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QAction;
class QLabel;
class QSize;
class QWidget;

namespace ferry::gui {

class ThroughputPlot;

/// The speed of the last minutes, twice: small beside other things as long as it has something to
/// show, and large with its scale where somebody wants to look closer. One of the two at a time; a
/// click changes over.
class SpeedPlots final : public QObject
{
    Q_OBJECT
public:
    enum class Figure { Hidden, Shown }; ///< the speed as a number beside the small plot

    SpeedPlots(QSize small, int largeHeight, Figure figure, QWidget *parent);

    /// Each is to be placed by the caller.
    QWidget *small() const { return m_box; }
    QWidget *large() const;

    /// Checked: the large one is shown. Not owned.
    void setAction(QAction *large);

    /// Bytes per second; a few times a second.
    void add(qint64 speed);

private:
    void showOne();

    QWidget *m_box;
    QLabel *m_figure = nullptr;
    ThroughputPlot *m_small;
    ThroughputPlot *m_large;
    QAction *m_action = nullptr;
};

} // namespace ferry::gui
