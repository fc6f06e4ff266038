// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/people/gift.h"

#include <QFrame>

#include <array>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace ferry::gui {

class GiftBar;

/// A gift in a conversation: what it is, how far it is, and what can be done with it.
class GiftCard final : public QFrame
{
    Q_OBJECT
public:
    explicit GiftCard(QWidget *parent);

    void setGift(const Gift &gift);

    /// Fits the card to a width; the height that it takes then, both in pixels.
    int fit(int width);

    /// In the order of the Tab key; hidden ones, too.
    QList<QWidget *> controls() const;

Q_SIGNALS:
    void acted(ferry::gui::GiftAct act);
    /// A control of it has the focus now.
    void reached();
    /// Its control that had the focus is gone.
    void left();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Button
    {
        QPushButton *button = nullptr;
        GiftAct act = GiftAct::Save;
    };

    QLabel *m_text;
    GiftBar *m_bar;
    QLabel *m_words;
    QBoxLayout *m_row;
    std::array<Button, 2> m_buttons;
};

} // namespace ferry::gui
