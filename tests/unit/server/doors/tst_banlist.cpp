// SPDX-License-Identifier: MIT
#include "server/doors/addressblock.h"
#include "server/doors/banlist.h"
#include "support/testprogram.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace ferry;
using namespace ferry::server;

namespace {

QHostAddress address(const char *text)
{
    return QHostAddress(QString::fromLatin1(text));
}

} // namespace

class TestBanList : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void anAddressIsBannedAndLetInAgain();
    void ofIpv6TheWholeNetworkIsBanned();
    void ipv4ThroughAnIpv6SocketIsTheSame();
    void ofLoopbackOneAddressIsBanned();
    void bansSurviveARestart();
    void anotherProgramsChangeIsSeen();
    void aDamagedLineIsToldAndKept();
    void whatAPersonTypesIsABlock_data();
    void whatAPersonTypesIsABlock();
    void whatIsNoBlockIsRefused_data();
    void whatIsNoBlockIsRefused();
    void aLineWithAnotherNotationIsDamaged();
    void aFileThatOthersCanChangeIsNotTrusted_data();
    void aFileThatOthersCanChangeIsNotTrusted();
    void aFileThatCannotBeReadLosesNoBan();
    void whatCouldNotBeWrittenStaysInForce();
    void withoutAFolderBansHoldForTheRun();
    void onlyTheOwnerMayReadTheFile();
    void aBanForAWhileEndsByItself();
    void aBanForAWhileIsNeverInTheFile();
    void aBanForAWhileGivesWayToOneForGood();

private:
    QString path() const { return m_folder->filePath(QStringLiteral("bans")); }
    void write(const QByteArray &content) const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    QByteArray read() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestBanList::anAddressIsBannedAndLetInAgain()
{
    BanList bans(m_folder->path());
    QVERIFY(!bans.isBanned(address("192.168.1.44")));
    QVERIFY(bans.ban(address("192.168.1.44")).ok());
    QVERIFY(bans.ban(address("192.168.1.44")).ok());
    QVERIFY(bans.isBanned(address("192.168.1.44")));
    QVERIFY(!bans.isBanned(address("192.168.1.45")));
    QCOMPARE(bans.list().size(), 1);
    QVERIFY(bans.lift(address("192.168.1.44")).ok());
    QVERIFY(!bans.isBanned(address("192.168.1.44")));
    QVERIFY(bans.list().isEmpty());
}

void TestBanList::ofIpv6TheWholeNetworkIsBanned()
{
    BanList bans(m_folder->path());
    QVERIFY(bans.ban(address("2001:db8:1:2::7")).ok());
    QVERIFY(bans.isBanned(address("2001:db8:1:2:ffff::1")));
    QVERIFY(!bans.isBanned(address("2001:db8:1:3::7")));
    QCOMPARE(blockText(bans.list().first().block), QStringLiteral("2001:db8:1:2::/64"));
}

void TestBanList::ipv4ThroughAnIpv6SocketIsTheSame()
{
    BanList bans(m_folder->path());
    QVERIFY(bans.ban(address("::ffff:10.1.2.3")).ok());
    QVERIFY(bans.isBanned(address("10.1.2.3")));
    QCOMPARE(blockText(bans.list().first().block), QStringLiteral("10.1.2.3"));
}

void TestBanList::whatAPersonTypesIsABlock_data()
{
    QTest::addColumn<QString>("block");
    const auto row = [](const char *text, const char *block) {
        QTest::newRow(text) << QString::fromLatin1(block);
    };
    row("10.1.2.3", "10.1.2.3");
    row("10.1.2.3/32", "10.1.2.3");
    row("::ffff:10.1.2.3", "10.1.2.3");
    row("2001:db8::7", "2001:db8::/64");
    row("2001:db8::7/64", "2001:db8::/64");
    row("2001:db8::/64", "2001:db8::/64");
    row("fe80::1", "fe80::/64");
    row("::1", "::1");
    row("::1/128", "::1");
}

void TestBanList::whatAPersonTypesIsABlock()
{
    QFETCH(QString, block);
    const auto parsed = parseBlock(QString::fromLatin1(QTest::currentDataTag()));
    QVERIFY2(parsed.ok(), parsed ? "" : qPrintable(parsed.error().text));
    QCOMPARE(blockText(parsed.value()), block);
    // And what is shown is taken again.
    QCOMPARE(parseBlock(block).value(), parsed.value());
}

void TestBanList::whatIsNoBlockIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
         {"", "/64", "010.1.1.1", "10.1", "10.1.1.1/64", "10.1.1.1/24", "10.1.1.1/032", "10.1.1.1/",
          "2001:db8::/48", "2001:db8::/128", "2001:db8::/64/64", "::1/64", "fe80::1%lo",
          "fe80::1%lo/64", "fe80::1/64%lo", "localhost"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestBanList::whatIsNoBlockIsRefused()
{
    QFETCH(QString, text);
    const auto parsed = parseBlock(text);
    QVERIFY(!parsed.ok());
    QVERIFY2(parsed.error().text.contains(QStringLiteral("Write ")),
             qPrintable(parsed.error().text));
}

void TestBanList::aLineWithAnotherNotationIsDamaged()
{
    write("ferry-bans 1\nban 010.1.1.1 5\nban 10.1 5\nban 10.1.1.2 5\nban 2001:db8::/64 5\n");
    BanList bans(m_folder->path());
    QVERIFY(bans.refresh().ok());
    QCOMPARE(bans.problems().size(), 2);
    QVERIFY(!bans.isBanned(address("8.1.1.1")));
    QVERIFY(!bans.isBanned(address("10.0.0.1")));
    QVERIFY(bans.isBanned(address("10.1.1.2")));
    QVERIFY(bans.isBanned(address("2001:db8::9")));
}

void TestBanList::aFileThatOthersCanChangeIsNotTrusted_data()
{
    QTest::addColumn<bool>("folder");
    QTest::addColumn<int>("mode");
    QTest::newRow("file, everybody") << false << 0666;
    QTest::newRow("file, the group") << false << 0620;
    QTest::newRow("folder, everybody") << true << 0777;
}

void TestBanList::aFileThatOthersCanChangeIsNotTrusted()
{
    QFETCH(bool, folder);
    QFETCH(int, mode);
    BanList running(m_folder->path());
    QVERIFY(running.ban(address("10.1.1.1")).ok());
    const QByteArray before = read();
    const QByteArray name = QFile::encodeName(folder ? m_folder->path() : path());
    QCOMPARE(::chmod(name.constData(), mode_t(mode)), 0);

    BanList bans(m_folder->path());
    const auto refused = bans.refresh();
    QVERIFY(!refused.ok());
    QCOMPARE(int(refused.error().code), int(ErrorCode::Invalid));
    QCOMPARE(bans.problems().size(), 1);
    QVERIFY(!bans.ban(address("10.1.1.2")).ok()); // or it would be written as if it were ours
    QCOMPARE(read(), before);
    QVERIFY(running.isBanned(address("10.1.1.1")));

    QCOMPARE(::chmod(name.constData(), folder ? 0700 : 0644), 0);
    QVERIFY(bans.refresh().ok());
    QVERIFY(bans.isBanned(address("10.1.1.1")));
    QVERIFY(bans.isBanned(address("10.1.1.2")));
}

void TestBanList::ofLoopbackOneAddressIsBanned()
{
    for (const char *special : {"::1", "::", "::7f00:1"}) {
        QVERIFY(BanList(m_folder->path()).ban(address(special)).ok());
        BanList bans(m_folder->path());
        QVERIFY(bans.refresh().value());
        QCOMPARE(bans.list().size(), 1);
        QCOMPARE(blockText(bans.list().first().block), address(special).toString());
        QVERIFY(bans.isBanned(address(special)));
        for (const char *other : {"0.0.0.0", "127.0.0.1", "::2", "::ffff:127.0.0.1"})
            QVERIFY2(!bans.isBanned(address(other)), other);
        QVERIFY(bans.lift(address(special)).ok());
    }
}

void TestBanList::bansSurviveARestart()
{
    QVERIFY(BanList(m_folder->path()).ban(address("10.0.0.1")).ok());
    QVERIFY(BanList(m_folder->path()).ban(address("2001:db8::1")).ok());
    BanList bans(m_folder->path());
    QVERIFY(bans.refresh().value());
    QVERIFY(bans.isBanned(address("10.0.0.1")));
    QVERIFY(bans.isBanned(address("2001:db8::2")));
    QCOMPARE(bans.list().size(), 2);
    QVERIFY(bans.problems().isEmpty());
}

void TestBanList::anotherProgramsChangeIsSeen()
{
    BanList ours(m_folder->path());
    QVERIFY(ours.ban(address("10.0.0.1")).ok());
    QVERIFY(!ours.refresh().value());
    BanList theirs(m_folder->path());
    QVERIFY(theirs.ban(address("10.0.0.2")).ok());
    QVERIFY(ours.refresh().value());
    QVERIFY(ours.isBanned(address("10.0.0.1")) && ours.isBanned(address("10.0.0.2")));
    QVERIFY(QFile::remove(path()));
    QVERIFY(ours.refresh().value());
    QVERIFY(!ours.isBanned(address("10.0.0.1")));
}

void TestBanList::aDamagedLineIsToldAndKept()
{
    write("ferry-bans 1\nban nonsense 5\nban 10.0.0.1 1700000000000\nban 10.0.0.2 soon\n");
    BanList bans(m_folder->path());
    QVERIFY(bans.refresh().ok());
    QCOMPARE(bans.problems().size(), 2);
    QVERIFY(bans.problems().first().contains(QStringLiteral("line 2")));
    QVERIFY(bans.isBanned(address("10.0.0.1")));
    QVERIFY(bans.ban(address("10.0.0.3")).ok());
    QVERIFY(read().contains("ban nonsense 5\n") && read().contains("ban 10.0.0.2 soon\n"));
    QVERIFY(read().contains("ban 10.0.0.1 1700000000000\n"));
}

void TestBanList::aFileThatCannotBeReadLosesNoBan()
{
    BanList bans(m_folder->path());
    QVERIFY(bans.ban(address("10.0.0.1")).ok());
    QVERIFY(QFile::remove(path()));
    QVERIFY(QDir().mkdir(path()));
    QVERIFY(!bans.refresh().ok());
    QVERIFY(bans.isBanned(address("10.0.0.1")));
    QVERIFY(!bans.problems().isEmpty());
    // The ban holds although it cannot be kept.
    QVERIFY(!bans.ban(address("10.0.0.2")).ok());
    QVERIFY(bans.isBanned(address("10.0.0.2")));
}

void TestBanList::whatCouldNotBeWrittenStaysInForce()
{
    const QByteArray theirs = "ferry-bans 1\nban 10.0.0.1 5\nban 10.0.0.3 5\n";
    write(theirs);
    BanList bans(m_folder->path());
    QVERIFY(bans.refresh().value());
    QVERIFY(QFile::remove(path()));
    QVERIFY(QDir().mkdir(path()));
    QVERIFY(!bans.ban(address("10.0.0.2")).ok());
    QVERIFY(!bans.lift(address("10.0.0.3")).ok());
    QVERIFY(QDir().rmdir(path()));
    write(theirs);
    QVERIFY(bans.refresh().value());
    QVERIFY(bans.isBanned(address("10.0.0.1")));
    QVERIFY(bans.isBanned(address("10.0.0.2")));
    QVERIFY(!bans.isBanned(address("10.0.0.3")));
    // It is written with the next change, and then the file counts.
    QVERIFY(bans.ban(address("10.0.0.4")).ok());
    QCOMPARE(read().count("ban "), 3);
    QVERIFY(read().contains("ban 10.0.0.2 "));
    write(theirs);
    QVERIFY(bans.refresh().value());
    QVERIFY(!bans.isBanned(address("10.0.0.2")) && bans.isBanned(address("10.0.0.3")));
}

void TestBanList::withoutAFolderBansHoldForTheRun()
{
    BanList bans;
    QVERIFY(bans.ban(address("10.0.0.1")).ok());
    QVERIFY(bans.isBanned(address("10.0.0.1")));
    QVERIFY(!bans.refresh().value());
}

void TestBanList::onlyTheOwnerMayReadTheFile()
{
    QVERIFY(BanList(m_folder->path()).ban(address("10.0.0.1")).ok());
    QCOMPARE(QFileInfo(path()).permissions() &
                 (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
             QFile::Permissions());
}

void TestBanList::aBanForAWhileEndsByItself()
{
    BanList bans(m_folder->path());
    QVERIFY(bans.banFor(address("192.168.1.44"), std::chrono::milliseconds(1)));
    QTRY_VERIFY(!bans.isBanned(address("192.168.1.44")));
    QVERIFY(bans.list().isEmpty());
    QVERIFY(bans.banFor(address("192.168.1.44"), std::chrono::hours(1)));
    QVERIFY(bans.isBanned(address("192.168.1.44")));
    QVERIFY(!bans.isBanned(address("192.168.1.45")));
    const auto list = bans.list();
    QCOMPARE(list.size(), 1);
    QCOMPARE(list.first().untilMs - list.first().sinceMs, qint64(3'600'000));
    QVERIFY(bans.lift(address("192.168.1.44")));
    QVERIFY(!bans.isBanned(address("192.168.1.44")));
    QVERIFY(bans.list().isEmpty());
}

void TestBanList::aBanForAWhileIsNeverInTheFile()
{
    BanList bans(m_folder->path());
    QVERIFY(bans.banFor(address("192.168.1.44"), std::chrono::hours(1)));
    QVERIFY(!QFileInfo::exists(path()));
    QVERIFY(bans.ban(address("192.168.1.45")));
    QVERIFY(!read().contains("192.168.1.44"));
    QVERIFY(bans.isBanned(address("192.168.1.44")));
    BanList later(m_folder->path());
    QVERIFY(later.refresh());
    QVERIFY(!later.isBanned(address("192.168.1.44")));
    QVERIFY(later.isBanned(address("192.168.1.45")));
}

void TestBanList::aBanForAWhileGivesWayToOneForGood()
{
    BanList bans(m_folder->path());
    QVERIFY(bans.banFor(address("192.168.1.44"), std::chrono::hours(1)));
    QVERIFY(bans.ban(address("192.168.1.44")));
    QCOMPARE(bans.list().size(), 1);
    QCOMPARE(bans.list().first().untilMs, qint64(0));
    // And the other way round it stays for good.
    QVERIFY(bans.banFor(address("192.168.1.44"), std::chrono::milliseconds(1)));
    QCOMPARE(bans.list().size(), 1);
    QCOMPARE(bans.list().first().untilMs, qint64(0));
    QVERIFY(bans.lift(address("192.168.1.44")));
    QVERIFY(!bans.isBanned(address("192.168.1.44")));
    QVERIFY(!read().contains("192.168.1.44"));
}

FERRY_TEST(TestBanList)
#include "tst_banlist.moc"
