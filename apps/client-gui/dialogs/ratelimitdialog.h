// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

class QDoubleSpinBox;

namespace ferry::gui {

/// Asks for a speed limit in MB/s; 0 is none.
class RateLimitDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `about`: what is limited.
    RateLimitDialog(const QString &about, qint64 bytesPerSecond, QWidget *parent = nullptr);

    qint64 bytesPerSecond() const;

private:
    QDoubleSpinBox *m_speed;
};

} // namespace ferry::gui
