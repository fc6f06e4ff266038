// SPDX-License-Identifier: MIT
#include "net/channel/plainchannel.h"
#include "net/channel/socketops.h"
#include "support/testprogram.h"

#include <QTemporaryFile>
#include <QTest>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace ferry;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;

QDeadlineTimer soon()
{
    return QDeadlineTimer(patience);
}

/// Two connected ends: one behind the channel, the other plain.
struct Pair
{
    Pair()
    {
        int ends[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            return;
        channel = std::make_unique<PlainChannel>(FileDescriptor(ends[0]));
        peer.reset(ends[1]);
    }
    std::unique_ptr<PlainChannel> channel;
    FileDescriptor peer;
};

QByteArray readAll(int fd)
{
    QByteArray all;
    char bytes[4096];
    ssize_t count;
    while ((count = ::read(fd, bytes, sizeof bytes)) > 0)
        all.append(bytes, count);
    return all;
}

} // namespace

class TestPlainChannel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsWhatThePeerWrote();
    void theEndOfTheStreamIsZeroBytes();
    void aReadWithoutBytesTimesOut();
    void aWriteNobodyReadsTimesOut();
    void aLostPeerIsCutShortAndNoSignal();
    void writesMoreThanFitsAtOnce();
    void shutdownFromAnotherThreadEndsARead();
    void shutdownFromAnotherThreadEndsAWrite();
    void shutdownFromAnotherThreadEndsAPause();
    void everyCallAfterShutdownIsCancelled();
    void finishReadingEndsAReadButNotWriting();
    void aPauseOutlastsAPeerThatFinishedWriting();
    void aPauseEndsWhenThePeerIsGone();
    void waitingForBytesTellsThemFromTime();
    void sendsAFileWhole_data();
    void sendsAFileWhole();
    void aFileThatEndsSendsNothing();
    void aFileThatCannotBeReadLeavesTheStreamIntact();
    void theSocketCanBeTakenBack();
};

void TestPlainChannel::readsWhatThePeerWrote()
{
    Pair pair;
    QCOMPARE(::write(pair.peer.get(), "abc", 3), ssize_t(3));
    char bytes[16];
    const auto count = pair.channel->read(bytes, sizeof bytes, soon());
    QVERIFY(count.ok());
    QCOMPARE(QByteArray(bytes, count.value()), QByteArray("abc"));
}

void TestPlainChannel::theEndOfTheStreamIsZeroBytes()
{
    Pair pair;
    pair.peer.reset();
    char byte;
    const auto count = pair.channel->read(&byte, 1, soon());
    QVERIFY(count.ok());
    QCOMPARE(count.value(), 0);
}

void TestPlainChannel::aReadWithoutBytesTimesOut()
{
    Pair pair;
    char byte;
    const auto count = pair.channel->read(&byte, 1, QDeadlineTimer(20));
    QVERIFY(!count.ok());
    QCOMPARE(count.error().code, ErrorCode::TimedOut);
}

void TestPlainChannel::aWriteNobodyReadsTimesOut()
{
    Pair pair;
    const auto done = pair.channel->write(QByteArray(8 * 1024 * 1024, 'x'), QDeadlineTimer(20));
    QVERIFY(!done.ok());
    QCOMPARE(done.error().code, ErrorCode::TimedOut);
}

void TestPlainChannel::aLostPeerIsCutShortAndNoSignal()
{
    Pair pair;
    pair.peer.reset();
    auto done = pair.channel->write("x", soon());
    QVERIFY(!done.ok());
    QCOMPARE(done.error().code, ErrorCode::CutShort);

    // sendfile has no flag against the signal; the process must survive that too.
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("content");
    QVERIFY(file.flush());
    const auto sent = pair.channel->sendFile(file.handle(), 0, 7, soon());
    QVERIFY(!sent.ok());
    QCOMPARE(sent.error().code, ErrorCode::CutShort);
    struct sigaction action = {};
    QCOMPARE(::sigaction(SIGPIPE, nullptr, &action), 0);
    QVERIFY(action.sa_handler == SIG_IGN);
}

void TestPlainChannel::writesMoreThanFitsAtOnce()
{
    Pair pair;
    QByteArray received;
    std::thread reader([&] { received = readAll(pair.peer.get()); });
    const QByteArray sent(4 * 1024 * 1024 + 3, 'x');
    const auto done = pair.channel->write(sent, soon());
    pair.channel->finishWriting();
    reader.join();
    QVERIFY(done.ok());
    QVERIFY(received == sent);
}

void TestPlainChannel::shutdownFromAnotherThreadEndsARead()
{
    Pair pair;
    Result<qsizetype> result;
    std::thread reader([&] {
        char byte;
        result = pair.channel->read(&byte, 1, QDeadlineTimer(QDeadlineTimer::Forever));
    });
    pair.channel->shutdown();
    reader.join();
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
}

void TestPlainChannel::shutdownFromAnotherThreadEndsAWrite()
{
    Pair pair;
    Result<> result;
    std::thread writer([&] {
        result = pair.channel->write(QByteArray(8 * 1024 * 1024, 'x'),
                                     QDeadlineTimer(QDeadlineTimer::Forever));
    });
    pair.channel->shutdown();
    writer.join();
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
}

void TestPlainChannel::shutdownFromAnotherThreadEndsAPause()
{
    Pair pair;
    Result<> result;
    std::thread sleeper(
        [&] { result = pair.channel->pause(QDeadlineTimer(QDeadlineTimer::Forever)); });
    pair.channel->shutdown();
    sleeper.join();
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode::Cancelled);
}

void TestPlainChannel::everyCallAfterShutdownIsCancelled()
{
    Pair pair;
    QCOMPARE(::write(pair.peer.get(), "x", 1), ssize_t(1));
    pair.channel->shutdown();
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("content");
    QVERIFY(file.flush());
    char byte[2];
    // What had arrived may still be read, but nothing after it.
    QVERIFY(!pair.channel->read(byte, 2, soon()).ok() || !pair.channel->read(byte, 2, soon()).ok());
    QCOMPARE(pair.channel->write("x", soon()).error().code, ErrorCode::Cancelled);
    QCOMPARE(pair.channel->sendFile(file.handle(), 0, 7, soon()).error().code,
             ErrorCode::Cancelled);
    QCOMPARE(pair.channel->waitForBytes(soon()).error().code, ErrorCode::Cancelled);
    QCOMPARE(pair.channel->pause(soon()).error().code, ErrorCode::Cancelled);
}

void TestPlainChannel::finishReadingEndsAReadButNotWriting()
{
    Pair pair;
    Result<qsizetype> result(qsizetype(7));
    std::thread reader([&] {
        char byte;
        result = pair.channel->read(&byte, 1, QDeadlineTimer(QDeadlineTimer::Forever));
    });
    pair.channel->finishReading();
    reader.join();
    QVERIFY(result.ok());
    QCOMPARE(result.value(), 0);
    QVERIFY(pair.channel->write("still here", soon()).ok());
    pair.channel->finishWriting();
    QCOMPARE(readAll(pair.peer.get()), QByteArray("still here"));
}

void TestPlainChannel::aPauseOutlastsAPeerThatFinishedWriting()
{
    Pair pair;
    ::shutdown(pair.peer.get(), SHUT_WR);
    QVERIFY(pair.channel->pause(QDeadlineTimer(20)).ok());
    QVERIFY(pair.channel->write("x", soon()).ok());
}

void TestPlainChannel::aPauseEndsWhenThePeerIsGone()
{
    Pair pair;
    pair.peer.reset();
    const auto done = pair.channel->pause(QDeadlineTimer(QDeadlineTimer::Forever));
    QVERIFY(!done.ok());
    QCOMPARE(done.error().code, ErrorCode::CutShort);
}

void TestPlainChannel::waitingForBytesTellsThemFromTime()
{
    Pair pair;
    QCOMPARE(pair.channel->waitForBytes(QDeadlineTimer(20)).value(), false);
    QCOMPARE(::write(pair.peer.get(), "x", 1), ssize_t(1));
    QCOMPARE(pair.channel->waitForBytes(soon()).value(), true);
}

void TestPlainChannel::sendsAFileWhole_data()
{
    QTest::addColumn<bool>("byHand");
    QTest::newRow("by the kernel") << false;
    QTest::newRow("by reading and sending") << true;
}

void TestPlainChannel::sendsAFileWhole()
{
    QFETCH(bool, byHand);
    QByteArray content(3 * 1024 * 1024 + 11, Qt::Uninitialized);
    for (qsizetype i = 0; i < content.size(); ++i)
        content[i] = char(i * 31 + i / 1000);
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(content);
    QVERIFY(file.flush());

    Pair pair;
    QByteArray received;
    std::thread reader([&] { received = readAll(pair.peer.get()); });
    // The way by hand is what a socket without sendfile gets; here it is called itself.
    const int socket = byHand ? pair.channel->takeSocket().release() : -1;
    qint64 sent = 0;
    bool ok = true;
    while (ok && sent < content.size()) {
        const qint64 left = content.size() - sent;
        if (byHand) {
            const qint64 step = socketops::readAndSend(socket, file.handle(), sent, left);
            ok = step >= 0 || errno == EAGAIN;
            if (step < 0 && ok)
                ok = socketops::waitWritable(socket, soon()) == socketops::Ready::Yes;
            sent += qMax<qint64>(step, 0);
        } else {
            const auto step = pair.channel->sendFile(file.handle(), sent, left, soon());
            ok = step.ok() && step.value() > 0;
            sent += ok ? step.value() : 0;
        }
    }
    if (byHand)
        ::close(socket);
    else
        pair.channel->finishWriting();
    reader.join();
    QVERIFY(ok);
    QVERIFY(received == content);
}

void TestPlainChannel::aFileThatEndsSendsNothing()
{
    Pair pair;
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("abc");
    QVERIFY(file.flush());
    QCOMPARE(pair.channel->sendFile(file.handle(), 3, 10, soon()).value(), 0);
    QCOMPARE(pair.channel->sendFile(file.handle(), 300, 10, soon()).value(), 0);
    QCOMPARE(socketops::readAndSend(pair.peer.get(), file.handle(), 300, 10), 0);
}

void TestPlainChannel::aFileThatCannotBeReadLeavesTheStreamIntact()
{
    Pair pair;
    const FileDescriptor folder(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const auto sent = pair.channel->sendFile(folder.get(), 0, 10, soon());
    QVERIFY(!sent.ok());
    QCOMPARE(sent.error().code, ErrorCode::LocalFile);
    QVERIFY(pair.channel->write("x", soon()).ok());
}

void TestPlainChannel::theSocketCanBeTakenBack()
{
    Pair pair;
    const FileDescriptor socket = pair.channel->takeSocket();
    pair.channel.reset();
    socketops::sayLastLine(socket.get(), "bye");
    QCOMPARE(readAll(pair.peer.get()), QByteArray("bye"));
    QVERIFY(socketops::discardInput(socket.get()));
    pair.peer.reset();
    QVERIFY(!socketops::discardInput(socket.get()));
}

FERRY_TEST(TestPlainChannel)
#include "tst_plainchannel.moc"
