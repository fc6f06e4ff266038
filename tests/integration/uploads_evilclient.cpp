// SPDX-License-Identifier: MIT
// Clients who lie about what they put in, or put it where it does not belong. Whatever they do, no
// file gets a final name that was not sent whole and right, and the next client is served.
#include "integration/uploads_fixture.h"
#include "support/rawpeer.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>

#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

class UploadsEvilClient : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void whatIsWrongIsRefused_data();
    void whatIsWrongIsRefused();
    void namesThatMisleadAreRefused_data();
    void namesThatMisleadAreRefused();
    void aHundredThousandBeginningsLeaveNothing();
    void partsAreBounded();

private:
    std::unique_ptr<UploadHost> m_host;
};

void UploadsEvilClient::initTestCase()
{
    m_host = std::make_unique<UploadHost>();
    const auto path = [this](const char *below) {
        return QFile::encodeName(m_host->path(QLatin1StringView(below)));
    };
    QVERIFY(QFile(m_host->path(QStringLiteral("add/file"))).open(QIODevice::WriteOnly));
    QCOMPARE(::mkdir(path("add/folder").constData(), 0755), 0);
    QCOMPARE(::mkdir(path("elsewhere").constData(), 0755), 0);
    QCOMPARE(::symlink("../elsewhere", path("add/out").constData()), 0);
    QCOMPARE(::symlink("folder", path("add/inside").constData()), 0);
    QCOMPARE(::symlink("../elsewhere/new", path("add/dangling").constData()), 0);
    QCOMPARE(::mkfifo(path("add/fifo").constData(), 0644), 0);
    const auto started = m_host->start();
    QVERIFY2(started.ok(), started ? "" : qPrintable(started.error().text));
}

/// `said`: all that comes back; an `@` at its end: the connection closes after it, else it goes on.
void UploadsEvilClient::whatIsWrongIsRefused_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char *name, const QByteArray &sent, const QByteArray &said) {
        QTest::newRow(name) << sent << said;
    };
    const QByteArray send = "#SEND offset=0\n";
    const QByteArray ten = "0123456789";
    int id = 0; // each is an upload of its own
    const auto put = [&id](const QByteArray &path, qint64 size = 10) {
        return putLine(path, size, QByteArray::number(++id));
    };
    row("less than announced", put("/add/x") + dataOf("01234") + endOf("01234"),
        send + "!MISMATCH\n");
    row("more than announced", put("/add/x", 5) + dataOf(ten) + endOf(ten), send + "!MISMATCH\n");
    row("more in a later piece", put("/add/x", 12) + dataOf(ten) + dataOf(ten) + endOf(ten + ten),
        send + "!MISMATCH\n");
    row("another sum", put("/add/x") + dataOf(ten) + endOf("9876543210"), send + "!MISMATCH\n");
    row("the sum of the first half", put("/add/x") + dataOf(ten) + endOf("01234"),
        send + "!MISMATCH\n");
    row("no sum", put("/add/x") + dataOf(ten) + "END\r\n", send + "!ORDER\n@");
    row("a sum that is none", put("/add/x") + dataOf(ten) + "END sum=xxh3:0\r\n",
        send + "!ORDER\n@");
    row("nothing at all", put("/add/x") + endOf(""), send + "!MISMATCH\n");
    row("2^53 bytes and one", put("/add/x", (qint64(1) << 53) + 1), "!SYNTAX\n");
    row("2^63 bytes", "PUT /add/x size=9223372036854775808 upload=1\r\n", "!SYNTAX\n");
    row("2^64 bytes", "PUT /add/x size=18446744073709551616 upload=1\r\n", "!SYNTAX\n");
    row("fewer than no bytes", "PUT /add/x size=-1 upload=1\r\n", "!SYNTAX\n");
    row("more than the disk has", put("/add/x", qint64(1) << 53), "!NOROOM\n");
    row("no ID", "PUT /add/x size=1\r\n", "!SYNTAX\n");
    row("an ID that is a path", "PUT /add/x size=1 upload=../x\r\n", "!SYNTAX\n");
    row("DATA without PUT", dataOf("QUIT\r\nPUT /add/x kind=d\r\n"), "!ORDER\n@");
    row("DATA behind a refusal", put("/pub/x") + dataOf(ten), "!READONLY\n!ORDER\n@");
    row("END without PUT", endOf(ten), "!ORDER\n@");
    row("END twice", put("/in/twice") + dataOf(ten) + endOf(ten) + endOf(ten),
        send + "#STORED path=/in/twice size=10 sum=" + sumOf(ten) + "\n!ORDER\n@");
    row("ABORT without PUT", "ABORT\r\n", "!ORDER\n@");
    row("PUT in a PUT", put("/add/x") + put("/add/y"), send + "!ORDER\n@");
    row("GET in a PUT", put("/add/x") + "GET /pub/hello.txt\r\n", send + "!ORDER\n@");
    row("an empty piece", put("/add/x") + "DATA 0\r\n", send + "!ORDER\n@");
    row("a piece of 2^63", put("/add/x") + "DATA 9223372036854775808\r\n", send + "!ORDER\n@");
    row("a piece that is too large", put("/add/x", 2'000'000) + "DATA 1048577\r\n",
        send + "!ORDER\n@");
    row("a NUL between two pieces", put("/add/x") + dataOf("0") + QByteArray("\0\r\n", 3),
        send + "!NUL\n@");
    row("an endless line in between", put("/add/x") + QByteArray(20'000, 'x'),
        send + "!TOOLONG\n@");
    row("a large file that follows at once", putLine("/add/x", 1 << 21, "1", " follows=yes"),
        "!SYNTAX\n");
    row("a refused one that follows at once",
        putLine("/pub/x", 10, "1", " follows=yes") + dataOf("QUIT\r\nQUIT") + endOf(ten),
        "!READONLY\n");
    row("a share that is none", put("/nowhere/x"), "!NOTFOUND\n");
    row("a share that is read only", put("/pub/x"), "!READONLY\n");
    row("a folder in a share that is read only", "PUT /pub/x kind=d\r\n", "!READONLY\n");
    row("the list of shares", put("/"), "!EXISTS\n");
    row("a new share", "PUT /new kind=d\r\n", "!NOTFOUND\n");
    row("a share itself", put("/add"), "!EXISTS\n");
    row("a folder's name", put("/add/folder"), "!EXISTS\n");
    row("a folder over a file", "PUT /add/file kind=d\r\n", "!EXISTS\n");
    row("below a file", put("/add/file/x"), "!EXISTS\n");
    row("through a link that leads out", put("/add/out/x"), "!EXISTS\n");
    row("through a link that stays inside", put("/add/inside/x"), "!EXISTS\n");
    row("a folder through a link", "PUT /add/out/x kind=d\r\n", "!EXISTS\n");
    row("through a FIFO", put("/add/fifo/x"), "!EXISTS\n");
    row("a way up", put("/add/../pub/x"), "!SYNTAX\n");
    row("a way up, escaped", put("/add/%2e%2e/pub/x"), "!SYNTAX\n");
    row("where parts are", put("/add/.ferry-uploads/x"), "!NAME\n");
}

void UploadsEvilClient::whatIsWrongIsRefused()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, said);
    const QStringList before = m_host->names(QStringLiteral("add"));
    TlsPeer peer(m_host->tlsPort(), "passwd");
    QVERIFY(peer.ready());
    peer.say(sent);
    const bool closes = said.endsWith('@');
    if (closes)
        said.chop(1);
    else
        peer.say("PING still\r\n");
    for (const QByteArray &line : said.split('\n')) {
        if (!line.isEmpty())
            QCOMPARE(peer.line(), line);
    }
    if (!closes)
        QCOMPARE(peer.line(), "#PONG still");
    else
        QCOMPARE(peer.line(), "");
    QCOMPARE(m_host->names(QStringLiteral("add")), before);
    QCOMPARE(m_host->names(QStringLiteral("pub")), QStringList{QStringLiteral("hello.txt")});
    QVERIFY(QDir(m_host->path(QStringLiteral("elsewhere"))).isEmpty());
}

void UploadsEvilClient::namesThatMisleadAreRefused_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {".hidden",
                             "..",
                             ".",
                             "...",
                             "x.",
                             "x%20",
                             "x%0A",
                             "x%0D%0Ay",
                             "%1B[2J",
                             "x%7F",
                             "%C2%9B31m",
                             "photo%E2%80%AEgpj.exe",
                             "%E2%81%A6x%E2%81%A9",
                             "x%E2%80%8F",
                             "%D8%9Cx",
                             "%E2%80%A8",
                             "%FF%FE",
                             "%C0%AE",
                             "%ED%A0%80",
                             "CON",
                             "con",
                             "nul.txt",
                             "Aux",
                             "PRN.",
                             "com1",
                             "COM9.log",
                             "lpt%C2%B2",
                             "conin$",
                             "desktop.ini",
                             "Desktop.INI",
                             ".directory",
                             "AUTORUN.inf",
                             "x%00"})
        QTest::newRow(name) << QByteArray(name);
}

void UploadsEvilClient::namesThatMisleadAreRefused()
{
    QFETCH(QByteArray, name);
    TlsPeer peer(m_host->tlsPort(), "passwd");
    QVERIFY(peer.ready());
    for (const QByteArray &line :
         {"PUT /in/" + name + " kind=d", "PUT /add/" + name + "/x size=1 upload=1",
          "PUT /add/" + name + " size=1 upload=1"}) {
        const QByteArray answer = peer.ask(line);
        QVERIFY2(answer == "!NAME" || answer == "!SYNTAX", answer.constData());
    }
    for (const QString &there : m_host->names(QStringLiteral("in")))
        QCOMPARE(there, QStringLiteral("twice")); // of a test before
}

/// Ten thousand here, so that it takes a moment; FERRY_TEST_UPLOADS makes it as many as one likes.
void UploadsEvilClient::aHundredThousandBeginningsLeaveNothing()
{
    const int count = qMax(10'000, qEnvironmentVariableIntValue("FERRY_TEST_UPLOADS"));
    TlsPeer peer(m_host->tlsPort(), "passwd");
    QVERIFY(peer.ready());
    constexpr int atOnce = 500;
    for (int i = 0; i < count; i += atOnce) {
        QByteArray lines;
        for (int j = i; j < i + atOnce; ++j)
            lines += putLine("/in/never", 1000, QByteArray::number(j)) + "ABORT\r\n";
        peer.say(lines);
        for (int j = 0; j < atOnce; ++j) {
            QCOMPARE(peer.line(), "#SEND offset=0");
            QCOMPARE(peer.line(), "#ABORTED");
        }
    }
    QCOMPARE(m_host->parts(QStringLiteral("in")), QStringList());
}

/// Of those who begin and leave a byte each time, so many parts are kept and no more.
void UploadsEvilClient::partsAreBounded()
{
    UploadHost host;
    QVERIFY(host.start().ok());
    TlsPeer peer(host.tlsPort(), "passwd");
    QVERIFY(peer.ready());
    for (int i = 0; i < limits::uploadParts; ++i) {
        peer.say(putLine("/in/never", 2, QByteArray::number(i)) + dataOf("x") + "ABORT\r\n");
        QCOMPARE(peer.line(), "#SEND offset=0");
        QCOMPARE(peer.line(), "#ABORTED");
    }
    QCOMPARE(peer.ask(putLine("/in/never", 2, "more").trimmed()), "!QUOTA");
    QCOMPARE(host.parts(QStringLiteral("in")).size(), limits::uploadParts);
    QCOMPARE(peer.ask(putLine("/in/never", 2, "7").trimmed()), "#SEND offset=1 sum=" + sumOf("x"));
}

FERRY_TEST(UploadsEvilClient)
#include "uploads_evilclient.moc"
