// SPDX-License-Identifier: MIT
#pragma once

#include <QDoubleSpinBox>

#include <optional>

namespace ferry::gui {

/// A field for a speed limit; its value is in MB/s, 0 is none. A person types "500 kB/s", "500k" or
/// "2.5 MB/s"; a number alone is in MB/s.
class RateBox final : public QDoubleSpinBox
{
    Q_OBJECT
public:
    explicit RateBox(QWidget *parent = nullptr);

    void setBytesPerSecond(qint64 rate);
    qint64 bytesPerSecond() const;

    void stepBy(int steps) override;
    QString textFromValue(double megabytes) const override;
    double valueFromText(const QString &text) const override;
    QValidator::State validate(QString &text, int &position) const override;

private:
    std::optional<double> read(const QString &text) const;
};

} // namespace ferry::gui
