// SPDX-License-Identifier: MIT
#include "server-cli/hiddenfolder.h"
#include "server-cli/options.h"
#include "support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <utility>

using namespace ferry;
using namespace ferry::servercli;

/// ferryd's options in a file.
class TestConfigFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linesAreOptions();
    void theCommandLineCounts();
    void wrongLinesAreNamed_data();
    void wrongLinesAreNamed();
    void aFileThatCannotBeReadIsNamed();
    void aFileThatOthersCanChangeIsRefused();
    void aFileWithoutSharesSaysWhatToWrite();
    void pathsAreWrittenAsUnitsTakeThem_data();
    void pathsAreWrittenAsUnitsTakeThem();

private:
    QByteArray write(const QByteArray &text)
    {
        QFile file(m_dir.filePath(QStringLiteral("ferryd.conf")));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("the file cannot be written");
        return QFile::encodeName(file.fileName());
    }
    QByteArray folder() const { return QFile::encodeName(m_dir.path()); }
    QTemporaryDir m_dir;
};

void TestConfigFile::linesAreOptions()
{
    const QByteArray path =
        write("# a comment\n\n  share = One # two=" + folder() + "\r\nshare=b=" + folder() +
              "\n\tmax-sessions\t=\t7\n" + "limit-rate = 500k\nquota = 2G\nhistory = on");
    const auto options = parseOptions({"--config", path});
    QVERIFY2(options.ok(), options.ok() ? "" : qPrintable(options.error().text));
    QCOMPARE(options.value().shares.size(), 2);
    // Only a whole line is a comment.
    QCOMPARE(options.value().shares[0].name, QByteArray("One # two"));
    QCOMPARE(options.value().shares[1].name, QByteArray("b"));
    QCOMPARE(options.value().maxSessions, std::optional(7));
    QCOMPARE(options.value().rateLimit, 500'000);
    QCOMPARE(options.value().uploads.accountBytes, 2'000'000'000);
    QVERIFY(options.value().history);
    QCOMPARE(options.value().configFile, path);
}

void TestConfigFile::theCommandLineCounts()
{
    const QByteArray path = write("share = a=" + folder() + "\nmax-sessions = 7\n");
    const auto options =
        parseOptions({"--max-sessions", "9", "--config", path, "--share", "b=" + folder()});
    QVERIFY(options.ok());
    QCOMPARE(options.value().maxSessions, std::optional(9));
    QCOMPARE(options.value().shares.size(), 2); // of both
}

void TestConfigFile::wrongLinesAreNamed_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const QByteArray &line, const char *sentence) {
        QTest::newRow(name) << line << QString::fromUtf8(sentence);
    };
    row("no value", "history", "expected: name = value");
    row("no name", "= on", "expected: name = value");
    row("NUL", QByteArray("share = a\0b", 11), "expected: name = value");
    row("empty value", "history =", "history needs a value");
    row("unknown", "frobnicate = 1", "there is no setting “frobnicate”");
    row("with its dashes", "--history = on", "there is no setting “--history”");
    row("a short name", "v = 1", "there is no setting “v”");
    row("no setting", "help = on", "there is no setting “help”");
    row("itself", "config = x", "there is no setting “config”");
    row("wrong value", "max-sessions = 0", "--max-sessions takes a number from 1 on");
    row("wrong folder", "share = /no/such/folder", "There is no file or folder /no/such/folder.");
    row("wrong address", "listen = x", "not an ADDR:PORT: x");
    row("wrong size", "quota = much", "--quota takes a size, such as 500M or 2G; 0 means no limit");
    row("wrong switch", "history = maybe", "--history takes on or off");
}

void TestConfigFile::wrongLinesAreNamed()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, sentence);
    const QByteArray path = write("share = a=" + folder() + "\n\n" + line + '\n');
    const auto options = parseOptions({"--config", path});
    QVERIFY(!options.ok());
    QCOMPARE(options.error().text,
             QString::fromUtf8(path) + QStringLiteral(", line 3: ") + sentence);
}

void TestConfigFile::aFileThatCannotBeReadIsNamed()
{
    for (const QByteArray &path : {folder() + "/none", folder()}) {
        const auto options = parseOptions({"--share", folder(), "--config", path});
        QVERIFY(!options.ok());
        QVERIFY(options.error().text.contains(QString::fromUtf8(path)));
    }
    const auto options = parseOptions({"--config", write(QByteArray(1024 * 1024 + 1, '#'))});
    QVERIFY(!options.ok());
    QVERIFY(options.error().text.endsWith(QStringLiteral("is too long")));
}

void TestConfigFile::aFileThatOthersCanChangeIsRefused()
{
    const QByteArray path = write("share = a=" + folder() + '\n');
    for (const auto &[mode, good] : {std::pair(0644, true), std::pair(0660, false),
                                     std::pair(0666, false), std::pair(0600, true)}) {
        QCOMPARE(::chmod(path.constData(), mode_t(mode)), 0);
        const auto options = parseOptions({"--config", path});
        QCOMPARE(options.ok(), good);
        QVERIFY(good || options.error().text.contains(QStringLiteral("Others can change")));
    }
}

void TestConfigFile::aFileWithoutSharesSaysWhatToWrite()
{
    const auto options = parseOptions({"--config", write("history = on\n")});
    QVERIFY(!options.ok());
    QVERIFY(options.error().text.contains(QStringLiteral("write at least one \"share = FOLDER\"")));
}

void TestConfigFile::pathsAreWrittenAsUnitsTakeThem_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("inUnit");
    QTest::newRow("plain") << QByteArray("/srv/Bücher") << QByteArray("/srv/Bücher");
    QTest::newRow("blank") << QByteArray("/srv/a b") << QByteArray("\"/srv/a b\"");
    QTest::newRow("specifier") << QByteArray("/srv/100%") << QByteArray("/srv/100%%");
    QTest::newRow("colon") << QByteArray("/srv/a:b") << QByteArray("/srv/a\\:b");
    QTest::newRow("quote") << QByteArray("/srv/a\"b") << QByteArray("\"/srv/a\\\"b\"");
}

void TestConfigFile::pathsAreWrittenAsUnitsTakeThem()
{
    QFETCH(QByteArray, path);
    QTEST(unitPath(path), "inUnit");
}

FERRY_TEST(TestConfigFile)
#include "tst_configfile.moc"
