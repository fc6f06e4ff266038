// SPDX-License-Identifier: MIT
#include "net/base/checksum.h"
#include "net/limits.h"
#include "support/testprogram.h"

#include <QTemporaryFile>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

using namespace ferry;

class TestChecksum : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knownValues_data();
    void knownValues();
    void piecesMakeTheSameWhole();
    void everyProcessorMakesTheSame();
    void moreMayBeAddedAfterLooking();
    void aRangeOfAFileIsThatOfItsBytes();
    void aFileThatEndsEarlySaysSo();
    void anUnreadableFileIsAnError();
    void aCheckCanBeEnded();
};

void TestChecksum::knownValues_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("hex");
    // From `xxhsum -H2`.
    QTest::newRow("nothing") << QByteArray("") << QByteArray("99aa06d3014798d86001c324468d497f");
    QTest::newRow("a") << QByteArray("a") << QByteArray("a96faf705af16834e6c632b61e964e1f");
    QTest::newRow("abc") << QByteArray("abc") << QByteArray("06b05ab6733a618578af5f94892f3950");
    QTest::newRow("200 bytes") << QByteArray(200, 'x')
                               << QByteArray("062dfbe359870f1a0f7bed28ebd8500d");
    QTest::newRow("1 MiB") << QByteArray(1024 * 1024, 'x')
                           << QByteArray("5b5eaa274f30aaa311ea1c8ad3937333");
}

void TestChecksum::knownValues()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, hex);
    Checksum checksum;
    checksum.add(text);
    QCOMPARE(checksum.hex(), hex);
}

void TestChecksum::piecesMakeTheSameWhole()
{
    QByteArray text;
    for (int i = 0; i < 5000; ++i)
        text += char(i * 7);
    Checksum whole;
    whole.add(text);
    for (const qsizetype piece : {1, 3, 64, 240, 241, 1000}) {
        Checksum pieces;
        for (qsizetype at = 0; at < text.size(); at += piece)
            pieces.add(QByteArrayView(text).sliced(at, qMin(piece, text.size() - at)));
        QCOMPARE(pieces.hex(), whole.hex());
    }
    Checksum again = std::move(whole);
    again.reset();
    QCOMPARE(again.hex(), Checksum().hex());
}

/// The library's plain form is the same on all of them; ours is what this one does fastest.
void TestChecksum::everyProcessorMakesTheSame()
{
    QByteArray bytes(limits::ioBytes, Qt::Uninitialized);
    quint32 random = 1;
    for (char &byte : bytes)
        byte = char((random = random * 1664525 + 1013904223) >> 24);
    // Those at which the library goes another way, and from every place in a line of the cache.
    for (const qsizetype size : {1, 16, 17, 128, 129, 240, 241, 256, 257, 1024, 1025, 65536}) {
        for (const qsizetype at : {0, 1, 15, 16, 31, 32, 33, 63}) {
            const QByteArrayView part = QByteArrayView(bytes).sliced(at, size);
            XXH128_canonical_t plain;
            XXH128_canonicalFromHash(&plain, XXH3_128bits(part.data(), size_t(size)));
            Checksum sum;
            sum.add(part.first(size / 3));
            sum.add(part.sliced(size / 3));
            QCOMPARE(sum.hex(),
                     QByteArray(reinterpret_cast<const char *>(plain.digest), sizeof plain.digest)
                         .toHex());
        }
    }
}

void TestChecksum::moreMayBeAddedAfterLooking()
{
    Checksum looked;
    looked.add("ab");
    QVERIFY(looked.hex() != Checksum().hex());
    looked.add("c");
    Checksum whole;
    whole.add("abc");
    QCOMPARE(looked.hex(), whole.hex());
}

void TestChecksum::aRangeOfAFileIsThatOfItsBytes()
{
    QByteArray content;
    for (qsizetype i = 0; i < 2 * limits::ioBytes + 777; ++i)
        content += char(i * 31 + i / 251);
    QTemporaryFile file;
    QVERIFY(file.open());
    QCOMPARE(file.write(content), content.size());
    QVERIFY(file.flush());
    const off_t position = ::lseek(file.handle(), 5, SEEK_SET);
    for (const qint64 offset :
         {qint64(0), qint64(1), qint64(limits::ioBytes), content.size() - 1}) {
        for (const qint64 length :
             {qint64(0), qint64(1), qint64(limits::ioBytes), content.size() - offset}) {
            const qint64 there = qMin(length, content.size() - offset);
            Checksum expected;
            expected.add(QByteArrayView(content).sliced(offset, there));
            const Result<RangeChecksum> got = checksumOfRange(file.handle(), offset, length);
            QVERIFY(got.ok());
            QCOMPARE(got.value().hex, expected.hex());
            QCOMPARE(got.value().bytes, there);
        }
    }
    QCOMPARE(::lseek(file.handle(), 0, SEEK_CUR), position);
}

void TestChecksum::aFileThatEndsEarlySaysSo()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    QCOMPARE(file.write("abc"), 3);
    QVERIFY(file.flush());
    const Result<RangeChecksum> got = checksumOfRange(file.handle(), 1, 1000);
    QVERIFY(got.ok());
    QCOMPARE(got.value().bytes, 2);
    QCOMPARE(checksumOfRange(file.handle(), 99, 1000).value().bytes, 0);
}

void TestChecksum::anUnreadableFileIsAnError()
{
    const int folder = ::open("/", O_RDONLY | O_DIRECTORY);
    const Result<RangeChecksum> got = checksumOfRange(folder, 0, 10);
    ::close(folder);
    QVERIFY(!got.ok());
    QCOMPARE(int(got.error().code), int(ErrorCode::LocalFile));
}

void TestChecksum::aCheckCanBeEnded()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    QVERIFY(file.resize(4 * limits::ioBytes));
    QList<qint64> seen;
    const Result<RangeChecksum> got =
        checksumOfRange(file.handle(), 0, 4 * limits::ioBytes, [&](qint64 done) {
            seen.append(done);
            return seen.size() < 2;
        });
    QVERIFY(!got.ok());
    QCOMPARE(int(got.error().code), int(ErrorCode::Cancelled));
    QCOMPARE(seen, (QList<qint64>{limits::ioBytes, 2 * limits::ioBytes}));
}

FERRY_TEST(TestChecksum)
#include "tst_checksum.moc"
