// SPDX-License-Identifier: MIT
#include "client-gui/people/giftcard.h"

#include "gui-common/look/format.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/progressdelegate.h"

#include <QApplication>
#include <QBoxLayout>
#include <QCoreApplication>
#include <QEvent>
#include <QLabel>
#include <QPaintEvent>
#include <QPainter>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace ferry::gui {

namespace {

constexpr int barHeight = 8;
/// Characters of a name that a card shows, and those at its end, which say what kind of file it is.
constexpr qsizetype mostOfName = 60;
constexpr qsizetype endOfName = 20;
/// Characters without a space, after which a line may be broken.
constexpr qsizetype unbroken = 10;

struct GiftText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::GiftText)
public:
    static QString own(const Gift &gift, const QString &name, const QString &whole)
    {
        switch (gift.state) {
        case Gift::State::Sending:
            return tr("Giving %1", "file, size").arg(whole);
        case Gift::State::Waiting:
            return tr("%1: waiting for %2 to accept", "file, size; person").arg(whole, gift.who);
        case Gift::State::Taken:
            return tr("%1 saved %2", "person, file").arg(gift.who, name);
        case Gift::State::Declined:
            return tr("%1 declined %2", "person, file").arg(gift.who, name);
        case Gift::State::Withdrawn:
            return tr("You took back %1", "file").arg(name);
        case Gift::State::Failed:
            return tr("%1 was not given", "file").arg(name);
        default:
            return noMore(gift, name);
        }
    }

    static QString theirs(const Gift &gift, const QString &name, const QString &whole)
    {
        switch (gift.state) {
        case Gift::State::Waiting:
            return tr("%1 offers %2", "person; file, size").arg(gift.who, whole);
        case Gift::State::Saving:
            return tr("Saving %1", "file, size").arg(whole);
        case Gift::State::Saved:
            return tr("Saved %1", "file, size").arg(whole);
        case Gift::State::Declined:
            return tr("You declined %1", "file").arg(name);
        case Gift::State::Withdrawn:
            return tr("%1 took back %2", "person, file").arg(gift.who, name);
        default:
            return noMore(gift, name);
        }
    }

private:
    static QString noMore(const Gift &gift, const QString &name)
    {
        return gift.state == Gift::State::Expired
                   ? tr("%1 was on offer for a day and is gone", "file").arg(name)
                   : tr("%1 is no longer on offer", "file").arg(name);
    }
};

struct Choice
{
    GiftAct act;
    QString words;
    QString name; ///< for a screen reader
};

struct GiftChoices
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::GiftChoices)
public:
    static Choice of(GiftAct act, const QString &file)
    {
        switch (act) {
        case GiftAct::Save:
            return {act, tr("Save…"), tr("Save %1").arg(file)};
        case GiftAct::Decline:
            return {act, tr("Decline"), tr("Decline %1").arg(file)};
        case GiftAct::Open:
            return {act, tr("Open"), tr("Open %1").arg(file)};
        case GiftAct::ShowFolder:
            return {act, tr("Show in folder"), tr("Show %1 in its folder").arg(file)};
        case GiftAct::TakeBack:
            return {act, tr("Take back"), tr("Take back %1").arg(file)};
        case GiftAct::Cancel:
            return {act, tr("Cancel"), tr("Cancel saving %1").arg(file)};
        case GiftAct::Again:
            break;
        }
        return {act, tr("Give again"), tr("Give %1 again").arg(file)};
    }

    /// What can be done now; the next step is the first.
    static QList<GiftAct> now(const Gift &gift)
    {
        switch (gift.state) {
        case Gift::State::Sending:
            return {GiftAct::TakeBack};
        case Gift::State::Waiting:
            return gift.own ? QList{GiftAct::TakeBack} : QList{GiftAct::Save, GiftAct::Decline};
        case Gift::State::Saving:
            return {GiftAct::Cancel};
        case Gift::State::Saved:
            return {GiftAct::Open, GiftAct::ShowFolder};
        case Gift::State::Failed:
            return gift.continues ? QList<GiftAct>() : QList{GiftAct::Again};
        default:
            return {};
        }
    }
};

QString shortName(const QString &name)
{
    return name.size() <= mostOfName
               ? name
               : name.first(mostOfName - endOfName - 1) + u'…' + name.last(endOfName);
}

/// A label breaks its lines at spaces only, and a name may have none.
QString breakable(const QString &text)
{
    QString broken;
    qsizetype run = 0;
    for (const QChar c : text) {
        run = c.isSpace() ? 0 : run + 1;
        broken += c;
        if (run >= unbroken && !c.isHighSurrogate()) {
            broken += QChar(0x200B);
            run = 0;
        }
    }
    return broken;
}

Tone toneOf(const Gift &gift)
{
    switch (gift.state) {
    case Gift::State::Saved:
    case Gift::State::Taken:
        return Tone::Good;
    case Gift::State::Failed:
        return Tone::Bad;
    default:
        return Tone::Quiet;
    }
}

} // namespace

QString giftText(const Gift &gift)
{
    const QString name = shortName(gift.name);
    const QString size = formatSize(gift.size);
    const QString whole = size.isEmpty() ? name : QStringLiteral("%1, %2").arg(name, size);
    return gift.own ? GiftText::own(gift, name, whole) : GiftText::theirs(gift, name, whole);
}

/// How far a gift is on its way.
class GiftBar final : public QWidget
{
public:
    explicit GiftBar(QWidget *parent)
        : QWidget(parent)
    {
        setFixedHeight(barHeight);
    }
    void setFraction(double fraction)
    {
        m_fraction = fraction;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintProgressBar(&painter, rect(), {std::max(m_fraction, 0.0), Tone::Accent}, palette(), 0);
    }

private:
    double m_fraction = 0;
};

GiftCard::GiftCard(QWidget *parent)
    : QFrame(parent)
    , m_text(plainLabel({}, this, true))
    , m_bar(new GiftBar(this))
    , m_words(plainLabel({}, this, true))
    , m_row(new QBoxLayout(QBoxLayout::LeftToRight))
{
    setObjectName(QStringLiteral("giftCard"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Window);
    m_text->setObjectName(QStringLiteral("giftText"));
    m_words->setObjectName(QStringLiteral("giftWords"));
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2, rhythm / 2 + 2);
    layout->addWidget(m_text);
    layout->addWidget(m_bar);
    layout->addWidget(m_words);
    m_row->setSpacing(rhythm / 2);
    for (Button &each : m_buttons) {
        each.button = pushButton({}, {}, {}, this);
        each.button->installEventFilter(this);
        m_row->addWidget(each.button);
        connect(each.button, &QPushButton::clicked, this,
                [this, &each] { Q_EMIT acted(each.act); });
    }
    m_row->addStretch(1);
    layout->addLayout(m_row);
}

void GiftCard::setGift(const Gift &gift)
{
    const QString text = giftText(gift);
    setAccessibleName(text);
    m_text->setText(breakable(text));
    m_text->setAccessibleName(text);
    const bool moves = gift.state == Gift::State::Sending || gift.state == Gift::State::Saving;
    m_bar->setVisible(moves);
    m_bar->setFraction(gift.fraction);
    m_words->setText(breakable(gift.words));
    m_words->setAccessibleName(gift.words);
    m_words->setVisible(!gift.words.isEmpty());
    setTone(m_words, gift.state == Gift::State::Waiting && !gift.own ? Tone::Bad : toneOf(gift));

    const bool focused = isAncestorOf(QApplication::focusWidget());
    const QList<GiftAct> acts = gift.asked != 0 ? QList<GiftAct>() : GiftChoices::now(gift);
    for (size_t i = 0; i < m_buttons.size(); ++i) {
        Button &each = m_buttons[i];
        if (qsizetype(i) >= acts.size()) {
            each.button->hide();
            continue;
        }
        const Choice choice = GiftChoices::of(acts.at(qsizetype(i)), gift.name);
        each.act = choice.act;
        each.button->setText(choice.words);
        each.button->setAccessibleName(choice.name);
        each.button->setObjectName(QStringLiteral("gift%1").arg(int(choice.act)));
        each.button->setVisible(true);
    }
    showAccent(m_buttons[0].button, {}, !acts.isEmpty() && acts.first() == GiftAct::Save);
    // Whoever pressed a button goes on with the one that took its place.
    if (!focused)
        return;
    if (acts.isEmpty())
        Q_EMIT left();
    else if (QWidget *const now = QApplication::focusWidget(); !now || !isAncestorOf(now))
        m_buttons[0].button->setFocus(Qt::OtherFocusReason);
}

int GiftCard::fit(int width)
{
    const QMargins margins = contentsMargins() + layout()->contentsMargins();
    const int inside = width - margins.left() - margins.right();
    int beside = 0;
    for (const Button &each : m_buttons)
        beside += each.button->isHidden() ? 0 : each.button->sizeHint().width() + m_row->spacing();
    m_row->setDirection(beside > inside ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_row->invalidate(); // a button that was hidden tells only the layout of its parent
    layout()->invalidate();
    return layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width)
                                         : layout()->totalSizeHint().height();
}

QList<QWidget *> GiftCard::controls() const
{
    QList<QWidget *> found;
    for (const Button &each : m_buttons)
        found.append(each.button);
    return found;
}

bool GiftCard::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn)
        Q_EMIT reached();
    return QFrame::eventFilter(watched, event);
}

} // namespace ferry::gui
