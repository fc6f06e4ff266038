// SPDX-License-Identifier: MIT
#include "support/process.h"
#include "support/program.h"
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/servicerun.h"
#include "support/testprogram.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <memory>

#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

/// ferryd as a service: what it tells, what it reads anew, what is hidden from it.
class ServerService : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_service = std::make_unique<ServiceRun>(); }
    void cleanup() { m_service.reset(); }
    void theManagerIsToldWhenItIsReady();
    void theManagerIsToldToWaitForFiles();
    void theManagerIsToldWhyItDoesNotStart();
    void reloadingTakesSharesAndLimits();
    void aWrongFileChangesNothing();
    void whatNeedsARestartIsSaid();
    void theFileItselfIsNotServed();
    void thePasswordIsNotWrittenToTheJournal();
    void aShareInAHiddenHomeSaysWhatToWrite();

private:
    std::unique_ptr<ServiceRun> m_service;
};

void ServerService::theManagerIsToldWhenItIsReady()
{
    const UnitSocket classic;
    m_service->start({&classic}, "classic", m_service->sharing());
    QVERIFY(m_service->manager.hears("READY=1"));
    QVERIFY(m_service->manager.hears("STATUS=0 clients are connected"));
    QVERIFY(m_service->waitUntilReady());
    RawPeer peer(classic.port);
    QVERIFY(peer.login("passwd"));
    QVERIFY(m_service->manager.hears("STATUS=1 client is connected"));
    QCOMPARE(m_service->manager.count("STOPPING=1"), 0);
    m_service->signal(SIGTERM);
    QVERIFY(m_service->manager.hears("STOPPING=1"));
    QCOMPARE(m_service->exitCode(), 0);
}

void ServerService::theManagerIsToldToWaitForFiles()
{
    const UnitSocket classic;
    m_service->start({&classic}, "classic", m_service->sharing());
    QFile big(m_service->path("pub/big"));
    QVERIFY(big.open(QIODevice::WriteOnly));
    big.write(noise(16 * 1024 * 1024));
    big.close();
    QVERIFY(m_service->waitUntilReady());
    RawPeer slow(classic.port, nullptr, 4096);
    QVERIFY(slow.login("passwd"));
    QVERIFY(slow.send("FILE /pub/big\r\n"));
    QCOMPARE(slow.read(100).size(), 100);
    QCOMPARE(m_service->manager.count("EXTEND_TIMEOUT_USEC="), 0);
    m_service->signal(SIGTERM);
    QVERIFY(m_service->manager.hears("EXTEND_TIMEOUT_USEC=", 2));
    QVERIFY(m_service->manager.hears("STATUS=Waiting for the files of 1 client"));
    m_service->signal(SIGTERM);
    QCOMPARE(m_service->exitCode(), 143);
}

void ServerService::theManagerIsToldWhyItDoesNotStart()
{
    const UnitSocket taken;
    m_service->start({}, "",
                     m_service->sharing() + QStringList{QStringLiteral("--listen"),
                                                        QString::fromUtf8(taken.endpoint())});
    QCOMPARE(m_service->exitCode(), 98);
    QVERIFY(m_service->manager.hears("STATUS=Cannot listen on " + taken.endpoint()));
    QCOMPARE(m_service->manager.count("READY=1"), 0);
}

void ServerService::reloadingTakesSharesAndLimits()
{
    const UnitSocket classic;
    m_service->writeConfig("share = " + m_service->makeShare("one") + '\n');
    m_service->start({&classic}, "classic", m_service->configured());
    QVERIFY(m_service->waitUntilReady());
    RawPeer stays(classic.port);
    QVERIFY(stays.login("passwd"));
    QCOMPARE(stays.fetch("/one/one", 3), QByteArray("one"));

    m_service->writeConfig("share = " + m_service->makeShare("two") + "\nmax-sessions = 1\n");
    m_service->signal(SIGHUP);
    QVERIFY(m_service->manager.hears("READY=1", 2));
    QCOMPARE(m_service->manager.count("RELOADING=1"), 1);
    QCOMPARE(m_service->manager.count("MONOTONIC_USEC="), 1);
    QVERIFY(waitUntil([&] { return stays.fetch("/two/two", 3) == QByteArray("two"); }));
    QVERIFY(stays.send("FILE /one/one\r\n"));
    QVERIFY(stays.readLine().startsWith('!'));
    QCOMPARE(RawPeer(classic.port).readToEnd(), QByteArray("!Server is full.\r\n"));
    QCOMPARE(m_service->manager.count("STOPPING=1"), 0);
}

void ServerService::aWrongFileChangesNothing()
{
    const UnitSocket classic;
    const QByteArray good = "share = " + m_service->makeShare("one") + '\n';
    m_service->writeConfig(good);
    m_service->start({&classic}, "classic", m_service->configured());
    QVERIFY(m_service->waitUntilReady());
    RawPeer peer(classic.port);
    QVERIFY(peer.login("passwd"));

    m_service->writeConfig("share = " + m_service->makeShare("two") + "\nhistory = perhaps\n");
    m_service->signal(SIGHUP);
    const QByteArray sentence =
        QFile::encodeName(m_service->path("ferryd.conf")) + ", line 2: --history takes on or off";
    QVERIFY(m_service->says(sentence));
    QVERIFY(m_service->manager.hears("STATUS=" + sentence));
    QVERIFY(m_service->manager.hears("READY=1", 2));
    QCOMPARE(peer.fetch("/one/one", 3), QByteArray("one"));

    // Once it is right, the status is the usual one again.
    const qsizetype before = m_service->manager.count("STATUS=1 client");
    m_service->writeConfig(good);
    m_service->signal(SIGHUP);
    QVERIFY(m_service->manager.hears("STATUS=1 client", before + 1));
}

void ServerService::whatNeedsARestartIsSaid()
{
    const UnitSocket classic;
    const QByteArray share = "share = " + m_service->makeShare("one") + '\n';
    m_service->writeConfig(share);
    m_service->start({&classic}, "classic", m_service->configured());
    QVERIFY(m_service->waitUntilReady());
    const QByteArray sentence = "change at the next start";
    m_service->signal(SIGHUP);
    QVERIFY(m_service->manager.hears("READY=1", 2));
    QVERIFY(!m_service->errors().contains(sentence));
    m_service->writeConfig(share + "history = on\n");
    m_service->signal(SIGHUP);
    QVERIFY(m_service->says(sentence));
}

void ServerService::theFileItselfIsNotServed()
{
    const UnitSocket classic;
    m_service->writeConfig("share = all=" + QFile::encodeName(m_service->path(".")) + "\n");
    m_service->start({&classic}, "classic", m_service->configured());
    QVERIFY(m_service->waitUntilReady());
    RawPeer peer(classic.port);
    QVERIFY(peer.login("passwd"));
    QVERIFY(peer.send("FILE /all/ferryd.conf\r\n"));
    QCOMPARE(peer.readLine(), QByteArray("!File /all/ferryd.conf could not be opened.\r\n"));
}

void ServerService::thePasswordIsNotWrittenToTheJournal()
{
    m_service->password.clear(); // it makes one up
    const UnitSocket classic;
    QFile log(m_service->path("journal"));
    QVERIFY(log.open(QIODevice::ReadWrite));
    m_service->start({&classic}, "classic", m_service->sharing(),
                     {QStringLiteral("sh"), QStringLiteral("-c"),
                      QStringLiteral("f=$1; shift; JOURNAL_STREAM=$(stat -c %d:%i \"$f\") "
                                     "exec \"$@\" 2>\"$f\""),
                      QStringLiteral("sh"), log.fileName()});
    QVERIFY(m_service->waitUntilReady());
    QByteArray text;
    QVERIFY(waitUntil([&] {
        text += log.readAll();
        return text.contains("the password is in " +
                             QFile::encodeName(m_service->path("data/password")));
    }));
    QFile kept(m_service->path("data/password"));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    const QByteArray password = kept.readAll().trimmed();
    QVERIFY(!password.isEmpty() && !text.contains(password));
    RawPeer peer(classic.port);
    QVERIFY(peer.login(password));
}

void ServerService::aShareInAHiddenHomeSaysWhatToWrite()
{
    QStringList apart{QStringLiteral("unshare"), QStringLiteral("--mount")};
    if (::geteuid() != 0)
        apart.append(QStringLiteral("--map-root-user"));
    // As ProtectHome=tmpfs does it.
    apart << QStringLiteral("sh") << QStringLiteral("-c")
          << QStringLiteral(
                 "mount -t tmpfs -o mode=755 none /home && mkdir /home/anna && exec \"$@\"")
          << QStringLiteral("sh");
    if (QProcess::execute(apart.first(), apart.sliced(1) + QStringList{QStringLiteral("true")}) !=
        0)
        QSKIP("no mount namespaces here");
    const QStringList asService =
        apart + QStringList{QStringLiteral("env"), QStringLiteral("INVOCATION_ID=1")};
    const QByteArray hidden = QByteArray("/home") + "/anna/My Photos";
    m_service->start({}, "",
                     QStringList{QStringLiteral("--share"),
                                 QStringLiteral("Photos=") + QString::fromUtf8(hidden)},
                     asService);
    QCOMPARE(m_service->exitCode(), 2);
    QVERIFY(m_service->errors().contains("does not see " + hidden));
    QVERIFY(m_service->errors().contains("/etc/systemd/system/ferryd.service.d/shares.conf"));
    QVERIFY(m_service->errors().contains("[Service]\nBindReadOnlyPaths=\"" + hidden + "\"\n"));
    // A folder on the way to one that was let in is there, and empty.
    m_service->start({}, "", QStringList{QStringLiteral("--share"), QStringLiteral("/home/anna")},
                     asService);
    QCOMPARE(m_service->exitCode(), 2);
    QVERIFY(m_service->errors().contains("[Service]\nBindReadOnlyPaths=/home/anna\n"));
    // What takes files is written to.
    m_service->start({}, "", QStringList{QStringLiteral("--inbox"), QStringLiteral("/home/anna")},
                     asService);
    QCOMPARE(m_service->exitCode(), 2);
    QVERIFY(m_service->errors().contains("[Service]\nBindPaths=/home/anna\n"));
    // Somebody who has home folders in memory, and no service, made a mistake in the name.
    m_service->start({}, "", QStringList{QStringLiteral("--share"), QString::fromUtf8(hidden)},
                     apart);
    QCOMPARE(m_service->exitCode(), 2);
    QVERIFY(m_service->errors().contains("There is no file or folder " + hidden));
    // And elsewhere a folder that is not there is just that.
    m_service->start({}, "", QStringList{QStringLiteral("--share"), QStringLiteral("/nowhere/x")},
                     asService);
    QCOMPARE(m_service->exitCode(), 2);
    QVERIFY(m_service->errors().contains("There is no file or folder /nowhere/x.") &&
            !m_service->errors().contains("Bind"));
}

FERRY_TEST(ServerService)
#include "server_service.moc"
