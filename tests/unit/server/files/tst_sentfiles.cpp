// SPDX-License-Identifier: MIT
#include "server/files/sentfiles.h"

#include "net/base/checksum.h"
#include "server/limits.h"
#include "support/testprogram.h"
#include "wire/extended/sumname.h"

#include <QTest>

#include <limits>

using namespace ferry;
using namespace ferry::server;
using Run = SentFiles::Run;

namespace {

VirtualPath path(const QByteArray &name)
{
    return *VirtualPath::parseEncoded("/s/" + name);
}

QByteArray sumOf(const QByteArray &bytes)
{
    Checksum checksum;
    checksum.add(bytes);
    return checksum.hex();
}

QByteArray lineSum(const QByteArray &sums)
{
    return extended::sumName + sumOf(sums);
}

/// A file of two bytes called `name`, whose content is called so, too.
void addWhole(SentFiles &sent, const QByteArray &name)
{
    sent.add(path(name), {2, 0, "id-" + name, 0, 2}, QString::fromUtf8(name), sumOf(name));
}

void addPart(SentFiles &sent, const QByteArray &name, qint64 offset, qint64 length)
{
    sent.add(path(name), {100, 0, "id-" + name, offset, length}, {}, sumOf(name));
}

} // namespace

class SentFilesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aRunIsConfirmedOnce();
    void onlyWhatWasSentIsConfirmed();
    void otherSumsConfirmNothing();
    void partsLieBetweenAndHaveNoNumber();
    void allOfAFileAfterAPartIsOneFile();
    void giftsHaveNoNumber();
    void whatIsConfirmedAloneIsNoPartOfARun();
    void theOldestAreForgotten();
    void longNamesAreForgottenButNotTheirFiles();
    void aDrainingServerWaitsForAReceiptOnce();
};

void SentFilesTest::aRunIsConfirmedOnce()
{
    SentFiles sent;
    for (const char *name : {"a", "b", "c"})
        addWhole(sent, name);
    const QByteArray sum = lineSum(sumOf("a") + sumOf("b"));
    QCOMPARE(int(sent.check(1, 2, sum)), int(Run::Known));
    const auto files = sent.takeRun(1, 2);
    QCOMPARE(files.size(), size_t(2));
    QCOMPARE(files[0].name, QStringLiteral("a"));
    QCOMPARE(files[1].id, QByteArray("id-b"));
    QCOMPARE(files[1].size, 2);
    QVERIFY(files[0].counted);
    QCOMPARE(int(sent.check(1, 2, sum)), int(Run::Unknown));
    QVERIFY(!sent.take(path("a"), "id-a"));
    QCOMPARE(int(sent.check(3, 1, lineSum(sumOf("c")))), int(Run::Known));
}

void SentFilesTest::onlyWhatWasSentIsConfirmed()
{
    constexpr qint64 most = std::numeric_limits<qint64>::max();
    SentFiles sent;
    QCOMPARE(int(sent.check(1, 1, lineSum(sumOf("a")))), int(Run::Unknown));
    addWhole(sent, "a");
    addWhole(sent, "b");
    const QByteArray sum = lineSum(sumOf("a") + sumOf("b"));
    QCOMPARE(int(sent.check(1, 3, sum)), int(Run::Unknown));
    QCOMPARE(int(sent.check(2, 2, sum)), int(Run::Unknown));
    QCOMPARE(int(sent.check(3, 1, sum)), int(Run::Unknown));
    QCOMPARE(int(sent.check(1, most - 1, sum)), int(Run::Unknown));
    QCOMPARE(int(sent.check(most - 1, 1, sum)), int(Run::Unknown));
    QCOMPARE(int(sent.check(0, 2, sum)), int(Run::Unknown));
    QCOMPARE(int(sent.check(1, 0, lineSum({}))), int(Run::Unknown));
    QCOMPARE(int(sent.check(1, 2, sum)), int(Run::Known));
}

void SentFilesTest::otherSumsConfirmNothing()
{
    SentFiles sent;
    addWhole(sent, "a");
    addWhole(sent, "b");
    QCOMPARE(int(sent.check(1, 2, lineSum(sumOf("b") + sumOf("a")))), int(Run::OtherSums));
    QCOMPARE(int(sent.check(1, 1, lineSum(sumOf("a") + sumOf("b")))), int(Run::OtherSums));
    QCOMPARE(int(sent.check(1, 2, lineSum(sumOf("a") + sumOf("b")))), int(Run::Known));
}

void SentFilesTest::partsLieBetweenAndHaveNoNumber()
{
    SentFiles sent;
    addWhole(sent, "a");
    addPart(sent, "large", 0, 50);
    addPart(sent, "large", 50, 50);
    addWhole(sent, "b");
    QVERIFY(sent.hasParts());
    QCOMPARE(int(sent.check(1, 2, lineSum(sumOf("a") + sumOf("b")))), int(Run::Known));
    QCOMPARE(sent.takeRun(1, 2).size(), size_t(2));
    const auto large = sent.take(path("large"), "id-large");
    QVERIFY(large && !large->counted);
    QCOMPARE(large->size, 100);
    QVERIFY(!sent.hasParts());
    QVERIFY(!sent.take(path("large"), "id-large"));
}

void SentFilesTest::allOfAFileAfterAPartIsOneFile()
{
    SentFiles sent;
    addPart(sent, "a", 0, 50);
    addPart(sent, "a", 0, 100);
    QVERIFY(!sent.hasParts());
    const auto file = sent.take(path("a"), "id-a");
    QVERIFY(file && file->counted);
    QVERIFY(!sent.take(path("a"), "id-a"));
}

void SentFilesTest::giftsHaveNoNumber()
{
    SentFiles sent;
    const VirtualPath gift = *VirtualPath::parseEncoded("/@me/7/a");
    sent.add(gift, {2, 0, "i", 0, 2}, QStringLiteral("a"), sumOf("a"));
    addWhole(sent, "b");
    QCOMPARE(int(sent.check(1, 1, lineSum(sumOf("b")))), int(Run::Known));
    QVERIFY(sent.take(gift, "i"));
}

void SentFilesTest::whatIsConfirmedAloneIsNoPartOfARun()
{
    SentFiles sent;
    for (const char *name : {"a", "b", "c"})
        addWhole(sent, name);
    QVERIFY(sent.take(path("b"), "id-b"));
    QCOMPARE(int(sent.check(1, 3, lineSum(sumOf("a") + sumOf("b") + sumOf("c")))),
             int(Run::Unknown));
    QCOMPARE(int(sent.check(1, 2, lineSum(sumOf("a") + sumOf("c")))), int(Run::Unknown));
    QCOMPARE(int(sent.check(3, 1, lineSum(sumOf("c")))), int(Run::Known));
}

void SentFilesTest::theOldestAreForgotten()
{
    SentFiles sent;
    for (qsizetype i = 0; i <= limits::receiptsAwaited; ++i)
        addWhole(sent, QByteArray::number(i));
    QVERIFY(!sent.take(path("0"), "id-0"));
    QCOMPARE(int(sent.check(1, 1, lineSum(sumOf("0")))), int(Run::Unknown));
    QCOMPARE(int(sent.check(2, 1, lineSum(sumOf("1")))), int(Run::Known));
    QVERIFY(sent.take(path("1"), "id-1"));
}

/// Each still has a receipt of its own.
void SentFilesTest::longNamesAreForgottenButNotTheirFiles()
{
    SentFiles sent;
    const QByteArray name(200, 'n');
    const qint64 files = limits::receiptNameBytes / 400 + 100;
    QVERIFY(files < limits::receiptsAwaited);
    for (qint64 i = 1; i <= files; ++i)
        addWhole(sent, name + QByteArray::number(i));
    const auto isKnown = [&](qint64 number) {
        return sent.check(number, 1, lineSum(sumOf(name + QByteArray::number(number)))) ==
               Run::Known;
    };
    QVERIFY(!isKnown(1));
    QVERIFY(isKnown(files));
    QVERIFY(sent.take(path(name + "1"), "id-" + name + "1"));
    QCOMPARE(sent.takeRun(files, 1).size(), size_t(1));
    QVERIFY(isKnown(files - 1));
}

void SentFilesTest::aDrainingServerWaitsForAReceiptOnce()
{
    SentFiles sent;
    addWhole(sent, "a");
    addWhole(sent, "b");
    extended::Request run;
    run.verb = extended::Verb::Receipts;
    run.first = 1;
    run.count = 2;
    run.sum = lineSum(sumOf("b"));
    QVERIFY(!sent.finishes(run));
    run.sum = lineSum(sumOf("a") + sumOf("b"));
    QVERIFY(sent.finishes(run));
    sent.takeRun(1, 2);
    QVERIFY(!sent.finishes(run));
}

FERRY_TEST(SentFilesTest)
#include "tst_sentfiles.moc"
