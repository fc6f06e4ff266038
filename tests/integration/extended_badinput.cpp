// SPDX-License-Identifier: MIT
// Rude requests in the extended dialect, over TLS, by a client who is logged in: nothing from
// outside the share leaves the server, and what is forbidden looks like what is missing.
#include "net/base/filedescriptor.h"
#include "support/testprogram.h"
#include "support/tlspeer.h"
#include "support/transferpair.h"

#include <QFile>
#include <QTest>

#include <memory>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

class ExtendedBadInput : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void pathsThatLeadOutNameNothing_data();
    void pathsThatLeadOutNameNothing();
    void whatIsForbiddenLooksMissing_data();
    void whatIsForbiddenLooksMissing();
    void rangesThatAreNoneAreRefused_data();
    void rangesThatAreNoneAreRefused();
    void aNulOrAnEndlessLineEndsTheSession_data();
    void aNulOrAnEndlessLineEndsTheSession();
    void aReceiptIsOnlyForWhatWasSent();
    void aThousandRequestsInASegmentAreAnsweredInOrder();

private:
    std::unique_ptr<TransferPair> m_pair;
    std::unique_ptr<TlsPeer> m_peer;
    FileDescriptor m_socket;
};

void ExtendedBadInput::initTestCase()
{
    m_pair = std::make_unique<TransferPair>();
    const QByteArray pub = QFile::encodeName(m_pair->share());
    QVERIFY(writeFile(m_pair->root() + QStringLiteral("/secret"), "never leaves"));
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/a"), "0123456789"));
    QCOMPARE(::mkdir((pub + "/folder").constData(), 0755), 0);
    QCOMPARE(::mkfifo((pub + "/fifo").constData(), 0644), 0);
    QCOMPARE(::symlink("../secret", (pub + "/leaf").constData()), 0);
    QCOMPARE(::symlink("..", (pub + "/parent").constData()), 0);
    QCOMPARE(::symlink("leaf", (pub + "/chain").constData()), 0);
    QCOMPARE(::symlink(QFile::encodeName(m_pair->root() + QStringLiteral("/secret")).constData(),
                       (pub + "/absolute").constData()),
             0);
    static_cast<void>(::mknod((pub + "/device").constData(), S_IFCHR | 0666, 0x103));
    QCOMPARE(::symlink("/", (pub + "/root").constData()), 0);
    QCOMPARE(::symlink("/proc/self", (pub + "/self").constData()), 0);
    m_socket.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, (pub + "/socket").constData(), sizeof address.sun_path);
    QCOMPARE(::bind(m_socket.get(), reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    QVERIFY(m_pair->startServer());
    m_peer = std::make_unique<TlsPeer>(m_pair->port(), TransferPair::password());
    QVERIFY(m_peer->ready());
    QVERIFY(m_peer->ask("GET /pub/a").startsWith("#FILE size=10 "));
    QCOMPARE(m_peer->line(), "#DATA 10");
    QVERIFY(m_peer->line().startsWith("0123456789#DONE bytes=10 "));
}

void ExtendedBadInput::pathsThatLeadOutNameNothing_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/..",
                             "/../secret",
                             "/pub/../secret",
                             "/pub/./../secret",
                             "/pub//../secret",
                             "/pub/folder/../../secret",
                             "/pub/%2e%2e/secret",
                             "/pub/%2E%2E%2Fsecret",
                             "/pub/..%2fsecret",
                             "/pub/%252e%252e/secret",
                             "/pub/%252e%252e%252fsecret",
                             "/pub/%C0%AE%C0%AE/secret",
                             "/pub/\xC0\xAE\xC0\xAE/secret",
                             "/pub/%E0%80%AE%E0%80%AE/secret",
                             "/pub/..%C0%AFsecret",
                             "/pub/%EF%BC%8E%EF%BC%8E/secret",
                             "/pub/..%EF%BC%8Fsecret",
                             "/pub/..%5Csecret",
                             "/pub\\..\\secret",
                             "/c:%5Csecret",
                             "c:\\secret",
                             "/%5C%5Chost%5Cshare%5Csecret",
                             "\\\\host\\share\\secret",
                             "/etc/passwd",
                             "//etc/passwd",
                             "/pub//etc/passwd",
                             "/~/secret",
                             "~/secret",
                             "$HOME/secret",
                             "/pub/$HOME/secret",
                             "file:///etc/passwd",
                             "/file:///etc/passwd",
                             "/pub/~root/secret",
                             "/pub/a%00",
                             "/pub/a%0A",
                             "/pub/a%0D",
                             "/pub/%1B[2J",
                             "/pub/%C2%9B31m",
                             "/pub/%E2%80%AEtxt",
                             "/pub/%FF%FE",
                             "/pub/%",
                             "/pub/%4",
                             "/pub/%zz",
                             "/pub/leaf",
                             "/pub/parent/secret",
                             "/pub/chain",
                             "/pub/absolute",
                             "/pub/root/etc/passwd",
                             "/pub/self/environ",
                             "secret",
                             "../secret"})
        QTest::newRow(path) << QByteArray(path);
    QTest::newRow("255 bytes") << "/pub/" + QByteArray(255, 'n');
    QTest::newRow("256 bytes") << "/pub/" + QByteArray(256, 'n');
    QTest::newRow("4,096 bytes in a name") << "/pub/" + QByteArray(4096, 'n');
    QTest::newRow("4,096 bytes") << "/pub" + QByteArray("/folder").repeated(580);
}

void ExtendedBadInput::pathsThatLeadOutNameNothing()
{
    QFETCH(QByteArray, path);
    for (const char *verb : {"GET ", "SUM ", "LIST ", "TREE "}) {
        const QByteArray said = m_peer->ask(verb + path);
        QVERIFY2(said == "!NOTFOUND" || said == "!SYNTAX", said.constData());
    }
    QCOMPARE(m_peer->ask("PING still"), "#PONG still");
}

void ExtendedBadInput::whatIsForbiddenLooksMissing_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const char *name : {"fifo", "socket", "leaf", "chain", "root", "self", "parent",
                             "absolute", "a/below", "fifo/below"})
        QTest::newRow(name) << QByteArray(name);
    // Making one takes rights that the tests may not have.
    if (QFile::exists(m_pair->share() + QStringLiteral("/device")))
        QTest::newRow("device") << QByteArray("device");
}

void ExtendedBadInput::whatIsForbiddenLooksMissing()
{
    QFETCH(QByteArray, name);
    for (const char *verb : {"GET ", "SUM ", "LIST ", "TREE "})
        QCOMPARE(m_peer->ask(verb + QByteArray("/pub/") + name), m_peer->ask("GET /pub/missing"));
}

void ExtendedBadInput::rangesThatAreNoneAreRefused_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("token");
    const auto row = [](const char *fields, const char *token) {
        QTest::newRow(fields) << QByteArray(fields) << QByteArray(token);
    };
    row("offset=11", "!RANGE");
    row("offset=10 length=1", "!RANGE");
    row("offset=1 length=10", "!RANGE");
    row("length=11", "!RANGE");
    row("offset=9223372036854775807", "!RANGE");
    row("offset=1 length=9223372036854775806", "!RANGE");
    row("offset=9223372036854775808", "!SYNTAX");
    row("offset=18446744073709551616", "!SYNTAX");
    row("offset=18446744073709551615 length=2", "!SYNTAX");
    row("offset=-1", "!SYNTAX");
    row("length=-1", "!SYNTAX");
    row("offset=+5", "!SYNTAX");
    row("offset=0x10", "!SYNTAX");
    row("offset=1e1", "!SYNTAX");
    row("offset=", "!SYNTAX");
    QTest::newRow("10^4 digits") << "offset=" + QByteArray(10'000, '9') << QByteArray("!SYNTAX");
}

void ExtendedBadInput::rangesThatAreNoneAreRefused()
{
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, token);
    for (const char *verb : {"GET /pub/a ", "SUM /pub/a "}) {
        const QByteArray said = m_peer->ask(verb + fields);
        QCOMPARE(said.split(' ').first(), token);
    }
    QCOMPARE(m_peer->ask("PING still"), "#PONG still");
}

void ExtendedBadInput::aNulOrAnEndlessLineEndsTheSession_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("heard");
    QTest::newRow("NUL in a path") << QByteArray("GET /pub/a\0b\r\n", 14) << QByteArray("!NUL");
    QTest::newRow("10^5 digits") << "GET /pub/a offset=" + QByteArray(100'000, '9') + "\r\n"
                                 << QByteArray("!TOOLONG");
    QTest::newRow("a line without end") << QByteArray(1'000'000, 'x') << QByteArray("!TOOLONG");
}

/// One line, and nothing of what follows is looked at.
void ExtendedBadInput::aNulOrAnEndlessLineEndsTheSession()
{
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, heard);
    TlsPeer peer(m_pair->port(), TransferPair::password());
    QVERIFY(peer.ready());
    peer.say(said);
    peer.say("PING\r\n");
    QCOMPARE(peer.line(), heard);
    QCOMPARE(peer.line(), QByteArray());
    QCOMPARE(m_peer->ask("PING still"), "#PONG still");
}

void ExtendedBadInput::aReceiptIsOnlyForWhatWasSent()
{
    TlsPeer peer(m_pair->port(), TransferPair::password());
    QVERIFY(peer.ready());
    const QByteArray facts = peer.ask("SUM /pub/a");
    const QByteArray id = facts.mid(facts.indexOf("id=")).split(' ').first();
    const QByteArray sum = facts.mid(facts.indexOf("sum="));
    QVERIFY(facts.startsWith("#SUM "));
    QCOMPARE(peer.ask("RECEIPT /pub/a " + id + ' ' + sum), "!NOTFOUND");
}

void ExtendedBadInput::aThousandRequestsInASegmentAreAnsweredInOrder()
{
    TlsPeer peer(m_pair->port(), TransferPair::password());
    QVERIFY(peer.ready());
    QByteArray all;
    for (int i = 0; i < 1000; ++i)
        all += "PING " + QByteArray::number(i) + "\r\nGET /pub/../secret\r\n";
    peer.say(all);
    for (int i = 0; i < 1000; ++i) {
        QCOMPARE(peer.line(), "#PONG " + QByteArray::number(i));
        QCOMPARE(peer.line(), "!SYNTAX");
    }
}

FERRY_TEST(ExtendedBadInput)
#include "extended_badinput.moc"
