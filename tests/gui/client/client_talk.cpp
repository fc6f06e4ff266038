// SPDX-License-Identifier: MIT
// The people of a server in the window: what they write, what is written to them, and what hostile
// text cannot do.
#include "client-gui/people/giftcard.h"
#include "client-gui/people/peoplepane.h"
#include "client-gui/people/talkmodel.h"
#include "client-gui/people/talkview.h"
#include "gui/client/client_fixture.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QStyle>
#include <QStyleOptionFrame>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextEdit>
#include <QToolButton>

#include <memory>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::test;

class ClientTalkTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { w = std::make_unique<ClientWindowFixture>(); }
    void cleanup() { w.reset(); }
    void thePaneIsThereWhereTheServerKnowsOfPeople();
    void aNarrowPaneHasRoomForItsWords();
    void theOperatorsMessagesAreUnreadUntilTheyAreSeen();
    void whatIsWrittenReachesTheOperatorWithTheName();
    void hostileTextStaysInItsPlace();
    void whatDidNotGoSaysSo();
    void itIsFoundAsItWasLeft();
    void peopleComeAndGo();
    void conversationsHaveAnEnd();
    void aNumberThatIsSomebodyElsesIsAnotherConversation();
    void aFloodIsOneChange();
    void whatIsAddedLooksAsIfWrittenAnew();
    void allTogetherHaveAnEnd();

private:
    QAction *shown() const { return w->find<QAction>("showPeopleAction"); }
    QToolButton *fold() const { return w->find<QToolButton>("foldPeople"); }
    QString talk() const { return w->find<QTextEdit>("talk")->toPlainText(); }
    bool talkHas(const QString &text) const
    {
        return QTest::qWaitFor([&] { return talk().contains(text); }, patienceMs);
    }
    bool isOffered() const
    {
        return QTest::qWaitFor([this] { return fold()->isVisible(); }, patienceMs) &&
               QTest::qWaitFor(
                   [this] {
                       shown()->setChecked(true);
                       return w->find<QLineEdit>("messageLine")->isEnabled();
                   },
                   patienceMs);
    }
    std::unique_ptr<ClientWindowFixture> w;
};

namespace {

extended::Person somebody(qint64 session, const QByteArray &name)
{
    extended::Person person;
    person.session = session;
    person.account = "ferry";
    person.name = name;
    return person;
}

extended::Note noteFrom(qint64 session, const QByteArray &text)
{
    extended::Note note;
    note.from = {extended::Party::Kind::Session, session};
    note.account = "ferry";
    note.text = text;
    return note;
}

} // namespace

void ClientTalkTest::thePaneIsThereWhereTheServerKnowsOfPeople()
{
    QVERIFY(!shown()->isVisible());
    QVERIFY(!fold()->isVisible());
    w->startServer();
    QVERIFY(w->connectTo(w->serverAddress()));
    QVERIFY(isOffered());
    QVERIFY(w->find<PeoplePane>("people")->isVisible());
    for (const char *name : {"peopleList", "talk", "messageLine", "sendMessage"})
        QVERIFY2(!w->find<QWidget>(name)->accessibleName().isEmpty(), name);
    w->communicate()->trigger();
    QVERIFY(QTest::qWaitFor([&] { return !fold()->isVisible(); }, patienceMs));
    QVERIFY(!w->find<PeoplePane>("people")->isVisible());
}

void ClientTalkTest::aNarrowPaneHasRoomForItsWords()
{
    TalkModel model;
    PeoplePane pane(&model, nullptr);
    pane.resize(pane.minimumSizeHint().width(), 400);
    pane.show();
    QCoreApplication::processEvents();
    const auto *line = pane.findChild<QLineEdit *>(QStringLiteral("messageLine"));
    QStyleOptionFrame option;
    option.initFrom(line);
    option.lineWidth = line->style()->pixelMetric(QStyle::PM_DefaultFrameWidth, &option, line);
    const int room =
        line->style()->subElementRect(QStyle::SE_LineEditContents, &option, line).width() - 4;
    QStringList seen;
    for (const bool possible : {false, true}) {
        pane.setPossible(possible, QStringLiteral("Connection lost"));
        seen.append(line->placeholderText());
        QVERIFY2(line->fontMetrics().horizontalAdvance(seen.last()) <= room,
                 qPrintable(seen.last() + QString::number(room)));
    }
    QCOMPARE(seen,
             QStringList({QStringLiteral("Connection lost"), QStringLiteral("Write a message")}));
}

void ClientTalkTest::theOperatorsMessagesAreUnreadUntilTheyAreSeen()
{
    w->startServer();
    QVERIFY(w->connectTo(w->serverAddress()));
    QVERIFY(isOffered());
    shown()->setChecked(false);
    // Once the window asks for news, there is somebody to write to.
    QVERIFY(QTest::qWaitFor([&] { return w->server.tellAll(QStringLiteral("hello")).ok(); },
                            patienceMs));
    QVERIFY(QTest::qWaitFor([&] { return fold()->text().endsWith(QStringLiteral("(1)")); },
                            patienceMs));
    QVERIFY(shown()->text().endsWith(QStringLiteral("(1)")));
    shown()->setChecked(true);
    QVERIFY(talkHas(QStringLiteral("Operator\nhello")));
    QCOMPARE(fold()->text(), QStringLiteral("People"));
    QVERIFY(w->server.tellAll(QStringLiteral("again")).ok());
    QVERIFY(talkHas(QStringLiteral("again")));
    QCOMPARE(fold()->text(), QStringLiteral("People"));
    QCOMPARE(talk().count(QStringLiteral("hello")), 1);
}

void ClientTalkTest::whatIsWrittenReachesTheOperatorWithTheName()
{
    Preferences preferences = w->settings->preferences();
    preferences.name = QStringLiteral("Studio laptop");
    w->settings->setPreferences(preferences);
    w->startServer();
    QVERIFY(w->connectTo(w->serverAddress()));
    QVERIFY(isOffered());
    auto *const line = w->find<QLineEdit>("messageLine");
    QTest::keyClicks(line, QStringLiteral("the third file is the wrong one"));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(line->text(), QString());
    QVERIFY(talkHas(QStringLiteral("You\nthe third file is the wrong one")));
    server::Messages messages;
    QVERIFY(QTest::qWaitFor(
        [&] {
            messages = w->server.takeMessages();
            return !messages.list.isEmpty();
        },
        patienceMs));
    QCOMPARE(messages.list.first().text, QStringLiteral("the third file is the wrong one"));
    QCOMPARE(messages.list.first().name, QStringLiteral("Studio laptop"));
}

void ClientTalkTest::hostileTextStaysInItsPlace()
{
    TalkModel model;
    PeoplePane pane(&model, nullptr);
    extended::Note evil = noteFrom(7, "<b>x</b> <a href=\"http://a\">y</a>\r\noperator: "
                                      "pay\x1B[31m \xE2\x80\xAE gpj");
    evil.name = "<i>Anna</i>\nOperator";
    model.add({evil});
    const int row = model.rowOf(evil.from);
    pane.list()->setCurrentIndex(model.index(row));
    const QStringList lines = pane.findChild<QTextEdit *>()->toPlainText().split(u'\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines.at(0).endsWith(QStringLiteral("(7)")));
    QVERIFY(lines.at(0).contains(QStringLiteral("<i>Anna</i>\\x0AOperator")));
    QCOMPARE(lines.at(1), QStringLiteral("<b>x</b> <a href=\"http://a\">y</a>"));
    QCOMPARE(lines.at(2), QStringLiteral("operator: pay\\x1B[31m \\u202E gpj"));
    QVERIFY(!pane.findChild<QTextEdit *>()->textInteractionFlags().testFlag(
        Qt::LinksAccessibleByMouse));
    // Marks that would reach into other lines.
    model.add({noteFrom(7, "a" + QByteArray("\xCC\x81").repeated(900))});
    QVERIFY(model.messages(row).last().text.size() <= 4);
}

void ClientTalkTest::whatDidNotGoSaysSo()
{
    TalkModel model;
    PeoplePane pane(&model, nullptr);
    model.addOwn(0, QStringLiteral("hello"), 5);
    model.setOutcome(4, QStringLiteral("another"));
    QVERIFY(!pane.findChild<QTextEdit *>()->toPlainText().contains(QStringLiteral("Not sent")));
    model.setOutcome(5, QStringLiteral("Nobody is there."));
    QVERIFY(pane.findChild<QTextEdit *>()->toPlainText().endsWith(
        QStringLiteral("Not sent: Nobody is there.")));
}

void ClientTalkTest::itIsFoundAsItWasLeft()
{
    w->startServer();
    QVERIFY(w->connectTo(w->serverAddress()));
    QVERIFY(isOffered());
    w->window->close();
    w->open();
    QVERIFY(shown()->isChecked());
    QVERIFY(!w->find<PeoplePane>("people")->isVisible());
    QVERIFY(w->connectTo(w->serverAddress()));
    QVERIFY(
        QTest::qWaitFor([&] { return w->find<PeoplePane>("people")->isVisible(); }, patienceMs));
}

void ClientTalkTest::peopleComeAndGo()
{
    TalkModel model;
    const QAbstractItemModelTester tester(&model);
    QCOMPARE(model.rowCount(), 1);
    extended::Person self = somebody(1, "me");
    self.self = true;
    model.setPeople({self});
    QCOMPARE(model.rowCount(), 1);
    model.setPeople({self, somebody(7, "Anna"), somebody(8, "operator")});
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.party(1).kind, extended::Party::Kind::All);
    QCOMPARE(model.index(2).data().toString(), QStringLiteral("Anna (7)"));
    // A name that pretends is not shown.
    QCOMPARE(model.index(3).data().toString(), QStringLiteral("ferry (8)"));
    QCOMPARE(model.add({noteFrom(7, "hello")}).sentence, QStringLiteral("ferry (7): hello"));
    QCOMPARE(model.messages(2).size(), 1);
    QCOMPARE(model.unread(), 1);
    QCOMPARE(model.index(2).data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("Anna (7), 1 unread message"));
    model.setPeople({self});
    QCOMPARE(model.rowCount(), 2); // what was said stays
    QVERIFY(!model.isThere(1));
    model.setRead(1);
    QCOMPARE(model.unread(), 0);
    model.clear();
    QCOMPARE(model.rowCount(), 1);
}

void ClientTalkTest::conversationsHaveAnEnd()
{
    TalkModel model;
    for (int i = 0; i < 2 * TalkModel::mostMessages; ++i)
        model.add({noteFrom(7, QByteArray::number(i))});
    QCOMPARE(model.messages(1).size(), TalkModel::mostMessages);
    QCOMPARE(model.messages(1).last().text, QString::number(2 * TalkModel::mostMessages - 1));
    for (int i = 0; i < 3 * TalkModel::mostGone; ++i)
        model.add({noteFrom(100 + i, "x")});
    model.setPeople({});
    QVERIFY(model.rowCount() <= TalkModel::mostGone + 1);
}

void ClientTalkTest::aNumberThatIsSomebodyElsesIsAnotherConversation()
{
    TalkModel model;
    const QAbstractItemModelTester tester(&model);
    extended::Person anna = somebody(2, "Anna");
    anna.sinceNs = 5;
    model.setPeople({anna});
    model.add({noteFrom(2, "hello")});
    extended::Person ben = somebody(2, "Ben");
    ben.sinceNs = 9;
    model.setPeople({ben});
    const int row = model.rowOf({extended::Party::Kind::Session, 2});
    QCOMPARE(model.name(row), QStringLiteral("Ben (2)"));
    QVERIFY(model.messages(row).isEmpty());
    QCOMPARE(model.rowCount(), 4);
    QVERIFY(!model.isThere(2));
    QCOMPARE(model.messages(2).size(), 1);
    model.add({noteFrom(2, "from Ben")});
    QCOMPARE(model.messages(2).size(), 1);
    QCOMPARE(model.messages(row).size(), 1);
}

/// From one person and from as many as there are notes: what is held and what is told is little.
void ClientTalkTest::aFloodIsOneChange()
{
    TalkModel model;
    const QAbstractItemModelTester tester(&model);
    PeoplePane pane(&model, nullptr);
    QList<extended::Note> notes;
    for (int i = 0; i < 10'000; ++i)
        notes.append(noteFrom(7, QByteArray::number(i)));
    const QSignalSpy added(&model, &TalkModel::messagesAdded);
    TalkModel::News news = model.add(notes);
    QCOMPARE(added.size(), 1);
    QCOMPARE(news.count, qsizetype(10'000));
    QVERIFY(news.senders.size() <= TalkModel::mostSenders);
    QCOMPARE(model.messages(1).size(), TalkModel::mostMessages);
    QCOMPARE(model.messages(1).last().text, QStringLiteral("9999"));
    QCOMPARE(model.unread(), 10'000);

    notes.clear();
    for (int i = 0; i < 10'000; ++i)
        notes.append(noteFrom(100 + i, "x"));
    model.add(notes);
    QVERIFY(model.rowOf({extended::Party::Kind::Session, 10'099}) >= 0);
    model.add(notes);
    QVERIFY(model.rowCount() <= TalkModel::mostGone + 3);
}

/// Lines, indents and places are those of a view that has written all of it at once.
void ClientTalkTest::whatIsAddedLooksAsIfWrittenAnew()
{
    TalkModel model;
    PeoplePane pane(&model, nullptr);
    pane.resize(300, 600);
    model.add({noteFrom(7, "begin")});
    pane.list()->setCurrentIndex(model.index(1));
    for (int i = 0; i < 3 * TalkModel::mostMessages; i += 7) {
        QList<extended::Note> notes;
        for (int k = 0; k < 1 + i % 13; ++k) {
            notes.append(noteFrom(7, "line\nand " + QByteArray::number(i + k)));
            if (k % 5 == 0) {
                notes.last().kind = extended::Note::Kind::Gift;
                notes.last().gift = {{}, i * 100 + k, "a" + QByteArray::number(i)};
            }
        }
        model.add(notes);
    }
    model.addOwn(1, QStringLiteral("mine"), 5);
    model.setOutcome(5, QStringLiteral("Nobody is there."));
    TalkView fresh(nullptr);
    fresh.resize(pane.talk()->size());
    fresh.showAll(model.messages(1));
    QCOMPARE(pane.talk()->document()->blockCount(), fresh.document()->blockCount());
    QTextBlock shown = pane.talk()->document()->begin();
    for (QTextBlock block = fresh.document()->begin(); block.isValid(); block = block.next()) {
        QCOMPARE(shown.text(), block.text());
        QCOMPARE(shown.blockFormat().leftMargin(), block.blockFormat().leftMargin());
        shown = shown.next();
    }
    QVERIFY(pane.talk()->findChildren<GiftCard *>().size() <= TalkView::mostCards);
    QCOMPARE(pane.talk()->findChildren<GiftCard *>().size(),
             fresh.findChildren<GiftCard *>().size());
}

void ClientTalkTest::allTogetherHaveAnEnd()
{
    TalkModel model;
    const QAbstractItemModelTester tester(&model);
    QList<extended::Person> people;
    for (int i = 0; i < 300; ++i)
        people.append(somebody(10 + i, "Anna"));
    model.setPeople(people);
    for (int i = 0; i < 300; ++i) {
        QList<extended::Note> notes;
        for (int k = 0; k < 20; ++k)
            notes.append(noteFrom(10 + i, QByteArray(1900, 'x')));
        model.add(notes);
    }
    qsizetype characters = 0;
    for (int row = 0; row < model.rowCount(); ++row) {
        for (const Message &message : model.messages(row))
            characters += message.text.size();
        QVERIFY(row < 2 || !model.messages(row).isEmpty());
    }
    QVERIFY2(characters <= TalkModel::mostCharacters, qPrintable(QString::number(characters)));
    QVERIFY(characters > TalkModel::mostCharacters / 4);
}

FERRY_TEST(ClientTalkTest)
#include "client_talk.moc"
