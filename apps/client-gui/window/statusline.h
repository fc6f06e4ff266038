// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QLabel;
class QStatusBar;
class QWidget;

namespace ferry::gui {

struct QueueSummary;

/// The status bar: plot, speed, how much of the queue is done.
class StatusLine final : public QObject
{
    Q_OBJECT
public:
    /// `plot` is placed before the speed.
    StatusLine(QStatusBar *bar, QWidget *plot);

    void setSummary(const QueueSummary &summary);

private:
    QLabel *m_speed;
    QLabel *m_count;
};

} // namespace ferry::gui
