// SPDX-License-Identifier: MIT
#include "gui/server/serverfixture.h"

#include "gui-common/parts/progressdelegate.h"
#include "net/limits.h"
#include "server-gui/sessions/sessionmodel.h"
#include "support/testprogram.h"

#include <QClipboard>

using namespace ferry;
using namespace ferry::test;
using gui::SessionModel;

/// The window with real clients over loopback.
class ServerTransfersTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        u = std::make_unique<WindowUser>();
        u->open();
        u->writeFile(QStringLiteral("notes.txt"), "hello\n");
        QVERIFY(u->start());
    }
    void cleanup()
    {
        u->close();
        u.reset();
    }

    void aSessionIsARowFromGreetingToItsEnd()
    {
        Peer peer(u->port());
        QVERIFY(peer.gets("#Server Ready.\r\n"));
        QTRY_COMPARE(u->cell(1, SessionModel::State), QStringLiteral("Not logged in"));
        QCOMPARE(u->cell(1, SessionModel::Address), QStringLiteral("127.0.0.1"));
        QCOMPARE(u->cell(1, SessionModel::Encryption), QStringLiteral("Unencrypted"));
        peer.send("AUTH " + u->password() + "\r\n");
        QVERIFY(peer.gets("#You are logged in.\r\n"));
        QTRY_COMPARE(u->cell(1, SessionModel::State), QStringLiteral("Logged in"));
        peer.send("FILE pub/notes.txt\r\nQUIT\r\n");
        QVERIFY(peer.isGone());
        QTRY_COMPARE(u->cell(1, SessionModel::Sent), QStringLiteral("6 B"));
        QTRY_VERIFY(u->find<QAction>("clearEnded")->isEnabled());
        QCOMPARE(u->cell(1, SessionModel::File), QStringLiteral("pub/notes.txt"));
        u->find<QAction>("clearEnded")->trigger();
        QCOMPARE(u->sessionRows(), 0);
    }

    void aTransferShowsItsProgressAndCanBeCutOff()
    {
        makeLarge();
        Peer peer(u->port());
        peer.readNoMoreThan(1024);
        QVERIFY(peer.login(u->password()));
        peer.send("FILE pub/large\r\n");
        QTRY_VERIFY(u->cell(1, SessionModel::Progress).endsWith(u'%'));
        QTRY_VERIFY(u->cell(1, SessionModel::State).startsWith(QStringLiteral("Stalled")));
        u->selectSession(1);
        u->find<QAction>("copySessionAddress")->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("127.0.0.1"));
        u->find<QAction>("disconnectSession")->trigger();
        QTRY_VERIFY(u->cell(1, SessionModel::Progress).isEmpty());
        QTRY_VERIFY(!u->find<QAction>("disconnectSession")->isEnabled());
        QVERIFY(!u->cell(1, SessionModel::State).startsWith(QStringLiteral("Stalled")));
    }

    void theLogFollowsTheSelectedSession()
    {
        Peer first(u->port());
        QVERIFY(first.login(u->password()));
        Peer second(u->port());
        QVERIFY(second.login(u->password()));
        second.send("FILE only-in-second\r\n");
        QVERIFY(second.gets("could not be opened.\r\n"));
        QTRY_COMPARE(u->sessionRows(), 2);
        const auto isInSecond = [](const QString &m) { return m.contains(u"only-in-second"); };
        const auto count = [&] {
            const QStringList all = u->logMessages();
            return std::count_if(all.begin(), all.end(), isInSecond);
        };
        QTRY_VERIFY(count() > 0);
        QVERIFY(!u->find<QTreeView>("logView")->isColumnHidden(1));

        u->selectSession(1);
        QCOMPARE(count(), 0);
        QVERIFY(u->logMessages().size() > 1);
        QVERIFY(u->find<QTreeView>("logView")->isColumnHidden(1));
        QCOMPARE(u->textOf("logTitle"), QStringLiteral("Log of session 1"));

        u->selectSession(2);
        QVERIFY(count() > 0);
        u->click("allLogButton");
        QCOMPARE(u->textOf("logTitle"), QStringLiteral("Activity log"));
        QVERIFY(!u->find<QTreeView>("logView")->isColumnHidden(1));
    }

    void noPasswordEntersTheLog()
    {
        Peer wrong(u->port());
        QVERIFY(wrong.gets("#Server Ready.\r\n"));
        wrong.send("AUTH a-wrong-secret\r\n");
        QVERIFY(wrong.gets("!Bad password.\r\n"));
        Peer right(u->port());
        QVERIFY(right.login(u->password()));
        QTRY_VERIFY(u->logMessages().join(u'\n').contains(u"You are logged in"));
        const QString all = u->logMessages().join(u'\n');
        QVERIFY(all.contains(u"Bad password"));
        QVERIFY(!all.contains(u"a-wrong-secret"));
        QVERIFY(!all.contains(QString::fromUtf8(u->password())));
    }

    void remoteTextStaysPlainAndBounded_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("html") << QByteArray("<b>bold</b><img src='file:///x'>");
        QTest::newRow("escape") << QByteArray("a\x1b[2J\x1b]0;title\x07z");
        QTest::newRow("bidi") << QByteArray("evil\xe2\x80\xaegpj.exe");
        QTest::newRow("not utf-8") << QByteArray("\xfe\x80\xc3");
        QTest::newRow("long") << QByteArray(4000, 'x');
    }
    void remoteTextStaysPlainAndBounded()
    {
        QFETCH(QByteArray, path);
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        peer.send("FILE " + path + "\r\n");
        QVERIFY(peer.gets("could not be opened.\r\n"));
        const auto lines = [&] {
            QStringList all = u->logMessages();
            return all.filter(QStringLiteral("FILE "));
        };
        QTRY_VERIFY(!lines().isEmpty());
        for (const QString &line : u->logMessages()) {
            QVERIFY(line.size() <= limits::displayCharacters + 1);
            for (const QChar c : line)
                QVERIFY(c.isPrint());
        }
    }

    void anEndlessLineIsNotShownWhole()
    {
        Peer peer(u->port());
        QVERIFY(peer.gets("#Server Ready.\r\n"));
        peer.send(QByteArray(10'000, 'y'));
        QVERIFY(peer.isGone());
        QTRY_VERIFY(u->find<QAction>("clearEnded")->isEnabled());
        for (const QString &line : u->logMessages())
            QVERIFY(line.size() <= limits::displayCharacters + 1);
        QVERIFY(u->cell(1, SessionModel::State).size() <= limits::displayCharacters + 1);
    }

    void thePlainLogSaysWhatWasSent()
    {
        u->find<QAction>("logKind1")->setChecked(false);
        u->find<QAction>("logKind2")->setChecked(false);
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        peer.send("FILE pub/notes.txt\r\n");
        QVERIFY(peer.gets("sent successfully.\r\n"));
        QTRY_VERIFY(spaced(u->logMessages().join(u'\n')).contains(u"Sent pub/notes.txt, 6 B"));
        QVERIFY(!u->logMessages().join(u'\n').contains(u"FILE pub"));
    }

    void theStatusBarCountsSessionsAndBytes()
    {
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        peer.send("FILE pub/notes.txt\r\n");
        QVERIFY(peer.gets("sent successfully.\r\n"));
        QTRY_VERIFY(u->textOf("statusSessions").startsWith(QStringLiteral("1 of ")));
        QTRY_COMPARE(u->textOf("statusSent"), QStringLiteral("6 B served"));
        peer.send("QUIT\r\n");
        QVERIFY(peer.isGone());
        QTRY_VERIFY(u->textOf("statusSessions").startsWith(QStringLiteral("0 of ")));
    }

    void closingAsksWhileSessionsRun()
    {
        makeLarge();
        Peer peer(u->port());
        peer.readNoMoreThan(1024);
        QVERIFY(peer.login(u->password()));
        peer.send("FILE pub/large\r\n");
        QTRY_VERIFY(u->cell(1, SessionModel::Progress).endsWith(u'%'));
        u->prompts.confirms = false;
        QVERIFY(!u->window->close());
        QCOMPARE(u->prompts.asked.size(), 1);
        QVERIFY(u->window->isVisible());
        QVERIFY(u->window->control().isRunning());
        u->prompts.confirms = true;
        QVERIFY(u->window->close());
        QVERIFY(!u->window->control().isRunning());
        peer.readNoMoreThan(0);
        QVERIFY(peer.isGone());
    }

    void anUnattendedWindowClosesWithoutAQuestion()
    {
        makeLarge();
        Peer peer(u->port());
        peer.readNoMoreThan(1024);
        QVERIFY(peer.login(u->password()));
        peer.send("FILE pub/large\r\n");
        QTRY_VERIFY(u->cell(1, SessionModel::Progress).endsWith(u'%'));
        u->prompts.confirms = false;
        u->window->unattend();
        QVERIFY(u->window->close());
        QVERIFY(u->prompts.asked.isEmpty());
        QVERIFY(!u->window->control().isRunning());
    }

    void stoppingWithTwentySessionsEndsThemAll()
    {
        makeLarge();
        std::vector<std::unique_ptr<Peer>> peers;
        for (int i = 0; i < 20; ++i) {
            peers.push_back(std::make_unique<Peer>(u->port()));
            peers.back()->readNoMoreThan(1024);
            QVERIFY(peers.back()->login(u->password()));
            peers.back()->send("FILE pub/large\r\n");
        }
        QTRY_VERIFY(u->textOf("statusSessions").startsWith(QStringLiteral("20 of ")));
        u->click("startButton");
        QCOMPARE(u->textOf("stateWord"), QStringLiteral("Stopped"));
        QCOMPARE(u->window->control().server().liveSessions(), 0);
        QCOMPARE(u->sessionRows(), 20);
    }

private:
    void makeLarge()
    {
        QFile file(u->pub() + QStringLiteral("/large"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.resize(200'000'000));
    }

    std::unique_ptr<WindowUser> u;
};

FERRY_TEST(ServerTransfersTest)
#include "tst_servertransfers.moc"
