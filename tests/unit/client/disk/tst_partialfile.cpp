// SPDX-License-Identifier: MIT
#include "client/disk/localname.h"
#include "client/disk/partialfile.h"
#include "support/partof.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

/// fchmod() fails while there is one.
class NoModes
{
public:
    NoModes() { active = true; }
    ~NoModes() { active = false; }
    static inline std::atomic_bool active = false;
};

} // namespace

/// In the place of the C library's, for the whole program.
extern "C" int fchmod(int fd, mode_t mode) noexcept
{
    if (!NoModes::active)
        return int(::syscall(SYS_fchmod, fd, mode));
    errno = EPERM;
    return -1;
}

class PartialFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void hasItsFinalNameOnlyAfterFinish();
    void leavesNothingWhenDropped();
    void anEmptyFileIsAFile();
    void losesItsMarkWhenFinished();
    void aMarkThatCannotBeTakenAwayIsNoFailure();
    void anExistingTargetIsRefusedAtOnce_data();
    void anExistingTargetIsRefusedAtOnce();
    void aTargetThatComesWhileWritingIsNotReplaced();
    void overwritesOnlyWhenAskedTo();
    void overwritingALinkLeavesItsTargetAlone();
    void aFolderIsNeverOverwritten();
    void renamesToTheFirstFreeNumber();
    void replacesALeftoverOfItsOwn();
    void leavesAFileThatOnlyHasThatNameAlone();
    void leavesWhatIsNoFileInThePlaceOfThePartAlone_data();
    void leavesWhatIsNoFileInThePlaceOfThePartAlone();
    void twoDownloadsOfOneNameDoNotShareAPart();
    void twoDownloadsOfOneNameEndInTwoFilesWithRename();
    void movingKeepsTheFile();
    void assigningDropsWhatWasThere();
    void aFolderThatIsMovedAwayStaysTheTarget();
    void aPartThatWasReplacedByAnotherFileIsNotSaved();
    void aMissingFolderIsALocalError();
    void aFolderThatIsAFileIsALocalError();
    void hostileNamesAreRefused_data();
    void hostileNamesAreRefused();
    void theLongestNameHasRoomForItsPart();
    void namesMayBeAnyBytes();
    void aFailedWriteIsALocalError();

private:
    Result<PartialFile> create(const QString &name,
                               ExistingPolicy existing = ExistingPolicy::Fail) const
    {
        return PartialFile::create(m_dir->path(), name, existing);
    }
    QString path(const QString &name) const { return m_dir->filePath(name); }
    QStringList names() const
    {
        return QDir(m_dir->path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                       QDir::Name);
    }
    /// What a killed program leaves: the part without its lock.
    void leaveBehind(const QString &partName) const
    {
        put(path(partName), "left");
        QCOMPARE(::chmod(localBytes(path(partName)).constData(), 01644), 0);
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void PartialFileTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(m_dir->isValid());
}

void PartialFileTest::hasItsFinalNameOnlyAfterFinish()
{
    PartialFile file = create(QStringLiteral("a.txt")).take();
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("a.txt"))});
    QVERIFY(file.write("one ").ok());
    QVERIFY(file.write("two").ok());
    QCOMPARE(file.size(), 7);
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("a.txt"))});
    const Result<QString> name = file.finish();
    QVERIFY(name.ok());
    QCOMPARE(name.value(), QStringLiteral("a.txt"));
    QCOMPARE(names(), QStringList{QStringLiteral("a.txt")});
    QCOMPARE(content(path(QStringLiteral("a.txt"))), QByteArray("one two"));
}

void PartialFileTest::leavesNothingWhenDropped()
{
    {
        PartialFile file = create(QStringLiteral("a.txt")).take();
        QVERIFY(file.write("half").ok());
    }
    QCOMPARE(names(), QStringList());
}

void PartialFileTest::anEmptyFileIsAFile()
{
    {
        PartialFile file = create(QStringLiteral("empty")).take();
        QVERIFY(file.finish().ok());
    }
    QCOMPARE(names(), QStringList{QStringLiteral("empty")});
    QCOMPARE(content(path(QStringLiteral("empty"))), QByteArray());
}

void PartialFileTest::losesItsMarkWhenFinished()
{
    put(path(QStringLiteral("ordinary")), {});
    struct stat ordinary = {};
    QCOMPARE(::stat(localBytes(path(QStringLiteral("ordinary"))).constData(), &ordinary), 0);

    PartialFile file = create(QStringLiteral("a")).take();
    struct stat part = {};
    QCOMPARE(::stat(localBytes(path(partOf(QStringLiteral("a")))).constData(), &part), 0);
    QVERIFY(part.st_mode & S_ISVTX);
    QVERIFY(file.finish().ok());
    struct stat finished = {};
    QCOMPARE(::stat(localBytes(path(QStringLiteral("a"))).constData(), &finished), 0);
    QCOMPARE(finished.st_mode, ordinary.st_mode);
}

/// The file has its name and is complete.
void PartialFileTest::aMarkThatCannotBeTakenAwayIsNoFailure()
{
    PartialFile file = create(QStringLiteral("a")).take();
    QVERIFY(file.write("content"));
    const NoModes refused;
    const Result<QString> name = file.finish();
    QVERIFY2(name, name ? "" : qPrintable(name.error().text));
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
    QCOMPARE(content(path(QStringLiteral("a"))), QByteArray("content"));
}

void PartialFileTest::anExistingTargetIsRefusedAtOnce_data()
{
    QTest::addColumn<ExistingPolicy>("policy");
    QTest::newRow("fail") << ExistingPolicy::Fail;
    QTest::newRow("skip") << ExistingPolicy::Skip;
}

void PartialFileTest::anExistingTargetIsRefusedAtOnce()
{
    QFETCH(ExistingPolicy, policy);
    put(path(QStringLiteral("a")), "mine");
    QCOMPARE(create(QStringLiteral("a"), policy).error().code, ErrorCode::TargetExists);
    QVERIFY(QFile::link(QStringLiteral("nowhere"), path(QStringLiteral("b"))));
    QCOMPARE(create(QStringLiteral("b"), policy).error().code, ErrorCode::TargetExists);
    QCOMPARE(names(), (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(content(path(QStringLiteral("a"))), QByteArray("mine"));
}

void PartialFileTest::aTargetThatComesWhileWritingIsNotReplaced()
{
    {
        PartialFile file = create(QStringLiteral("a")).take();
        QVERIFY(file.write("theirs").ok());
        put(path(QStringLiteral("a")), "mine");
        QCOMPARE(file.finish().error().code, ErrorCode::TargetExists);
    }
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
    QCOMPARE(content(path(QStringLiteral("a"))), QByteArray("mine"));
}

void PartialFileTest::overwritesOnlyWhenAskedTo()
{
    put(path(QStringLiteral("a")), "a longer old one");
    PartialFile file = create(QStringLiteral("a"), ExistingPolicy::Overwrite).take();
    QVERIFY(file.write("new").ok());
    QCOMPARE(content(path(QStringLiteral("a"))), QByteArray("a longer old one"));
    QVERIFY(file.finish().ok());
    QCOMPARE(content(path(QStringLiteral("a"))), QByteArray("new"));
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
}

void PartialFileTest::overwritingALinkLeavesItsTargetAlone()
{
    put(path(QStringLiteral("precious")), "precious");
    QVERIFY(QFile::link(path(QStringLiteral("precious")), path(QStringLiteral("a"))));
    PartialFile file = create(QStringLiteral("a"), ExistingPolicy::Overwrite).take();
    QVERIFY(file.write("new").ok());
    QVERIFY(file.finish().ok());
    QCOMPARE(content(path(QStringLiteral("precious"))), QByteArray("precious"));
    QCOMPARE(content(path(QStringLiteral("a"))), QByteArray("new"));
    QVERIFY(!QFileInfo(path(QStringLiteral("a"))).isSymLink());
}

void PartialFileTest::aFolderIsNeverOverwritten()
{
    QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("a")));
    QCOMPARE(create(QStringLiteral("a"), ExistingPolicy::Overwrite).error().code,
             ErrorCode::LocalFile);
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
}

void PartialFileTest::renamesToTheFirstFreeNumber()
{
    put(path(QStringLiteral("a.txt")), "mine");
    put(path(QStringLiteral("a (1).txt")), "mine too");
    PartialFile file = create(QStringLiteral("a.txt"), ExistingPolicy::Rename).take();
    QVERIFY(file.write("new").ok());
    QCOMPARE(file.finish().value(), QStringLiteral("a (2).txt"));
    QCOMPARE(content(path(QStringLiteral("a.txt"))), QByteArray("mine"));
    QCOMPARE(content(path(QStringLiteral("a (1).txt"))), QByteArray("mine too"));
    QCOMPARE(content(path(QStringLiteral("a (2).txt"))), QByteArray("new"));
    QCOMPARE(names().size(), 3);
}

void PartialFileTest::replacesALeftoverOfItsOwn()
{
    leaveBehind(partOf(QStringLiteral("a")));
    PartialFile file = create(QStringLiteral("a")).take();
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("a"))});
    QCOMPARE(content(path(partOf(QStringLiteral("a")))), QByteArray());
    QVERIFY(file.write("x").ok());
    QVERIFY(file.finish().ok());
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
}

void PartialFileTest::leavesAFileThatOnlyHasThatNameAlone()
{
    put(path(partOf(QStringLiteral("a"))), "somebody's");
    PartialFile file = create(QStringLiteral("a")).take();
    QCOMPARE(names(), (QStringList{partOf(QStringLiteral("a"), 1), partOf(QStringLiteral("a"))}));
    QVERIFY(file.write("x").ok());
    QVERIFY(file.finish().ok());
    QCOMPARE(names(), (QStringList{QStringLiteral("a"), partOf(QStringLiteral("a"))}));
    QCOMPARE(content(path(partOf(QStringLiteral("a")))), QByteArray("somebody's"));
}

void PartialFileTest::leavesWhatIsNoFileInThePlaceOfThePartAlone_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"link", "broken link", "pipe", "folder"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

void PartialFileTest::leavesWhatIsNoFileInThePlaceOfThePartAlone()
{
    QFETCH(QString, kind);
    const QString part = path(partOf(QStringLiteral("a")));
    put(path(QStringLiteral("precious")), "precious");
    if (kind == QStringLiteral("link"))
        QVERIFY(QFile::link(path(QStringLiteral("precious")), part));
    else if (kind == QStringLiteral("broken link"))
        QVERIFY(QFile::link(path(QStringLiteral("nowhere")), part));
    else if (kind == QStringLiteral("pipe"))
        QCOMPARE(::mkfifo(localBytes(part).constData(), 0644), 0);
    else
        QVERIFY(QDir(m_dir->path()).mkdir(partOf(QStringLiteral("a"))));
    const QStringList before = names();
    {
        auto file = create(QStringLiteral("a"));
        QVERIFY(file);
        QVERIFY(file.value().write("x"));
    }
    QCOMPARE(names(), before);
    QCOMPARE(content(path(QStringLiteral("precious"))), QByteArray("precious"));
}

void PartialFileTest::twoDownloadsOfOneNameDoNotShareAPart()
{
    PartialFile first = create(QStringLiteral("a")).take();
    QVERIFY(first.write("first").ok());
    {
        PartialFile second = create(QStringLiteral("a")).take();
        QVERIFY(second.write("the second").ok());
        QCOMPARE(names().size(), 2);
        QVERIFY(first.finish().ok());
        QCOMPARE(second.finish().error().code, ErrorCode::TargetExists);
    }
    QCOMPARE(content(path(QStringLiteral("a"))), QByteArray("first"));
    QCOMPARE(names(), QStringList{QStringLiteral("a")});
}

void PartialFileTest::twoDownloadsOfOneNameEndInTwoFilesWithRename()
{
    PartialFile first = create(QStringLiteral("a"), ExistingPolicy::Rename).take();
    PartialFile second = create(QStringLiteral("a"), ExistingPolicy::Rename).take();
    QVERIFY(first.write("first").ok());
    QVERIFY(second.write("second").ok());
    QCOMPARE(second.finish().value(), QStringLiteral("a"));
    QCOMPARE(first.finish().value(), QStringLiteral("a (1)"));
    QCOMPARE(content(path(QStringLiteral("a"))), QByteArray("second"));
    QCOMPARE(content(path(QStringLiteral("a (1)"))), QByteArray("first"));
    QCOMPARE(names().size(), 2);
}

void PartialFileTest::movingKeepsTheFile()
{
    std::optional<PartialFile> first = create(QStringLiteral("a")).take();
    QVERIFY(first->write("x").ok());
    PartialFile second = std::move(*first);
    first.reset();
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("a"))});
    QVERIFY(second.write("y").ok());
    QVERIFY(second.finish().ok());
    QCOMPARE(content(path(QStringLiteral("a"))), QByteArray("xy"));
}

void PartialFileTest::assigningDropsWhatWasThere()
{
    PartialFile file = create(QStringLiteral("a")).take();
    file = create(QStringLiteral("b")).take();
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("b"))});
    QVERIFY(file.finish().ok());
    QCOMPARE(names(), QStringList{QStringLiteral("b")});
}

void PartialFileTest::aFolderThatIsMovedAwayStaysTheTarget()
{
    QDir dir(m_dir->path());
    QVERIFY(dir.mkdir(QStringLiteral("target")));
    QVERIFY(dir.mkdir(QStringLiteral("elsewhere")));
    PartialFile file = PartialFile::create(path(QStringLiteral("target")), QStringLiteral("a"),
                                           ExistingPolicy::Fail)
                           .take();
    QVERIFY(dir.rename(QStringLiteral("target"), QStringLiteral("moved")));
    QVERIFY(QFile::link(path(QStringLiteral("elsewhere")), path(QStringLiteral("target"))));
    QVERIFY(file.write("x").ok());
    QVERIFY(file.finish().ok());
    QCOMPARE(content(path(QStringLiteral("moved/a"))), QByteArray("x"));
    QVERIFY(QDir(path(QStringLiteral("elsewhere"))).isEmpty());
}

void PartialFileTest::aPartThatWasReplacedByAnotherFileIsNotSaved()
{
    {
        PartialFile file = create(QStringLiteral("a")).take();
        QVERIFY(file.write("x").ok());
        QVERIFY(QFile::remove(path(partOf(QStringLiteral("a")))));
        put(path(partOf(QStringLiteral("a"))), "something else");
        QCOMPARE(file.finish().error().code, ErrorCode::LocalFile);
    }
    QCOMPARE(names(), QStringList{partOf(QStringLiteral("a"))});
    QCOMPARE(content(path(partOf(QStringLiteral("a")))), QByteArray("something else"));
}

void PartialFileTest::aMissingFolderIsALocalError()
{
    const auto file = PartialFile::create(path(QStringLiteral("none")), QStringLiteral("a"),
                                          ExistingPolicy::Fail);
    QCOMPARE(file.error().code, ErrorCode::LocalFile);
    QCOMPARE(file.error().systemError, ENOENT);
    QVERIFY(file.error().text.contains(QStringLiteral("none")));
}

void PartialFileTest::aFolderThatIsAFileIsALocalError()
{
    put(path(QStringLiteral("file")), {});
    QCOMPARE(
        PartialFile::create(path(QStringLiteral("file")), QStringLiteral("a"), ExistingPolicy::Fail)
            .error()
            .code,
        ErrorCode::LocalFile);
}

void PartialFileTest::hostileNamesAreRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << QString();
    QTest::newRow("here") << QStringLiteral(".");
    QTest::newRow("parent") << QStringLiteral("..");
    QTest::newRow("root") << QStringLiteral("/");
    QTest::newRow("climbing") << QStringLiteral("../a");
    QTest::newRow("below") << QStringLiteral("a/b");
    QTest::newRow("NUL") << QString(QChar(u'\0'));
    QTest::newRow("NUL inside") << QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b");
}

void PartialFileTest::hostileNamesAreRefused()
{
    QFETCH(QString, name);
    QCOMPARE(create(name, ExistingPolicy::Overwrite).error().code, ErrorCode::Invalid);
    QCOMPARE(names(), QStringList());
}

void PartialFileTest::theLongestNameHasRoomForItsPart()
{
    const QString longest(255, u'n');
    PartialFile file = create(longest).take();
    QVERIFY(file.write("x").ok());
    QCOMPARE(file.finish().value(), longest);
    QCOMPARE(names(), QStringList{longest});

    PartialFile again = create(longest, ExistingPolicy::Rename).take();
    const Result<QString> numbered = again.finish();
    QVERIFY(numbered.ok());
    QVERIFY(numbered.value().endsWith(QStringLiteral("n (1)")));
}

void PartialFileTest::namesMayBeAnyBytes()
{
    const QByteArray name("\xFF\x80 \x1B[31m\n\\");
    PartialFile file = create(localText(name)).take();
    QVERIFY(file.finish().ok());
    struct stat made = {};
    const QByteArray whole = QFile::encodeName(m_dir->path()) + '/' + name;
    QCOMPARE(::stat(whole.constData(), &made), 0);
    QCOMPARE(::unlink(whole.constData()), 0); // Qt could not
}

void PartialFileTest::aFailedWriteIsALocalError()
{
    // A limit of the process, since a full disk needs a disk of its own. Without the signal the
    // write that passes the limit is cut, and the next one fails with EFBIG.
    const auto before = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &old), 0);
    rlimit small = old;
    small.rlim_cur = 1000;
    {
        PartialFile file = create(QStringLiteral("a")).take();
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
        const Result<> written = file.write(QByteArray(4000, 'x'));
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &old), 0);
        QVERIFY(!written.ok());
        QCOMPARE(written.error().code, ErrorCode::LocalFile);
    }
    std::signal(SIGXFSZ, before);
    QCOMPARE(names(), QStringList());
}

FERRY_TEST(PartialFileTest)
#include "tst_partialfile.moc"
