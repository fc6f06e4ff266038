// SPDX-License-Identifier: MIT
// What a part that an earlier try left may do to the rest of the disk.
#include "client/disk/partialfile.h"
#include "support/partof.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::client;

namespace {

QByteArray content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be opened)");
}

void put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

class LeftoversTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void neverWritesToAFileWithASecondName();
    void whatIsContinuedGetsNoSpecialMode();
    void whatTheFirstVersionLeftIsContinued();
    void aPartThatIsKeptTakesNoMoreRoomThanItHolds();
    void aPayloadMayHaveNamesOfParts();
    void longNamesWithOneStartHavePartsOfTheirOwn();
    void partsOfOtherTriesGo();
    void aPartWithANumberIsContinued();
    void whatIsKeptCanBeContinuedAtOnce();

private:
    Result<PartialFile> create(const QString &name) const
    {
        return PartialFile::create(m_dir->path(), name, ExistingPolicy::Fail);
    }
    QStringList names() const { return QDir(m_dir->path()).entryList(QDir::Files, QDir::Name); }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void LeftoversTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(m_dir->isValid());
}

/// Its other name may be outside the folder.
void LeftoversTest::neverWritesToAFileWithASecondName()
{
    const QString outside = m_dir->filePath(QStringLiteral("outside"));
    put(outside, "precious");
    QCOMPARE(::chmod(outside.toLocal8Bit().constData(), 0600 | S_ISVTX), 0);
    const QString target = m_dir->filePath(QStringLiteral("target"));
    QVERIFY(QDir().mkpath(target));
    QCOMPARE(::link(outside.toLocal8Bit().constData(),
                    (target + u'/' + partOf(QStringLiteral("x"))).toLocal8Bit().constData()),
             0);
    const FileDescriptor folder(::open(target.toLocal8Bit().constData(), O_RDONLY | O_DIRECTORY));
    QVERIFY(!PartialFile::findLeftover(folder, QStringLiteral("x"), ExistingPolicy::Fail));
    auto made = PartialFile::create(folder, QStringLiteral("x"), ExistingPolicy::Fail);
    QVERIFY(made);
    PartialFile file = made.take();
    QVERIFY(file.write("received"));
    QVERIFY(file.finish());
    QCOMPARE(content(outside), QByteArray("precious"));
}

void LeftoversTest::whatIsContinuedGetsNoSpecialMode()
{
    const QString part = m_dir->filePath(partOf(QStringLiteral("x")));
    put(part, "beginning");
    QCOMPARE(::chmod(part.toLocal8Bit().constData(), 06711 | S_ISVTX), 0);
    const FileDescriptor folder(
        ::open(m_dir->path().toLocal8Bit().constData(), O_RDONLY | O_DIRECTORY));
    auto found = PartialFile::findLeftover(folder, QStringLiteral("x"), ExistingPolicy::Fail);
    QVERIFY(found);
    QVERIFY(found->finish());
    struct stat finished = {};
    QCOMPARE(::stat(m_dir->filePath(QStringLiteral("x")).toLocal8Bit().constData(), &finished), 0);
    QCOMPARE(int(finished.st_mode & 07777), 0600); // whether it is a program, the server says
}

void LeftoversTest::whatTheFirstVersionLeftIsContinued()
{
    const QString earlier = m_dir->filePath(QStringLiteral("x.part"));
    const FileDescriptor folder(
        ::open(m_dir->path().toLocal8Bit().constData(), O_RDONLY | O_DIRECTORY));
    const auto find = [&] {
        return PartialFile::findLeftover(folder, QStringLiteral("x"), ExistingPolicy::Fail);
    };
    // A file that only has that name is somebody's.
    put(earlier, "a payload");
    QVERIFY(!find());
    PartialFile::removeLeftover(folder, QStringLiteral("x"));
    QCOMPARE(content(earlier), QByteArray("a payload"));

    put(earlier, "beginning");
    QCOMPARE(::chmod(earlier.toLocal8Bit().constData(), 0644 | S_ISVTX), 0);
    {
        const FileDescriptor writing(::open(earlier.toLocal8Bit().constData(), O_RDWR));
        QCOMPARE(::flock(writing.get(), LOCK_EX | LOCK_NB), 0);
        QVERIFY(!find());
    }
    {
        auto found = find();
        QVERIFY(found);
        QCOMPARE(found->size(), qint64(9));
        QVERIFY(found->write(" and end"));
        QVERIFY(found->finish());
    }
    QCOMPARE(content(m_dir->filePath(QStringLiteral("x"))), QByteArray("beginning and end"));
    QCOMPARE(QDir(m_dir->path()).entryList(QDir::Files), QStringList{QStringLiteral("x")});

    put(earlier, "beginning");
    QCOMPARE(::chmod(earlier.toLocal8Bit().constData(), 0644 | S_ISVTX), 0);
    PartialFile::removeLeftover(folder, QStringLiteral("x"));
    QVERIFY(!QFile::exists(earlier));
}

/// On a file system that reserves nothing this proves nothing.
void LeftoversTest::aPartThatIsKeptTakesNoMoreRoomThanItHolds()
{
    {
        auto made = PartialFile::create(m_dir->path(), QStringLiteral("x"), ExistingPolicy::Fail);
        QVERIFY(made);
        PartialFile file = made.take();
        QVERIFY(file.reserve(64 * 1024 * 1024));
        QVERIFY(file.write("a"));
        file.keep();
    }
    struct stat kept = {};
    QCOMPARE(::stat(m_dir->filePath(partOf(QStringLiteral("x"))).toLocal8Bit().constData(), &kept),
             0);
    QCOMPARE(qint64(kept.st_size), 1);
    QVERIFY(kept.st_blocks * 512 < 1024 * 1024);
}

void LeftoversTest::aPayloadMayHaveNamesOfParts()
{
    PartialFile file = create(QStringLiteral("m")).take();
    PartialFile other = create(QStringLiteral("m.part")).take();
    QVERIFY(other.finish());
    QVERIFY(file.finish());
    QCOMPARE(names(), (QStringList{QStringLiteral("m"), QStringLiteral("m.part")}));
}

/// A leftover of one of them is not another's.
void LeftoversTest::longNamesWithOneStartHavePartsOfTheirOwn()
{
    const QString start(250, u'n');
    {
        PartialFile file = create(start + QStringLiteral("1")).take();
        QVERIFY(file.write("of 1"));
        file.keep();
    }
    PartialFile other = create(start + QStringLiteral("2")).take();
    QCOMPARE(names().size(), 2);
    const FileDescriptor folder(::open(QFile::encodeName(m_dir->path()).constData(), O_RDONLY));
    const auto found =
        PartialFile::findLeftover(folder, start + QStringLiteral("1"), ExistingPolicy::Fail);
    QVERIFY(found);
    QCOMPARE(found->size(), 4);
}

/// A row that is paused and resumed begins anew while its first part is written to still.
void LeftoversTest::partsOfOtherTriesGo()
{
    {
        auto first = create(QStringLiteral("a"));
        auto second = create(QStringLiteral("a"));
        QVERIFY(first && second);
        QVERIFY(first.value().write("one") && second.value().write("two"));
        first.value().keep();
        second.value().keep();
    }
    QCOMPARE(names().size(), 2);
    const FileDescriptor folder(::open(qPrintable(m_dir->path()), O_RDONLY | O_DIRECTORY));
    auto again = PartialFile::findLeftover(folder, QStringLiteral("a"), ExistingPolicy::Fail);
    QVERIFY(again);
    QVERIFY(again->finish());
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
}

/// The queue hears of a failure before the last descriptor is closed.
void LeftoversTest::whatIsKeptCanBeContinuedAtOnce()
{
    PartialFile file = create(QStringLiteral("a")).take();
    QVERIFY(file.write("one"));
    file.keep();
    const FileDescriptor folder(::open(qPrintable(m_dir->path()), O_RDONLY | O_DIRECTORY));
    const auto again = PartialFile::findLeftover(folder, QStringLiteral("a"), ExistingPolicy::Fail);
    QVERIFY(again);
    QCOMPARE(again->size(), 3);
}

void LeftoversTest::aPartWithANumberIsContinued()
{
    {
        auto first = create(QStringLiteral("a"));
        auto second = create(QStringLiteral("a"));
        QVERIFY(first && second);
        QVERIFY(second.value().write("two"));
        second.value().keep();
    }
    QCOMPARE(names().size(), 1);
    const FileDescriptor folder(::open(qPrintable(m_dir->path()), O_RDONLY | O_DIRECTORY));
    auto again = PartialFile::findLeftover(folder, QStringLiteral("a"), ExistingPolicy::Fail);
    QVERIFY(again);
    QVERIFY(again->finish());
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
    QCOMPARE(content(m_dir->filePath(QStringLiteral("a"))), QByteArray("two"));
}

FERRY_TEST(LeftoversTest)
#include "tst_leftovers.moc"
