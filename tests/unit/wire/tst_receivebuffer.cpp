// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "wire/limits.h"
#include "wire/receivebuffer.h"

#include <QTest>

using namespace ferry;
using Status = ReceiveBuffer::Status;
Q_DECLARE_METATYPE(Status)

class TestReceiveBuffer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linesComeOutHoweverTheyWereCut_data();
    void linesComeOutHoweverTheyWereCut();
    void rawBytesAndLinesMayAlternate();
    void theViewShowsWhatIsNotTakenYet();
    void aLongStreamThroughAShortBufferStaysInOrder();
};

void TestReceiveBuffer::linesComeOutHoweverTheyWereCut_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArrayList>("lines");
    QTest::addColumn<Status>("end");

    const QByteArray longest(limits::lineBytes, 'x');
    const auto row = [](const char *name, const QByteArray &bytes, const QByteArrayList &lines,
                        Status end) { QTest::newRow(name) << bytes << lines << end; };
    row("nothing", "", {}, Status::NeedMore);
    row("no end", "abc", {}, Status::NeedMore);
    row("only CR", "abc\r", {}, Status::NeedMore);
    row("LF", "abc\n", {"abc"}, Status::NeedMore);
    row("CR LF", "abc\r\n", {"abc"}, Status::NeedMore);
    row("CR CR LF", "abc\r\r\n", {"abc\r"}, Status::NeedMore);
    row("CR in the line", "a\rb\r\n", {"a\rb"}, Status::NeedMore);
    row("LF CR", "abc\n\r", {"abc"}, Status::NeedMore);
    row("empty lines", "\n\r\n\n", {"", "", ""}, Status::NeedMore);
    row("several", "a\nb\r\n c \nd", {"a", "b", " c "}, Status::NeedMore);
    row("longest, LF", longest + "\na\n", {longest, "a"}, Status::NeedMore);
    row("longest, CR LF", longest + "\r\na\n", {longest, "a"}, Status::NeedMore);
    row("longest, only CR", longest + "\r", {}, Status::NeedMore);
    row("too long by one", longest + "x\n", {}, Status::TooLong);
    row("too long by one, no end", longest + "x", {}, Status::TooLong);
    row("too long by a CR", longest + "\r\r\n", {}, Status::TooLong);
    row("too long after a line", "a\n" + longest + "xy", {"a"}, Status::TooLong);
    row("far too long", QByteArray(100'000, 'y') + '\n', {}, Status::TooLong);
    row("NUL", QByteArray("a\0b\n", 4), {}, Status::HoldsNul);
    row("NUL without an end", QByteArray("\0", 1), {}, Status::HoldsNul);
    row("NUL after a line", QByteArray("a\n\0\n", 4), {"a"}, Status::HoldsNul);
    row("NUL, then too long", QByteArray(1, '\0') + longest + "xy", {}, Status::HoldsNul);
    row("too long, then NUL", longest + "xy" + QByteArray(1, '\0'), {}, Status::TooLong);
    row("NUL as the last byte of the longest", longest.chopped(1) + '\0', {}, Status::HoldsNul);
}

void TestReceiveBuffer::linesComeOutHoweverTheyWereCut()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArrayList, lines);
    QFETCH(Status, end);
    for (const qsizetype piece :
         {qsizetype(1), qsizetype(2), qsizetype(7), qsizetype(4096), bytes.size()}) {
        ReceiveBuffer buffer;
        QByteArrayList taken;
        Status status = Status::NeedMore;
        for (qsizetype at = 0; at < bytes.size() && status == Status::NeedMore; at += piece) {
            buffer.append(bytes.mid(at, piece));
            ReceiveBuffer::Taken next = buffer.takeLine();
            for (; next.status == Status::Line; next = buffer.takeLine())
                taken.append(next.line);
            status = next.status;
            QVERIFY(next.line.isEmpty());
        }
        QCOMPARE(taken, lines);
        QCOMPARE(status, end);
    }
}

void TestReceiveBuffer::rawBytesAndLinesMayAlternate()
{
    ReceiveBuffer buffer;
    buffer.append("line\r\nrawLF\nline 2\nre");
    QCOMPARE(buffer.takeLine().line, "line");
    QCOMPARE(buffer.takeBytes(3), "raw");
    QCOMPARE(buffer.takeBytes(0), "");
    QCOMPARE(buffer.takeBytes(-1), "");
    QCOMPARE(buffer.takeLine().line, "LF");
    QCOMPARE(buffer.takeLine().line, "line 2");
    QCOMPARE(buffer.takeLine().status, Status::NeedMore);
    QCOMPARE(buffer.takeBytes(100), "re");
    QCOMPARE(buffer.size(), 0);
    buffer.append("st\n");
    QCOMPARE(buffer.takeLine().line, "st");
}

void TestReceiveBuffer::theViewShowsWhatIsNotTakenYet()
{
    ReceiveBuffer buffer;
    buffer.append("abc\ndefghij");
    QCOMPARE(buffer.takeLine().line, "abc");
    QCOMPARE(buffer.takeBytes(2), "de");
    QCOMPARE(buffer.view().toByteArray(), "fghij");
    QCOMPARE(buffer.size(), 5);
    buffer.clear();
    QCOMPARE(buffer.size(), 0);
    QVERIFY(buffer.view().isEmpty());
}

/// The order of everything survives when the taken part is moved out of the way again and again.
void TestReceiveBuffer::aLongStreamThroughAShortBufferStaysInOrder()
{
    ReceiveBuffer buffer;
    QByteArray expected;
    QByteArray taken;
    for (int i = 0; i < 20'000; ++i) {
        const QByteArray piece = QByteArray::number(i);
        expected += piece;
        buffer.append(piece);
        if (buffer.size() > 100)
            taken += buffer.takeBytes(buffer.size() - 100);
        QVERIFY(buffer.size() <= 100);
    }
    taken += buffer.takeBytes(100);
    QCOMPARE(taken, expected);
}

FERRY_TEST(TestReceiveBuffer)
#include "tst_receivebuffer.moc"
