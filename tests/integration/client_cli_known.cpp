// SPDX-License-Identifier: MIT
// Whom `ferry` trusts: what it says of a server that is not the one it was, and the way out.
#include "support/terminal.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::test;

class ClientCliKnown : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aChangedIdentityHasAWayOut_data();
    void aChangedIdentityHasAWayOut();
    void aServerThatIsNotTrustedSaysHowItCanBe();
    void theSameKeyElsewhereIsNamed();
    void theQuestionNamesTheSameKeyElsewhere();
    void theKnownOnesAreListed();
    void forgettingWhatIsNotKnownIsThree();
    void aDamagedLineIsSaidAndCanBeForgotten();

private:
    /// `ls` with the client's own known servers.
    ProgramRun ls(const QStringList &more = {}) const
    {
        return client({QStringLiteral("ls"), m_pair->address(), QStringLiteral("/pub")}, more);
    }
    ProgramRun client(const QStringList &words, const QStringList &more = {}) const
    {
        return m_pair->run(words + QStringList{QStringLiteral("--data-dir"), m_pair->clientData()} +
                               more,
                           TransferPair::password());
    }
    QString file() const { return m_pair->clientData() + QStringLiteral("/known_servers"); }
    bool trust() const { return ls({QStringLiteral("--trust-new")}).exitCode == 0; }

    std::unique_ptr<TransferPair> m_pair;
};

void ClientCliKnown::init()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/a"), "content of a"));
    QVERIFY(m_pair->startServer());
}

void ClientCliKnown::aChangedIdentityHasAWayOut_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("get") << QStringList{QStringLiteral("get"), QStringLiteral("HOST"),
                                        QStringLiteral("/pub/a")};
    QTest::newRow("ls") << QStringList{QStringLiteral("ls"), QStringLiteral("HOST")};
    QTest::newRow("queue run") << QStringList{QStringLiteral("queue"), QStringLiteral("run")};
}

void ClientCliKnown::aChangedIdentityHasAWayOut()
{
    QFETCH(QStringList, command);
    command.replaceInStrings(QStringLiteral("HOST"), m_pair->address());
    QVERIFY(trust());
    QCOMPARE(client({QStringLiteral("queue"), QStringLiteral("add"), QStringLiteral("-d"),
                     m_pair->target(), m_pair->address(), QStringLiteral("/pub/a")})
                 .exitCode,
             0);
    m_pair->killServer();
    QVERIFY(QDir(m_pair->root() + QStringLiteral("/server")).removeRecursively());
    QVERIFY(m_pair->startServer());
    const ProgramRun changed = client(command);
    QCOMPARE(changed.exitCode, 60);
    const QByteArray wayOut = "\"ferry forget " + m_pair->address().toLatin1() + "\"";
    QVERIFY2(changed.errors.contains(wayOut), changed.errors.constData());
    QVERIFY2(changed.errors.contains(file().toLocal8Bit()), changed.errors.constData());
    QCOMPARE(changed.errors.count("has changed"), 1);
    const ProgramRun forgotten = client({QStringLiteral("forget"), m_pair->address()});
    QCOMPARE(forgotten.exitCode, 0);
    QCOMPARE(forgotten.output, m_pair->address().toLatin1() + " has been forgotten.\n");
    QVERIFY(trust());
}

void ClientCliKnown::aServerThatIsNotTrustedSaysHowItCanBe()
{
    const ProgramRun run = ls();
    QCOMPARE(run.exitCode, 60);
    QVERIFY2(run.errors.contains(m_pair->fingerprint()), run.errors.constData());
    QVERIFY2(run.errors.contains("--trust-new"), run.errors.constData());
    QVERIFY(!run.errors.contains("is known as"));
}

void ClientCliKnown::theSameKeyElsewhereIsNamed()
{
    QVERIFY(trust());
    const ProgramRun run =
        client({QStringLiteral("ls"), QStringLiteral("localhost:%1").arg(m_pair->port())});
    QCOMPARE(run.exitCode, 60);
    QVERIFY2(run.errors.contains("This key is known as " + m_pair->address().toLatin1()),
             run.errors.constData());
}

void ClientCliKnown::theQuestionNamesTheSameKeyElsewhere()
{
    QVERIFY(trust());
    Terminal terminal(Terminal::Errors);
    QProcess process;
    terminal.start(process, m_pair->root(), TransferPair::password(),
                   {QStringLiteral("ls"), QStringLiteral("--data-dir"), m_pair->clientData(),
                    QStringLiteral("localhost:%1").arg(m_pair->port())});
    QVERIFY(terminal.waitFor("This key is known as " + m_pair->address().toLatin1()));
    QVERIFY(terminal.waitFor("[y/N] "));
    terminal.type("y\n");
    QCOMPARE(finishProgram(process).exitCode, 0);
}

void ClientCliKnown::theKnownOnesAreListed()
{
    QCOMPARE(client({QStringLiteral("known")}).output, QByteArray());
    QVERIFY(trust());
    const QByteArray server = m_pair->address().toLatin1();
    const ProgramRun listed = client({QStringLiteral("known")});
    QCOMPARE(listed.exitCode, 0);
    QCOMPARE(listed.output, server + "  " + m_pair->fingerprint() + '\n');
    QCOMPARE(client({QStringLiteral("known"), QStringLiteral("--json")}).output,
             "{\"event\":\"known\",\"fingerprint\":\"" + m_pair->fingerprint() +
                 "\",\"server\":\"" + server + "\"}\n");
}

void ClientCliKnown::forgettingWhatIsNotKnownIsThree()
{
    QVERIFY(trust());
    const ProgramRun run = client(
        {QStringLiteral("forget"), QStringLiteral("other.example"), QStringLiteral("127.0.0.1")});
    QCOMPARE(run.exitCode, 3);
    QVERIFY(run.errors.contains("other.example"));
    QCOMPARE(run.output, m_pair->address().toLatin1() + " has been forgotten.\n");
    QCOMPARE(client({QStringLiteral("forget")}).exitCode, 2);
}

void ClientCliKnown::aDamagedLineIsSaidAndCanBeForgotten()
{
    QVERIFY(trust());
    QVERIFY(writeFile(file(), m_pair->address().toLatin1() + " sha256:12\n"));
    QCOMPARE(ls({QStringLiteral("--trust-new")}).exitCode, 9);
    QCOMPARE(client({QStringLiteral("known")}).exitCode, 9);
    QCOMPARE(client({QStringLiteral("forget"), m_pair->address()}).exitCode, 0);
    QVERIFY(trust());
}

FERRY_TEST(ClientCliKnown)
#include "client_cli_known.moc"
