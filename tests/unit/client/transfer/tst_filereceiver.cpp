// SPDX-License-Identifier: MIT
#include "client/transfer/filereceiver.h"
#include "net/base/checksum.h"
#include "support/partof.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::extended;

using Kind = ExtendedEvent::Kind;

namespace {

/// Gives out what a server said, at most so many bytes at a time.
class SaidChannel final : public Channel
{
public:
    QByteArray said;
    std::function<void()> beforeRead;

    Result<qsizetype> read(char *to, qsizetype most, QDeadlineTimer) override
    {
        if (beforeRead)
            beforeRead();
        const QByteArray bytes = said.first(std::min({most, said.size(), qsizetype(100'000)}));
        said.remove(0, bytes.size());
        std::copy(bytes.begin(), bytes.end(), to);
        return bytes.size();
    }
    Result<> write(QByteArrayView, QDeadlineTimer) override { return {}; }
    Result<qsizetype> writeSome(QByteArrayView bytes, QDeadlineTimer) override
    {
        return bytes.size();
    }
    Result<qint64> sendFile(int, qint64, qint64 count, QDeadlineTimer) override { return count; }
    Result<Heard> waitForBytes(QDeadlineTimer, const Wakeup *) override { return Heard::Bytes; }
    Result<> pause(QDeadlineTimer) override { return {}; }
    void finishWriting() override {}
    void finishReading() override {}
    void shutdown() override {}
    QString description() const override { return {}; }
};

QByteArray sumOf(const QByteArray &bytes)
{
    Checksum sum;
    sum.add(bytes);
    return "xxh3:" + sum.hex();
}

/// One receiver, and a row that it fetches.
class Receiving
{
public:
    Receiving()
    {
        download.remotePath = "/pub/a";
        download.localName = QStringLiteral("a");
        download.folder = dir.path();
        id = queue->add({download}).first();
        download = queue->takeNext().value();
        job.download = download;
        job.request.verb = Verb::Get;
        job.request.path = *VirtualPath::parse("/pub/a");
    }

    /// The server's answer to the job, up to the content. False if it does not come.
    bool begin(const QByteArray &content, const QByteArray &sum)
    {
        channel.said = "#Server Ready.\r\n" + file({content.size(), 0, "i", 0, content.size()}) +
                       data(content.size()) + content + extended::done(content.size(), sum);
        conversation.send(job.request);
        const auto greeting = conversation.next();
        const auto first = conversation.next();
        if (!greeting || !first || first.value().kind != Kind::FileBegin)
            return false;
        begun = receiver.begin(job, first.value().facts);
        const auto body = conversation.next();
        return body && body.value().kind == Kind::Body;
    }

    void write(const QByteArray &content) const
    {
        QFile there(dir.filePath(QStringLiteral("a")));
        if (!there.open(QIODevice::WriteOnly) || there.write(content) != content.size())
            qFatal("cannot write");
    }
    QByteArray bytes(const QString &name) const
    {
        QFile there(dir.filePath(name));
        return there.open(QIODevice::ReadOnly) ? there.readAll() : QByteArray("(not there)");
    }
    QStringList names() const
    {
        return QDir(dir.path()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }

    const QTemporaryDir dir;
    const std::shared_ptr<DownloadQueue> queue = std::make_shared<DownloadQueue>();
    const std::shared_ptr<LogQueue> log = std::make_shared<LogQueue>();
    const ClientConfig config;
    std::atomic_bool closing = false;
    quint64 id = 0;
    Download download;
    TransferJob job;
    Result<> begun;
    SaidChannel channel;
    ExtendedConversation conversation{channel, config, *log};
    TransferScheduler scheduler{queue};
    FileSaver saver{queue, log, false};
    FileReceiver receiver{conversation, {*queue, scheduler, saver, config, *log, closing}};
};

} // namespace

class FileReceiverTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSmallFileIsHeldUntilItsChecksumIsRight();
    void aWrongChecksumIsTheFilesError();
    void aLargeFileBecomesPartsAndIsWrittenAsItComes();
    void aRowThatIsEndedIsReceivedNoMore();
    void aConnectionThatBreaksIsNotTheFilesError();
    void identicalContentIsKnownByItsChecksum();
    void aFileThatIsHereIsCopiedToBeContinued();
    void whatIsHereIsNotReadForWhatIsOver_data();
    void whatIsHereIsNotReadForWhatIsOver();
};

void FileReceiverTest::aSmallFileIsHeldUntilItsChecksumIsRight()
{
    const QByteArray content(300'000, 'x');
    Receiving all;
    QVERIFY(all.saver.start());
    QVERIFY(all.begin(content, sumOf(content)));
    QVERIFY(all.begun);
    QVERIFY(all.receiver.body(all.job));
    QVERIFY(!all.job.lost);
    QCOMPARE(all.names(), QStringList());
    const auto end = all.conversation.next();
    QVERIFY(end);
    QVERIFY(all.receiver.done(all.job, end.value().text, false));
    all.saver.flush();
    QTRY_COMPARE(all.queue->find(all.id)->state, DownloadState::Done);
    QCOMPARE(all.bytes(QStringLiteral("a")), content);
    QTRY_VERIFY(!all.receiver.receipts()->pending());
    QCOMPARE(all.receiver.receipts()->take().size(), size_t(1));
}

void FileReceiverTest::aWrongChecksumIsTheFilesError()
{
    Receiving all;
    QVERIFY(all.begin("content", sumOf("other")));
    QVERIFY(all.receiver.body(all.job));
    const auto end = all.conversation.next();
    QVERIFY(end);
    const auto done = all.receiver.done(all.job, end.value().text, false);
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::ChecksumMismatch);
    QCOMPARE(all.names(), QStringList());
}

void FileReceiverTest::aLargeFileBecomesPartsAndIsWrittenAsItComes()
{
    const QByteArray content(limits::largeFile + 1, 'x');
    Receiving all;
    QVERIFY(all.begin(content, sumOf(content)));
    QVERIFY(all.begun);
    QVERIFY(all.job.parted);
    QVERIFY(!all.scheduler.empty());
    QVERIFY(all.receiver.body(all.job));
    QVERIFY(!all.job.lost);
    QCOMPARE(all.bytes(partOf(QStringLiteral("a"))), content);
}

void FileReceiverTest::aRowThatIsEndedIsReceivedNoMore()
{
    const QByteArray content(1'000'000, 'x');
    Receiving all;
    QVERIFY(all.begin(content, sumOf(content)));
    all.channel.beforeRead = [&] { all.queue->cancel(all.id); };
    QVERIFY(all.receiver.body(all.job));
    QVERIFY(all.job.lost);
    QCOMPARE(all.job.lost->code, ErrorCode::Cancelled);
    QVERIFY(all.job.received < content.size());
    QCOMPARE(all.conversation.bodyRemaining(), 0);
}

void FileReceiverTest::aConnectionThatBreaksIsNotTheFilesError()
{
    const QByteArray content(1'000'000, 'x');
    Receiving all;
    QVERIFY(all.begin(content, sumOf(content)));
    all.channel.said.clear();
    const auto received = all.receiver.body(all.job);
    QVERIFY(!received);
    QCOMPARE(received.error().code, ErrorCode::CutShort);
    QVERIFY(!all.job.lost);
}

void FileReceiverTest::identicalContentIsKnownByItsChecksum()
{
    Receiving all;
    QVERIFY(!all.receiver.isIdentical(all.download, 7, sumOf("content")).value());
    all.write("content");
    QVERIFY(all.receiver.isIdentical(all.download, 7, sumOf("content")).value());
    QVERIFY(!all.receiver.isIdentical(all.download, 7, sumOf("Content")).value());
    QCOMPARE(all.receiver.existing(all.download)->size, 7);
}

void FileReceiverTest::aFileThatIsHereIsCopiedToBeContinued()
{
    const QByteArray content(1'000'000, 'x');
    Receiving all;
    all.write(content);
    auto part = all.receiver.partOfExisting(all.download);
    QVERIFY(part);
    QCOMPARE(part.value().size(), content.size());
    QCOMPARE(all.bytes(partOf(QStringLiteral("a"))), content);
}

void FileReceiverTest::whatIsHereIsNotReadForWhatIsOver_data()
{
    QTest::addColumn<bool>("closing");
    QTest::newRow("cancelled") << false;
    QTest::newRow("closing") << true;
}

/// It may be hundreds of gigabytes, and somebody waits for the end.
void FileReceiverTest::whatIsHereIsNotReadForWhatIsOver()
{
    QFETCH(bool, closing);
    const QByteArray content(1'000'000, 'x');
    Receiving all;
    all.write(content);
    if (closing)
        all.closing = true;
    else
        all.queue->cancel(all.id);
    const auto same = all.receiver.isIdentical(all.download, content.size(), sumOf(content));
    QVERIFY(!same);
    QCOMPARE(same.error().code, ErrorCode::Cancelled);
    const auto part = all.receiver.partOfExisting(all.download);
    QVERIFY(!part);
    QCOMPARE(part.error().code, ErrorCode::Cancelled);
    QCOMPARE(all.names(), QStringList{QStringLiteral("a")});
}

FERRY_TEST(FileReceiverTest)
#include "tst_filereceiver.moc"
