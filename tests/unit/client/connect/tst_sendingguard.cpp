// SPDX-License-Identifier: MIT
// A server that takes a file too slowly, or says without end that it is busy, is left.
#include "client/connect/extendedconversation.h"
#include "client/limits.h"
#include "support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::extended;

namespace {

/// Takes a few bytes at a time, each after a while, and says at once what it has to say.
class SlowChannel final : public Channel
{
public:
    QByteArray said;
    bool withoutEnd = false; ///< it says the same for ever
    qsizetype atOnce = 1;    ///< bytes
    qsizetype taken = 0;

    Result<qsizetype> read(char *to, qsizetype most, QDeadlineTimer) override
    {
        const QByteArray bytes = said.first(std::min(most, said.size()));
        if (!withoutEnd)
            said.remove(0, bytes.size());
        std::copy(bytes.begin(), bytes.end(), to);
        return bytes.size();
    }
    Result<> write(QByteArrayView, QDeadlineTimer) override { return {}; }
    Result<qsizetype> writeSome(QByteArrayView bytes, QDeadlineTimer) override
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(2)); // what it is about
        const qsizetype now = std::min(atOnce, bytes.size());
        taken += now;
        return now;
    }
    Result<qint64> sendFile(int, qint64, qint64 count, QDeadlineTimer) override { return count; }
    Result<Heard> waitForBytes(QDeadlineTimer, const Wakeup *) override
    {
        return said.isEmpty() ? Heard::Nothing : Heard::Bytes;
    }
    Result<> pause(QDeadlineTimer) override { return {}; }
    void finishWriting() override {}
    void finishReading() override {}
    void shutdown() override {}
    QString description() const override { return {}; }
};

constexpr std::chrono::milliseconds shortly{100};

/// Somebody who announces a file, and sends it.
struct Sender
{
    explicit Sender(std::chrono::milliseconds busyTime = limits::busyTime)
    {
        config.minimumRateWindow = std::chrono::milliseconds(0);
        config.busyTime = busyTime;
        conversation = std::make_unique<ExtendedConversation>(channel, config, log);
    }

    Result<> announce()
    {
        channel.said = "#Server Ready.\r\n";
        auto greeting = conversation->next();
        Request put;
        put.verb = Verb::Put;
        put.path = *VirtualPath::parse("/in/a");
        put.size = content.size();
        put.upload = QByteArray(32, 'a');
        conversation->send(put);
        return greeting ? Result<>() : greeting.error();
    }

    const QByteArray content = QByteArray(100'000, 'x');
    SlowChannel channel;
    ClientConfig config;
    LogQueue log;
    std::unique_ptr<ExtendedConversation> conversation;
};

} // namespace

class SendingGuardTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whoTakesItTooSlowlyIsLeft();
    void whoSaysThatItIsBusyMayBeSlow();
    void butNotForEver();
    void whatIsTakenIsProgress();
    void whatWasSaidLastIsWhy_data();
    void whatWasSaidLastIsWhy();
};

void SendingGuardTest::whoTakesItTooSlowlyIsLeft()
{
    Sender sender;
    QVERIFY(sender.announce().ok());
    const auto sent = sender.conversation->sendContent(sender.content);
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, ErrorCode::TimedOut);
    QVERIFY(sender.channel.taken < sender.content.size());
}

void SendingGuardTest::whoSaysThatItIsBusyMayBeSlow()
{
    Sender sender;
    QVERIFY(sender.announce().ok());
    sender.channel.said = "#BUSY\r\n";
    sender.channel.withoutEnd = true;
    const auto sent = sender.conversation->sendContent(sender.content,
                                                       [&] { return sender.channel.taken < 200; });
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, ErrorCode::Cancelled); // it was asked, though #BUSY has no end
    QCOMPARE(sender.channel.taken, 200);
}

void SendingGuardTest::butNotForEver()
{
    Sender sender(shortly);
    QVERIFY(sender.announce().ok());
    sender.channel.said = "#BUSY\r\n";
    sender.channel.withoutEnd = true;
    const auto sent = sender.conversation->sendContent(sender.content);
    QVERIFY(!sent);
    QCOMPARE(sent.error().code, ErrorCode::TimedOut);
    QVERIFY(sender.channel.taken < sender.content.size());
}

/// An upload may take longer than a server may be busy, if it goes on meanwhile.
void SendingGuardTest::whatIsTakenIsProgress()
{
    Sender sender(shortly);
    QVERIFY(sender.announce().ok());
    sender.channel.said = "#BUSY\r\n";
    sender.channel.withoutEnd = true;
    sender.channel.atOnce = sender.content.size();
    QElapsedTimer timer;
    timer.start();
    do {
        QVERIFY(sender.conversation->poll().ok());
        QVERIFY(sender.conversation->sendContent(sender.content).ok());
    } while (!timer.hasExpired(3 * shortly.count()));
}

void SendingGuardTest::whatWasSaidLastIsWhy_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("a goodbye") << QByteArray("#BUSY\r\n!STOPPING\r\n") << ErrorCode::Refused;
    QTest::newRow("nonsense") << QByteArray("nonsense\r\n") << ErrorCode::Protocol;
}

void SendingGuardTest::whatWasSaidLastIsWhy()
{
    QFETCH(const QByteArray, said);
    Sender sender;
    QVERIFY(sender.announce().ok());
    sender.channel.said = said;
    const auto sent = sender.conversation->sendContent(sender.content);
    QVERIFY(!sent);
    QTEST(sent.error().code, "code");
}

FERRY_TEST(SendingGuardTest)
#include "tst_sendingguard.moc"
