// SPDX-License-Identifier: MIT
#include "client-gui/queue/overallprogress.h"

#include "client-gui/queue/queuemodel.h"
#include "gui-common/look/format.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/progressdelegate.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace ferry::gui {

namespace {
constexpr int barWidth = 128;
}

double overallFraction(const QueueSummary &summary)
{
    const qsizetype total = summary.total();
    const qint64 here = summary.doneBytes + summary.receivedBytes;
    if (summary.unknownSizes == 0 && here + summary.remainingBytes > 0)
        return double(here) / double(here + summary.remainingBytes);
    // What will never be fetched does not keep the bar from its end.
    const double ended = double(summary.ended());
    return total == 0 ? 0 : (ended + std::max(0.0, summary.activeFraction)) / double(total);
}

OverallProgress::OverallProgress(QWidget *parent)
    : QWidget(parent)
    , m_words(namedLabel(QStringLiteral("overallWords"), this))
{
    setObjectName(QStringLiteral("overallProgress"));
    m_words->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(barWidth + rhythm, 0, 0, 0);
    layout->addWidget(m_words);
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
    setAccessibleName(m_barShown ? tr("All downloads: %1").arg(words) : tr("No downloads running"));
    update();
}

void OverallProgress::paintEvent(QPaintEvent *)
{
    if (!m_barShown)
        return;
    QPainter painter(this);
    const QRect words = m_words->geometry();
    paintProgressBar(&painter, QRect(words.left() - barWidth - rhythm, 0, barWidth, height()),
                     Progress{m_fraction, Tone::Accent}, palette(), 0);
}

} // namespace ferry::gui
