// SPDX-License-Identifier: MIT
#include "support/process.h"
#include "support/program.h"
#include "support/rawpeer.h"
#include "support/servicerun.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

/// The sockets that ferryd inherits from a service manager.
class ServerSockets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_service = std::make_unique<ServiceRun>(); }
    void cleanup() { m_service.reset(); }
    void inheritedSocketsAreTakenByName_data();
    void inheritedSocketsAreTakenByName();
    void inheritedSocketsOutliveTheServer();
    void programsThatItStartsInheritNoSocket();
    void wrongSocketsAreExit2_data();
    void wrongSocketsAreExit2();
    void aSocketThatIsNotUsedIsNamed();
    void systemdsOwnToolStartsIt();

private:
    std::unique_ptr<ServiceRun> m_service;
};

void ServerSockets::inheritedSocketsAreTakenByName_data()
{
    QTest::addColumn<bool>("tlsFirst");
    QTest::newRow("tls:classic") << true;
    QTest::newRow("classic:tls") << false;
}

void ServerSockets::inheritedSocketsAreTakenByName()
{
    QFETCH(bool, tlsFirst);
    const UnitSocket tls, classic;
    if (tlsFirst)
        m_service->start({&tls, &classic}, "tls:classic", m_service->sharing());
    else
        m_service->start({&classic, &tls}, "classic:tls", m_service->sharing());
    QVERIFY(m_service->readLine().startsWith("fingerprint "));
    QCOMPARE(m_service->readLine(), "listening tls " + tls.endpoint());
    QCOMPARE(m_service->readLine(), "listening classic " + classic.endpoint());
    QCOMPARE(m_service->readLine(), QByteArray("ready"));
    RawPeer peer(classic.port);
    QVERIFY(peer.login("passwd"));
    QCOMPARE(peer.fetch("/pub/pub", 3), QByteArray("pub"));
    // Text at the encrypted door: it is that one, and nobody greets.
    RawPeer other(tls.port);
    QVERIFY(other.send("AUTH passwd\r\n"));
    QVERIFY(other.ended());
}

/// shutdown(2) of a shared socket would end it for the manager, too.
void ServerSockets::inheritedSocketsOutliveTheServer()
{
    const UnitSocket tls, classic;
    m_service->start({&tls, &classic}, "tls:classic", m_service->sharing());
    QVERIFY(m_service->waitUntilReady());
    RawPeer busy(classic.port);
    QVERIFY(busy.login("passwd"));
    m_service->signal(SIGTERM);
    QCOMPARE(busy.readToEnd(), QByteArray("!Server is stopping.\r\n"));
    QCOMPARE(m_service->exitCode(), 0);
    RawPeer early(classic.port);
    QVERIFY(early.connected());
    m_service->start({&tls, &classic}, "tls:classic", m_service->sharing());
    QVERIFY(m_service->waitUntilReady());
    QVERIFY(early.login("passwd"));
}

void ServerSockets::programsThatItStartsInheritNoSocket()
{
    const UnitSocket tls, classic;
    m_service->start({&tls, &classic}, "tls:classic", m_service->sharing());
    QVERIFY(m_service->waitUntilReady());
    const QString proc = QStringLiteral("/proc/%1/").arg(m_service->process->processId());
    const auto target = [](const QString &link) {
        return std::filesystem::read_symlink(QFile::encodeName(link).toStdString());
    };
    int seen = 0;
    for (const QString &name : QDir(proc + QStringLiteral("fdinfo")).entryList(QDir::Files)) {
        for (const UnitSocket *socket : {&tls, &classic}) {
            const auto own = QStringLiteral("/proc/self/fd/%1").arg(socket->descriptor.get());
            if (target(proc + QStringLiteral("fd/") + name) != target(own))
                continue;
            QFile file(proc + QStringLiteral("fdinfo/") + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray text = file.readAll();
            const qsizetype start = text.indexOf("flags:") + 6;
            const QByteArray flags = text.sliced(start, text.indexOf('\n', start) - start);
            QVERIFY2((flags.trimmed().toInt(nullptr, 8) & O_CLOEXEC) != 0, qPrintable(name));
            ++seen;
        }
    }
    QCOMPARE(seen, 4); // each once as it was inherited, once as the server accepts from it
}

void ServerSockets::wrongSocketsAreExit2_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("names");
    QTest::addColumn<QByteArray>("sentence");
    QTest::newRow("datagrams") << int(SOCK_DGRAM) << QByteArray("x:classic")
                               << QByteArray("“classic” is no TCP socket that listens");
    QTest::newRow("two of a name") << int(SOCK_STREAM) << QByteArray("tls:tls")
                                   << QByteArray("two inherited sockets are called “tls”");
    QTest::newRow("one name for two") << int(SOCK_STREAM) << QByteArray("tls")
                                      << QByteArray("the inherited sockets cannot be used");
}

void ServerSockets::wrongSocketsAreExit2()
{
    QFETCH(int, type);
    QFETCH(QByteArray, names);
    QFETCH(QByteArray, sentence);
    const UnitSocket one, other(type);
    m_service->start({&one, &other}, names.constData(), m_service->sharing());
    QCOMPARE(m_service->exitCode(), 2);
    QVERIFY2(m_service->errors().contains(sentence), m_service->errors().constData());
    QCOMPARE(m_service->process->readAllStandardOutput(), QByteArray());
}

void ServerSockets::aSocketThatIsNotUsedIsNamed()
{
    const UnitSocket tls, classic, other;
    m_service->start({&tls, &classic, &other}, "tls:classic:web",
                     m_service->sharing() +
                         QStringList{QStringLiteral("--classic"), QStringLiteral("off")});
    QVERIFY(m_service->readLine().startsWith("fingerprint "));
    QCOMPARE(m_service->readLine(), "listening tls " + tls.endpoint());
    QCOMPARE(m_service->readLine(), QByteArray("ready"));
    QVERIFY(m_service->says("the inherited socket “web” is not used\n"));
    QVERIFY(m_service->says("the inherited socket “classic” is not used: classic is off\n"));
}

void ServerSockets::systemdsOwnToolStartsIt()
{
    const QString tool = QStandardPaths::findExecutable(QStringLiteral("systemd-socket-activate"));
    if (tool.isEmpty())
        QSKIP("no systemd-socket-activate here");
    // It takes no port 0. Nobody else uses an address that is made of this process's number.
    const auto pid = int(::getpid());
    const QString address = QStringLiteral("127.%1.%2.%3")
                                .arg(100 + (pid >> 16) % 100)
                                .arg((pid >> 8) & 255)
                                .arg(pid & 255);
    m_service->process = std::make_unique<QProcess>();
    prepareProcess(*m_service->process, {});
    m_service->process->start(
        tool, QStringList{QStringLiteral("-l"), address + QStringLiteral(":7420"),
                          QStringLiteral("-l"), address + QStringLiteral(":7421"),
                          QStringLiteral("--fdname=tls:classic"), QStringLiteral("-E"),
                          QStringLiteral("FERRY_PASSWORD"), programPath(QStringLiteral("ferryd")),
                          QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                          QStringLiteral("--classic"), QStringLiteral("127.0.0.1:0")} +
                  m_service->sharing());
    QVERIFY(m_service->process->waitForStarted(patienceMs));
    QTcpSocket visitor;
    QVERIFY(waitUntil([&] {
        visitor.connectToHost(address, 7421);
        return visitor.waitForConnected(patienceMs);
    }));
    QVERIFY(waitUntil([&] { return visitor.canReadLine() || visitor.waitForReadyRead(10); }));
    QCOMPARE(visitor.readLine(), QByteArray("#Server Ready.\r\n"));
    QVERIFY(m_service->readLine().startsWith("fingerprint "));
    QCOMPARE(m_service->readLine(), "listening tls " + address.toUtf8() + ":7420");
    QCOMPARE(m_service->readLine(), "listening classic " + address.toUtf8() + ":7421");
}

FERRY_TEST(ServerSockets)
#include "server_sockets.moc"
