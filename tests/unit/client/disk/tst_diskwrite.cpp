// SPDX-License-Identifier: MIT
#include "client/disk/diskwrite.h"
#include "client/disk/finalname.h"
#include "client/disk/targetfolder.h"
#include "net/base/filetime.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <limits>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::client;

class DiskWriteTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void writesWhereItIsTold();
    void runsOfZerosTakeNoRoom();
    void zerosReplaceWhatIsThere_data();
    void zerosReplaceWhatIsThere();
    void tellsAFullDisk();
    void reservesRoomWithoutChangingTheSize();
    void knowsThatNoDiskHoldsEverything();
    void setsTimesBeforeAndAfter1970();
    void nothingIsLeftOfAFileWithoutAName();
    void givesANameOnce();
    void replacesOnlyWhenAsked();
    void aFolderIsNotReplaced();
    void aFileIsMovedInWhole();
    void knowsAFolderThatWasEmpty();

private:
    QStringList names() const
    {
        return QDir(m_dir->path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name);
    }
    QByteArray content(const char *name) const
    {
        QFile file(m_dir->filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : "none";
    }
    /// Invalid where there are no such files.
    FileDescriptor unnamed(QByteArrayView bytes) const
    {
        FileDescriptor file = createUnnamed(m_folder.get());
        if (file.valid() && writeAll(file.get(), 0, bytes) != 0)
            qFatal("cannot write");
        return file;
    }

    Result<QString> give(QByteArrayView bytes, const QString &name, ExistingPolicy existing) const
    {
        const FileDescriptor file = unnamed(bytes);
        struct stat made = {};
        if (::fstat(file.get(), &made) != 0)
            qFatal("cannot look at it");
        auto given = nameUnnamed(file.get(), m_folder.get(), name, existing, made.st_mode);
        return given ? Result<QString>(given.value().name) : given.error();
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    FileDescriptor m_folder;
};

void DiskWriteTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_folder = FileDescriptor(
        ::open(QFile::encodeName(m_dir->path()).constData(), O_RDONLY | O_DIRECTORY));
    QVERIFY(m_folder.valid());
}

void DiskWriteTest::writesWhereItIsTold()
{
    const FileDescriptor file(::openat(m_folder.get(), "f", O_RDWR | O_CREAT, 0600));
    QCOMPARE(writeAll(file.get(), 3, "def"), 0);
    QCOMPARE(writeAll(file.get(), 0, "abc"), 0);
    QCOMPARE(writeAll(file.get(), 100, {}), 0);
    QCOMPARE(content("f"), "abcdef");
    const FileDescriptor readOnly(::openat(m_folder.get(), "f", O_RDONLY));
    QCOMPARE(writeAll(readOnly.get(), 0, "x"), EBADF);
}

void DiskWriteTest::runsOfZerosTakeNoRoom()
{
    constexpr qint64 size = 16 << 20;
    const FileDescriptor file(::openat(m_folder.get(), "f", O_RDWR | O_CREAT, 0600));
    QCOMPARE(reserveSpace(file.get(), size), 0);
    QCOMPARE(writeSparse(file.get(), 0, QByteArray(size, '\0')), 0);
    struct stat status = {};
    QCOMPARE(::fstat(file.get(), &status), 0);
    QCOMPARE(qint64(status.st_size), size);
    if (::fallocate(file.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096) != 0)
        QSKIP("no holes on this file system");
    QVERIFY(status.st_blocks * 512 < size / 8);
}

void DiskWriteTest::zerosReplaceWhatIsThere_data()
{
    QTest::addColumn<qint64>("offset");
    QTest::addColumn<int>("zerosFrom");
    QTest::addColumn<int>("zeros");
    for (const qint64 offset : {qint64(0), qint64(1), qint64(65'536), qint64(100'000)}) {
        for (const int from : {0, 1, 65'535, 65'536, 150'000})
            QTest::addRow("%lld, %d", offset, from) << offset << from << 200'000;
    }
}

void DiskWriteTest::zerosReplaceWhatIsThere()
{
    QFETCH(const qint64, offset);
    QFETCH(const int, zerosFrom);
    QFETCH(const int, zeros);
    const FileDescriptor file(::openat(m_folder.get(), "f", O_RDWR | O_CREAT, 0600));
    QByteArray expected(300'000, 'o');
    QCOMPARE(writeAll(file.get(), 0, expected), 0);
    QByteArray bytes(400'000, 'n');
    bytes.replace(zerosFrom, zeros, QByteArray(zeros, '\0'));
    QCOMPARE(writeSparse(file.get(), offset, bytes), 0);
    expected = expected.first(offset) + bytes;
    QVERIFY(content("f") == expected);
    // Ends in a hole behind the end.
    const QByteArray hole(200'000, '\0');
    QCOMPARE(writeSparse(file.get(), expected.size(), hole), 0);
    QVERIFY(content("f") == expected + hole);
}

void DiskWriteTest::tellsAFullDisk()
{
    const FileDescriptor full(::open("/dev/full", O_WRONLY));
    if (!full.valid())
        QSKIP("no /dev/full");
    QCOMPARE(writeAll(full.get(), 0, "x"), ENOSPC);
}

void DiskWriteTest::reservesRoomWithoutChangingTheSize()
{
    const FileDescriptor file(::openat(m_folder.get(), "f", O_RDWR | O_CREAT, 0600));
    QCOMPARE(reserveSpace(file.get(), 1'000'000), 0);
    QCOMPARE(QFileInfo(m_dir->filePath(QStringLiteral("f"))).size(), 0);
    QCOMPARE(checkSpace(file.get(), 1'000'000), 0);
}

void DiskWriteTest::knowsThatNoDiskHoldsEverything()
{
    const FileDescriptor file(::openat(m_folder.get(), "f", O_RDWR | O_CREAT, 0600));
    QCOMPARE(checkSpace(file.get(), qint64(1) << 60), ENOSPC);
    QVERIFY(reserveSpace(file.get(), qint64(1) << 60) != 0);
    QVERIFY(reserveSpace(file.get(), std::numeric_limits<qint64>::max()) != 0);
}

void DiskWriteTest::setsTimesBeforeAndAfter1970()
{
    const FileDescriptor file(::openat(m_folder.get(), "f", O_RDWR | O_CREAT, 0600));
    for (const qint64 ns : {qint64(0), qint64(1'700'000'000'123'456'789), qint64(-1'500'000'000)}) {
        setModified(file.get(), ns);
        struct stat status = {};
        QCOMPARE(::fstat(file.get(), &status), 0);
        QCOMPARE(status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec, ns);
    }
}

void DiskWriteTest::nothingIsLeftOfAFileWithoutAName()
{
    {
        const FileDescriptor file = unnamed("content");
        if (!file.valid())
            QSKIP("no files without names here");
        QCOMPARE(names(), QStringList());
    }
    QCOMPARE(names(), QStringList());
}

void DiskWriteTest::givesANameOnce()
{
    if (!unnamed({}).valid())
        QSKIP("no files without names here");
    QCOMPARE(give("content", QStringLiteral("f"), ExistingPolicy::Fail).value(),
             QStringLiteral("f"));
    QCOMPARE(content("f"), "content");
    QCOMPARE(give("other", QStringLiteral("f"), ExistingPolicy::Fail).error().code,
             ErrorCode::TargetExists);
    QCOMPARE(::symlinkat("nowhere", m_folder.get(), "link"), 0);
    QCOMPARE(give("other", QStringLiteral("link"), ExistingPolicy::Skip).error().code,
             ErrorCode::TargetExists);
    QCOMPARE(content("f"), "content");
    QCOMPARE(names(), (QStringList{QStringLiteral("f")})); // a broken link is not listed
}

void DiskWriteTest::replacesOnlyWhenAsked()
{
    if (!unnamed({}).valid())
        QSKIP("no files without names here");
    QVERIFY(give("content", QStringLiteral("f"), ExistingPolicy::Overwrite));
    QVERIFY(give("other", QStringLiteral("f"), ExistingPolicy::Overwrite));
    QCOMPARE(content("f"), "other");
    QVERIFY(give("third", QString(255, u'n'), ExistingPolicy::Overwrite));
    QCOMPARE(names().size(), 2);
}

void DiskWriteTest::aFolderIsNotReplaced()
{
    if (!unnamed({}).valid())
        QSKIP("no files without names here");
    QCOMPARE(::mkdirat(m_folder.get(), "d", 0700), 0);
    QVERIFY(!give("x", QStringLiteral("d"), ExistingPolicy::Overwrite));
    QCOMPARE(names(), QStringList{QStringLiteral("d")});
}

/// As a watch folder waits for it.
void DiskWriteTest::aFileIsMovedInWhole()
{
    if (!unnamed({}).valid())
        QSKIP("no files without names here");
    const FileDescriptor watch(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    QVERIFY(::inotify_add_watch(watch.get(), QFile::encodeName(m_dir->path()).constData(),
                                IN_CREATE | IN_MOVED_TO) >= 0);
    QVERIFY(give("content", QStringLiteral("f"), ExistingPolicy::Fail));
    alignas(inotify_event) char buffer[4096];
    const ssize_t count = ::read(watch.get(), buffer, sizeof buffer);
    bool movedIn = false;
    for (ssize_t at = 0; at < count;) {
        const auto *event = reinterpret_cast<const inotify_event *>(buffer + at);
        if (qstrcmp(event->name, "f") == 0) {
            QVERIFY2(event->mask & IN_MOVED_TO, "it appeared in another way");
            movedIn = true;
        }
        at += ssize_t(sizeof(inotify_event) + event->len);
    }
    QVERIFY(movedIn);
    struct stat saved = {};
    QCOMPARE(::fstatat(m_folder.get(), "f", &saved, 0), 0);
    QCOMPARE(int(saved.st_mode & S_ISVTX), 0);
}

void DiskWriteTest::knowsAFolderThatWasEmpty()
{
    QCOMPARE(::mkdirat(m_folder.get(), "old", 0700), 0);
    TargetFolders folders;
    const auto wasEmpty = [&](const char *below) {
        if (!folders.open(m_dir->path(), QString::fromLatin1(below)))
            qFatal("cannot open the folder");
        return folders.lastWasEmpty();
    };
    QVERIFY(!wasEmpty(""));
    QVERIFY(wasEmpty("old"));
    QVERIFY(wasEmpty("new"));
    QFile file(m_dir->filePath(QStringLiteral("new/.f")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(wasEmpty("new")); // it was not left
    QVERIFY(wasEmpty("old"));
    QVERIFY(!wasEmpty("new"));
}

FERRY_TEST(DiskWriteTest)
#include "tst_diskwrite.moc"
