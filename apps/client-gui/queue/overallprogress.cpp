// SPDX-License-Identifier: MIT
#include "client-gui/queue/overallprogress.h"

#include "client-gui/queue/queuemodel.h"
#include "gui-common/look/format.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/progressdelegate.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

#include <algorithm>

namespace ferry::gui {

namespace {
constexpr int barWidth = 128;
constexpr int leastBarWidth = 40;
} // namespace

double overallFraction(const QueueSummary &summary)
{
    // What will never be fetched does not keep the bar from its end.
    const qsizetype underWay = summary.waiting + summary.active;
    if (underWay == 0)
        return summary.total() == 0 ? 0 : 1;
    const double bytes = double(summary.knownBytes());
    const double here = double(summary.doneBytes + summary.receivedBytes);
    if (bytes <= 0)
        return double(summary.done) / double(summary.done + underWay);
    // As if a file of unknown size were like the others: once its size is known, the bar goes on
    // from where it is, and no other way of counting begins.
    const double average = bytes / double(summary.done + underWay - summary.unknownSizes);
    return here / (bytes + average * double(summary.unknownSizes));
}

OverallProgress::OverallProgress(QWidget *parent)
    : QWidget(parent)
    , m_words(namedLabel(QStringLiteral("overallWords"), this))
{
    setObjectName(QStringLiteral("overallProgress"));
    m_words->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(leastBarWidth + rhythm, 0, 0, 0);
    layout->addWidget(m_words);
}

QSize OverallProgress::sizeHint() const
{
    return QWidget::sizeHint() + QSize(barWidth - leastBarWidth, 0);
}

void OverallProgress::show(const QueueSummary &summary)
{
    m_fraction = overallFraction(summary);
    m_barShown = summary.waiting + summary.active > 0;

    QString words;
    if (m_barShown) {
        words = formatPercent(m_fraction);
        if (const qint64 left = summary.timeLeft(); left >= 0)
            words = tr("%1, %2", "percentage, time left").arg(words, formatTimeLeft(left));
    }
    m_words->setText(words);
    setAccessibleName(m_barShown ? tr("All files: %1").arg(words) : tr("Nothing is on its way"));
    update();
}

void OverallProgress::paintEvent(QPaintEvent *)
{
    if (!m_barShown)
        return;
    QPainter painter(this);
    const int end = m_words->geometry().right() + 1 - m_words->sizeHint().width() - rhythm;
    const int bar = std::clamp(end, 0, barWidth);
    paintProgressBar(&painter, QRect(end - bar, 0, bar, height()),
                     Progress{m_fraction, Tone::Accent}, palette(), 0);
}

} // namespace ferry::gui
