// SPDX-License-Identifier: MIT
// `ferryd` and its commands with words that cannot be meant: what is said, and the exit code.
#include "support/program.h"
#include "support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

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
    void whatOthersCanChangeIsSaidOnceAndNotUsed_data();
    void whatOthersCanChangeIsSaidOnceAndNotUsed();

private:
    ProgramRun run(const QString &line, const QByteArray &input = {}) const
    {
        const QStringList words = line.split(u' ');
        const bool serves = words.constFirst().startsWith(u'-'); // none does, if all is well
        ProgramSettings settings;
        settings.input = input;
        return runProgram(
            QStringLiteral("ferryd"),
            words +
                (serves ? QStringList{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                      QStringLiteral("--classic"), QStringLiteral("127.0.0.1:0")}
                        : QStringList()) +
                QStringList{QStringLiteral("--data-dir"), m_dir->path()},
            settings);
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
    row("ban add 10.0.0.0/8", "Write 10.0.0.0.\nTry \"ferryd ban --help\".\n");
    row("ban add 010.1.1.1", "“010.1.1.1” is not an IP address. Write an IPv4 address as four ");
    row("ban add 10.1", "“10.1” is not an IP address.");
    row("ban add fe80::1%lo", "Leave out the interface behind the %. Write fe80::1.\n");
    row("ban remove localhost", "“localhost” is not an IP address.");
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

void ServerCommands::whatOthersCanChangeIsSaidOnceAndNotUsed_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("mode");
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("exitCode");
    const auto row = [](const char *file, int mode, const char *line, int exitCode) {
        QTest::addRow("%s %o, %s", file, unsigned(mode), line)
            << QString::fromLatin1(file) << mode << QString::fromLatin1(line) << exitCode;
    };
    row("bans", 0666, "--share pub=/usr", 2);
    row("bans", 0666, "ban list", 1);
    row("bans", 0666, "ban add 192.0.2.2", 1);
    row("bans", 0666, "ban remove 192.0.2.1", 1);
    row("accounts", 0644, "--share pub=/usr", 2);
    row("accounts", 0644, "account list", 1);
    row("accounts", 0644, "account remove ann", 1);
    row("accounts", 0644, "account add bob", 1);
    row("", 0777, "--share pub=/usr", 2);
    row("", 0777, "ban list", 1);
}

void ServerCommands::whatOthersCanChangeIsSaidOnceAndNotUsed()
{
    QFETCH(QString, file);
    QFETCH(int, mode);
    QFETCH(QString, line);
    QFETCH(int, exitCode);
    QCOMPARE(run(QStringLiteral("ban add 192.0.2.1")).exitCode, 0);
    const QByteArray password = "a password\n";
    QCOMPARE(run(QStringLiteral("account add ann"), password).exitCode, 0);
    const QString path = file.isEmpty() ? m_dir->path() : m_dir->filePath(file);
    const auto content = [&] {
        QFile opened(path);
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    };
    const QByteArray before = content();
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode_t(mode)), 0);
    const ProgramRun refused = run(line, password);
    QCOMPARE(::chmod(QFile::encodeName(m_dir->path()).constData(), 0700), 0);
    QVERIFY2(refused.exitCode == exitCode, refused.errors.constData());
    QVERIFY2(refused.errors.count("Others can ") == 1, refused.errors.constData());
    QVERIFY2(refused.errors.contains(path.toLocal8Bit()), refused.errors.constData());
    QCOMPARE(content(), before);
}

FERRY_TEST(ServerCommands)
#include "server_commands.moc"
