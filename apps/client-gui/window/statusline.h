// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QLabel;
class QStatusBar;
class QWidget;

namespace ferry::gui {

struct ConnectionView;
struct QueueSummary;

/// The status bar: lock, connection, plot, speed, how much of the queue is done.
class StatusLine final : public QObject
{
    Q_OBJECT
public:
    /// `plot` is placed before the speed.
    StatusLine(QStatusBar *bar, QWidget *plot);

    void setConnection(const ConnectionView &view);
    void setSummary(const QueueSummary &summary);

private:
    QLabel *m_lock;
    QLabel *m_connection;
    QLabel *m_speed;
    QLabel *m_count;
};

} // namespace ferry::gui
