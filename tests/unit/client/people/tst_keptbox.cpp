// SPDX-License-Identifier: MIT
#include "client/people/keptbox.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <memory>

using namespace ferry;
using namespace ferry::client;

namespace {

const QByteArray server = "sha256:" + QByteArray(64, 'a');

} // namespace

class TestKeptBox : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void itIsTheSameInEachRun();
    void eachServerAndAccountHasItsOwn();
    void oneProgramHasIt();
    void itIsForItsOwnerOnly();
    void whatIsNoBoxIsReplaced_data();
    void whatIsNoBoxIsReplaced();
    void whatOthersMayReadIsReplaced();
    void whereOthersMayChangeItNoneIsKept();
    void whatCannotBeWrittenIsSaid();

private:
    QString folder() const { return m_dir->filePath(QStringLiteral("data")); }
    /// Its name, and it is let go. Or the error.
    QByteArray taken(const QByteArray &fingerprint = server,
                     const QByteArray &account = "ferry") const
    {
        const auto box = KeptBox::take(folder(), fingerprint, account);
        return box ? box.value().name() : box.error().text.toUtf8();
    }
    /// The only file with a box in it.
    QString file() const
    {
        const QDir boxes(folder() + QStringLiteral("/boxes"));
        QStringList files = boxes.entryList(QDir::Files);
        files.removeIf([](const QString &name) { return name.endsWith(QStringLiteral(".lock")); });
        return files.size() == 1 ? boxes.filePath(files.first()) : QString();
    }
    static mode_t modeOf(const QString &path)
    {
        struct stat status = {};
        return ::stat(QFile::encodeName(path).constData(), &status) == 0 ? status.st_mode & 07777
                                                                         : 0;
    }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestKeptBox::itIsTheSameInEachRun()
{
    const QByteArray first = taken();
    QCOMPARE(first.size(), 32);
    QCOMPARE(taken(), first);
}

void TestKeptBox::eachServerAndAccountHasItsOwn()
{
    const QByteArray first = taken();
    const QByteArray other = taken("sha256:" + QByteArray(64, 'b'));
    const QByteArray account = taken(server, "anna");
    QVERIFY(first != other && first != account && other != account);
    QCOMPARE(taken(), first);
}

void TestKeptBox::oneProgramHasIt()
{
    auto first = std::make_unique<Result<KeptBox>>(KeptBox::take(folder(), server, "ferry"));
    QVERIFY(first->ok());
    const auto second = KeptBox::take(folder(), server, "ferry");
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::TimedOut);
    const QByteArray name = first->value().name();
    first.reset();
    QCOMPARE(taken(), name);
}

void TestKeptBox::itIsForItsOwnerOnly()
{
    QCOMPARE(taken().size(), 32);
    QCOMPARE(modeOf(file()), mode_t(0600));
    QCOMPARE(modeOf(QFileInfo(file()).path()), mode_t(0700));
}

void TestKeptBox::whatIsNoBoxIsReplaced_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("short") << QByteArray("abc\n");
    QTest::newRow("long") << QByteArray(100'000, 'a');
    QTest::newRow("zeros") << QByteArray(32, '\0');
    QTest::newRow("a line end in it") << QByteArray(16, 'a') + '\n' + QByteArray(15, 'a');
}

void TestKeptBox::whatIsNoBoxIsReplaced()
{
    QFETCH(const QByteArray, content);
    const QByteArray before = taken();
    QFile opened(file());
    QVERIFY(opened.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(opened.write(content), content.size());
    opened.close();
    const QByteArray after = taken();
    QCOMPARE(after.size(), 32);
    QVERIFY(after != before && after != content);
    QCOMPARE(taken(), after);
}

void TestKeptBox::whatOthersMayReadIsReplaced()
{
    const QByteArray before = taken();
    QCOMPARE(::chmod(QFile::encodeName(file()).constData(), 0644), 0);
    const QByteArray after = taken();
    QCOMPARE(after.size(), 32);
    QVERIFY(after != before);
    QCOMPARE(modeOf(file()), mode_t(0600));
}

void TestKeptBox::whereOthersMayChangeItNoneIsKept()
{
    const QByteArray before = taken();
    for (const mode_t mode : {0600, 0666}) {
        QCOMPARE(::chmod(QFile::encodeName(file()).constData(), mode), 0);
        QCOMPARE(::chmod(QFile::encodeName(folder() + QStringLiteral("/boxes")).constData(), 0777),
                 0);
        const auto box = KeptBox::take(folder(), server, "ferry");
        QVERIFY(!box);
        QCOMPARE(box.error().code, ErrorCode::Invalid);
        QVERIFY2(box.error().text.contains(QStringLiteral("/boxes")), qPrintable(box.error().text));
    }
}

void TestKeptBox::whatCannotBeWrittenIsSaid()
{
    QFile inItsPlace(folder());
    QVERIFY(inItsPlace.open(QIODevice::WriteOnly));
    const auto box = KeptBox::take(folder(), server, "ferry");
    QVERIFY(!box);
    QCOMPARE(box.error().code, ErrorCode::LocalFile);
}

FERRY_TEST(TestKeptBox)
#include "tst_keptbox.moc"
