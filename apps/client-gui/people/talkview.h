// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/people/message.h"

#include <QList>
#include <QTextCursor>
#include <QTextEdit>

#include <deque>

namespace ferry::gui {

class GiftCard;

/// What was said in one conversation, as plain text, with a card for each gift. New messages are
/// written below the others; nothing is written anew for them.
class TalkView final : public QTextEdit
{
    Q_OBJECT
public:
    /// Gifts with a card; of more of them the first are text.
    static constexpr qsizetype mostCards = 20;

    explicit TalkView(QWidget *parent);

    /// These and nothing else.
    void showAll(const QList<Message> &messages);
    /// Of the conversation that is shown: the last `added` are new, and the first may be gone.
    void showAdded(const QList<Message> &messages, qsizetype added);
    /// One of them is another now.
    void showChanged(const Message &message);

    /// What the Tab key reaches in it; hidden ones, too.
    QList<QWidget *> controls() const;

Q_SIGNALS:
    void acted(quint64 message, ferry::gui::GiftAct act);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    struct Shown
    {
        quint64 id = 0;
        int blocks = 0;
        QTextCursor gift; ///< the block of the card, or of what it says; null: there is none
        GiftCard *card = nullptr;
        int height = 0; ///< pixels that are left free for it
    };
    void write(const QList<Message> &messages);
    int writeLines(QTextCursor *cursor, const QString &text, int indent, int above,
                   const QTextCharFormat &look);
    static QTextCursor placeOf(const Shown &shown);
    void addCard(Shown *shown, const Gift &gift);
    void retireCards();
    void dropBefore(quint64 id);
    bool isAtEnd() const;
    void goToEnd();
    void fitCards();
    void placeCards();
    void reveal(const GiftCard *card);
    QTextCharFormat look(bool bad) const;

    std::deque<Shown> m_shown;
    bool m_fitting = false;
};

} // namespace ferry::gui
