// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QAction;
class QLabel;
class QWidget;

namespace ferry::gui {

class StartBar;
class ThroughputPlot;

/// The speed, twice: small beside the state while the server runs, and large with its scale
/// where somebody wants to look closer. One of the two at a time; a click changes over.
class SpeedPlots final : public QObject
{
    Q_OBJECT
public:
    /// The small one goes to the end of `bar`; large() is to be placed by the caller.
    SpeedPlots(StartBar *bar, QWidget *parent);

    QWidget *large() const;

    /// Checked: the large one. Not owned.
    void setAction(QAction *large);

    void add(qint64 bytesPerSecond, bool running);

private:
    void showOne();

    QWidget *m_box;
    QLabel *m_speed;
    ThroughputPlot *m_small;
    ThroughputPlot *m_large;
    QAction *m_action = nullptr;
    bool m_running = false;
};

} // namespace ferry::gui
