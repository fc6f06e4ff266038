// SPDX-License-Identifier: MIT
// The people of a server in the window: what they write, what is written to them, and what hostile
// text cannot do.
#include "client-gui/people/peoplepane.h"
#include "client-gui/people/talkmodel.h"
#include "gui/client/client_fixture.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
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
    void theOperatorsMessagesAreUnreadUntilTheyAreSeen();
    void whatIsWrittenReachesTheOperatorWithTheName();
    void hostileTextStaysInItsPlace();
    void whatDidNotGoSaysSo();
    void itIsFoundAsItWasLeft();
    void peopleComeAndGo();
    void conversationsHaveAnEnd();

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
    const int row = model.add(evil);
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
    model.add(noteFrom(7, "a" + QByteArray("\xCC\x81").repeated(900)));
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
    QCOMPARE(model.add(noteFrom(7, "hello")), 2);
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
        model.add(noteFrom(7, QByteArray::number(i)));
    QCOMPARE(model.messages(1).size(), TalkModel::mostMessages);
    QCOMPARE(model.messages(1).last().text, QString::number(2 * TalkModel::mostMessages - 1));
    for (int i = 0; i < 3 * TalkModel::mostGone; ++i)
        model.add(noteFrom(100 + i, "x"));
    model.setPeople({});
    QVERIFY(model.rowCount() <= TalkModel::mostGone + 1);
}

FERRY_TEST(ClientTalkTest)
#include "client_talk.moc"
