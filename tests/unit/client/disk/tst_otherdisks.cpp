// SPDX-License-Identifier: MIT
// Disks that keep neither modes nor owners.
#include "client/disk/disknames.h"
#include "client/disk/diskwrite.h"
#include "client/disk/localname.h"
#include "client/disk/partialfile.h"
#include "client/disk/savednames.h"
#include "client/disk/targetfolder.h"
#include "net/base/filetime.h"
#include "support/mounteddisk.h"
#include "support/testprogram.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <memory>

#include <fcntl.h>

using namespace ferry;
using namespace ferry::client;

class OtherDisksTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void init();
    void aPartIsContinued();
    void aKilledProgramsPartIsReplaced();
    void whatSomebodyWritesToIsLeftAlone();
    void filesAndFoldersKeepTheirTimes();
    void bytesThatAreNoTextAreRefusedInWords();
    void aNameThatTheDiskRefusesIsSaid();
    void aNameThatTheDiskRefusesIsEncoded();
    void aFileOfThisRunIsNotReplacedByOneWithAnotherName();

private:
    QStringList names() const
    {
        return QDir(m_disk->path()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    Result<PartialFile> create() const
    {
        return PartialFile::create(m_disk->path(), QStringLiteral("film"), ExistingPolicy::Fail);
    }

    std::unique_ptr<MountedDisk> m_disk;
};

void OtherDisksTest::initTestCase_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("exFAT") << QStringLiteral("exfat");
    QTest::newRow("NTFS") << QStringLiteral("ntfs");
}

void OtherDisksTest::init()
{
    QFETCH_GLOBAL(const QString, kind);
    m_disk = std::make_unique<MountedDisk>(kind);
    if (!m_disk->error().isEmpty())
        QSKIP(qPrintable(m_disk->error()));
}

void OtherDisksTest::aPartIsContinued()
{
    {
        PartialFile file = create().take();
        QVERIFY(file.write("half"));
        file.keep();
    }
    const FileDescriptor folder(::open(localBytes(m_disk->path()).constData(), O_RDONLY));
    auto found = PartialFile::findLeftover(folder, QStringLiteral("film"), ExistingPolicy::Fail);
    QVERIFY(found);
    QCOMPARE(found->size(), 4);
    QCOMPARE(names().size(), 1);
    QVERIFY(found->finish());
    QCOMPARE(names(), QStringList{QStringLiteral("film")});
}

void OtherDisksTest::aKilledProgramsPartIsReplaced()
{
    {
        PartialFile file = create().take();
        QVERIFY(file.write("half"));
        file.keep();
    }
    PartialFile file = create().take();
    QCOMPARE(names().size(), 1);
    QVERIFY(file.write("all"));
    QVERIFY(file.finish());
    QCOMPARE(names(), QStringList{QStringLiteral("film")});
}

void OtherDisksTest::whatSomebodyWritesToIsLeftAlone()
{
    PartialFile first = create().take();
    QVERIFY(first.write("first"));
    {
        PartialFile second = create().take();
        QCOMPARE(names().size(), 2);
    }
    QVERIFY(first.finish());
    QCOMPARE(names(), QStringList{QStringLiteral("film")});
}

void OtherDisksTest::filesAndFoldersKeepTheirTimes()
{
    constexpr qint64 time = 1'000'000'000;
    PartialFile file = create().take();
    QVERIFY(file.write("all"));
    file.setModified(time * 1'000'000'000);
    QVERIFY(file.finish());
    const auto folder = openTargetFolder(m_disk->path(), QStringLiteral("folder"));
    QVERIFY(folder);
    setModified(folder.value().get(), time * 1'000'000'000);
    for (const QString &name : {QStringLiteral("film"), QStringLiteral("folder")})
        QCOMPARE(QFileInfo(m_disk->path() + u'/' + name).lastModified().toSecsSinceEpoch(), time);
}

/// The disk may refuse already to look for them.
void OtherDisksTest::bytesThatAreNoTextAreRefusedInWords()
{
    const auto file =
        PartialFile::create(m_disk->path(), localText("bad\xFF"), ExistingPolicy::Overwrite);
    QVERIFY(!file);
    QVERIFY2(file.error().text.contains(QStringLiteral("encoded it would be bad%FF")),
             qPrintable(file.error().text));
}

void OtherDisksTest::aNameThatTheDiskRefusesIsSaid()
{
    const auto file =
        PartialFile::create(m_disk->path(), QStringLiteral("a:b"), ExistingPolicy::Fail);
    const auto folder = openTargetFolder(m_disk->path(), QStringLiteral("q?"));
    QFETCH_GLOBAL(const QString, kind);
    if (kind == QStringLiteral("ntfs")) {
        QVERIFY(file && folder); // as POSIX takes them
        return;
    }
    QVERIFY(!file);
    QVERIFY2(file.error().text.contains(QStringLiteral("takes no file of the name a:b")),
             qPrintable(file.error().text));
    QVERIFY(!folder);
    QVERIFY2(folder.error().text.contains(QStringLiteral("takes no folder of the name q?")),
             qPrintable(folder.error().text));
}

void OtherDisksTest::aNameThatTheDiskRefusesIsEncoded()
{
    DiskNames disk;
    disk.setEnabled(true);
    const QString name = disk.encoded(m_disk->path(), QStringLiteral("q?/a:b%41/\xE4.\n/end. /x."));
    QFETCH_GLOBAL(const QString, kind);
    if (kind == QStringLiteral("ntfs")) // takes all but what is no UTF-8
        QCOMPARE(name, QStringLiteral("q?/a:b%2541/\xE4.\n/end. /x."));
    else
        QVERIFY(name.startsWith(QStringLiteral("q%3F/a%3Ab%2541/\xE4.%0A/end.")));
    QCOMPARE(names(), QStringList());
    const auto folder = openTargetFolder(m_disk->path(), name);
    QVERIFY2(folder, qPrintable(folder ? QString() : folder.error().text));
    QCOMPARE(disk.encoded(m_disk->path(), QStringLiteral("plain")), QStringLiteral("plain"));
}

void OtherDisksTest::aFileOfThisRunIsNotReplacedByOneWithAnotherName()
{
    Download upper;
    upper.folder = m_disk->path();
    upper.subfolder = QStringLiteral("Folder");
    upper.localName = QStringLiteral("A.txt");
    upper.existing = ExistingPolicy::Overwrite;
    Download lower = upper;
    lower.localName = QStringLiteral("a.txt");
    QVERIFY(QDir().mkpath(m_disk->path() + QStringLiteral("/Folder")));
    QFile file(m_disk->path() + u'/' + upper.target());
    QVERIFY(file.open(QIODevice::WriteOnly));

    SavedNames names;
    QVERIFY(names.check(upper));
    names.add(upper, upper.localName);
    QVERIFY(names.check(upper));
    const bool folds = QFile::exists(m_disk->path() + u'/' + lower.target());
    QFETCH_GLOBAL(const QString, kind);
    QCOMPARE(folds, kind == QStringLiteral("exfat"));
    QCOMPARE(names.check(lower).ok(), !folds);
    lower.existing = ExistingPolicy::Rename;
    QVERIFY(names.check(lower));
    Download otherFolder = upper;
    otherFolder.subfolder = QStringLiteral("folder");
    QCOMPARE(names.check(otherFolder).ok(), !folds);
}

FERRY_TEST(OtherDisksTest)
#include "tst_otherdisks.moc"
