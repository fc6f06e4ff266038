// SPDX-License-Identifier: MIT
// `ferry` with an invitation in the place of a host.
#include "support/terminal.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::test;

class ClientCliInvitations : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theRightServerNeedsNoQuestion();
    void itsPathIsTheFirstOne();
    void anotherServerIsRefused_data();
    void anotherServerIsRefused();
    void nobodyAtTheTerminalIsAskedAboutAnotherOne();
    void aSavedFingerprintIsNotOverruled();
    void whatMakesNoSenseIsUsage_data();
    void whatMakesNoSenseIsUsage();

private:
    /// `path` with its slash.
    QString link(const QByteArray &fingerprint, const QString &path = QStringLiteral("/")) const
    {
        return QStringLiteral("ferry://%1%2?fp=%3")
            .arg(m_pair->address(), path, QString::fromLatin1(fingerprint));
    }
    ProgramRun client(const QStringList &words) const
    {
        return m_pair->run(words + QStringList{QStringLiteral("--data-dir"), m_pair->clientData()},
                           TransferPair::password());
    }
    static QByteArray otherFingerprint() { return "sha256:" + QByteArray(64, '0'); }

    std::unique_ptr<TransferPair> m_pair;
};

void ClientCliInvitations::init()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/a b"), "content"));
    QVERIFY(m_pair->startServer());
}

void ClientCliInvitations::theRightServerNeedsNoQuestion()
{
    const ProgramRun run = client({QStringLiteral("ls"), link(m_pair->fingerprint())});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(run.output, QByteArray("pub/\n"));
    // Known from now on, also without the invitation.
    QCOMPARE(client({QStringLiteral("ls"), m_pair->address()}).exitCode, 0);
}

void ClientCliInvitations::itsPathIsTheFirstOne()
{
    const QString place = link(m_pair->fingerprint(), QStringLiteral("/pub/a%20b"));
    const ProgramRun run =
        client({QStringLiteral("get"), QStringLiteral("-d"), m_pair->target(), place});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(readFile(m_pair->target() + QStringLiteral("/a b")), QByteArray("content"));
    const ProgramRun two =
        client({QStringLiteral("ls"), link(m_pair->fingerprint(), QStringLiteral("/pub/")),
                QStringLiteral("/")});
    QVERIFY2(two.exitCode == 0, two.errors.constData());
    QVERIFY2(two.output.contains("a b\n") && two.output.contains("\npub/\n"),
             two.output.constData());
}

void ClientCliInvitations::anotherServerIsRefused_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("ls") << QStringList{QStringLiteral("ls")};
    QTest::newRow("get") << QStringList{QStringLiteral("get")};
    QTest::newRow("whoever it is")
        << QStringList{QStringLiteral("get"), QStringLiteral("--trust-new")};
    QTest::newRow("with the pin of the server")
        << QStringList{QStringLiteral("ls"), QStringLiteral("--pin"), QStringLiteral("PIN")};
}

void ClientCliInvitations::anotherServerIsRefused()
{
    QFETCH(QStringList, command);
    command.replaceInStrings(QStringLiteral("PIN"), QString::fromLatin1(m_pair->fingerprint()));
    const ProgramRun run =
        client(command + QStringList{link(otherFingerprint(), QStringLiteral("/pub"))});
    QCOMPARE(run.exitCode, 60);
    QVERIFY2(run.errors.contains("not the server that the invitation names"),
             run.errors.constData());
    QVERIFY(run.errors.contains(m_pair->fingerprint()));
    QVERIFY2(run.errors.contains("Ask whoever sent you"), run.errors.constData());
    QVERIFY(!run.errors.contains("--trust-new"));
    QCOMPARE(client({QStringLiteral("known")}).output, QByteArray());
    QVERIFY2(!m_pair->serverLog().contains("LOGIN"), m_pair->serverLog().constData());
}

void ClientCliInvitations::nobodyAtTheTerminalIsAskedAboutAnotherOne()
{
    for (const char *command : {"ls", "get"}) {
        Terminal terminal(Terminal::Errors);
        QProcess process;
        terminal.start(process, m_pair->root(), TransferPair::password(),
                       {QString::fromLatin1(command), QStringLiteral("--data-dir"),
                        m_pair->clientData(), link(otherFingerprint(), QStringLiteral("/pub"))});
        QVERIFY(terminal.waitFor("not the server that the invitation names"));
        QCOMPARE(finishProgram(process).exitCode, 60);
    }
}

void ClientCliInvitations::aSavedFingerprintIsNotOverruled()
{
    QCOMPARE(client({QStringLiteral("ls"), link(m_pair->fingerprint())}).exitCode, 0);
    m_pair->killServer();
    QVERIFY(QDir(m_pair->root() + QStringLiteral("/server")).removeRecursively());
    QVERIFY(m_pair->startServer());
    const ProgramRun run = client({QStringLiteral("ls"), link(m_pair->fingerprint())});
    QCOMPARE(run.exitCode, 60);
    QVERIFY2(run.errors.contains("has changed"), run.errors.constData());
    QVERIFY2(run.errors.contains("ferry forget"), run.errors.constData());
}

void ClientCliInvitations::whatMakesNoSenseIsUsage_data()
{
    const QString fingerprint = QString::fromLatin1(otherFingerprint());
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("password") << QStringList{QStringLiteral("ls"),
                                             QStringLiteral("ferry://a:kelp@host/")}
                              << QByteArray("password");
    QTest::newRow("damaged") << QStringList{QStringLiteral("ls"),
                                            QStringLiteral("ferry://host/?fp=sha256:12")}
                             << QByteArray("fingerprint");
    QTest::newRow("unencrypted") << QStringList{QStringLiteral("get"), QStringLiteral("--classic"),
                                                QStringLiteral("ferry://127.0.0.1/a?fp=") +
                                                    fingerprint}
                                 << QByteArray("--classic");
    QTest::newRow("no path") << QStringList{QStringLiteral("get"),
                                            QStringLiteral("ferry://127.0.0.1/")}
                             << QByteArray("PATH");
    QTest::newRow("path to forget")
        << QStringList{QStringLiteral("forget"), QStringLiteral("ferry://127.0.0.1/a")}
        << QByteArray("path");
    QTest::newRow("web page") << QStringList{QStringLiteral("ls"), QStringLiteral("http://host/")}
                              << QByteArray("a link, not an address");
}

void ClientCliInvitations::whatMakesNoSenseIsUsage()
{
    QFETCH(const QStringList, words);
    QFETCH(const QByteArray, said);
    const ProgramRun run = client(words);
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.errors.contains(said), run.errors.constData());
}

FERRY_TEST(ClientCliInvitations)
#include "client_cli_invitations.moc"
