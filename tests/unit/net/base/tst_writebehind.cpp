// SPDX-License-Identifier: MIT
#include "net/base/writebehind.h"
#include "net/limits.h"
#include "support/testprogram.h"

#include <QByteArray>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <semaphore>
#include <thread>

using namespace ferry;

namespace {

constexpr qsizetype buffer = 2 * limits::ioBytes;

/// No two pieces of it are alike.
QByteArray mixed(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 state = 1;
    for (char &byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = char(state >> 24);
    }
    return bytes;
}

} // namespace

class WriteBehindTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void writesEverythingInOrder_data();
    void writesEverythingInOrder();
    void whatFitsIntoOneBufferIsWrittenByTheCaller();
    void receivesWhileItWrites();
    void anErrorEndsIt();
    void theLastBytesCanFailToo();
    void whatIsNotFlushedIsDropped();
    void bytesPutInItsRoomNeedNoCopy();
    void anotherFileBeginsAnew();
};

void WriteBehindTest::writesEverythingInOrder_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<qsizetype>("piece");
    QTest::newRow("nothing") << qsizetype(0) << qsizetype(1);
    QTest::newRow("one byte") << qsizetype(1) << qsizetype(1);
    QTest::newRow("a buffer less one") << buffer - 1 << qsizetype(70'000);
    QTest::newRow("a buffer") << buffer << qsizetype(70'000);
    QTest::newRow("a buffer and one") << buffer + 1 << qsizetype(70'000);
    QTest::newRow("many buffers") << 7 * buffer + 3 << limits::ioBytes;
    QTest::newRow("pieces larger than a buffer") << 7 * buffer + 3 << 2 * buffer + 5;
}

void WriteBehindTest::writesEverythingInOrder()
{
    QFETCH(const qsizetype, size);
    QFETCH(const qsizetype, piece);
    const QByteArray content = mixed(size);
    QByteArray written;
    WriteBehind writer(
        [&written](QByteArrayView bytes) {
            written.append(bytes);
            return Result<>();
        },
        buffer);
    for (qsizetype at = 0; at < size; at += piece)
        QVERIFY(writer.take(QByteArrayView(content).sliced(at, std::min(piece, size - at))));
    QVERIFY(writer.flush());
    QVERIFY(written == content);
}

void WriteBehindTest::whatFitsIntoOneBufferIsWrittenByTheCaller()
{
    std::thread::id by;
    WriteBehind writer(
        [&by](QByteArrayView) {
            by = std::this_thread::get_id();
            return Result<>();
        },
        buffer);
    QVERIFY(writer.take(QByteArray(1000, 'x')));
    QVERIFY(by == std::thread::id());
    QVERIFY(writer.flush());
    QVERIFY(by == std::this_thread::get_id());
}

void WriteBehindTest::receivesWhileItWrites()
{
    std::binary_semaphore go(0);
    std::atomic_int writes = 0;
    WriteBehind writer(
        [&](QByteArrayView) {
            if (++writes == 1)
                go.acquire();
            return Result<>();
        },
        buffer);
    // The disk does not move; nearly two buffers are taken all the same.
    QVERIFY(writer.take(QByteArray(2 * buffer - 1, 'x')));
    go.release();
    QVERIFY(writer.flush());
    QCOMPARE(writes.load(), 2);
}

void WriteBehindTest::anErrorEndsIt()
{
    std::atomic_int writes = 0;
    WriteBehind writer(
        [&writes](QByteArrayView) -> Result<> {
            ++writes;
            return Error{ErrorCode::DiskFull, QStringLiteral("full")};
        },
        buffer);
    Result<> taken;
    for (int i = 0; taken && i < 10; ++i)
        taken = writer.take(QByteArray(buffer, 'x'));
    QVERIFY(!taken);
    QCOMPARE(taken.error().code, ErrorCode::DiskFull);
    const auto flushed = writer.flush();
    QVERIFY(!flushed);
    QCOMPARE(flushed.error().code, ErrorCode::DiskFull);
    QCOMPARE(writes.load(), 1);
}

void WriteBehindTest::theLastBytesCanFailToo()
{
    WriteBehind writer(
        [](QByteArrayView bytes) -> Result<> {
            if (bytes.size() == buffer)
                return {};
            return Error{ErrorCode::DiskFull, QStringLiteral("full")};
        },
        buffer);
    QVERIFY(writer.take(QByteArray(buffer + 1, 'x')));
    QVERIFY(!writer.flush());
}

void WriteBehindTest::whatIsNotFlushedIsDropped()
{
    std::atomic<qsizetype> written = 0;
    {
        WriteBehind writer(
            [&written](QByteArrayView bytes) {
                written += bytes.size();
                return Result<>();
            },
            buffer);
        QVERIFY(writer.take(QByteArray(buffer + 1000, 'x')));
    }
    QVERIFY(written == 0 || written == buffer);
}

void WriteBehindTest::bytesPutInItsRoomNeedNoCopy()
{
    QByteArray written;
    WriteBehind writer(
        [&written](QByteArrayView bytes) {
            written.append(bytes);
            return Result<>();
        },
        buffer);
    const QByteArray content = mixed(3 * buffer + 17);
    for (qsizetype at = 0; at < content.size();) {
        const auto room = writer.room();
        const qsizetype count =
            std::min({qsizetype(room.size()), qsizetype(70'000), content.size() - at});
        QVERIFY(count > 0);
        std::copy_n(content.begin() + at, count, room.begin());
        QVERIFY(writer.added(count));
        at += count;
    }
    QVERIFY(writer.flush());
    QVERIFY(written == content);
}

void WriteBehindTest::anotherFileBeginsAnew()
{
    bool full = true;
    QByteArray written;
    WriteBehind writer(
        [&](QByteArrayView bytes) -> Result<> {
            if (full)
                return Error{ErrorCode::DiskFull, QStringLiteral("full")};
            written.append(bytes);
            return {};
        },
        buffer);
    for (const bool released : {false, true}) {
        full = true;
        written.clear();
        QVERIFY(writer.take(QByteArray(buffer + 5, 'x')));
        QVERIFY(!writer.flush());
        if (released)
            writer.release();
        else
            writer.restart();
        full = false;
        QVERIFY(writer.take(QByteArray("new")));
        QVERIFY(writer.flush());
        QCOMPARE(written, QByteArray("new"));
    }
}

FERRY_TEST(WriteBehindTest)
#include "tst_writebehind.moc"
