// SPDX-License-Identifier: MIT
#include "client/connect/knownservers.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace ferry;
using namespace ferry::client;

namespace {

QByteArray pin(char digit)
{
    return "sha256:" + QByteArray(64, digit);
}

} // namespace

class TestKnownServers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void nobodyIsKnownAtFirst();
    void aSavedPinIsTheSameOrChanged();
    void hostAndPortTogetherName_data();
    void hostAndPortTogetherName();
    void theFileIsForItsOwnerOnly();
    void aFileThatOthersCanChangeIsNotTrusted_data();
    void aFileThatOthersCanChangeIsNotTrusted();
    void savingAgainReplacesInPlace();
    void removingForgets();
    void removingWithoutAPortForgetsAllOfTheHost();
    void removingWhatIsNotThereMakesNoFile();
    void aDamagedLineCanBeRemoved();
    void theSameKeyIsFoundAtOtherAddresses();
    void damagedLinesAreKeptAndTold();
    void aDamagedPinIsNotTakenForNew();
    void anUnreadableFileIsNotTakenForEmpty();
    void rubbishIsNotSaved();
    void severalProgramsLoseNoEntry();

private:
    QString file() const { return m_folder->filePath(QStringLiteral("ferry/known_servers")); }
    QByteArray content() const
    {
        QFile opened(file());
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }
    void setContent(const QByteArray &text) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(file()).path()));
        QFile opened(file());
        QVERIFY(opened.open(QIODevice::WriteOnly));
        QCOMPARE(opened.write(text), text.size());
    }
    KnownServers::Match match(const char *host, quint16 port, const QByteArray &fingerprint) const
    {
        return KnownServers(file())
            .lookup(QString::fromLatin1(host), port, fingerprint)
            .value()
            .match;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

using Match = KnownServers::Match;

void TestKnownServers::nobodyIsKnownAtFirst()
{
    QCOMPARE(match("host", 7420, pin('a')), Match::Unknown);
    QVERIFY(!QFile::exists(file()));
    QVERIFY(KnownServers(file()).list().value().isEmpty());
}

void TestKnownServers::aSavedPinIsTheSameOrChanged()
{
    QVERIFY(KnownServers(file()).save(QStringLiteral("host"), 7420, pin('a')).ok());
    QCOMPARE(match("host", 7420, pin('a')), Match::Same);
    QCOMPARE(match("host", 7420, pin('b')), Match::Changed);
    QCOMPARE(match("host", 7420, ""), Match::Changed);
    const auto answer = KnownServers(file()).lookup(QStringLiteral("host"), 7420, pin('b'));
    QCOMPARE(answer.value().saved, pin('a'));
    QCOMPARE(content(), "host:7420 " + pin('a') + '\n');
}

void TestKnownServers::hostAndPortTogetherName_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QByteArray>("key");
    const auto row = [](const char *host, int port, const char *key) {
        QTest::addRow("%s %d", host, port) << QString::fromUtf8(host) << port << QByteArray(key);
    };
    row("host", 7420, "host:7420");
    row("Host.Example", 1, "host.example:1");
    row("127.0.0.1", 7420, "127.0.0.1:7420");
    row("::1", 7420, "[::1]:7420");
    row("2001:DB8:0:0:0:0:0:1", 7420, "[2001:db8::1]:7420");
    row("fe80::1%eth0", 7420, "[fe80::1%eth0]:7420");
    row("", 7420, "");
    row("host", 0, "");
    row("a b", 7420, "");
    row("a\nb", 7420, "");
    row("#host", 7420, "");
}

void TestKnownServers::hostAndPortTogetherName()
{
    QFETCH(QString, host);
    QFETCH(int, port);
    QFETCH(QByteArray, key);
    QCOMPARE(KnownServers::key(host, quint16(port)), key);
}

void TestKnownServers::theFileIsForItsOwnerOnly()
{
    const mode_t before = ::umask(0);
    const Result<> saved = KnownServers(file()).save(QStringLiteral("host"), 7420, pin('a'));
    ::umask(before);
    QVERIFY(saved.ok());
    struct stat status = {};
    QCOMPARE(::stat(QFile::encodeName(file()).constData(), &status), 0);
    QCOMPARE(int(status.st_mode & 07777), 0600);
}

void TestKnownServers::aFileThatOthersCanChangeIsNotTrusted_data()
{
    QTest::addColumn<bool>("folder");
    QTest::addColumn<int>("mode");
    QTest::newRow("file 0666") << false << 0666;
    QTest::newRow("file 0777") << false << 0777;
    QTest::newRow("file 0660") << false << 0660;
    QTest::newRow("folder 0777") << true << 0777;
    QTest::newRow("folder 0770") << true << 0770;
}

void TestKnownServers::aFileThatOthersCanChangeIsNotTrusted()
{
    QFETCH(bool, folder);
    QFETCH(int, mode);
    KnownServers known(file());
    QVERIFY(known.save(QStringLiteral("host"), 7420, pin('a')));
    const QByteArray before = content();
    const QByteArray name = QFile::encodeName(folder ? QFileInfo(file()).path() : file());
    QCOMPARE(::chmod(name.constData(), mode_t(mode)), 0);

    const auto found = known.lookup(QStringLiteral("host"), 7420, pin('a'));
    QVERIFY(!found.ok());
    QCOMPARE(int(found.error().code), int(ErrorCode::Invalid));
    QVERIFY(found.error().text.contains(QFileInfo(file()).path()));
    QVERIFY(!known.list().ok());
    // Neither is it written as if all that is in it were ours.
    QVERIFY(!known.save(QStringLiteral("other"), 7420, pin('b')).ok());
    QVERIFY(!known.remove(QStringLiteral("host"), 7420).ok());
    QCOMPARE(content(), before);

    QCOMPARE(::chmod(name.constData(), folder ? 0755 : 0644), 0);
    QCOMPARE(match("host", 7420, pin('a')), Match::Same);
}

void TestKnownServers::savingAgainReplacesInPlace()
{
    KnownServers known(file());
    for (const char *host : {"a", "b", "c"})
        QVERIFY(known.save(QString::fromLatin1(host), 7420, pin('1')).ok());
    QVERIFY(known.save(QStringLiteral("B"), 7420, pin('2')).ok());
    QVERIFY(known.save(QStringLiteral("b"), 7421, pin('3')).ok());
    QCOMPARE(content(), "a:7420 " + pin('1') + "\nb:7420 " + pin('2') + "\nc:7420 " + pin('1') +
                            "\nb:7421 " + pin('3') + '\n');
    QCOMPARE(known.list().value().size(), 4);
    QCOMPARE(known.list().value().at(1).server, QByteArray("b:7420"));
    QCOMPARE(known.list().value().at(1).fingerprint, pin('2'));
}

void TestKnownServers::removingForgets()
{
    KnownServers known(file());
    QVERIFY(known.save(QStringLiteral("a"), 7420, pin('1')).ok());
    QVERIFY(known.save(QStringLiteral("b"), 7420, pin('1')).ok());
    QVERIFY(known.remove(QStringLiteral("a"), 7420).ok());
    QVERIFY(known.remove(QStringLiteral("nobody"), 7420).ok());
    QCOMPARE(match("a", 7420, pin('1')), Match::Unknown);
    QCOMPARE(match("b", 7420, pin('1')), Match::Same);
}

void TestKnownServers::removingWithoutAPortForgetsAllOfTheHost()
{
    KnownServers servers(file());
    QVERIFY(servers.save(QStringLiteral("Host"), 1, pin('a')).ok());
    QVERIFY(servers.save(QStringLiteral("host"), 2, pin('b')).ok());
    QVERIFY(servers.save(QStringLiteral("host.example"), 1, pin('c')).ok());
    QVERIFY(servers.save(QStringLiteral("::1"), 1, pin('d')).ok());
    QCOMPARE(servers.remove(QStringLiteral("hOst"), 0).value(),
             (QByteArrayList{"host:1", "host:2"}));
    QCOMPARE(servers.remove(QStringLiteral("0:0::1"), 0).value(), QByteArrayList{"[::1]:1"});
    QCOMPARE(content(), "host.example:1 " + pin('c') + '\n');
}

void TestKnownServers::removingWhatIsNotThereMakesNoFile()
{
    QVERIFY(KnownServers(file()).remove(QStringLiteral("host"), 1).value().isEmpty());
    QVERIFY(KnownServers(file()).remove(QString(), 0).value().isEmpty());
    QVERIFY(!QFile::exists(file()));
}

void TestKnownServers::aDamagedLineCanBeRemoved()
{
    setContent("host:1 sha256:12\nother:1 nonsense\n");
    QCOMPARE(KnownServers(file()).remove(QStringLiteral("host"), 1).value(),
             QByteArrayList{"host:1"});
    QCOMPARE(content(), QByteArray("other:1 nonsense\n"));
}

void TestKnownServers::theSameKeyIsFoundAtOtherAddresses()
{
    KnownServers servers(file());
    QVERIFY(servers.serversWith(pin('a')).isEmpty());
    QVERIFY(servers.save(QStringLiteral("one"), 1, pin('a')).ok());
    QVERIFY(servers.save(QStringLiteral("two"), 2, pin('b')).ok());
    QVERIFY(servers.save(QStringLiteral("three"), 3, pin('a')).ok());
    QCOMPARE(servers.serversWith(pin('a')), (QByteArrayList{"one:1", "three:3"}));
    QVERIFY(servers.serversWith(pin('c')).isEmpty());
}

void TestKnownServers::damagedLinesAreKeptAndTold()
{
    const QByteArray damaged = "rubbish\nhost2:7420 sha256:12\n" + QByteArray("\0\xff\n", 3);
    setContent("# a comment\n" + damaged + "host:7420 " + pin('a') + "\r\n\nlast:1 " +
               pin('b').toUpper());
    QCOMPARE(match("host", 7420, pin('a')), Match::Same);
    QCOMPARE(match("last", 1, pin('b')), Match::Same);
    QStringList problems;
    QCOMPARE(KnownServers(file()).list(&problems).value().size(), 2);
    QCOMPARE(problems.size(), 3);
    QVERIFY(problems.at(0).contains(QStringLiteral("line 2")));
    QVERIFY(KnownServers(file()).save(QStringLiteral("new"), 7420, pin('c')).ok());
    QVERIFY(content().startsWith("# a comment\n" + damaged));
    QCOMPARE(match("host", 7420, pin('a')), Match::Same);
    QCOMPARE(match("last", 1, pin('b')), Match::Same);
    QCOMPARE(match("new", 7420, pin('c')), Match::Same);
}

void TestKnownServers::aDamagedPinIsNotTakenForNew()
{
    setContent("host:7420 " + pin('a').chopped(1) + "\n");
    const auto answer = KnownServers(file()).lookup(QStringLiteral("host"), 7420, pin('a'));
    QVERIFY(!answer.ok());
    QCOMPARE(int(answer.error().code), int(ErrorCode::Damaged));
    QCOMPARE(match("other", 7420, pin('a')), Match::Unknown);
    QVERIFY(KnownServers(file()).remove(QStringLiteral("host"), 7420).ok());
    QCOMPARE(match("host", 7420, pin('a')), Match::Unknown);
}

void TestKnownServers::anUnreadableFileIsNotTakenForEmpty()
{
    QVERIFY(QDir().mkpath(file())); // a folder in its place
    const auto answer = KnownServers(file()).lookup(QStringLiteral("host"), 7420, pin('a'));
    QVERIFY(!answer.ok());
    QCOMPARE(int(answer.error().code), int(ErrorCode::LocalFile));
    QVERIFY(!KnownServers(file()).save(QStringLiteral("host"), 7420, pin('a')).ok());
    QVERIFY(QFileInfo(file()).isDir());
}

void TestKnownServers::rubbishIsNotSaved()
{
    KnownServers known(file());
    QVERIFY(!known.save(QStringLiteral("host"), 7420, "").ok());
    QVERIFY(!known.save(QStringLiteral("host"), 7420, "sha256:12").ok());
    QVERIFY(!known.save(QStringLiteral("a\nevil:7420"), 7420, pin('a')).ok());
    QVERIFY(!QFile::exists(file()));
}

void TestKnownServers::severalProgramsLoseNoEntry()
{
    std::vector<std::thread> threads;
    std::atomic_int failures = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            KnownServers known(file());
            for (int round = 0; round < 8; ++round) {
                if (!known.save(QStringLiteral("host%1").arg(i * 10 + round), 7420, pin('a')))
                    ++failures;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    QCOMPARE(KnownServers(file()).list().value().size(), 32);
}

FERRY_TEST(TestKnownServers)
#include "tst_knownservers.moc"
