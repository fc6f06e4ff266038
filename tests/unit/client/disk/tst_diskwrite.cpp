// SPDX-License-Identifier: MIT
#include "client/disk/diskwrite.h"
#include "client/disk/finalname.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <limits>

#include <fcntl.h>
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
    void tellsAFullDisk();
    void reservesRoomWithoutChangingTheSize();
    void knowsThatNoDiskHoldsEverything();
    void setsTimesBeforeAndAfter1970();
    void nothingIsLeftOfAFileWithoutAName();
    void givesANameOnce();
    void replacesOnlyWhenAsked();
    void aFolderIsNotReplaced();

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
    const FileDescriptor file = unnamed("content");
    if (!file.valid())
        QSKIP("no files without names here");
    QCOMPARE(nameFile(file.get(), m_folder.get(), "f"), 0);
    QCOMPARE(content("f"), "content");
    const FileDescriptor other = unnamed("other");
    QCOMPARE(nameFile(other.get(), m_folder.get(), "f"), EEXIST);
    QCOMPARE(::symlinkat("nowhere", m_folder.get(), "link"), 0);
    QCOMPARE(nameFile(other.get(), m_folder.get(), "link"), EEXIST);
    QCOMPARE(content("f"), "content");
}

void DiskWriteTest::replacesOnlyWhenAsked()
{
    const FileDescriptor file = unnamed("content");
    if (!file.valid())
        QSKIP("no files without names here");
    QCOMPARE(nameFile(file.get(), m_folder.get(), "f"), 0);
    const FileDescriptor other = unnamed("other");
    QCOMPARE(nameReplacing(other.get(), m_folder.get(), "f"), 0);
    QCOMPARE(content("f"), "other");
    const QByteArray longest(255, 'n');
    const FileDescriptor third = unnamed("third");
    QCOMPARE(nameReplacing(third.get(), m_folder.get(), longest), 0);
    QCOMPARE(names().size(), 2);
}

void DiskWriteTest::aFolderIsNotReplaced()
{
    const FileDescriptor file = unnamed("content");
    if (!file.valid())
        QSKIP("no files without names here");
    QCOMPARE(::mkdirat(m_folder.get(), "d", 0700), 0);
    QVERIFY(nameReplacing(file.get(), m_folder.get(), "d") != 0);
    QCOMPARE(names(), QStringList{QStringLiteral("d")});
}

FERRY_TEST(DiskWriteTest)
#include "tst_diskwrite.moc"
