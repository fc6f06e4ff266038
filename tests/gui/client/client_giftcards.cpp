// SPDX-License-Identifier: MIT
// Where the cards of gifts stand, how the keys reach them, and what is dropped on a person.
#include "gui/client/client_fixture.h"
#include "gui/client/gifts_fixture.h"
#include "support/testprogram.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QScrollBar>
#include <QSignalSpy>
#include <QUrl>

using namespace ferry;
using namespace ferry::gui;
using extended::Note;

class ClientGiftCardsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }
    void filesAreDroppedOnAPerson();
    void theKeysReachEveryCard();
    void cardsFollowTheText();
    void whatIsSeenIsRead();
    void aCardIsAsHighAsWhatItShows();
};

void ClientGiftCardsTest::filesAreDroppedOnAPerson()
{
    GiftPane p;
    p.pane.show();
    QVERIFY(QTest::qWaitForWindowExposed(&p.pane));
    const QSignalSpy spy(&p.pane, &PeoplePane::filesDropped);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QStringLiteral("/etc/hostname"))});
    const auto drop = [&](QWidget *target, const QPoint &place) {
        QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        enter.setAccepted(false);
        QApplication::sendEvent(target, &enter);
        if (!enter.isAccepted())
            return false;
        QDropEvent event(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(target, &event);
        return event.isAccepted();
    };
    QWidget *const list = p.pane.list()->viewport();
    const QPoint first = p.pane.list()->visualRect(p.model.index(0)).center();
    QVERIFY(!drop(list, first)); // this server keeps no gifts
    p.pane.setGifts(true);
    QVERIFY(drop(list, first));
    QVERIFY(drop(list, p.pane.list()->visualRect(p.model.index(p.row())).center()));
    QVERIFY(drop(p.pane.talk()->viewport(), QPoint(5, 5)));
    QCOMPARE(spy.size(), 3);
    QCOMPARE(spy.at(0).at(0).toInt(), 0);
    QCOMPARE(spy.at(1).at(0).toInt(), p.row());
    QCOMPARE(spy.at(2).at(0).toInt(), p.row());
    QCOMPARE(spy.at(2).at(1).value<QByteArrayList>(), QByteArrayList{"/etc/hostname"});
}

void ClientGiftCardsTest::theKeysReachEveryCard()
{
    GiftPane p;
    p.pane.show();
    QVERIFY(QTest::qWaitForWindowActive(&p.pane));
    QList<Note> notes;
    for (int i = 0; i < 8; ++i)
        notes.append(offer(i, "a" + QByteArray::number(i)));
    p.model.add(notes);
    p.pane.talk()->setFocus(Qt::TabFocusReason);
    QStringList reached;
    for (int i = 0; i < 16; ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        const QWidget *button = QApplication::focusWidget();
        reached.append(button->accessibleName());
        const QRect seen(button->mapTo(p.pane.talk()->viewport(), QPoint()), button->size());
        QVERIFY2(p.pane.talk()->viewport()->rect().contains(seen), qPrintable(reached.last()));
    }
    for (int i = 0; i < 8; ++i) {
        QCOMPARE(reached.at(2 * i), QStringLiteral("Save a%1").arg(i));
        QCOMPARE(reached.at(2 * i + 1), QStringLiteral("Decline a%1").arg(i));
    }
    // The button that was pressed goes; whoever pressed it is not lost.
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QCOMPARE(p.dropped.size(), 1);
    QCOMPARE(QApplication::focusWidget(), p.pane.talk());
}

void ClientGiftCardsTest::cardsFollowTheText()
{
    GiftPane p;
    p.pane.show();
    QVERIFY(QTest::qWaitForWindowExposed(&p.pane));
    p.model.add({offer(7)});
    QList<Note> notes;
    for (int i = 0; i < 60; ++i) {
        Note note = offer(0);
        note.kind = Note::Kind::Message;
        note.gift.reset();
        note.text = "line";
        notes.append(note);
    }
    p.model.add(notes);
    p.model.add({offer(8)});
    const auto inSight = [&](qsizetype card) {
        const QWidget *viewport = p.pane.talk()->viewport();
        return viewport->rect().contains(p.cards().at(card)->geometry());
    };
    QVERIFY(!inSight(0));
    QVERIFY(inSight(1));
    p.pane.talk()->verticalScrollBar()->setValue(0);
    QVERIFY(inSight(0));
    QVERIFY(!inSight(1));
    // Narrower, higher: nothing lies on anything else.
    const int before = p.cards().first()->height();
    p.pane.resize(180, 600);
    QTRY_VERIFY(p.cards().first()->height() > before);
    QVERIFY(p.cards().first()->width() < 180);
    QVERIFY(!p.cards().at(0)->geometry().intersects(p.cards().at(1)->geometry()));
    // Whoever reads above is not taken away.
    p.model.add(notes);
    QCOMPARE(p.pane.talk()->verticalScrollBar()->value(), 0);
}

void ClientGiftCardsTest::whatIsSeenIsRead()
{
    GiftPane p;
    p.pane.show();
    QVERIFY(QTest::qWaitForWindowExposed(&p.pane));
    p.model.add({offer(7)});
    QCOMPARE(p.model.unread(), 0);
    p.model.add({giftNote(Note::Kind::Notice, {{}, 7, "report.pdf"}, "withdrawn")});
    QCOMPARE(p.words(), QStringLiteral("Studio laptop (12) took back report.pdf"));
    QCOMPARE(p.model.unread(), 0);
}

void ClientGiftCardsTest::aCardIsAsHighAsWhatItShows()
{
    constexpr int width = 280;
    Gift gift;
    gift.name = QStringLiteral("a");
    gift.who = QStringLiteral("Anna");
    Gift gone = gift;
    gone.state = Gift::State::Withdrawn;
    QWidget window;
    GiftCard card(&window);
    GiftCard other(&window);
    card.setGift(gift);
    other.setGift(gone);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const int before = card.fit(width);
    card.setGeometry(0, 0, width, before);
    card.setGift(gone);
    QVERIFY(card.fit(width) < before);
    QCOMPARE(card.fit(width), other.fit(width));
}

FERRY_TEST(ClientGiftCardsTest)
#include "client_giftcards.moc"
