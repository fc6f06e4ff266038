// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QLabel;
class QStatusBar;

namespace ferry::gui {

struct LinkView;
struct QueueSummary;

/// The words in the status bar: connection, lock, speed, how much of the queue is done.
class StatusStrip final : public QObject
{
    Q_OBJECT
public:
    explicit StatusStrip(QStatusBar *bar);

    void setLink(const LinkView &view);
    void setSummary(const QueueSummary &summary);

private:
    QLabel *m_connection;
    QLabel *m_speed;
    QLabel *m_count;
};

} // namespace ferry::gui
