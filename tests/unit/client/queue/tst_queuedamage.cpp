// SPDX-License-Identifier: MIT
// The file of a queue is damaged or cannot be used: what is left, and what is in memory, is kept.
#include "client/queue/downloadqueue.h"
#include "client/queue/queuefile.h"
#include "client/queue/queuestore.h"
#include "net/base/sqlitefile.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

#include <sys/resource.h>

using namespace ferry;
using namespace ferry::client;

namespace {

QList<Download> files(int count)
{
    QList<Download> list(count);
    for (int i = 0; i < count; ++i) {
        list[i].remotePath = "/pub/file" + QByteArray::number(i);
        list[i].localName = QStringLiteral("file%1").arg(i);
        list[i].folder = QStringLiteral("/tmp/target");
        list[i].server = QStringLiteral("127.0.0.1:7420");
    }
    return list;
}

} // namespace

class QueueDamageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void keepsWhatCanBeReadOfADamagedFile();
    void aFullDiskWhileItIsMendedLosesNoRow();
    void damageWhileItIsOpenLosesNoRow();
    void aFileThatCannotBeOpenedForAWhileLosesNoRow();
    void garbageIsPutAside();
    void withoutDescriptorsNothingIsCalledDamaged();

private:
    QString path() const { return m_dir->filePath(QStringLiteral("queue.sqlite")); }
    QList<Download> stored()
    {
        QueueFile file(path());
        return file.openToRead() ? file.rows().value() : QList<Download>();
    }
    void damageTheMiddle()
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(file.size() / 2 / 4096 * 4096));
        QCOMPARE(file.write(QByteArray(8192, '\xA5')), 8192);
    }
    /// As somebody does who has the file open: no row can be read or written any more.
    void damage()
    {
        SqliteFile other(path(), {QStringLiteral("The queue"), 1, {}, QStringLiteral("SELECT 1")});
        QVERIFY(other.open());
        QVERIFY(other.run(QStringLiteral("DROP TABLE downloads")));
        QVERIFY(other.run(QStringLiteral("CREATE TABLE downloads(id INTEGER PRIMARY KEY)")));
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void QueueDamageTest::keepsWhatCanBeReadOfADamagedFile()
{
    {
        const auto queue = std::make_shared<DownloadQueue>();
        const auto store = QueueStore::open(path(), queue);
        QVERIFY(store);
        queue->add(files(2000));
    }
    damageTheMiddle();
    const auto queue = std::make_shared<DownloadQueue>();
    auto store = QueueStore::open(path(), queue);
    QVERIFY(store);
    const QStringList problems = store.value()->takeProblems();
    QCOMPARE(problems.size(), 1);
    QVERIFY(problems.first().contains(QStringLiteral("queue.sqlite.damaged")));
    QVERIFY(QFile::exists(path() + QStringLiteral(".damaged")));
    const qsizetype kept = queue->counts().all();
    qInfo("%lld of 2000 rows kept", qlonglong(kept));
    QVERIFY(kept > 1500 && kept < 2000);
    queue->add(files(1));
    store.value().reset();
    QCOMPARE(stored().size(), kept + 1);
}

/// The damaged file is put back, to be mended when there is room again.
void QueueDamageTest::aFullDiskWhileItIsMendedLosesNoRow()
{
    {
        const auto queue = std::make_shared<DownloadQueue>();
        const auto store = QueueStore::open(path(), queue);
        QVERIFY(store);
        queue->add(files(2000));
    }
    damageTheMiddle();
    rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit scarce = {100'000, before.rlim_max};
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &scarce), 0);
    const auto refused = QueueStore::open(path(), std::make_shared<DownloadQueue>());
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, ignored);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::LocalFile);
    QCOMPARE(QDir(m_dir->path()).entryList({QStringLiteral("*damaged*")}).size(), 0);
    const auto queue = std::make_shared<DownloadQueue>();
    const auto store = QueueStore::open(path(), queue);
    QVERIFY(store);
    QVERIFY(queue->counts().all() > 1500);
}

void QueueDamageTest::damageWhileItIsOpenLosesNoRow()
{
    const auto queue = std::make_shared<DownloadQueue>();
    auto store = QueueStore::open(path(), queue);
    QVERIFY(store);
    queue->add(files(3));
    store.value()->flush();
    QVERIFY(stored().size() == 3 && store.value()->takeProblems().isEmpty());
    damage();
    queue->add(files(1));
    store.value()->flush(); // fails
    store.value()->flush(); // puts the file aside
    QVERIFY(store.value()->takeProblems().join(u' ').contains(QStringLiteral("sqlite.damaged")));
    store.value().reset();
    QCOMPARE(stored().size(), 4);
}

/// In the middle of being put aside: the file has its new name, and there is no new one yet.
void QueueDamageTest::aFileThatCannotBeOpenedForAWhileLosesNoRow()
{
    const auto queue = std::make_shared<DownloadQueue>();
    auto store = QueueStore::open(path(), queue);
    QVERIFY(store);
    queue->add(files(3));
    store.value()->flush();
    damage();
    QVERIFY(QFile::rename(path(), path() + QStringLiteral(".damaged")));
    QVERIFY(QDir().mkdir(path()));
    queue->add(files(1));
    store.value()->flush();
    store.value()->flush();
    QCOMPARE(store.value()->takeProblems().size(), 1);
    QVERIFY(QDir().rmdir(path()));
    store.value()->flush();
    store.value().reset();
    QCOMPARE(stored().size(), 4);
}

void QueueDamageTest::garbageIsPutAside()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(10'000, 'x'));
    file.close();
    const auto queue = std::make_shared<DownloadQueue>();
    const auto store = QueueStore::open(path(), queue);
    QVERIFY(store);
    QCOMPARE(store.value()->takeProblems().size(), 1);
    QCOMPARE(queue->counts().all(), 0);
    QVERIFY(QFile::exists(path() + QStringLiteral(".damaged")));
}

/// A trouble of the computer and none of the file: it is left as it is, and written when it passes.
void QueueDamageTest::withoutDescriptorsNothingIsCalledDamaged()
{
    {
        const auto queue = std::make_shared<DownloadQueue>();
        const auto store = QueueStore::open(path(), queue);
        QVERIFY(store);
        queue->add(files(3));
    }
    rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    int refused = 0;
    for (rlim_t spare = 0; spare < 12; ++spare) {
        const auto queue = std::make_shared<DownloadQueue>();
        const rlimit scarce = {rlim_t(test::descriptorCount()) + spare, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &scarce), 0);
        auto store = QueueStore::open(path(), queue);
        const qsizetype rows = queue->counts().all();
        if (store) {
            queue->add(files(1));
            store.value()->flush(); // maybe in vain
        }
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
        QCOMPARE(QDir(m_dir->path()).entryList({QStringLiteral("*damaged*")}).size(), 0);
        if (!store) {
            ++refused;
            QVERIFY(!store.error().text.isEmpty());
            continue;
        }
        QVERIFY(rows >= 3);
        queue->add(files(1));
        store.value()->flush();
        store.value().reset();
        QCOMPARE(stored().size(), rows + 2);
    }
    QVERIFY(refused > 0);
    QVERIFY(refused < 12);
}

FERRY_TEST(QueueDamageTest)
#include "tst_queuedamage.moc"
