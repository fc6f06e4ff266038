// SPDX-License-Identifier: MIT
#include "client/transfer/filesaver.h"
#include "net/base/filedescriptor.h"
#include "support/partof.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/vfs.h>

using namespace ferry;
using namespace ferry::client;

namespace {

const QString name = QStringLiteral("a");

enum class Size { Small, Large };

/// A saver for one file, and what a person does while it is being synced.
class Saving
{
public:
    explicit Saving(bool resume = true)
        : m_resume(resume)
    {
        Download download;
        download.remotePath = "/pub/a";
        download.localName = name;
        download.folder = m_dir.path();
        id = queue->add({download}).first();
    }

    /// The file goes all the way through the saver.
    void save(Size size, ExistingPolicy existing = ExistingPolicy::Fail)
    {
        Download download = queue->takeNext().value();
        download.existing = existing;
        queue->setState(id, DownloadState::Downloading);
        queue->setState(id, DownloadState::Verifying);
        FileSaver saver(queue, std::make_shared<LogQueue>(), m_resume,
                        [this](const std::vector<int> &descriptors, SyncScope scope) {
                            ++syncs;
                            if (const auto meanwhile = std::exchange(duringSync, {}))
                                meanwhile();
                            const int result = syncFiles(descriptors, scope);
                            return syncError != 0 ? syncError : result;
                        });
        QVERIFY(saver.start());
        FileSaver::File file;
        file.download = download;
        file.promise = PromisedReceipt(box);
        if (size == Size::Large)
            file.content = part(existing);
        else
            file.content = content();
        if (beforeSaver)
            beforeSaver();
        saver.save(std::move(file));
    }

    DownloadState state() const { return queue->find(id).value().state; }
    QStringList names() const { return QDir(m_dir.path()).entryList(QDir::Files, QDir::Name); }
    QString path(const QString &of) const { return m_dir.filePath(of); }
    QByteArray bytes(const QString &of) const
    {
        QFile file(path(of));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be opened)");
    }

    const std::shared_ptr<DownloadQueue> queue = std::make_shared<DownloadQueue>();
    const std::shared_ptr<ReceiptBox> box = std::make_shared<ReceiptBox>();
    quint64 id = 0;
    int syncs = 0;
    int syncError = 0;
    std::function<void()> beforeSaver; ///< before the saver has the file
    std::function<void()> duringSync;  ///< on the saver's thread, in its first sync

private:
    PartialFile part(ExistingPolicy existing) const
    {
        auto created = PartialFile::create(m_dir.path(), name, existing);
        PartialFile file = created.take();
        if (!file.write("complete"))
            qFatal("cannot write");
        return file;
    }

    FileContent content() const
    {
        FileContent small;
        small.folder = std::make_shared<const FileDescriptor>(
            ::open(QFile::encodeName(m_dir.path()).constData(), O_RDONLY | O_DIRECTORY));
        small.size = 8;
        small.bytes = std::make_unique<char[]>(8);
        std::copy_n("complete", 8, small.bytes.get());
        return small;
    }

    const bool m_resume;
    QTemporaryDir m_dir;
};

void addSizes()
{
    QTest::addColumn<Size>("size");
    QTest::newRow("small") << Size::Small;
    QTest::newRow("large") << Size::Large;
}

} // namespace

class FileSaverTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void savesAndGivesTheReceipt_data() { addSizes(); }
    void savesAndGivesTheReceipt();
    void whatIsPausedBeforeItsTurnIsSavedAllTheSame_data() { addSizes(); }
    void whatIsPausedBeforeItsTurnIsSavedAllTheSame();
    void whatIsPausedWhileItIsSyncedIsSavedAllTheSame_data() { addSizes(); }
    void whatIsPausedWhileItIsSyncedIsSavedAllTheSame();
    void pausedAndResumedWhileItIsSyncedItIsDone();
    void nothingIsLeftOfACancelledFile_data() { addSizes(); }
    void nothingIsLeftOfACancelledFile();
    void aSecondCopyOfAFinishedFileIsDropped();
    void aFullDiskKeepsAPartForALaterTry();
    void aFullDiskLeavesNothingWithoutALaterTry();
    void whatWasNotWrittenIsReadFromTheDisk();
    void aPausedPartOutlivesAFailure();
    void aTakenNameKeepsThePart();
    void withSkipATakenNameLeavesNoPart();
    void aFolderOfThatNameIsNotReplaced();
    void ofManyFilesTheirDiskIsSynced();
};

void FileSaverTest::savesAndGivesTheReceipt()
{
    QFETCH(const Size, size);
    Saving saving;
    saving.save(size);
    QCOMPARE(saving.state(), DownloadState::Done);
    QCOMPARE(saving.names(), QStringList{name});
    QCOMPARE(saving.bytes(name), QByteArray("complete"));
    QCOMPARE(saving.syncs, 2);
    QCOMPARE(saving.box->take().size(), size_t(1));
    QVERIFY(!saving.box->pending());
}

void FileSaverTest::whatIsPausedBeforeItsTurnIsSavedAllTheSame()
{
    QFETCH(const Size, size);
    Saving saving;
    saving.beforeSaver = [&saving] { saving.queue->pauseAll(); };
    saving.save(size);
    QCOMPARE(saving.names(), QStringList{name});
    QCOMPARE(saving.bytes(name), QByteArray("complete"));
    QCOMPARE(saving.state(), DownloadState::Done);
    QCOMPARE(saving.box->take().size(), size_t(1));
}

void FileSaverTest::whatIsPausedWhileItIsSyncedIsSavedAllTheSame()
{
    QFETCH(const Size, size);
    Saving saving;
    saving.duringSync = [&saving] { saving.queue->pause({saving.id}); };
    saving.save(size);
    QCOMPARE(saving.names(), QStringList{name});
    QCOMPARE(saving.bytes(name), QByteArray("complete"));
    QCOMPARE(saving.state(), DownloadState::Done);
    QCOMPARE(saving.box->take().size(), size_t(1));
}

/// A connection may even have begun it again.
void FileSaverTest::pausedAndResumedWhileItIsSyncedItIsDone()
{
    Saving saving;
    saving.duringSync = [&saving] {
        saving.queue->pause({saving.id});
        saving.queue->resume({saving.id});
        saving.queue->takeNext();
    };
    saving.save(Size::Large);
    QCOMPARE(saving.names(), QStringList{name});
    QCOMPARE(saving.state(), DownloadState::Done);
}

void FileSaverTest::nothingIsLeftOfACancelledFile()
{
    QFETCH(const Size, size);
    Saving saving;
    saving.duringSync = [&saving] { saving.queue->cancel(saving.id); };
    saving.save(size);
    QCOMPARE(saving.names(), QStringList());
    QCOMPARE(saving.state(), DownloadState::Cancelled);
    QVERIFY(saving.box->take().empty());
    QVERIFY(!saving.box->pending());
}

void FileSaverTest::aSecondCopyOfAFinishedFileIsDropped()
{
    Saving saving;
    saving.duringSync = [&saving] { saving.queue->finish(saving.id, true); };
    saving.save(Size::Large, ExistingPolicy::Rename);
    QCOMPARE(saving.names(), QStringList());
    QVERIFY(saving.box->take().empty());
}

void FileSaverTest::aFullDiskKeepsAPartForALaterTry()
{
    Saving saving;
    saving.syncError = ENOSPC;
    saving.save(Size::Large);
    QCOMPARE(saving.names(), QStringList{partOf(name)});
    QCOMPARE(saving.state(), DownloadState::Failed);
    QCOMPARE(saving.queue->find(saving.id)->error.code, ErrorCode::DiskFull);
    QVERIFY(saving.box->take().empty());
    QVERIFY(!saving.box->pending());
}

void FileSaverTest::aFullDiskLeavesNothingWithoutALaterTry()
{
    Saving saving(false);
    saving.syncError = ENOSPC;
    saving.save(Size::Large);
    QCOMPARE(saving.names(), QStringList());
    QCOMPARE(saving.state(), DownloadState::Failed);
}

/// It is in memory still, and looks as if it had been written.
void FileSaverTest::whatWasNotWrittenIsReadFromTheDisk()
{
    Saving saving;
    saving.syncError = EIO;
    saving.save(Size::Large);
    const QByteArray part = QFile::encodeName(saving.path(partOf(name)));
    struct statfs disk = {};
    QCOMPARE(::statfs(part.constData(), &disk), 0);
    if (disk.f_type == TMPFS_MAGIC)
        QSKIP("the folder for temporary files is in memory");
    const FileDescriptor file(::open(part.constData(), O_RDONLY | O_CLOEXEC));
    QVERIFY(file.valid());
    void *const mapped = ::mmap(nullptr, 1, PROT_READ, MAP_SHARED, file.get(), 0);
    QVERIFY(mapped != MAP_FAILED);
    unsigned char inMemory = 1;
    const int looked = ::mincore(mapped, 1, &inMemory);
    ::munmap(mapped, 1);
    QCOMPARE(looked, 0);
    QCOMPARE(inMemory & 1, 0);
}

void FileSaverTest::aPausedPartOutlivesAFailure()
{
    Saving saving(false);
    saving.syncError = EIO;
    saving.duringSync = [&saving] { saving.queue->pauseAll(); };
    saving.save(Size::Large);
    QCOMPARE(saving.names(), QStringList{partOf(name)});
    QCOMPARE(saving.state(), DownloadState::Paused);
}

void FileSaverTest::aTakenNameKeepsThePart()
{
    Saving saving;
    saving.duringSync = [&saving] {
        QFile other(saving.path(name));
        QVERIFY(other.open(QIODevice::WriteOnly));
    };
    saving.save(Size::Large);
    QCOMPARE(saving.names(), (QStringList{name, partOf(name)}));
    QCOMPARE(saving.bytes(name), QByteArray());
    QCOMPARE(saving.bytes(partOf(name)), QByteArray("complete"));
    QCOMPARE(saving.state(), DownloadState::Failed);
    QCOMPARE(saving.queue->find(saving.id)->error.code, ErrorCode::TargetExists);
}

void FileSaverTest::withSkipATakenNameLeavesNoPart()
{
    Saving saving;
    saving.duringSync = [&saving] {
        QFile other(saving.path(name));
        QVERIFY(other.open(QIODevice::WriteOnly));
    };
    saving.save(Size::Small, ExistingPolicy::Skip);
    QCOMPARE(saving.names(), QStringList{name});
    QCOMPARE(saving.bytes(name), QByteArray());
    QCOMPARE(saving.state(), DownloadState::Skipped);
}

void FileSaverTest::aFolderOfThatNameIsNotReplaced()
{
    Saving saving;
    saving.duringSync = [&saving] { QVERIFY(QDir().mkdir(saving.path(name))); };
    saving.save(Size::Small, ExistingPolicy::Overwrite);
    QCOMPARE(saving.names(), QStringList());
    QVERIFY(QDir(saving.path(name)).exists());
    QCOMPARE(saving.state(), DownloadState::Failed);
    QVERIFY(saving.box->take().empty());
}

/// Not each of them is asked where it is. Whether they meet in one sync depends on how soon the
/// saver gets to them, so it is tried until they do.
void FileSaverTest::ofManyFilesTheirDiskIsSynced()
{
    constexpr int tries = 100;
    constexpr int files = int(limits::filesSyncedAlone) + 1;
    bool met = false;
    for (int i = 0; i < tries && !met; ++i) {
        QTemporaryDir dir;
        const auto folder = std::make_shared<const FileDescriptor>(
            ::open(QFile::encodeName(dir.path()).constData(), O_RDONLY | O_DIRECTORY));
        const auto queue = std::make_shared<DownloadQueue>();
        QList<Download> rows(files);
        for (int n = 0; n < files; ++n) {
            rows[n].localName = QString::number(n);
            rows[n].folder = dir.path();
        }
        queue->add(rows);
        std::vector<std::pair<SyncScope, std::set<int>>> syncs;
        {
            FileSaver saver(queue, std::make_shared<LogQueue>(), true,
                            [&syncs](const std::vector<int> &descriptors, SyncScope scope) {
                                syncs.emplace_back(
                                    scope, std::set<int>(descriptors.begin(), descriptors.end()));
                                return syncFiles(descriptors, scope);
                            });
            for (int n = 0; n < files; ++n) {
                FileSaver::File file;
                file.download = queue->takeNext().value();
                queue->setState(file.download.id, DownloadState::Downloading);
                queue->setState(file.download.id, DownloadState::Verifying);
                file.content = FileContent{folder, std::make_unique<char[]>(8), 8, {}, false};
                saver.save(std::move(file));
            }
            QVERIFY(saver.start());
        }
        QCOMPARE(queue->counts().done(), qsizetype(files));
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(), qsizetype(files));
        for (const auto &[scope, descriptors] : syncs) {
            if (scope == SyncScope::Disks)
                QCOMPARE(descriptors, std::set<int>{folder->get()});
            met = met || scope == SyncScope::Disks;
        }
    }
    QVERIFY(met);
}

FERRY_TEST(FileSaverTest)
#include "tst_filesaver.moc"
