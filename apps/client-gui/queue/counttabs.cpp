// SPDX-License-Identifier: MIT
#include "client-gui/queue/counttabs.h"

#include "gui-common/look/format.h"

#include <QFontMetrics>
#include <QLocale>

namespace ferry::gui {

namespace {

constexpr qint64 thousand = 1000;
constexpr qint64 million = thousand * thousand;

} // namespace

QString briefCount(qint64 count)
{
    if (count < thousand)
        return formatCount(count);
    const bool millions = count >= million;
    const qint64 unit = millions ? million : thousand;
    const qint64 tenths = count * 10 / unit;
    const QString number =
        tenths < 100 ? QLocale().toString(double(tenths) / 10, 'f', 1) : formatCount(tenths / 10);
    return millions ? CountTabs::tr("%1M", "millions").arg(number)
                    : CountTabs::tr("%1k", "thousands").arg(number);
}

CountTabs::CountTabs(int tabs, QWidget *parent)
    : QTabBar(parent)
    , m_texts(tabs)
{
    setDrawBase(false);
    setExpanding(false);
    setUsesScrollButtons(false);
    // As high with an icon as without.
    const int side = fontMetrics().ascent();
    setIconSize({side, side});
    for (int tab = 0; tab < tabs; ++tab)
        addTab({});
}

void CountTabs::setCount(int tab, const QString &word, qint64 count)
{
    const auto text = [&](const QString &number) {
        return tr("%1 %2", "tab: word, count").arg(word, number);
    };
    Texts &texts = m_texts[tab];
    const QString whole = text(formatCount(count));
    if (texts.whole == whole)
        return;
    texts = {whole, text(briefCount(count))};
    setAccessibleTabName(tab, whole);
    write();
    updateGeometry();
}

QSize CountTabs::sizeWith(QString Texts::*wanted, const QSize &now) const
{
    int more = 0;
    const QFontMetrics metrics = fontMetrics();
    for (int tab = 0; tab < m_texts.size(); ++tab) {
        const auto advance = [&](const QString &text) {
            return metrics.size(Qt::TextShowMnemonic, text).width();
        };
        more += advance(m_texts[tab].*wanted) - advance(tabText(tab));
    }
    return {now.width() + more, now.height()};
}

QSize CountTabs::sizeHint() const
{
    return sizeWith(&Texts::whole, QTabBar::sizeHint());
}

QSize CountTabs::minimumSizeHint() const
{
    return sizeWith(&Texts::brief, QTabBar::sizeHint());
}

void CountTabs::resizeEvent(QResizeEvent *event)
{
    QTabBar::resizeEvent(event);
    write();
}

void CountTabs::write()
{
    const bool room = width() >= sizeHint().width();
    for (int tab = 0; tab < m_texts.size(); ++tab) {
        const QString &text = room ? m_texts[tab].whole : m_texts[tab].brief;
        if (tabText(tab) == text)
            continue;
        setTabText(tab, text);
        setTabToolTip(tab, text == m_texts[tab].whole ? QString() : m_texts[tab].whole);
    }
}

} // namespace ferry::gui
