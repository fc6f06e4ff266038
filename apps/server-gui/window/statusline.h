// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QLabel;
class QStatusBar;

namespace ferry::gui {

/// The figures in the status bar.
struct ServerFigures
{
    int sessions = 0;
    int maxSessions = 0; ///< 0: not known before the server runs
    qint64 bytesPerSecond = 0;
    qint64 bytesSent = 0;
    qint64 bytesReceived = 0;
    qint64 upMs = 0; ///< 0: not running
    QString stops;   ///< "stops in 12 min"; empty: it does not by itself
};

class StatusLine final
{
public:
    explicit StatusLine(QStatusBar *bar);

    void show(const ServerFigures &figures);

private:
    QLabel *m_sessions;
    QLabel *m_speed;
    QLabel *m_sent;
    QLabel *m_up;
};

} // namespace ferry::gui
