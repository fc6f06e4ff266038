// SPDX-License-Identifier: MIT
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QFile>
#include <QTest>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

namespace {

const QByteArray greeting("#Server Ready.\r\n");
const QByteArray invalid("!Invalid command.\r\n");
const QByteArray secret("this must never leave the server");

} // namespace

/// security.md's catalogue for the classic door: a fixed reply or a closed connection, nothing
/// from outside the share, and the next client is served as ever.
class ServerBadInput : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void conversationsGetTheirFixedAnswer_data();
    void conversationsGetTheirFixedAnswer();
    void otherProtocolsAreDroppedAtOnce_data();
    void otherProtocolsAreDroppedAtOnce();
    void pathsThatLeadOutNameNothing_data();
    void pathsThatLeadOutNameNothing();
    void whatIsNoReadableFileLooksMissing_data();
    void whatIsNoReadableFileLooksMissing();
    void anEndlessLineIsCutOff();
    void strangeNamesAreServedWhenTheyAreThere();
    void theSecondTryIsOnlyForPathsThatNameNothing();

private:
    std::unique_ptr<ServerHost> m_host;
    FileDescriptor m_socket;
};

void ServerBadInput::initTestCase()
{
    m_host = std::make_unique<ServerHost>();
    const auto path = [this](const char *below) {
        return QFile::encodeName(m_host->outside()) + '/' + below;
    };
    for (const QString &name : {QStringLiteral("/secret"), QStringLiteral("/pub-other")}) {
        QFile file(m_host->outside() + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(secret), secret.size());
    }
    QCOMPARE(::mkdir(path("pub/folder").constData(), 0755), 0);
    QCOMPARE(::mkfifo(path("pub/fifo").constData(), 0644), 0);
    QCOMPARE(::symlink("../secret", path("pub/leaf").constData()), 0);
    QCOMPARE(::symlink("..", path("pub/parent").constData()), 0);
    QCOMPARE(::symlink("leaf", path("pub/chain").constData()), 0);
    QCOMPARE(::symlink("/", path("pub/root").constData()), 0);
    QCOMPARE(::symlink("/proc/self", path("pub/self").constData()), 0);
    QCOMPARE(::symlink(path("secret").constData(), path("pub/absolute").constData()), 0);
    static_cast<void>(::mknod(path("pub/device").constData(), S_IFCHR | 0666, 0x103));
    m_socket.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, path("pub/socket").constData(), sizeof address.sun_path);
    QCOMPARE(::bind(m_socket.get(), reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    QVERIFY(m_host->start().ok());
}

void ServerBadInput::conversationsGetTheirFixedAnswer_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("heard");
    const auto row = [](const char *name, const QByteArray &said, const QByteArray &heard) {
        QTest::newRow(name) << said << heard;
    };
    row("nothing", "", greeting);
    row("empty lines", "\r\n\r\n\n\n", greeting);
    row("nonsense", "HELP\r\n", greeting + invalid);
    row("a verb without its argument", "AUTH\r\nFILE\r\nAUTH \r\nFILE \r\n",
        greeting + invalid.repeated(4));
    row("quit with an argument", "QUIT now\r\nQUIT\r\n", greeting + invalid);
    row("file before login", "FILE /pub/hello.txt\r\n", greeting + "!You are not logged in.\r\n");
    row("telnet negotiation",
        "\xFF\xFB\x1F\xFF\xFD\x03\xFF\xFA\x18\x01\x02\xFF\xF0"
        "AUTH pa\xFF\xF1sswd\r\n",
        greeting + "#You are logged in.\r\n");
    row("cr nul", QByteArray("AUTH passwd\r\0\r\n", 15), greeting + "#You are logged in.\r\n");
    row("nul in a line", QByteArray("AUTH pass\0wd\r\nQUIT\r\n", 19),
        greeting + "!Line holds a NUL byte.\r\n");
    row("a line too long", "AUTH " + QByteArray(5000, 'x') + "\r\nAUTH passwd\r\n",
        greeting + "!Line too long.\r\n");
    row("http", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", greeting);
    row("http post", "POST /login HTTP/1.0\r\n\r\nAUTH passwd\r\nFILE /pub/hello.txt\r\n",
        greeting);
    row("tls",
        QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", 11) + QByteArray(500, 'r'),
        greeting);
    row("binary noise", QByteArray("\x80\x81\x82\xF7\r\n\x01\x02\x03\r\n"),
        greeting + invalid + invalid);
    row("an unfinished line", "AUTH passwd", greeting);
    row("too much before login", QByteArray("x\r\n").repeated(5000),
        greeting + invalid.repeated(8192 / 3) + "!Too much before login.\r\n");
}

void ServerBadInput::conversationsGetTheirFixedAnswer()
{
    QFETCH(QByteArray, said);
    QFETCH(QByteArray, heard);
    RawPeer peer(m_host->port());
    peer.send(said);
    peer.finishWriting();
    const auto all = peer.readToEnd();
    QVERIFY(all.has_value());
    QCOMPARE(*all, heard);
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerBadInput::otherProtocolsAreDroppedAtOnce_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("http") << QByteArray("GET / HTTP/1.1\r\n");
    QTest::newRow("http post") << QByteArray("POST /login HTTP/1.0\r\n");
    QTest::newRow("tls") << QByteArray("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", 11);
}

/// The peer stays and waits for an answer; it is not the time for the login that ends this.
void ServerBadInput::otherProtocolsAreDroppedAtOnce()
{
    QFETCH(QByteArray, said);
    ServerHost host;
    host.config.loginTime = std::chrono::hours(1);
    QVERIFY(host.start().ok());
    RawPeer peer(host.port());
    QCOMPARE(peer.readLine(), greeting);
    QVERIFY(peer.send(said));
    QVERIFY(peer.ended());
    QVERIFY(host.servesSomebodyNew());
}

void ServerBadInput::pathsThatLeadOutNameNothing_data()
{
    QTest::addColumn<QByteArray>("path");
    const QByteArray outside = QFile::encodeName(m_host->outside());
    const QByteArrayList paths{
        "..",
        "/..",
        "/pub/..",
        "/pub/../secret",
        "/pub/./../secret",
        "pub/../secret",
        "/pub//../secret",
        "/pub/folder/../../secret",
        "/../../../../../../../../etc/passwd",
        "/pub/../../../../../../../../etc/passwd",
        "/etc/passwd",
        "//etc/passwd",
        "/pub//etc/passwd",
        outside + "/secret",
        "/pub/" + outside + "/secret",
        "/secret",
        "/pub-other",
        "/pub/../pub-other",
        // Encoded.
        "/pub/%2e%2e/secret",
        "/pub/%2e%2e%2fsecret",
        "/pub/..%2fsecret",
        "/pub/%252e%252e/secret",
        "/pub/%252e%252e%252fsecret",
        "/pub/\xC0\xAE\xC0\xAE/secret",
        "/pub/..\xC0\xAFsecret",
        "/pub/\xE0\x80\xAE\xE0\x80\xAE/secret",
        "/pub/\xEF\xBC\x8E\xEF\xBC\x8E/secret",
        "/pub/\xE2\x80\xA5/secret",
        "/pub/..\xEF\xBC\x8Fsecret",
        // The other separator, and what only another system would understand.
        "..\\secret",
        "pub\\..\\secret",
        "\\pub\\..\\secret",
        "/pub\\..\\secret",
        "/pub/..\\secret",
        "/pub\\../secret",
        "\\..\\..\\..\\etc\\passwd",
        "c:\\secret",
        "C:/secret",
        "\\\\?\\c:\\secret",
        "\\\\host\\share\\secret",
        "file:///etc/passwd",
        "~",
        "~/secret",
        "~root/.profile",
        "/pub/~/secret",
        "$HOME/secret",
        "/pub/.../secret",
        "/pub/.. /secret",
        "/pub/ ../secret",
        "/pub/hello.txt/",
        "/pub/hello.txt/..",
        "/pub/hello.txt/.",
        "/pub/",
        "/",
        ".",
        " ",
        "-rf",
        "|id",
        "`id`",
        "$(id)",
        ";id",
        // Links.
        "/pub/leaf",
        "/pub/parent/secret",
        "/pub/parent/parent/secret",
        "/pub/chain",
        "/pub/root/etc/passwd",
        "/pub/self/environ",
        "/pub/absolute",
        // Long.
        "/pub/" + QByteArray(255, 'n'),
        "/pub/" + QByteArray(256, 'n'),
        "/pub" + QByteArray("/folder").repeated(500),
        "/pub/" + QByteArray(4096 - 10, 'n'),
        QByteArray("../").repeated(1000) + "etc/passwd",
        // Names that would spoil a log or a terminal.
        "/pub/\x1B[2J\x1B[31m",
        "/pub/\r",
        "/pub/a\rb",
        "/pub/\xC2\x9B"
        "31m",
        "/pub/\xE2\x80\xAEtxt.exe",
        "/pub/\xFE\x80",
        "<b>/pub</b>",
    };
    for (const QByteArray &path : paths)
        QTest::newRow(path.toPercentEncoding(" /\\~").left(60).constData()) << path;
}

void ServerBadInput::pathsThatLeadOutNameNothing()
{
    QFETCH(QByteArray, path);
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    // LF only: a CR at the end of the path stays a part of it for nobody.
    const bool endsInCr = path.endsWith('\r');
    QVERIFY(peer.send("FILE " + path + "\nFILE /pub/hello.txt\nQUIT\n"));
    const auto heard = peer.readToEnd();
    QVERIFY(heard.has_value());
    QVERIFY(!heard->contains(secret));
    QVERIFY(!heard->contains("root:"));
    const QByteArray echoed = endsInCr ? path.chopped(1) : path;
    QCOMPARE(*heard, "!File " + echoed + " could not be opened.\r\n" +
                         "hello\n#File /pub/hello.txt sent successfully.\r\n");
    QVERIFY(m_host->servesSomebodyNew());
    for (const LogRecord &record :
         m_host->call([](server::Server &server) { return server.takeLog(); })) {
        for (const QChar c : record.message)
            QVERIFY(c.unicode() >= 0x20 && !(c.unicode() >= 0x7F && c.unicode() < 0xA0));
    }
}

void ServerBadInput::whatIsNoReadableFileLooksMissing_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/pub", "/pub/folder", "/pub/fifo", "/pub/socket", "/pub/unreadable",
                             "/pub/missing", "/other/missing"})
        QTest::newRow(path) << QByteArray(path);
    // Making one takes rights that the tests may not have.
    if (QFile::exists(m_host->folder() + QStringLiteral("/device")))
        QTest::newRow("/pub/device") << QByteArray("/pub/device");
}

void ServerBadInput::whatIsNoReadableFileLooksMissing()
{
    QFETCH(QByteArray, path);
    if (path.endsWith("unreadable")) {
        if (::geteuid() == 0)
            QSKIP("root reads every file; the jail's own test changes the user");
        QVERIFY(m_host->write(QStringLiteral("unreadable"), secret));
        QFile::setPermissions(m_host->folder() + QStringLiteral("/unreadable"), {});
    }
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    QVERIFY(peer.send("FILE " + path + "\r\nQUIT\r\n"));
    QCOMPARE(peer.readToEnd(), "!File " + path + " could not be opened.\r\n");
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerBadInput::anEndlessLineIsCutOff()
{
    RawPeer peer(m_host->port());
    QCOMPARE(peer.readLine(), greeting);
    const QByteArray piece(64 * 1024, 'x');
    while (peer.send(piece)) {
    }
    QCOMPARE(m_host->waitForEnded(m_host->sessions().size() - m_host->liveSessions() - 1).outcome,
             QStringLiteral("refused: Line too long."));
    QVERIFY(m_host->servesSomebodyNew());
}

void ServerBadInput::strangeNamesAreServedWhenTheyAreThere()
{
    for (const QByteArray &name :
         {QByteArray("%2e%2e"), QByteArray("~"), QByteArray("..."), QByteArray("back\\slash"),
          QByteArray("a  b "), QByteArray(255, 'l'), QByteArray("\xC3\xA9\xE2\x82\xAC")}) {
        QVERIFY(m_host->write(QFile::decodeName(name), name));
        RawPeer peer(m_host->port());
        QVERIFY(peer.login("passwd"));
        QCOMPARE(peer.fetch("/pub/" + name, name.size()), name);
    }
}

void ServerBadInput::theSecondTryIsOnlyForPathsThatNameNothing()
{
    const auto path = [this](const char *below) {
        return QFile::encodeName(m_host->folder()) + '/' + below;
    };
    QVERIFY(m_host->write(QStringLiteral("folder/both"), "in the folder"));
    QVERIFY(m_host->write(QStringLiteral("folder\\both"), "with a backslash"));
    QVERIFY(m_host->write(QStringLiteral("folder/only"), "only here"));
    QVERIFY(m_host->write(QStringLiteral("folder/taken"), "never sent"));
    QCOMPARE(::mkdir(path("folder\\taken").constData(), 0755), 0);
    RawPeer peer(m_host->port());
    QVERIFY(peer.login("passwd"));
    QCOMPARE(peer.fetch("/pub/folder\\both", 16), QByteArray("with a backslash"));
    QCOMPARE(peer.fetch("\\pub\\folder\\only", 9), QByteArray("only here"));
    QVERIFY(peer.send("FILE /pub/folder\\taken\r\n"));
    QCOMPARE(peer.readLine(), QByteArray("!File /pub/folder\\taken could not be opened.\r\n"));
}

FERRY_TEST(ServerBadInput)
#include "server_badinput.moc"
