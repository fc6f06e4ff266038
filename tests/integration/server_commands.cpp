// SPDX-License-Identifier: MIT
// `ferryd` and its commands with words that cannot be meant: what is said, and the exit code.
#include "support/program.h"
#include "support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace ferry::test;

class ServerCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void wrongWordsAreNamed_data();
    void wrongWordsAreNamed();
    void whatIsNotThereCannotBeRemoved_data();
    void whatIsNotThereCannotBeRemoved();
    void aDamagedHistoryIsNamed();

private:
    ProgramRun run(const QString &line) const
    {
        const QStringList words = line.split(u' ');
        const bool serves = words.constFirst().startsWith(u'-'); // none does, if all is well
        return runProgram(
            QStringLiteral("ferryd"),
            words +
                (serves ? QStringList{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                      QStringLiteral("--classic"), QStringLiteral("127.0.0.1:0")}
                        : QStringList()) +
                QStringList{QStringLiteral("--data-dir"), m_dir->path()});
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void ServerCommands::wrongWordsAreNamed_data()
{
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char *line, const char *error) {
        QTest::newRow(line) << QByteArray(error);
    };
    row("--frob", "unknown option: --frob\nTry \"ferryd --help\".\n");
    row("--frob=1", "unknown option: --frob\n");
    row("--help=1", "--help takes no value\n");
    row("--history=", "--history needs a value: on|off\n");
    row("frob", "unexpected argument: frob\n");
    row("--share a=", "The name of the folder is missing.\n");
    row("--listen 127.0.0.1:0", "nothing is shared");
    row("account frob x", "unknown command: frob\nTry \"ferryd account --help\".\n");
    row("account add a\u202Eb", "a\\u202Eb”");
    row("account", "expected: list, add NAME or remove NAME\n");
    row("ban add", "expected: list, add ADDR or remove ADDR\n");
    row("ban frob 10.0.0.1", "unknown command: frob\nTry \"ferryd ban --help\".\n");
    row("ban add 10.0.0.0/8", "not an address: 10.0.0.0/8\n");
    row("ban remove localhost", "not an address: localhost\n");
    row("history --frob", "unknown option: --frob\nTry \"ferryd history --help\".\n");
}

void ServerCommands::wrongWordsAreNamed()
{
    QFETCH(QByteArray, error);
    const ProgramRun wrong = run(QString::fromUtf8(QTest::currentDataTag()));
    QVERIFY2(wrong.errors.contains(error), wrong.errors.constData());
    QVERIFY(wrong.errors.startsWith("ferryd: "));
    QVERIFY(wrong.errors.count('\n') <= 2);
    QCOMPARE(wrong.exitCode, 2);
    QCOMPARE(wrong.output, QByteArray());
}

void ServerCommands::whatIsNotThereCannotBeRemoved_data()
{
    QTest::addColumn<QByteArray>("error");
    QTest::newRow("account remove ann") << QByteArray("There is no account ann.");
    QTest::newRow("ban remove 192.0.2.1") << QByteArray("192.0.2.1 is not blocked");
    QTest::newRow("ban remove 2001:db8::1/64") << QByteArray("2001:db8::1/64 is not blocked");
}

void ServerCommands::whatIsNotThereCannotBeRemoved()
{
    QFETCH(QByteArray, error);
    const QString line = QString::fromLatin1(QTest::currentDataTag());
    const ProgramRun removed = run(line);
    QVERIFY2(removed.errors.contains(error), removed.errors.constData());
    QCOMPARE(removed.exitCode, 1);
    if (line.startsWith(QStringLiteral("account")))
        return;
    QString added = line;
    QCOMPARE(run(added.replace(QStringLiteral("remove"), QStringLiteral("add"))).exitCode, 0);
    QCOMPARE(run(line).exitCode, 0);
}

void ServerCommands::aDamagedHistoryIsNamed()
{
    QFile file(m_dir->filePath(QStringLiteral("history.sqlite")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(5000, 'x'));
    file.close();
    const ProgramRun history = run(QStringLiteral("history"));
    QCOMPARE(history.exitCode, 1);
    QVERIFY2(history.errors.contains(file.fileName().toLocal8Bit() + " is damaged"),
             history.errors.constData());
}

FERRY_TEST(ServerCommands)
#include "server_commands.moc"
