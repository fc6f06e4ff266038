// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/ratebox.h"

#include <QRegularExpression>

#include <cmath>

namespace ferry::gui {

namespace {
constexpr double megabyte = 1'000'000;
constexpr double maxMegabytes = 100'000;
constexpr double smallStep = 0.01;
} // namespace

RateBox::RateBox(QWidget *parent)
    : QDoubleSpinBox(parent)
{
    setAccessibleName(tr("Speed limit"));
    setRange(0, maxMegabytes);
    setDecimals(6); // bytes
    setStepType(AdaptiveDecimalStepType);
    setSpecialValueText(tr("No limit"));
}

void RateBox::setBytesPerSecond(qint64 rate)
{
    setValue(double(rate) / megabyte);
}

qint64 RateBox::bytesPerSecond() const
{
    return std::llround(value() * megabyte);
}

/// Adaptive steps near zero would be single bytes.
void RateBox::stepBy(int steps)
{
    if (const double next = value() + steps * smallStep; next <= 10 * smallStep)
        setValue(std::max(next, 0.0));
    else
        QDoubleSpinBox::stepBy(steps);
}

QString RateBox::textFromValue(double megabytes) const
{
    const double bytes = std::round(megabytes * megabyte);
    QLocale plain = locale();
    plain.setNumberOptions(QLocale::OmitGroupSeparator);
    const auto figure = [&plain](double number) {
        return plain.toString(number, 'f', QLocale::FloatingPointShortest);
    };
    return bytes < megabyte ? tr("%1 kB/s").arg(figure(bytes / 1000))
                            : tr("%1 MB/s").arg(figure(bytes / megabyte));
}

double RateBox::valueFromText(const QString &text) const
{
    return read(text).value_or(value());
}

QValidator::State RateBox::validate(QString &text, int &) const
{
    if (text.trimmed().isEmpty() || specialValueText().startsWith(text))
        return text == specialValueText() ? QValidator::Acceptable : QValidator::Intermediate;
    const auto megabytes = read(text);
    if (!megabytes)
        return QValidator::Invalid;
    // A smaller unit may follow.
    return *megabytes <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
}

/// Nothing if it is no speed.
std::optional<double> RateBox::read(const QString &text) const
{
    if (text == specialValueText())
        return minimum();
    static const QRegularExpression form(
        QStringLiteral("^\\s*([0-9.,]+)\\s*([kmg]?)(b?)(?:/s?)?\\s*$"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(text);
    bool isNumber = false;
    double number = locale().toDouble(match.captured(1), &isNumber);
    if (!isNumber)
        number = QString(match.captured(1)).replace(u',', u'.').toDouble(&isNumber);
    if (!isNumber)
        return std::nullopt;
    const QString unit = match.captured(2).toLower();
    if (unit == QLatin1StringView("k"))
        return number / 1000;
    if (unit == QLatin1StringView("g"))
        return number * 1000;
    return unit.isEmpty() && !match.captured(3).isEmpty() ? number / megabyte : number;
}

} // namespace ferry::gui
