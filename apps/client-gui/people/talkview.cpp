// SPDX-License-Identifier: MIT
#include "client-gui/people/talkview.h"

#include "client-gui/people/giftcard.h"
#include "gui-common/look/localtime.h"
#include "gui-common/look/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QLocale>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextBlockFormat>
#include <QTextCharFormat>
#include <QTextDocument>

#include <algorithm>
#include <utility>

namespace ferry::gui {

TalkView::TalkView(QWidget *parent)
    : QTextEdit(parent)
{
    setReadOnly(true);
    setAcceptRichText(false);
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
            &TalkView::placeCards);
}

void TalkView::showAll(const QList<Message> &messages)
{
    for (const Shown &shown : m_shown)
        delete shown.card;
    m_shown.clear();
    clear();
    write(messages);
    goToEnd();
}

void TalkView::showAdded(const QList<Message> &messages, qsizetype added)
{
    if (added >= messages.size() || m_shown.empty())
        return showAll(messages);
    const bool follows = isAtEnd();
    dropBefore(messages.first().id);
    write(messages.last(added));
    if (follows)
        goToEnd();
}

/// As text and nothing else: what is said cannot be a link or a picture.
int TalkView::writeLines(QTextCursor *cursor, const QString &text, int indent, int above,
                         const QTextCharFormat &look)
{
    QTextBlockFormat block;
    block.setLeftMargin(indent);
    block.setTopMargin(above);
    const QStringList lines = text.split(u'\n');
    for (const QString &line : lines) {
        // The first block of a document is there already.
        if (!document()->isEmpty() || !m_shown.empty())
            cursor->insertBlock();
        cursor->setBlockFormat(block);
        cursor->insertText(line, look);
    }
    return int(lines.size());
}

void TalkView::write(const QList<Message> &messages)
{
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.beginEditBlock();
    QTextCharFormat quiet;
    quiet.setForeground(toneColor(Tone::Quiet, palette()));
    const auto firstCard = [&] {
        // Of a crowd of gifts most cards would be text again at once.
        qsizetype cards = 0;
        for (qsizetype i = messages.size(); i-- > 0;) {
            if (messages.at(i).gift && ++cards == mostCards)
                return i;
        }
        return qsizetype(0);
    }();
    for (qsizetype i = 0; i < messages.size(); ++i) {
        const Message &message = messages.at(i);
        Shown shown;
        shown.id = message.id;
        const QString time =
            QLocale().toString(localTime(message.atMs).time(), QLocale::ShortFormat);
        shown.blocks = writeLines(
            &cursor,
            QStringLiteral("%1  %2").arg(time, message.who.isEmpty() ? tr("You") : message.who), 0,
            rhythm / 2, quiet);
        m_shown.push_back(shown);
        Shown &kept = m_shown.back();
        if (message.gift) {
            kept.blocks += writeLines(&cursor, i < firstCard ? giftText(*message.gift) : QString(),
                                      rhythm, 0, look(false));
            kept.gift = cursor;
            kept.gift.setKeepPositionOnInsert(true);
            if (i >= firstCard)
                addCard(&kept, *message.gift);
        } else {
            kept.blocks += writeLines(&cursor, message.text, rhythm, 0, look(false));
        }
        if (!message.failure.isEmpty())
            kept.blocks +=
                writeLines(&cursor, tr("Not sent: %1").arg(message.failure), rhythm, 0, look(true));
    }
    cursor.endEditBlock();
    retireCards();
    fitCards();
    placeCards();
}

/// The kept cursor stays while text comes behind it, but its other end does not.
QTextCursor TalkView::placeOf(const Shown &shown)
{
    QTextCursor cursor(shown.gift);
    cursor.setPosition(cursor.position());
    return cursor;
}

QTextCharFormat TalkView::look(bool bad) const
{
    QTextCharFormat format;
    if (bad)
        format.setForeground(toneColor(Tone::Bad, palette()));
    return format;
}

void TalkView::addCard(Shown *shown, const Gift &gift)
{
    shown->card = new GiftCard(viewport());
    shown->card->setGift(gift);
    const quint64 id = shown->id;
    GiftCard *const card = shown->card;
    connect(card, &GiftCard::acted, this, [this, id](GiftAct act) { Q_EMIT acted(id, act); });
    connect(card, &GiftCard::reached, this, [this, card] { reveal(card); });
    connect(card, &GiftCard::left, this, [this] { setFocus(Qt::OtherFocusReason); });
    card->show();
}

/// The first of too many cards become text.
void TalkView::retireCards()
{
    qsizetype cards = std::count_if(m_shown.begin(), m_shown.end(),
                                    [](const Shown &shown) { return shown.card != nullptr; });
    for (Shown &shown : m_shown) {
        if (cards <= mostCards)
            return;
        if (!shown.card)
            continue;
        --cards;
        const QString text = shown.card->accessibleName();
        delete std::exchange(shown.card, nullptr);
        shown.height = 0;
        QTextBlockFormat block;
        block.setLeftMargin(rhythm);
        QTextCursor place = placeOf(shown);
        place.setBlockFormat(block);
        place.insertText(text, look(false));
    }
}

void TalkView::dropBefore(quint64 id)
{
    int blocks = 0;
    while (!m_shown.empty() && m_shown.front().id < id) {
        blocks += m_shown.front().blocks;
        delete m_shown.front().card;
        m_shown.pop_front();
    }
    if (blocks == 0)
        return;
    if (m_shown.empty())
        return clear();
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::NextBlock, QTextCursor::KeepAnchor, blocks);
    cursor.removeSelectedText();
    // What is the first now has the format of what was: it is a time and a name, as all that begin.
    QTextBlockFormat block;
    block.setTopMargin(rhythm / 2);
    cursor.setBlockFormat(block);
}

void TalkView::showChanged(const Message &message)
{
    const auto found = std::find_if(m_shown.begin(), m_shown.end(),
                                    [&](const Shown &shown) { return shown.id == message.id; });
    if (found == m_shown.end())
        return;
    const bool follows = isAtEnd();
    if (message.gift && found->card) {
        found->card->setGift(*message.gift);
        fitCards();
        placeCards();
    } else if (message.gift) {
        QTextCursor cursor = placeOf(*found);
        cursor.movePosition(QTextCursor::StartOfBlock);
        cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
        cursor.insertText(giftText(*message.gift), look(false));
    } else if (!message.failure.isEmpty()) {
        int block = -1;
        for (auto shown = m_shown.begin(); shown <= found; ++shown)
            block += shown->blocks;
        QTextCursor cursor(document()->findBlockByNumber(block));
        cursor.movePosition(QTextCursor::EndOfBlock);
        found->blocks +=
            writeLines(&cursor, tr("Not sent: %1").arg(message.failure), rhythm, 0, look(true));
        placeCards();
    }
    if (follows)
        goToEnd();
}

bool TalkView::isAtEnd() const
{
    return verticalScrollBar()->value() >= verticalScrollBar()->maximum();
}

void TalkView::goToEnd()
{
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

/// Leaves as much room in the text as each card takes.
void TalkView::fitCards()
{
    if (m_fitting)
        return;
    m_fitting = true;
    const int width = std::max(0, viewport()->width() - 2 * rhythm);
    for (Shown &shown : m_shown) {
        const int height = shown.card ? shown.card->fit(width) : 0;
        if (height == shown.height)
            continue;
        shown.height = height;
        QTextBlockFormat block;
        block.setLeftMargin(rhythm);
        block.setTopMargin(2);
        block.setBottomMargin(2);
        block.setLineHeight(height, QTextBlockFormat::FixedHeight);
        placeOf(shown).setBlockFormat(block);
    }
    m_fitting = false;
}

void TalkView::placeCards()
{
    const int width = std::max(0, viewport()->width() - 2 * rhythm);
    for (const Shown &shown : m_shown) {
        if (!shown.card || shown.height == 0)
            continue;
        const QRectF place = document()->documentLayout()->blockBoundingRect(shown.gift.block());
        shown.card->setGeometry(rhythm, int(place.top()) - verticalScrollBar()->value(), width,
                                shown.height);
    }
}

QList<QWidget *> TalkView::controls() const
{
    QList<QWidget *> found;
    for (const Shown &shown : m_shown) {
        if (shown.card)
            found += shown.card->controls();
    }
    return found;
}

/// The cards come and go, so the order of the Tab key is made when somebody gets here.
void TalkView::focusInEvent(QFocusEvent *event)
{
    QWidget *last = this;
    for (QWidget *control : controls()) {
        setTabOrder(last, control);
        last = control;
    }
    QTextEdit::focusInEvent(event);
}

void TalkView::reveal(const GiftCard *card)
{
    const QRect place = card->geometry();
    QScrollBar *const bar = verticalScrollBar();
    if (place.top() < 0)
        bar->setValue(bar->value() + place.top());
    else if (place.bottom() > viewport()->height())
        bar->setValue(bar->value() + std::min(place.top(), place.bottom() - viewport()->height()));
}

void TalkView::resizeEvent(QResizeEvent *event)
{
    const bool follows = isAtEnd();
    QTextEdit::resizeEvent(event);
    fitCards();
    placeCards();
    if (follows)
        goToEnd();
}

void TalkView::scrollContentsBy(int dx, int dy)
{
    QTextEdit::scrollContentsBy(dx, dy);
    placeCards();
}

} // namespace ferry::gui
