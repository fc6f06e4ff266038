// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QAction;
class QWidget;

namespace ferry::gui {

class ThroughputPlot;

/// The speed of the last minutes, twice: small in the status bar, and large with its scale where
/// somebody wants to look closer. A click changes over. The small one is there as long as it has
/// something to show.
class ClientPlots final : public QObject
{
    Q_OBJECT
public:
    explicit ClientPlots(QWidget *window);

    /// Each is to be placed by the caller.
    QWidget *small() const;
    QWidget *large() const;

    /// Checked: the large one is shown. Not owned.
    void setAction(QAction *large);

    /// Bytes per second; a few times a second.
    void add(qint64 speed);

private:
    void place();

    ThroughputPlot *m_small;
    ThroughputPlot *m_large;
    QAction *m_action = nullptr;
};

} // namespace ferry::gui
