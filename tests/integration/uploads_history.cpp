// SPDX-License-Identifier: MIT
// What a server tells of what was put in: its history, in the engine and as `ferryd history` prints
// it, and the limits that ferryd's options set.
#include "integration/uploads_fixture.h"
#include "server/records/deliveryledger.h"
#include "server/server.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::test;
using Outcome = server::Delivery::Outcome;

class UploadsHistory : public UploadTest
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aReceivedFileIsOneLine();
    void aBrokenUploadSaysWhy();
    void whatGoesOnLaterIsOneLine();
    void whoTookOverHasTheLastWord();
    void ferrydRecordsWhatCameIn();
    void ferrydKeepsItsLimits();

private:
    /// Of all that was told by now; what is open counts as ended.
    QList<server::Delivery> history()
    {
        const auto taken =
            m_host->call([](server::Server &server) { return server.takeDeliveries(); });
        QList<server::Delivery> lines = m_ledger.take(taken.events);
        return lines + m_ledger.takeAll();
    }
    void startRecording()
    {
        m_host->call([](server::Server &server) { server.recordDeliveries(true); });
        start();
    }
    bool nobodyIsThere()
    {
        return waitUntil([this] { return m_host->liveSessions() == 0; });
    }
    server::DeliveryLedger m_ledger;
};

void UploadsHistory::init()
{
    m_host = std::make_unique<UploadHost>();
    m_ledger = {};
}

void UploadsHistory::aReceivedFileIsOneLine()
{
    startRecording();
    const auto client = peer();
    QVERIFY(upload(*client, "/in/x", "hello", "1").startsWith("#STORED "));
    QVERIFY(upload(*client, "/in/x", "other", "2").startsWith("#STORED "));
    const auto lines = history();
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines.at(0).file, QStringLiteral("/in/x"));
    QCOMPARE(lines.at(1).file, QStringLiteral("/in/x (1)")); // the operator may know
    for (const server::Delivery &line : lines) {
        QVERIFY(line.received && line.encrypted);
        QCOMPARE(line.outcome, Outcome::Verified);
        QCOMPARE(line.size, 5);
        QCOMPARE(line.sent, 5);
        QCOMPARE(line.address, QStringLiteral("127.0.0.1"));
        QCOMPARE(line.account, QStringLiteral("ferry"));
    }
}

void UploadsHistory::aBrokenUploadSaysWhy()
{
    startRecording();
    {
        const auto client = peer();
        client->say(putLine("/in/wrong", 5, "1") + dataOf("hello") + endOf("other"));
        QVERIFY(client->line().startsWith("#SEND "));
        QCOMPARE(client->line(), "!MISMATCH");
        client->say(putLine("/in/lost", 10, "2") + dataOf("hello"));
        QVERIFY(client->line().startsWith("#SEND "));
        QVERIFY(waitUntil([this] { return m_host->sessions().first().fileSent == 5; }));
        client->reset();
    }
    QVERIFY(nobodyIsThere());
    const auto lines = history();
    QCOMPARE(lines.size(), 2);
    for (const server::Delivery &line : lines) {
        QVERIFY(line.received);
        QCOMPARE(line.outcome, Outcome::BrokenOff);
        QCOMPARE(line.sent, 5);
    }
    QCOMPARE(lines.at(0).why, QStringLiteral("MISMATCH"));
    QCOMPARE(lines.at(1).file, QStringLiteral("/in/lost"));
    QCOMPARE(lines.at(1).why, QStringLiteral("connection lost"));
}

void UploadsHistory::whatGoesOnLaterIsOneLine()
{
    startRecording();
    const auto client = peer();
    client->say(putLine("/in/x", 10, "1") + dataOf("hello") + "ABORT\r\n");
    QVERIFY(client->line().startsWith("#SEND "));
    QCOMPARE(client->line(), "#ABORTED");
    client->say(putLine("/in/x", 10, "1"));
    QVERIFY(client->line().startsWith("#SEND offset=5 "));
    client->say(dataOf("world") + endOf("helloworld"));
    QVERIFY(client->line().startsWith("#STORED "));
    const auto lines = history();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines.first().outcome, Outcome::Verified);
    QCOMPARE(lines.first().sent, 10);
}

/// What the silent connection had begun must not be told as broken off behind the success.
void UploadsHistory::whoTookOverHasTheLastWord()
{
    startRecording();
    for (int i = 0; i < 4; ++i) { // of the two, the one that is closed may be faster
        const QByteArray id = QByteArray::number(i);
        const auto silent = peer();
        silent->say(putLine("/in/x", 10, id) + dataOf("hello"));
        QVERIFY(silent->line().startsWith("#SEND "));
        QVERIFY(waitUntil([this] { return m_host->sessions().first().fileSent == 5; }));
        const auto second = peer();
        second->say(putLine("/in/x", 10, id, " follows=yes") + dataOf("helloworld") +
                    endOf("helloworld") + "QUIT\r\n");
        QVERIFY(second->line().startsWith("#SEND "));
        QVERIFY(second->line().startsWith("#STORED "));
        QVERIFY(nobodyIsThere());
        const auto lines = history();
        QCOMPARE(lines.size(), 1);
        QCOMPARE(lines.first().outcome, Outcome::Verified);
    }
}

void UploadsHistory::ferrydRecordsWhatCameIn()
{
    TransferPair pair;
    QVERIFY(QDir(pair.root()).mkdir(QStringLiteral("in")));
    const QString data = pair.root() + QStringLiteral("/server");
    QVERIFY(pair.startServer({QStringLiteral("--inbox"),
                              QStringLiteral("in=") + pair.root() + QStringLiteral("/in"),
                              QStringLiteral("--history"), QStringLiteral("on")}));
    QVERIFY(writeFile(pair.root() + QStringLiteral("/a.txt"), "hello"));
    const ProgramRun run = pair.run(
        {QStringLiteral("put"), QStringLiteral("--pin"), QString::fromLatin1(pair.fingerprint()),
         QStringLiteral("--data-dir"), pair.clientData(), pair.address(), QStringLiteral("a.txt")});
    QCOMPARE(run.output, "a.txt has been sent.\n");
    QVERIFY(waitUntil(
        [&] { return pair.serverLog().contains("Received /in/a.txt, 5 bytes, verified"); }));
    QByteArray printed;
    QVERIFY(waitUntil([&] {
        printed = runProgram(QStringLiteral("ferryd"),
                             {QStringLiteral("history"), QStringLiteral("--data-dir"), data})
                      .output;
        return printed.contains("/in/a.txt");
    }));
    static const QRegularExpression line(
        QStringLiteral(
            "^[^,]+,[^,]+,127\\.0\\.0\\.1,ferry,[^,]+,yes,/in/a\\.txt,5,5,verified,,received\\r$"),
        QRegularExpression::MultilineOption);
    QVERIFY2(QString::fromUtf8(printed).contains(line), printed);
}

void UploadsHistory::ferrydKeepsItsLimits()
{
    TransferPair pair;
    QVERIFY(QDir(pair.root()).mkdir(QStringLiteral("in")));
    QVERIFY(pair.startServer(
        {QStringLiteral("--inbox"), QStringLiteral("in=") + pair.root() + QStringLiteral("/in"),
         QStringLiteral("--max-file-size"), QStringLiteral("1k"), QStringLiteral("--quota"),
         QStringLiteral("1500"), QStringLiteral("--keep-free"), QStringLiteral("0")}));
    for (const int size : {1001, 1000, 501, 500})
        QVERIFY(writeFile(pair.root() + QStringLiteral("/f%1").arg(size), noise(size)));
    const auto put = [&pair](const char *name) {
        return pair
            .run({QStringLiteral("put"), QStringLiteral("--pin"),
                  QString::fromLatin1(pair.fingerprint()), QStringLiteral("--data-dir"),
                  pair.clientData(), pair.address(), QLatin1StringView(name)})
            .exitCode;
    };
    QCOMPARE(put("f1001"), 15);
    QCOMPARE(put("f1000"), 0);
    QCOMPARE(put("f501"), 15);
    QCOMPARE(put("f500"), 0);
    QCOMPARE(QDir(pair.root() + QStringLiteral("/in")).entryList(QDir::Files).size(), 2);
}

FERRY_TEST(UploadsHistory)
#include "uploads_history.moc"
