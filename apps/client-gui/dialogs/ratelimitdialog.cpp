// SPDX-License-Identifier: MIT
#include "client-gui/dialogs/ratelimitdialog.h"

#include "gui-common/theme.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>

namespace ferry::gui {

namespace {
constexpr double megabyte = 1'000'000;
constexpr double maxMegabytes = 100'000;
} // namespace

RateLimitDialog::RateLimitDialog(const QString &about, qint64 bytesPerSecond, QWidget *parent)
    : QDialog(parent)
    , m_speed(new QDoubleSpinBox(this))
{
    setObjectName(QStringLiteral("rateLimitDialog"));
    setWindowTitle(tr("Speed limit"));
    auto *label = new QLabel(this);
    label->setTextFormat(Qt::PlainText);
    label->setText(about);
    label->setWordWrap(true);
    label->setMinimumWidth(320);
    label->setBuddy(m_speed);

    m_speed->setObjectName(QStringLiteral("rateLimit"));
    m_speed->setAccessibleName(tr("Speed limit in megabytes per second"));
    m_speed->setRange(0, maxMegabytes);
    m_speed->setDecimals(2);
    m_speed->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    m_speed->setSuffix(tr(" MB/s"));
    m_speed->setSpecialValueText(tr("No limit"));
    m_speed->setValue(double(bytesPerSecond) / megabyte);
    m_speed->selectAll();

    auto *hint = new QLabel(tr("0 means no limit."), this);
    setTone(hint, Tone::Quiet);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * rhythm, 2 * rhythm, 2 * rhythm, 2 * rhythm);
    layout->setSpacing(rhythm);
    layout->addWidget(label);
    layout->addWidget(m_speed);
    layout->addWidget(hint);
    layout->addSpacing(rhythm);
    layout->addWidget(buttons);
    m_speed->setFocus();
}

qint64 RateLimitDialog::bytesPerSecond() const
{
    return std::llround(m_speed->value() * megabyte);
}

} // namespace ferry::gui
