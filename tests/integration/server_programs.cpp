// SPDX-License-Identifier: MIT
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "transcripts/transcript.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace ferry;
using namespace ferry::test;

/// The tutorial's transcript, byte for byte, as the programs hear it that people really use.
class ServerPrograms : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void telnetOnATerminal_data();
    void telnetOnATerminal();
    void netcat_data();
    void netcat();
    void netcatOneByteAtATime();

private:
    static QByteArray upperCaseVerbs(const QByteArray &lines);
    QString port() const { return QString::number(m_host->port()); }
    Transcript m_tutorial;
    std::unique_ptr<ServerHost> m_host;
};

void ServerPrograms::initTestCase()
{
    m_tutorial = allTranscripts().value(QStringLiteral("tutorial.txt"));
    QVERIFY(m_tutorial.fault.isEmpty() && !m_tutorial.files.isEmpty());
    m_host = std::make_unique<ServerHost>();
    m_host->config.password = m_tutorial.password;
    // The share c: with the tutorial's files in it.
    m_host->config.shares[0].name = "c:";
    for (auto file = m_tutorial.files.begin(); file != m_tutorial.files.end(); ++file) {
        QVERIFY(file.key().startsWith("c:\\"));
        QVERIFY(m_host->write(QString::fromLatin1(file.key().mid(3)), file.value()));
    }
    QVERIFY(m_host->start().ok());
}

QByteArray ServerPrograms::upperCaseVerbs(const QByteArray &lines)
{
    QByteArrayList all = lines.split('\n');
    for (QByteArray &line : all)
        line = line.left(4).toUpper() + line.mid(4);
    return all.join('\n');
}

void ServerPrograms::telnetOnATerminal_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::newRow("lower case") << m_tutorial.clientBytes("\n");
    QTest::newRow("upper case") << upperCaseVerbs(m_tutorial.clientBytes("\n"));
}

void ServerPrograms::telnetOnATerminal()
{
    QFETCH(QByteArray, typed);
    if (QStandardPaths::findExecutable(QStringLiteral("telnet")).isEmpty())
        QSKIP("no telnet here");
    QProcess telnet;
    telnet.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    telnet.start(QStringLiteral(FERRY_PYTHON), {QStringLiteral(FERRY_TELNET_SESSION), port()});
    QVERIFY(telnet.waitForStarted(patienceMs));
    telnet.write(typed);
    telnet.closeWriteChannel();
    QVERIFY(telnet.waitForFinished(2 * patienceMs));
    QCOMPARE(telnet.exitCode(), 0);
    QCOMPARE(telnet.readAllStandardOutput(), m_tutorial.serverBytes());
}

void ServerPrograms::netcat_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("as in the tutorial") << m_tutorial.clientBytes();
    QTest::newRow("lf only") << m_tutorial.clientBytes("\n");
    QTest::newRow("upper case") << upperCaseVerbs(m_tutorial.clientBytes());
    QByteArray withoutQuit = m_tutorial.clientBytes();
    QVERIFY(withoutQuit.endsWith("quit\r\n"));
    withoutQuit.chop(6);
    QTest::newRow("half-closed instead of quit") << withoutQuit;
}

void ServerPrograms::netcat()
{
    QFETCH(QByteArray, said);
    if (QStandardPaths::findExecutable(QStringLiteral("nc")).isEmpty())
        QSKIP("no nc here");
    QProcess nc;
    nc.start(QStringLiteral("nc"), {QStringLiteral("-N"), QStringLiteral("127.0.0.1"), port()});
    QVERIFY(nc.waitForStarted(patienceMs));
    nc.write(said);
    nc.closeWriteChannel();
    QVERIFY(nc.waitForFinished(patienceMs));
    QCOMPARE(nc.readAllStandardOutput(), m_tutorial.serverBytes());
}

void ServerPrograms::netcatOneByteAtATime()
{
    if (QStandardPaths::findExecutable(QStringLiteral("nc")).isEmpty())
        QSKIP("no nc here");
    QProcess nc;
    nc.start(QStringLiteral("nc"), {QStringLiteral("-N"), QStringLiteral("127.0.0.1"), port()});
    QVERIFY(nc.waitForStarted(patienceMs));
    for (const char byte : m_tutorial.clientBytes()) {
        nc.write(&byte, 1);
        QVERIFY(nc.waitForBytesWritten(patienceMs));
    }
    nc.closeWriteChannel();
    QVERIFY(nc.waitForFinished(patienceMs));
    QCOMPARE(nc.readAllStandardOutput(), m_tutorial.serverBytes());
}

FERRY_TEST(ServerPrograms)
#include "server_programs.moc"
