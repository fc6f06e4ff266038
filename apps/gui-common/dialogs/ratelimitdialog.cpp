// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/ratelimitdialog.h"

#include "gui-common/dialogs/ratebox.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace ferry::gui {

RateLimitDialog::RateLimitDialog(const QString &about, qint64 bytesPerSecond, QWidget *parent)
    : QDialog(parent)
    , m_speed(new RateBox(this))
{
    setObjectName(QStringLiteral("rateLimitDialog"));
    setWindowTitle(tr("Speed limit"));
    QLabel *label = plainLabel(about, this, true);
    label->setMinimumWidth(320);
    label->setBuddy(m_speed);

    m_speed->setObjectName(QStringLiteral("rateLimit"));
    m_speed->setBytesPerSecond(bytesPerSecond);
    m_speed->selectAll();

    auto *hint = new QLabel(tr("Such as 500 kB/s or 2.5 MB/s; 0 means no limit."), this);
    setTone(hint, Tone::Quiet);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    auto *layout = tightLayout<QVBoxLayout>(this, rhythm, 2 * rhythm);
    layout->addWidget(label);
    layout->addWidget(m_speed);
    layout->addWidget(hint);
    layout->addSpacing(rhythm);
    layout->addWidget(buttons);
    m_speed->setFocus();
}

qint64 RateLimitDialog::bytesPerSecond() const
{
    return m_speed->bytesPerSecond();
}

} // namespace ferry::gui
