// SPDX-License-Identifier: MIT
#include "client/limits.h"
#include "client/transfer/transferscheduler.h"
#include "support/testprogram.h"

#include <QTemporaryDir>
#include <QTest>

using namespace ferry;
using namespace ferry::client;

using Role = TransferScheduler::Role;

namespace {

constexpr qint64 megabyte = 1024 * 1024;

} // namespace

class TransferSchedulerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theMainConnectionTakesWhatComesFirst();
    void extraConnectionsTakeLargeFilesOnly();
    void filesUnderWayTakeTurns();
    void noMoreLargeFilesThanAllowedAtOnce();
    void aFileThatWaitedForAMomentGoesOn();
    void smallFilesDoNotKeepALargeOneWaiting();
    void whatNobodyWorksOnIsCounted();
    void whatWasBegunIsRemembered();

private:
    quint64 add(const char *path, qint64 size)
    {
        Download download;
        download.remotePath = path;
        download.folder = m_dir->path();
        download.localName = QString::fromLatin1(path);
        download.size = size;
        return m_queue->add({download}).first();
    }
    /// A large file of this size, under way from its beginning.
    std::shared_ptr<PartedFile> begin(const char *path, qint64 size)
    {
        const quint64 id = add(path, size);
        m_queue->setPriority({id}, Priority::High);
        const Download download = *m_queue->takeNext();
        extended::FileFacts facts;
        facts.size = size;
        auto part =
            PartialFile::create(m_dir->path(), QString::fromLatin1(path), ExistingPolicy::Fail);
        const auto file = std::make_shared<PartedFile>(
            download, *VirtualPath::parse(QByteArray("/") + path), part.take(), facts, 0);
        m_scheduler->begin(file);
        return file;
    }
    /// The path of a new file, or `path offset+length` of a part, in megabytes.
    QByteArray next(Role role)
    {
        const auto work = m_scheduler->next(role, megabyte);
        if (!work)
            return "nothing";
        if (const auto *download = std::get_if<Download>(&*work))
            return download->remotePath;
        const auto &part = std::get<TransferScheduler::PartWork>(*work);
        return part.file->download().remotePath + ' ' +
               QByteArray::number(part.part.offset / megabyte) + '+' +
               QByteArray::number(part.part.length / megabyte);
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::shared_ptr<DownloadQueue> m_queue;
    std::unique_ptr<TransferScheduler> m_scheduler;
};

void TransferSchedulerTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_queue = std::make_shared<DownloadQueue>();
    m_scheduler = std::make_unique<TransferScheduler>(m_queue);
}

void TransferSchedulerTest::theMainConnectionTakesWhatComesFirst()
{
    add("unknown", -1);
    add("large", 10 * megabyte);
    add("small", 1);
    QCOMPARE(next(Role::Main), "unknown");
    QCOMPARE(next(Role::Main), "large");
    QCOMPARE(next(Role::Main), "small");
    QCOMPARE(next(Role::Main), "nothing");
}

void TransferSchedulerTest::extraConnectionsTakeLargeFilesOnly()
{
    add("small", 1);
    add("unknown", -1);
    add("large", 10 * megabyte);
    QCOMPARE(next(Role::Extra), "large");
    QCOMPARE(next(Role::Extra), "nothing");
    begin("other", 2 * megabyte);
    QCOMPARE(next(Role::Extra), "other 0+1");
}

void TransferSchedulerTest::filesUnderWayTakeTurns()
{
    begin("a", 3 * megabyte);
    begin("b", 1 * megabyte);
    QCOMPARE(next(Role::Extra), "a 0+1");
    QCOMPARE(next(Role::Extra), "b 0+1");
    QCOMPARE(next(Role::Extra), "a 1+1");
    QCOMPARE(next(Role::Extra), "a 2+1");
    QCOMPARE(next(Role::Extra), "nothing");
}

void TransferSchedulerTest::noMoreLargeFilesThanAllowedAtOnce()
{
    m_queue->setFilesAtOnce(1);
    const auto first = begin("a", 2 * megabyte);
    add("large", 10 * megabyte);
    QCOMPARE(next(Role::Extra), "a 0+1");
    QCOMPARE(next(Role::Extra), "a 1+1");
    QCOMPARE(next(Role::Extra), "nothing");
    QCOMPARE(next(Role::Main), "nothing");
    m_scheduler->end(first);
    m_queue->setState(first->download().id, DownloadState::Verifying);
    QVERIFY(m_scheduler->empty());
    QCOMPARE(next(Role::Extra), "large");
}

void TransferSchedulerTest::aFileThatWaitedForAMomentGoesOn()
{
    const auto first = begin("a", 2 * megabyte);
    const quint64 id = first->download().id;
    QCOMPARE(next(Role::Main), "a 0+1");
    first->verified({PartedFile::Work::Fetch, 0, megabyte});
    m_queue->requeue(id);
    QCOMPARE(next(Role::Main), "a 1+1");
    QCOMPARE(m_queue->find(id)->state, DownloadState::Downloading);
    QCOMPARE(m_queue->find(id)->received, megabyte);
}

void TransferSchedulerTest::smallFilesDoNotKeepALargeOneWaiting()
{
    begin("large", 10 * megabyte);
    for (qint64 i = 0; i < 2 * limits::filesPerTurn; ++i)
        add("small", 1);
    for (qint64 i = 0; i < limits::filesPerTurn; ++i)
        QCOMPARE(next(Role::Main), "small");
    QCOMPARE(next(Role::Main), "large 0+1");
    QCOMPARE(next(Role::Main), "small");
}

void TransferSchedulerTest::whatNobodyWorksOnIsCounted()
{
    add("small", 1);
    add("large", 10 * megabyte);
    begin("a", 3 * megabyte);
    QCOMPARE(m_scheduler->untaken(), 13 * megabyte);
    QCOMPARE(next(Role::Extra), "large");
    QCOMPARE(m_scheduler->untaken(), 3 * megabyte);
    QCOMPARE(next(Role::Extra), "a 0+1");
    QCOMPARE(m_scheduler->untaken(), 2 * megabyte);
}

void TransferSchedulerTest::whatWasBegunIsRemembered()
{
    const auto file = begin("a", megabyte);
    QVERIFY(m_scheduler->wasBegun(file->download().id));
    QCOMPARE(m_scheduler->takeAll().size(), size_t(1));
    QVERIFY(m_scheduler->empty());
    QVERIFY(m_scheduler->wasBegun(file->download().id));
    QVERIFY(!m_scheduler->wasBegun(file->download().id + 1));
}

FERRY_TEST(TransferSchedulerTest)
#include "tst_transferscheduler.moc"
