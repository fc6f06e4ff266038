// SPDX-License-Identifier: MIT
// Greeting, login, and what is written down of a conversation.
#include "support/clienthost.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;
using namespace std::chrono_literals;

class ClientLoginEngineTest : public QObject, private ClientHost
{
    Q_OBJECT
private Q_SLOTS:
    void init() { renew(); }
    void aConnectionThatCannotBeMadeFailsWithItsReason_data();
    void aConnectionThatCannotBeMadeFailsWithItsReason();
    void aWrongPasswordIsNotTriedAgain();
    void theConversationIsWrittenDownWithoutThePassword();
    void aPathOfTwoLinesIsNeverSent();
};

void ClientLoginEngineTest::aConnectionThatCannotBeMadeFailsWithItsReason_data()
{
    QTest::addColumn<QByteArray>("greeting");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("says nothing") << QByteArray() << false << ErrorCode::TimedOut;
    QTest::newRow("half a greeting") << QByteArray("#Server Re") << false << ErrorCode::TimedOut;
    QTest::newRow("closes at once") << QByteArray() << true << ErrorCode::CutShort;
    QTest::newRow("closes in the greeting") << QByteArray("#Serv") << true << ErrorCode::CutShort;
    QTest::newRow("full") << QByteArray("!Server is full.\r\n") << true << ErrorCode::Refused;
    QTest::newRow("SSH") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << false << ErrorCode::Protocol;
    QTest::newRow("HTTP") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n") << true
                          << ErrorCode::Protocol;
    QTest::newRow("endless line") << QByteArray(1'000'000, '#') << false << ErrorCode::Protocol;
    QTest::newRow("NULs") << QByteArray(100, '\0') << false << ErrorCode::Protocol;
    QTest::newRow("TLS alert") << QByteArray("\x15\x03\x01\x00\x02\x02\x0A\n", 8) << true
                               << ErrorCode::Protocol;
}

void ClientLoginEngineTest::aConnectionThatCannotBeMadeFailsWithItsReason()
{
    QFETCH(QByteArray, greeting);
    QFETCH(bool, closes);
    QFETCH(ErrorCode, code);
    const TutorialServer server([&](TutorialPeer &peer, int) {
        peer.write(greeting);
        if (!closes)
            peer.readToEnd();
    });
    const QList<quint64> ids = add({"f"});
    ClientConfig impatient = config(server);
    impatient.replyTime = 300ms;
    QVERIFY(m_client->connectTo(impatient).ok());
    QVERIFY(QTest::qWaitFor([&] { return m_client->connection().state == ConnectionState::Failed; },
                            patienceMs));
    QCOMPARE(m_client->connection().error.code, code);
    QVERIFY(!m_client->connection().error.text.isEmpty());
    QCOMPARE(row(ids[0]).state, DownloadState::Queued);
    QCOMPARE(server.connections(), 1);
}

void ClientLoginEngineTest::aWrongPasswordIsNotTriedAgain()
{
    TutorialHabits habits;
    habits.files = {{"f", "content"}};
    const TutorialServer server(tutorialScript(habits));
    const QList<quint64> ids = add({"f"});
    ClientConfig wrong = config(server);
    wrong.password = "guess";
    QVERIFY(m_client->connectTo(wrong).ok());
    QVERIFY(QTest::qWaitFor([&] { return m_client->connection().state == ConnectionState::Failed; },
                            patienceMs));
    QCOMPARE(m_client->connection().error.code, ErrorCode::WrongPassword);
    QCOMPARE(server.connections(), 1);
    QCOMPARE(row(ids[0]).state, DownloadState::Queued);

    // The person corrects it, and what waited is fetched.
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(saved(QStringLiteral("f")), QByteArray("content"));
}

void ClientLoginEngineTest::theConversationIsWrittenDownWithoutThePassword()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        peer.write("#Server Ready. \x1B[31m<b>red</b>\r\n");
        const auto auth = peer.readLine();
        if (!auth)
            return;
        peer.write("#Welcome, your password is " + auth->mid(5) + ".\r\n");
        peer.readLine();
        peer.write(QByteArray(1'200'000, 'x') + "#File f sent successfully.\r\n");
        if (const auto probe = peer.readLine())
            peer.write("!File " + probe->mid(5) + " could not be opened.\r\n");
        peer.readToEnd();
    });
    ClientConfig secret = config(server);
    secret.password = "correct horse";
    add({"f"});
    QVERIFY(m_client->connectTo(secret).ok());
    QVERIFY(waitForQueue());
    m_client->disconnectAndWait();

    QStringList lines;
    for (const LogRecord &record : m_client->takeConversation()) {
        if (record.kind == LogKind::Command || record.kind == LogKind::Response)
            lines.append(
                (record.kind == LogKind::Command ? QStringLiteral("C: ") : QStringLiteral("S: ")) +
                record.message);
        QVERIFY(!record.message.contains(QStringLiteral("correct horse")));
        QVERIFY(!record.message.contains(QChar(0x1B)));
    }
    QCOMPARE(lines.size(), 9);
    QVERIFY(lines[0].startsWith(QStringLiteral("S: #Server Ready. ")));
    QCOMPARE(lines[1], QStringLiteral("C: AUTH ***"));
    QCOMPARE(lines[2], QStringLiteral("S: #Welcome, your password is ***."));
    QCOMPARE(lines[3], QStringLiteral("C: FILE f"));
    QVERIFY(lines[4].startsWith(QStringLiteral("C: FILE ferry-end-of-file-")));
    QVERIFY(lines[5].contains(QStringLiteral("1.2 MB of file content")));
    QCOMPARE(lines[6], QStringLiteral("S: #File f sent successfully."));
    QCOMPARE(lines[7], QStringLiteral("S: !File ") + lines[4].mid(8) +
                           QStringLiteral(" could not be opened."));
    QCOMPARE(lines[8], QStringLiteral("C: QUIT"));
}

void ClientLoginEngineTest::aPathOfTwoLinesIsNeverSent()
{
    TutorialHabits habits;
    habits.files = {{"good", "content"}};
    const TutorialServer server(tutorialScript(habits));
    const QList<quint64> ids =
        add({"a\nFILE good", "good\r", QByteArray(5000, 'n') + "/x", "x/a\nb", "good"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    for (int i = 0; i < 4; ++i) {
        QCOMPARE(row(ids[i]).state, DownloadState::Failed);
        QCOMPARE(row(ids[i]).error.code, ErrorCode::Invalid);
    }
    QCOMPARE(row(ids[4]).state, DownloadState::Done);
    QCOMPARE(names(), QStringList{QStringLiteral("good")});
    QCOMPARE(server.connections(), 1);
}

FERRY_TEST(ClientLoginEngineTest)
#include "client_login_engine.moc"
