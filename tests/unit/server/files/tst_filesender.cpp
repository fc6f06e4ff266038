// SPDX-License-Identifier: MIT
#include "net/channel/plainchannel.h"
#include "server/files/filesender.h"
#include "server/pacing/pacer.h"
#include "server/pacing/sessioncounters.h"
#include "support/testprogram.h"

#include <QTemporaryFile>
#include <QTest>

#include <fcntl.h>
#include <functional>
#include <unistd.h>

using namespace ferry;
using namespace ferry::server;
using namespace std::chrono_literals;

namespace {

/// Takes what sendFile gives and lets a test step in.
class FakeChannel final : public Channel
{
public:
    std::function<Result<qint64>(qint64 offset, qint64 count)> onSend;
    QByteArray taken;

    Result<qsizetype> read(char *, qsizetype, QDeadlineTimer) override { return qsizetype(0); }
    Result<> write(QByteArrayView, QDeadlineTimer) override { return {}; }
    Result<qsizetype> writeSome(QByteArrayView bytes, QDeadlineTimer) override
    {
        return bytes.size();
    }
    Result<qint64> sendFile(int fd, qint64 offset, qint64 count, QDeadlineTimer) override
    {
        if (onSend) {
            auto answer = onSend(offset, count);
            if (!answer)
                return answer;
            count = answer.value();
        }
        QByteArray piece(count, Qt::Uninitialized);
        const ssize_t got = ::pread(fd, piece.data(), size_t(count), offset);
        taken.append(piece.first(got));
        return qint64(got);
    }
    Result<Heard> waitForBytes(QDeadlineTimer, const Wakeup *) override { return Heard::Bytes; }
    Result<> pause(QDeadlineTimer) override { return {}; }
    void finishWriting() override {}
    void finishReading() override {}
    void shutdown() override {}
    QString description() const override { return {}; }
};

} // namespace

class TestFileSender : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theWholeFileIsSentInSteps();
    void anEmptyFileIsSentAtOnce();
    void aFileThatGrowsIsSentAsItWas();
    void aFileThatShrinksEndsTheTransfer();
    void aLostPeerEndsTheTransfer();
    void aPeerThatIsTooSlowIsGivenUp();
    void aPeerThatIsJustFastEnoughIsKept();

private:
    OpenFile open(qint64 size) const
    {
        return {FileDescriptor(::open(qPrintable(m_file->fileName()), O_RDONLY | O_CLOEXEC)), size};
    }
    std::unique_ptr<QTemporaryFile> m_file;
    QByteArray m_content;
    ServerConfig m_config;
    Pacer m_pacer{std::make_shared<RateLimiter>()};
    SessionCounters m_counters;
};

void TestFileSender::init()
{
    m_file = std::make_unique<QTemporaryFile>();
    QVERIFY(m_file->open());
    m_content.clear();
    for (int i = 0; i < 100'000; ++i)
        m_content.append(QByteArray::number(i));
    m_file->write(m_content);
    QVERIFY(m_file->flush());
    m_config = {};
}

void TestFileSender::theWholeFileIsSentInSteps()
{
    FakeChannel channel;
    SessionInfo before;
    m_counters.sample(before);
    int steps = 0;
    channel.onSend = [&](qint64 offset, qint64 count) -> Result<qint64> {
        ++steps;
        return qMin<qint64>(count, 1 + offset % 9973);
    };
    QVERIFY(sendWholeFile(channel, open(m_content.size()), m_config, m_pacer, m_counters).ok());
    QVERIFY(steps > 10);
    QVERIFY(channel.taken == m_content);
    SessionInfo after;
    m_counters.sample(after);
    QCOMPARE(after.sent - before.sent, m_content.size());
}

void TestFileSender::anEmptyFileIsSentAtOnce()
{
    FakeChannel channel;
    channel.onSend = [](qint64, qint64) -> Result<qint64> {
        return Error{ErrorCode::CutShort, {}};
    };
    QVERIFY(sendWholeFile(channel, open(0), m_config, m_pacer, m_counters).ok());
}

void TestFileSender::aFileThatGrowsIsSentAsItWas()
{
    FakeChannel channel;
    channel.onSend = [&](qint64, qint64 count) -> Result<qint64> {
        m_file->write("more and more");
        m_file->flush();
        return count;
    };
    QVERIFY(sendWholeFile(channel, open(m_content.size()), m_config, m_pacer, m_counters).ok());
    QVERIFY(channel.taken == m_content);
}

void TestFileSender::aFileThatShrinksEndsTheTransfer()
{
    FakeChannel channel;
    channel.onSend = [&](qint64 offset, qint64) -> Result<qint64> {
        if (offset >= 1000)
            m_file->resize(500);
        return qint64(1000);
    };
    const auto sent = sendWholeFile(channel, open(m_content.size()), m_config, m_pacer, m_counters);
    QVERIFY(!sent.ok());
    QCOMPARE(sent.error().code, ErrorCode::LocalFile);
    QCOMPARE(channel.taken, m_content.first(1000));
}

void TestFileSender::aLostPeerEndsTheTransfer()
{
    FakeChannel channel;
    channel.onSend = [](qint64 offset, qint64) -> Result<qint64> {
        if (offset > 0)
            return Error{ErrorCode::CutShort, QStringLiteral("gone")};
        return qint64(10);
    };
    const auto sent = sendWholeFile(channel, open(m_content.size()), m_config, m_pacer, m_counters);
    QVERIFY(!sent.ok());
    QCOMPARE(sent.error().code, ErrorCode::CutShort);
}

void TestFileSender::aPeerThatIsTooSlowIsGivenUp()
{
    FakeChannel channel;
    m_config.minimumRate = 1'000'000'000;
    m_config.minimumRateWindow = 1ms;
    channel.onSend = [](qint64, qint64) -> Result<qint64> {
        QTest::qSleep(1);
        return qint64(1);
    };
    const auto sent = sendWholeFile(channel, open(m_content.size()), m_config, m_pacer, m_counters);
    QVERIFY(!sent.ok());
    QCOMPARE(sent.error().code, ErrorCode::TimedOut);
}

void TestFileSender::aPeerThatIsJustFastEnoughIsKept()
{
    FakeChannel channel;
    m_config.minimumRate = 1;
    m_config.minimumRateWindow = 1ms;
    channel.onSend = [](qint64, qint64) -> Result<qint64> {
        QTest::qSleep(1);
        return qint64(100'000);
    };
    QVERIFY(sendWholeFile(channel, open(m_content.size()), m_config, m_pacer, m_counters).ok());
}

FERRY_TEST(TestFileSender)
#include "tst_filesender.moc"
