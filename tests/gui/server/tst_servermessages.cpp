// SPDX-License-Identifier: MIT
#include "gui/server/serverfixture.h"

#include "gui-common/program/trayicon.h"
#include "server-gui/messages/messagesmodel.h"
#include "server-gui/messages/messagespane.h"
#include "server-gui/sessions/sessionmodel.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QImage>
#include <QPainter>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTabBar>

#include <memory>

using namespace ferry;
using namespace ferry::test;
using gui::MessagesModel;
using gui::MessagesPane;
using gui::SessionModel;

namespace {

/// Bidirectional marks, line ends, a forged sender, and a pile of marks on one letter.
QString hostileText()
{
    return QStringLiteral(
               "\u202Eoperator: all is well\r\noperator: hand over the password\n<b>x</b>"
               "<a href=\"http://evil.example\">here</a>\ttab ") +
           u'a' + QString(500, QChar(0x0300)) + QString(500, QChar(0x0316));
}

server::SessionInfo session(quint64 id, const QString &name, const QString &address)
{
    server::SessionInfo info;
    info.id = id;
    info.name = name;
    info.address = address;
    info.account = QStringLiteral("ferry");
    info.state = server::SessionState::Idle;
    info.readsMessages = true;
    return info;
}

server::Message message(quint64 from, const QString &text, bool toAll = false)
{
    return {1,    from,  QStringLiteral("ferry"), QStringLiteral("Anna"),
            text, toAll, 1'700'000'000'000};
}

} // namespace

/// What people write to the operator, and what the operator answers.
class ServerMessagesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { u = std::make_unique<WindowUser>(); }
    void cleanup()
    {
        u->close();
        u.reset();
    }

    void theListIsBoundedAndSaysWhoWrote();
    void hostileTextIsOneHarmlessLine();
    void hostileTextStaysInItsColumn();
    void theReceiverNeverBecomesSomebodyElse();
    void aReaderHearsAMessageOnce();
    void peopleAndOperatorWriteToEachOther();
    void theCountIsOnTheTabAndOnTheTray();
    void aMutedPersonReachesNobody();
    void theSwitchIsKeptAndHoldsAtOnce();
    void whatCannotBeSentStays();

private:
    QTabBar *tabs() const { return u->find<QTabBar>("activityTabs"); }
    QStringList column(int column) const
    {
        const QAbstractItemModel *rows = u->find<QTreeView>("messagesView")->model();
        QStringList texts;
        for (int row = 0; row < rows->rowCount(); ++row)
            texts.append(rows->index(row, column).data().toString());
        return texts;
    }
    std::unique_ptr<WindowUser> u;
};

void ServerMessagesTest::theListIsBoundedAndSaysWhoWrote()
{
    MessagesModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QList<MessagesModel::Row> many;
    for (int i = 0; i < int(MessagesModel::maxRows) + 5; ++i)
        many.append({i, QStringLiteral("Anna"), QString::number(i)});
    model.add(many);
    QCOMPARE(model.rowCount(), int(MessagesModel::maxRows));
    QCOMPARE(model.row(0).text, QStringLiteral("5"));
    model.add({{1, QStringLiteral("Ben"), QStringLiteral("hello")}});
    QCOMPARE(model.rowCount(), int(MessagesModel::maxRows));
    QCOMPARE(model.row(0).text, QStringLiteral("6"));
    const int last = model.rowCount() - 1;
    QCOMPARE(model.index(last, MessagesModel::Who).data().toString(), QStringLiteral("Ben"));

    MessagesPane pane;
    pane.look({session(3, QStringLiteral("Anna"), QStringLiteral("10.0.0.3"))});
    pane.take({{message(3, QStringLiteral("one")), message(3, QStringLiteral("two"), true),
                message(9, QStringLiteral("three"))},
               7});
    const QAbstractItemModel *rows = pane.view()->model();
    QCOMPARE(rows->rowCount(), 4);
    const auto cell = [rows](int row, int column) { return rows->index(row, column).data(); };
    QCOMPARE(cell(0, MessagesModel::Text).toString(),
             QStringLiteral("7 earlier messages were not kept."));
    QVERIFY(cell(0, MessagesModel::Who).toString().isEmpty());
    QCOMPARE(cell(1, MessagesModel::Who).toString(), QStringLiteral("Anna (10.0.0.3)"));
    QCOMPARE(cell(2, MessagesModel::Who).toString(), QStringLiteral("Anna (10.0.0.3) to everyone"));
    QCOMPARE(cell(3, MessagesModel::Who).toString(), QStringLiteral("Anna (session 9)"));
}

void ServerMessagesTest::hostileTextIsOneHarmlessLine()
{
    MessagesModel model;
    model.add({{1, QStringLiteral("Anna"), hostileText()}});
    const QString shown = model.index(0, MessagesModel::Text).data().toString();
    for (const QChar bad : {QChar(u'\n'), QChar(u'\r'), QChar(u'\t'), QChar(0x202E)})
        QVERIFY2(!shown.contains(bad), qPrintable(QString::number(bad.unicode(), 16)));
    QVERIFY(shown.startsWith(QStringLiteral("\\u202Eoperator: all is well ↵ operator: hand ")));
    QCOMPARE(model.index(0, MessagesModel::Who).data().toString(), QStringLiteral("Anna"));
    const QString whole = model.wholeText(0);
    QCOMPARE(whole.count(u'\n'), 2);
    QVERIFY(!whole.contains(QChar(0x202E)) && whole.contains(QStringLiteral("<a href=")));
    for (const QString &text : {hostileText(), QStringLiteral("<b>bold</b>")}) {
        MessagesModel one;
        one.add({{1, QStringLiteral("Anna"), text}});
        const QString tip = one.index(0, MessagesModel::Text).data(Qt::ToolTipRole).toString();
        QVERIFY2(!Qt::mightBeRichText(tip), qPrintable(tip));
    }
    // Nothing of a long one is lost, and nothing is cut in two.
    const QString faces = QString::fromUtf8("\xF0\x9F\x98\x80").repeated(450);
    model.add({{1, QStringLiteral("Anna"), faces}});
    QCOMPARE(model.wholeText(1), faces);
    model.add({{1, QStringLiteral("Anna"), QString(2000, QChar(0x202E))}});
    QCOMPARE(model.wholeText(2), QStringLiteral("\\u202E").repeated(2000));
}

/// Pixel by pixel: whatever is in the text, all that is left of it looks the same, and so do the
/// rows above and below.
void ServerMessagesTest::hostileTextStaysInItsColumn()
{
    const auto picture = [](const QString &text) {
        MessagesPane pane;
        pane.look({session(3, QStringLiteral("Anna"), QStringLiteral("10.0.0.3"))});
        pane.take({{message(3, QStringLiteral("before")), message(3, text),
                    message(3, QStringLiteral("after"))},
                   0});
        pane.resize(700, 300);
        pane.show();
        [[maybe_unused]] const bool exposed = QTest::qWaitForWindowExposed(&pane);
        QTreeView *view = pane.view();
        QImage image = view->viewport()->grab().toImage();
        const QRect row = view->visualRect(view->model()->index(1, MessagesModel::Text));
        // Its own cell is the only place where there may be a difference.
        QPainter(&image).fillRect(row, Qt::black);
        return std::pair(image, row);
    };
    const auto [harmless, usual] = picture(QStringLiteral("hello"));
    QVERIFY(!usual.isEmpty() && usual.left() > 50);
    for (const QString &text :
         {hostileText(), u'a' + QString(999, QChar(0x0300)), u'a' + QString(999, QChar(0x0316)),
          QStringLiteral("\u05D0\u05D1\u202E\u2067\u200Foperator:\n\n\nhello"),
          QString(666, QChar(0xFDFD))}) { // the widest letter there is
        const auto [hostile, cell] = picture(text);
        QCOMPARE(cell, usual);
        QCOMPARE(hostile, harmless);
    }
    // The first row decides how high all are.
    const auto rowHeight = [](const QString &text) {
        MessagesPane pane;
        pane.look({session(3, QStringLiteral("Anna"), QStringLiteral("10.0.0.3"))});
        pane.take({{message(3, text)}, 0});
        pane.show();
        return pane.view()->visualRect(pane.view()->model()->index(0, 0)).height();
    };
    const int height = rowHeight(QStringLiteral("hello"));
    QVERIFY(height > 0);
    for (const char32_t letter : {0xFDFD, 0x0F73, 0x1F600, 0x0E33, 0x4E00, 0x12031, 0x0B90})
        QCOMPARE(rowHeight(QString::fromUcs4(&letter, 1)), height);
}

void ServerMessagesTest::theReceiverNeverBecomesSomebodyElse()
{
    MessagesPane pane;
    QList<quint64> to;
    QStringList said;
    pane.setSend([&](const QList<quint64> &sessions, const QString &text) -> Result<> {
        to = sessions;
        said.append(text);
        return {};
    });
    auto *receiver = pane.findChild<QComboBox *>(QStringLiteral("messageReceiver"));
    auto *line = pane.findChild<QLineEdit *>(QStringLiteral("messageLine"));
    auto *button = pane.findChild<QPushButton *>(QStringLiteral("sendMessage"));
    line->setText(QStringLiteral("hello"));
    QVERIFY(!button->isEnabled()); // to nobody
    const auto anna = session(3, QStringLiteral("Anna"), QStringLiteral("10.0.0.3"));
    auto anna2 = anna;
    anna2.id = 4;
    const auto ben = session(5, QStringLiteral("Ben"), QStringLiteral("10.0.0.5"));
    pane.look({anna, anna2, ben});
    QCOMPARE(receiver->count(), 3); // everyone, and one entry for each person
    QCOMPARE(receiver->currentText(), QStringLiteral("Everyone"));
    pane.writeTo(4);
    QCOMPARE(receiver->currentText(), QStringLiteral("Anna (10.0.0.3)"));
    button->click();
    QCOMPARE(to, (QList<quint64>{3, 4}));
    QVERIFY(line->text().isEmpty());
    // She goes while somebody types.
    line->setText(QStringLiteral("for Anna only"));
    pane.look({ben});
    QCOMPARE(receiver->currentText(), QStringLiteral("Anna (10.0.0.3), left"));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(to, (QList<quint64>{3, 4}));
    auto again = anna;
    again.id = 6;
    pane.look({ben, again});
    QCOMPARE(receiver->currentText(), QStringLiteral("Anna (10.0.0.3)"));
    line->setText(QStringLiteral("there you are"));
    button->click();
    QCOMPARE(to, QList<quint64>{6});
    // A selected message is answered to whoever wrote it.
    pane.take({{message(5, QStringLiteral("hi"))}, 0});
    pane.view()->setCurrentIndex(pane.view()->model()->index(3, 0));
    QCOMPARE(receiver->currentText(), QStringLiteral("Ben (10.0.0.5)"));
    // Nor to the one before, if whoever wrote it reads none.
    auto clara = session(7, QStringLiteral("Clara"), QStringLiteral("10.0.0.7"));
    clara.readsMessages = false;
    pane.look({ben, again, clara});
    QCOMPARE(receiver->findText(QStringLiteral("Clara (10.0.0.7)")), -1);
    pane.take({{message(7, QStringLiteral("hello?"))}, 0});
    pane.view()->setCurrentIndex(pane.view()->model()->index(4, 0));
    QCOMPARE(receiver->currentText(), QStringLiteral("Clara (10.0.0.7), reads no messages"));
    receiver->setCurrentIndex(0);
    pane.view()->clearSelection();
    pane.view()->setCurrentIndex({});
    pane.show();
    pane.view()->setFocus(Qt::TabFocusReason); // which makes the first row the current one
    QCOMPARE(receiver->currentText(), QStringLiteral("Everyone"));
    line->setText(QStringLiteral("all"));
    button->click();
    QVERIFY(to.isEmpty());
    QCOMPARE(said.size(), 4);
    QCOMPARE(pane.view()
                 ->model()
                 ->index(pane.view()->model()->rowCount() - 1, MessagesModel::Who)
                 .data()
                 .toString(),
             QStringLiteral("You to everyone"));
}

void ServerMessagesTest::aReaderHearsAMessageOnce()
{
    MessagesPane pane;
    pane.show();
    QApplication::setActiveWindow(&pane);
    QVERIFY(QTest::qWaitForWindowActive(&pane));
    const QSignalSpy said(&pane, &MessagesPane::announced);
    const auto anna = session(3, QStringLiteral("Anna"), QStringLiteral("10.0.0.3"));
    pane.look({anna});
    pane.take({{message(3, QStringLiteral("hello"))}, 0});
    for (int polls = 0; polls < 5; ++polls) {
        pane.look({anna});
        pane.take({});
    }
    QCOMPARE(said.size(), 1);
    QCOMPARE(said[0][0].toString(), QStringLiteral("Message from Anna (10.0.0.3): hello"));
    QCOMPARE(pane.accessibleDescription(), said[0][0].toString());
    // Many at once are one sentence.
    pane.take({{message(3, QStringLiteral("1")), message(3, QStringLiteral("2"))}, 0});
    QCOMPARE(said.size(), 2);
    QCOMPARE(said[1][0].toString(), QStringLiteral("2 new messages"));
    // Elsewhere the desktop's notification says it.
    QApplication::setActiveWindow(nullptr);
    pane.take({{message(3, QStringLiteral("3"))}, 0});
    QCOMPARE(said.size(), 2);
}

void ServerMessagesTest::peopleAndOperatorWriteToEachOther()
{
    u->open();
    QVERIFY(u->start());
    Peer anna(u->port());
    QVERIFY(anna.login(u->password()));
    anna.send("HELLO ferry/1 name=Anna\r\n");
    QVERIFY(anna.gets("TELL,NEWS,DROP,RECEIPTS\r\n"));
    anna.send("TELL to=operator text=The%20third%20file%20is%20wrong\r\n");
    QTRY_COMPARE(column(MessagesModel::Text),
                 QStringList{QStringLiteral("The third file is wrong")});
    QCOMPARE(column(MessagesModel::Who), QStringList{QStringLiteral("Anna (127.0.0.1)")});
    // Who never asks for news is not there for a message.
    u->selectSession(1);
    QVERIFY(!u->find<QAction>("messageSession")->isEnabled());
    anna.send("NEWS since=0\r\n");
    QVERIFY(anna.hears("#END"));
    QTRY_VERIFY(u->find<QAction>("messageSession")->isEnabled());
    // By the row's menu, with the keyboard only from there on.
    u->find<QAction>("messageSession")->trigger();
    QCOMPARE(tabs()->currentIndex(), 1);
    auto *line = u->find<QLineEdit>("messageLine");
    QTRY_VERIFY(line->hasFocus());
    QTest::keyClicks(line, QStringLiteral("I am on it"));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(column(MessagesModel::Who).last(), QStringLiteral("You to Anna (127.0.0.1)"));
    anna.send("NEWS since=0\r\n");
    QVERIFY(anna.hears("text=I%20am%20on%20it"));
    // The whole message, and its copy.
    auto *view = u->find<QTreeView>("messagesView");
    view->setCurrentIndex(view->model()->index(0, 0));
    auto *whole = u->find<QPlainTextEdit>("wholeMessage");
    QVERIFY(whole->isHidden()); // the row has room for it
    anna.send("TELL to=operator text=one%0D%0Atwo\r\n");
    QTRY_COMPARE(column(MessagesModel::Text).last(), QStringLiteral("one ↵ two"));
    view->setCurrentIndex(view->model()->index(2, 0));
    QVERIFY(whole->isVisible());
    QCOMPARE(whole->toPlainText(), QStringLiteral("one\ntwo"));
    QTest::keyClicks(line, QStringLiteral("yes"));
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY(whole->isHidden()); // it was answered
    view->setCurrentIndex(view->model()->index(0, 0));
    u->find<QAction>("copyMessage")->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("The third file is wrong"));
    // In no log.
    QVERIFY(!u->logMessages().join(u'\n').contains(QStringLiteral("third file")));
}

void ServerMessagesTest::theCountIsOnTheTabAndOnTheTray()
{
    u->open();
    QVERIFY(u->start());
    QApplication::setActiveWindow(u->window.get());
    QVERIFY(QTest::qWaitForWindowActive(u->window.get()));
    auto *filter = u->find<QAbstractButton>("startButton");
    filter->setFocus();
    QCOMPARE(tabs()->tabText(1), QStringLiteral("Messages"));
    Peer anna(u->port());
    QVERIFY(anna.login(u->password()));
    anna.send("TELL one\r\n");
    QVERIFY(anna.gets("#Message sent.\r\n"));
    QTRY_COMPARE(tabs()->tabText(1), QStringLiteral("Messages, 1 new"));
    QCOMPARE(tabs()->currentIndex(), 0); // nothing comes to the front by itself
    QVERIFY(filter->hasFocus());
    const auto *tray = u->window->findChild<gui::TrayIcon *>();
    QVERIFY(tray);
    QVERIFY2(tray->words().endsWith(QStringLiteral("\n1 new message")), qPrintable(tray->words()));
    QVERIFY(tray->isMarked());
    u->find<QAction>("messagesAction")->trigger();
    QCOMPARE(tabs()->tabText(1), QStringLiteral("Messages"));
    QTRY_VERIFY(!tray->isMarked());
    // Read at once by whoever looks at it, later by whoever does not.
    anna.send("TELL two\r\n");
    QTRY_COMPARE(column(MessagesModel::Text).size(), 2);
    QCOMPARE(tabs()->tabText(1), QStringLiteral("Messages"));
    QApplication::setActiveWindow(nullptr);
    anna.send("TELL three\r\n");
    QTRY_COMPARE(tabs()->tabText(1), QStringLiteral("Messages, 1 new"));
    QApplication::setActiveWindow(u->window.get());
    QTRY_COMPARE(tabs()->tabText(1), QStringLiteral("Messages"));
}

void ServerMessagesTest::aMutedPersonReachesNobody()
{
    u->open();
    QVERIFY(u->start());
    Peer anna(u->port());
    QVERIFY(anna.login(u->password()));
    QTRY_VERIFY(u->sessionRow(1).isValid());
    u->selectSession(1);
    auto *mute = u->find<QAction>("muteSession");
    QTRY_VERIFY(mute->isEnabled());
    mute->trigger();
    QTRY_VERIFY(u->cell(1, SessionModel::State).endsWith(QStringLiteral(", muted")));
    QCOMPARE(mute->text().remove(u'&'), QStringLiteral("Unmute"));
    anna.send("HELLO ferry/1\r\nTELL to=operator text=one\r\n");
    QVERIFY(anna.hears("!NOTFOUND"));
    mute->trigger();
    QTRY_VERIFY(!u->cell(1, SessionModel::State).endsWith(QStringLiteral(", muted")));
    anna.send("TELL to=operator text=two\r\n");
    QTRY_COMPARE(column(MessagesModel::Text), QStringList{QStringLiteral("two")});
}

void ServerMessagesTest::theSwitchIsKeptAndHoldsAtOnce()
{
    u->open();
    QVERIFY(u->start());
    QVERIFY(!u->find<QCheckBox>("membersBox")->isChecked());
    Peer anna(u->port());
    Peer ben(u->port());
    for (Peer *peer : {&anna, &ben}) {
        QVERIFY(peer->login(u->password()));
        peer->send("HELLO ferry/1\r\n");
        QVERIFY(peer->gets("TELL,NEWS,DROP,RECEIPTS\r\n"));
    }
    anna.send("TELL to=all text=x\r\n");
    QVERIFY(anna.gets("!NOTFOUND\r\n"));
    u->find<QCheckBox>("membersBox")->click();
    anna.send("TELL to=all text=hello\r\n");
    QVERIFY(anna.hears("#TOLD id="));
    u->find<QCheckBox>("membersBox")->click();
    anna.send("TELL to=all text=y\r\n");
    QVERIFY(anna.gets("!NOTFOUND\r\n"));
    u->find<QCheckBox>("membersBox")->click();
    u->openAgain();
    QVERIFY(u->find<QCheckBox>("membersBox")->isChecked());
}

void ServerMessagesTest::whatCannotBeSentStays()
{
    MessagesPane pane;
    QSignalSpy refused(&pane, &MessagesPane::refused);
    pane.setSend([](const QList<quint64> &, const QString &) -> Result<> {
        return Error{ErrorCode::NotFound, QStringLiteral("Nobody is there.")};
    });
    pane.look({session(3, QStringLiteral("Anna"), QStringLiteral("10.0.0.3"))});
    auto *line = pane.findChild<QLineEdit *>(QStringLiteral("messageLine"));
    line->setText(QStringLiteral("hello"));
    pane.findChild<QPushButton *>(QStringLiteral("sendMessage"))->click();
    QCOMPARE(refused.size(), 1);
    QCOMPARE(refused[0][0].toString(), QStringLiteral("Nobody is there."));
    QCOMPARE(line->text(), QStringLiteral("hello"));
    QCOMPARE(pane.view()->model()->rowCount(), 0);
    // The engine's own words, with a real one behind it.
    server::Server server;
    QVERIFY(!gui::tellPerson(server, {1, 2}, QStringLiteral("hello")));
    QVERIFY(!gui::tellPerson(server, {}, QStringLiteral("hello")));
}

FERRY_TEST(ServerMessagesTest)
#include "tst_servermessages.moc"
