// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

namespace ferry::gui {

class RateBox;

/// Asks for a speed limit; 0 is none.
class RateLimitDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `about`: what is limited.
    RateLimitDialog(const QString &about, qint64 bytesPerSecond, QWidget *parent = nullptr);

    qint64 bytesPerSecond() const;

private:
    RateBox *m_speed;
};

} // namespace ferry::gui
