// SPDX-License-Identifier: MIT
#include "server-cli/linewriter.h"

#include "net/base/filedescriptor.h"
#include "support/testprogram.h"

#include <QList>
#include <QTest>

#include <csignal>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::servercli;

namespace {

constexpr int patienceMs = 60'000;

struct Pipe
{
    Pipe()
    {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) == 0) {
            out.reset(ends[0]);
            in.reset(ends[1]);
            ::fcntl(in.get(), F_SETPIPE_SZ, 4096);
        }
    }

    /// Until the writing end is closed.
    QByteArray readAll()
    {
        QByteArray all;
        char bytes[4096];
        for (ssize_t count = 0; (count = ::read(out.get(), bytes, sizeof bytes)) > 0;)
            all.append(bytes, count);
        return all;
    }

    FileDescriptor out, in;
};

} // namespace

class TestLineWriter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linesComeInOrder();
    void ofManyLinesAtOnceTheFirstAreKept();
    void aFullPipeHoldsNobodyUpAndTheGapIsTold();
    void theEndDoesNotWaitForAPipeThatIsNotRead();
    void aPipeWithoutAReaderIsNoFault();
    void anotherOneMayHaveMadeThePipeNonBlocking();
};

void TestLineWriter::linesComeInOrder()
{
    Pipe pipe;
    {
        LineWriter writer(pipe.in.get());
        for (int i = 0; i < 100; ++i)
            writer.write(QByteArray::number(i));
        QVERIFY(writer.flush(patienceMs));
    }
    pipe.in.reset();
    const QList<QByteArray> lines = pipe.readAll().split('\n');
    QCOMPARE(lines.size(), 101);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(lines.at(i), QByteArray::number(i));
}

void TestLineWriter::ofManyLinesAtOnceTheFirstAreKept()
{
    Pipe pipe;
    constexpr int said = 10'000;
    QByteArrayList lines;
    for (int i = 0; i < said; ++i)
        lines.append(QByteArray::number(i));
    QByteArray got;
    {
        LineWriter writer(pipe.in.get(), 8192);
        std::thread reader([&] { got = pipe.readAll(); });
        writer.write(lines);
        const bool written = writer.flush(patienceMs);
        pipe.in.reset();
        reader.join();
        QVERIFY(written);
    }
    QByteArrayList kept = got.split('\n');
    QCOMPARE(kept.takeLast(), QByteArray());
    const QByteArray gap = kept.takeLast();
    QVERIFY(!kept.isEmpty() && kept.size() < said);
    QCOMPARE(kept, lines.first(kept.size()));
    QCOMPARE(gap, "ferryd: " + QByteArray::number(said - kept.size()) + " messages were not kept.");
}

void TestLineWriter::aFullPipeHoldsNobodyUpAndTheGapIsTold()
{
    Pipe pipe;
    constexpr int said = 10'000;
    QByteArray got;
    {
        LineWriter writer(pipe.in.get(), 8192);
        for (int i = 0; i < said; ++i)
            writer.write("line " + QByteArray::number(i));
        // Nothing was read so far, and here we are.
        std::thread reader([&] { got = pipe.readAll(); });
        const bool written = writer.flush(patienceMs);
        if (written)
            writer.write("after it");
        const bool last = written && writer.flush(patienceMs);
        pipe.in.reset();
        reader.join();
        QVERIFY(written && last);
    }
    QVERIFY(got.size() < 8192 + 4096 + 2 * 8192);
    QList<QByteArray> lines = got.split('\n');
    QCOMPARE(lines.takeLast(), QByteArray()); // the last one is whole
    QCOMPARE(lines.takeLast(), QByteArray("after it"));
    qint64 accounted = 0;
    for (const QByteArray &line : lines) {
        if (line.startsWith("ferryd: ")) {
            QVERIFY(line.endsWith(" messages were not kept."));
            accounted += line.split(' ').at(1).toLongLong();
        } else {
            QCOMPARE(line, "line " + QByteArray::number(accounted));
            ++accounted;
        }
    }
    QCOMPARE(accounted, qint64(said));
}

void TestLineWriter::theEndDoesNotWaitForAPipeThatIsNotRead()
{
    // The thread that is left behind has the pipe for as long as it hangs there.
    auto *pipe = new Pipe;
    {
        LineWriter writer(pipe->in.get());
        writer.write(QByteArray(20'000, 'x'));
        QVERIFY(!writer.flush(10));
    }
    // Here we are. Whoever reads now sees what was said.
    const QByteArray first = [&] {
        QByteArray bytes(20'001, '\0');
        for (qsizetype at = 0; at < bytes.size();)
            at += ::read(pipe->out.get(), bytes.data() + at, size_t(bytes.size() - at));
        return bytes;
    }();
    QCOMPARE(first, QByteArray(20'000, 'x') + '\n');
    delete pipe;
}

void TestLineWriter::aPipeWithoutAReaderIsNoFault()
{
    ::signal(SIGPIPE, SIG_IGN); // as the server has it
    Pipe pipe;
    pipe.out.reset();
    LineWriter writer(pipe.in.get());
    writer.write("nobody hears this");
    QVERIFY(writer.flush(patienceMs));
}

void TestLineWriter::anotherOneMayHaveMadeThePipeNonBlocking()
{
    Pipe pipe;
    ::fcntl(pipe.in.get(), F_SETFL, O_NONBLOCK);
    QByteArray got;
    {
        LineWriter writer(pipe.in.get());
        writer.write(QByteArray(50'000, 'y'));
        std::thread reader([&] { got = pipe.readAll(); });
        const bool written = writer.flush(patienceMs);
        pipe.in.reset();
        reader.join();
        QVERIFY(written);
    }
    QCOMPARE(got.size(), 50'001);
}

FERRY_TEST(TestLineWriter)
#include "tst_linewriter.moc"
