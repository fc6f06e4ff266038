// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;

namespace ferry::gui {

struct QueueSummary;

/// 0…1: by bytes, as far as any size is known, else by files. A file whose size is not known counts
/// as the others do on the average.
double overallFraction(const QueueSummary &summary);

/// How far the whole queue is: a bar, and words beside it.
class OverallProgress final : public QWidget
{
    Q_OBJECT
public:
    explicit OverallProgress(QWidget *parent = nullptr);

    void show(const QueueSummary &summary);

    /// Its bar is shorter where there is less room.
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QLabel *m_words;
    double m_fraction = 0;
    bool m_barShown = false;
};

} // namespace ferry::gui
