// SPDX-License-Identifier: MIT
#include "server/files/share.h"
#include "support/testprogram.h"
#include "wire/limits.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::server;
using jail::Method;

Q_DECLARE_METATYPE(ferry::server::jail::Method)

/// The jail, in both of its ways.
class TestShare : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void theKernelsJailIsUsedWhereItIs();
    void filesAreOpenedWithTheirSize_data() { methods(); }
    void filesAreOpenedWithTheirSize();
    void whatIsMissingIsNotFound_data() { methods(); }
    void whatIsMissingIsNotFound();
    void whatIsNoRegularFileIsRefused_data() { methods(); }
    void whatIsNoRegularFileIsRefused();
    void linksToTheOutsideAreRefused_data() { methods(); }
    void linksToTheOutsideAreRefused();
    void linksInsideAreFollowed_data() { methods(); }
    void linksInsideAreFollowed();
    void anUnreadableFileIsRefused_data() { methods(); }
    void anUnreadableFileIsRefused();
    void theFolderIsLookedUpAgain_data() { methods(); }
    void theFolderIsLookedUpAgain();
    void nothingIsHeldBetweenTwoFiles();
    void aSingleFileIsServedAndNothingElse_data() { methods(); }
    void aSingleFileIsServedAndNothingElse();
    void namesAreBytes_data() { methods(); }
    void namesAreBytes();
    void descriptorsAreNotInherited_data() { methods(); }
    void descriptorsAreNotInherited();
    void ownFilesAreNeverServed_data() { methods(); }
    void ownFilesAreNeverServed();
    void ownFilesStayOwnWhereverTheyAreMoved_data() { methods(); }
    void ownFilesStayOwnWhereverTheyAreMoved();
    void aFolderSaysWhetherItHasOwnPlaces();
    void contentWithoutASizeIsNotGiven();
    void aMissingFolderIsInvalid();
    void withoutDescriptorsNothingIsCalledMissing_data() { methods(); }
    void withoutDescriptorsNothingIsCalledMissing();

private:
    static void methods();
    Result<OpenFile> open(Method method, const QByteArray &path) const;
    QByteArray path(const QByteArray &below) const
    {
        return QFile::encodeName(m_dir->path()) + '/' + below;
    }
    void write(const QByteArray &below, const QByteArray &content) const;
    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestShare::methods()
{
    QTest::addColumn<Method>("method");
    if (jail::best() == Method::Openat2)
        QTest::newRow("openat2") << Method::Openat2;
    QTest::newRow("component by component") << Method::ComponentWise;
}

void TestShare::initTestCase()
{
    ::umask(022);
}

void TestShare::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_dir->path()).mkpath(QStringLiteral("pub/folder/deeper")));
    write("secret", "outside");
    write("pub/file", "inside");
    write("pub/folder/deeper/file", "deep inside");
    write("pub/empty", "");
}

void TestShare::write(const QByteArray &below, const QByteArray &content) const
{
    // Not QFile: it takes names for text.
    const FileDescriptor file(
        ::open(path(below).constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    QVERIFY(file.valid());
    QCOMPARE(::write(file.get(), content.constData(), size_t(content.size())),
             ssize_t(content.size()));
}

Result<OpenFile> TestShare::open(Method method, const QByteArray &name) const
{
    const auto shares = ShareSet::open({{"pub", path("pub")}}, method);
    if (!shares)
        return shares.error();
    const auto checked = VirtualPath::parse(name);
    if (!checked)
        return Error{ErrorCode::Invalid, {}};
    return shares.value()->openFile(*checked);
}

void TestShare::theKernelsJailIsUsedWhereItIs()
{
    const FileDescriptor root(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const bool there = jail::openWithOpenat2(root.get(), {}).valid();
    QCOMPARE(jail::best(), there ? Method::Openat2 : Method::ComponentWise);
}

void TestShare::filesAreOpenedWithTheirSize()
{
    QFETCH(Method, method);
    auto file = open(method, "/pub/folder/deeper/file");
    QVERIFY(file.ok());
    QCOMPARE(file.value().size, 11);
    char bytes[32];
    QCOMPARE(::read(file.value().descriptor.get(), bytes, sizeof bytes), ssize_t(11));
    QCOMPARE(QByteArray(bytes, 11), QByteArray("deep inside"));
    QVERIFY(!(::fcntl(file.value().descriptor.get(), F_GETFL) & O_NONBLOCK));
    QCOMPARE(open(method, "pub/empty").value().size, 0);
}

void TestShare::whatIsMissingIsNotFound()
{
    QFETCH(Method, method);
    for (const char *name : {"/pub/missing", "/pub/missing/file", "/pub/file/below", "/other/file",
                             "/secret", "/pub/FILE", "/pub/file "}) {
        const auto file = open(method, name);
        QVERIFY2(!file.ok(), name);
        QCOMPARE(file.error().code, ErrorCode::NotFound);
    }
}

void TestShare::whatIsNoRegularFileIsRefused()
{
    QFETCH(Method, method);
    QCOMPARE(::mkfifo(path("pub/fifo").constData(), 0600), 0);
    const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, path("pub/socket").constData(), sizeof address.sun_path);
    QCOMPARE(::bind(socket.get(), reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    // Making a device takes rights that the tests may not have.
    const bool haveDevice = ::mknod(path("pub/device").constData(), S_IFCHR | 0666, 0x103) == 0;
    QByteArrayList names{"/pub", "/pub/folder", "/pub/folder/deeper", "/pub/fifo", "/pub/socket"};
    if (haveDevice)
        names.append("/pub/device");
    // A sparse one may claim more bytes than can be told, where the file system has such.
    write("pub/huge", "x");
    if (::truncate(path("pub/huge").constData(), limits::maxFileBytes) == 0) {
        QVERIFY(open(method, "/pub/huge").ok());
        QCOMPARE(::truncate(path("pub/huge").constData(), limits::maxFileBytes + 1), 0);
        names.append("/pub/huge");
    }
    for (const QByteArray &name : names) {
        const auto file = open(method, name);
        QVERIFY2(!file.ok(), name.constData());
        QCOMPARE(file.error().code, ErrorCode::Refused);
    }
}

void TestShare::linksToTheOutsideAreRefused()
{
    QFETCH(Method, method);
    const auto link = [this](const QByteArray &target, const char *name) {
        QCOMPARE(::symlink(target.constData(), path(name).constData()), 0);
    };
    link("../secret", "pub/relative");
    link(path("secret"), "pub/absolute");
    link("..", "pub/parent");
    link("/", "pub/root");
    link("relative", "pub/chain");
    link("loop", "pub/loop");
    link("/proc/self/root", "pub/magic");
    link("folder/../../secret", "pub/roundabout");
    const QByteArray secret = path("secret").mid(1);
    for (const QByteArray &name :
         {QByteArray("/pub/relative"), QByteArray("/pub/absolute"),
          QByteArray("/pub/parent/secret"), "/pub/root/" + secret, QByteArray("/pub/chain"),
          QByteArray("/pub/loop"), "/pub/magic/" + secret, QByteArray("/pub/roundabout")}) {
        const auto file = open(method, name);
        QVERIFY2(!file.ok(), name.constData());
        QVERIFY(file.error().code == ErrorCode::Refused ||
                file.error().code == ErrorCode::NotFound);
    }
}

/// By both ways, relative and absolute; an absolute one may use the share's path as it was given or
/// as it is without links.
void TestShare::linksInsideAreFollowed()
{
    QFETCH(Method, method);
    const auto link = [this](const QByteArray &target, const char *name) {
        QCOMPARE(::symlink(target.constData(), path(name).constData()), 0);
    };
    link("folder/deeper/file", "pub/shortcut");
    link("../../file", "pub/folder/deeper/up");
    link(path("pub/folder"), "pub/absolute");
    link("absolute", "pub/chain");
    link("../pub/file", "pub/roundabout");
    link(path("pub"), "pub/self");
    link(path("pub2"), "pub/sibling"); // a name that only begins like the share's
    QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("pub2")));
    write("pub2/file", "outside");
    QCOMPARE(open(method, "/pub/shortcut").value().size, 11);
    QCOMPARE(open(method, "/pub/folder/deeper/up").value().size, 6);
    QCOMPARE(open(method, "/pub/absolute/deeper/file").value().size, 11);
    QCOMPARE(open(method, "/pub/chain/deeper/file").value().size, 11);
    QCOMPARE(open(method, "/pub/chain/deeper/up").value().size, 6);
    QCOMPARE(open(method, "/pub/self/self/file").value().size, 6);
    QVERIFY(!open(method, "/pub/roundabout").ok());
    QVERIFY(!open(method, "/pub/sibling/file").ok());

    link(path("pub"), "name");
    link(path("name/file"), "pub/byGivenName");
    const auto shares = ShareSet::open({{"s", path("name")}}, method);
    QVERIFY(shares.ok());
    QVERIFY(shares.value()->openFile(*VirtualPath::parse("/s/byGivenName")).ok());
    QVERIFY(shares.value()->openFile(*VirtualPath::parse("/s/absolute/deeper/file")).ok());
}

void TestShare::anUnreadableFileIsRefused()
{
    QFETCH(Method, method);
    QCOMPARE(::chmod(path("pub/file").constData(), 0), 0);
    if (::geteuid() == 0) {
        // Root reads everything; another user for this thread alone does not.
        QCOMPARE(::chmod(QFile::encodeName(m_dir->path()).constData(), 0755), 0);
        QCOMPARE(::seteuid(65534), 0);
    }
    const auto file = open(method, "/pub/file");
    if (::getuid() == 0)
        QCOMPARE(::seteuid(0), 0);
    QVERIFY(!file.ok());
    QCOMPARE(file.error().code, ErrorCode::Refused);
}

/// What the owner sees under its name now is what is shared: also after a disk was mounted there.
void TestShare::theFolderIsLookedUpAgain()
{
    QFETCH(Method, method);
    const auto shares = ShareSet::open({{"pub", path("pub")}}, method);
    QVERIFY(shares.ok());
    const auto file = VirtualPath::parse("/pub/file");
    const auto fresh = VirtualPath::parse("/pub/new");
    QVERIFY(shares.value()->openFile(*file).ok());
    QCOMPARE(::rename(path("pub").constData(), path("elsewhere").constData()), 0);
    const auto gone = shares.value()->openFile(*file);
    QVERIFY(!gone.ok());
    QCOMPARE(gone.error().code, ErrorCode::LocalFile); // an empty share would be a lie
    QVERIFY(gone.error().text.contains(m_dir->path()));
    QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("pub")));
    write("pub/new", "x");
    QVERIFY(shares.value()->openFile(*fresh).ok());
    QVERIFY(!shares.value()->openFile(*file).ok());
}

void TestShare::aSingleFileIsServedAndNothingElse()
{
    QFETCH(Method, method);
    const auto set = ShareSet::open({{"one", path("pub/file")}}, method);
    QVERIFY(set.ok());
    const ShareSet &shares = *set.value();
    QVERIFY(shares.isFile("one") && !shares.isFile("two"));
    const auto codeOf = [&](const char *name) {
        const auto file = shares.openFile(*VirtualPath::parse(name));
        return file ? ErrorCode::Cancelled : file.error().code; // Cancelled: it was opened
    };
    QCOMPARE(codeOf("/one"), ErrorCode::Cancelled);
    QCOMPARE(codeOf("/one/file"), ErrorCode::NotFound);
    QCOMPARE(codeOf("/one/empty"), ErrorCode::NotFound); // which is beside it
    QCOMPARE(codeOf("/file"), ErrorCode::NotFound);
    // What is saved anew under its name is what is served; what is no file any more is not.
    write("new", "saved anew");
    QCOMPARE(::rename(path("new").constData(), path("pub/file").constData()), 0);
    const auto again = shares.openFile(*VirtualPath::parse("/one"));
    QVERIFY(again.ok());
    QCOMPARE(again.value().size, 10);
    QCOMPARE(::unlink(path("pub/file").constData()), 0);
    QCOMPARE(codeOf("/one"), ErrorCode::LocalFile);
    QCOMPARE(::mkdir(path("pub/file").constData(), 0755), 0);
    QCOMPARE(codeOf("/one"), ErrorCode::Refused);
    QCOMPARE(::rmdir(path("pub/file").constData()), 0);
    QCOMPARE(::mkfifo(path("pub/file").constData(), 0644), 0);
    QCOMPARE(codeOf("/one"), ErrorCode::Refused); // and nobody waits for its other end
    QVERIFY(!ShareSet::open({{"one", path("pub/file")}}, method).ok());

    // A file of Ferry's own stays one, by whatever name it is shared.
    const auto own = ShareSet::open({{"mine", path("secret")}}, method,
                                    OwnFiles(QByteArrayList{path("secret")}));
    QVERIFY(own.ok());
    const auto refused = own.value()->openFile(*VirtualPath::parse("/mine"));
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::Refused);
}

/// Else a disk could not be unmounted while nobody fetches from it.
void TestShare::nothingIsHeldBetweenTwoFiles()
{
    const auto openDescriptors = [] {
        return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::Files | QDir::System).size();
    };
    const auto before = openDescriptors();
    const auto shares = ShareSet::open(QList<ShareConfig>{{"pub", path("pub")}});
    QVERIFY(shares.ok());
    QVERIFY(shares.value()->openFile(*VirtualPath::parse("/pub/file")).ok());
    QCOMPARE(openDescriptors(), before);
}

void TestShare::namesAreBytes()
{
    QFETCH(Method, method);
    for (const QByteArray &name : {QByteArray("back\\slash"), QByteArray("\xFF\xFE"),
                                   QByteArray("a b  c "), QByteArray("-rf"), QByteArray("..."),
                                   QByteArray("~"), QByteArray("%2e%2e"), QByteArray(255, 'n')}) {
        write("pub/" + name, "x");
        const auto file = open(method, "/pub/" + name);
        QVERIFY2(file.ok(), name.constData());
        QCOMPARE(file.value().size, 1);
        // QTemporaryDir could not.
        QCOMPARE(::unlink(path("pub/" + name).constData()), 0);
    }
}

void TestShare::descriptorsAreNotInherited()
{
    QFETCH(Method, method);
    auto file = open(method, "/pub/file");
    QVERIFY(file.ok());
    QVERIFY(::fcntl(file.value().descriptor.get(), F_GETFD) & FD_CLOEXEC);
}

/// Whatever leads to them: their path, a link, a second name, a mount.
void TestShare::ownFilesAreNeverServed()
{
    QFETCH(Method, method);
    QVERIFY(QDir(m_dir->path()).mkpath(QStringLiteral("pub/data/below")));
    write("pub/data/key", "secret");
    write("pub/data/onename", "secret");
    write("pub/data/below/file", "secret");
    write("pub/log", "secret");
    write("pub/database", "public"); // its name only begins alike
    const auto shares =
        ShareSet::open({{"pub", path("pub")}}, method,
                       OwnFiles({path("pub/data"), path("pub/log"), path("pub/later"), {}}));
    QVERIFY(shares.ok());
    write("pub/later", "secret");
    QCOMPARE(::symlink("data/key", path("pub/link").constData()), 0);
    QCOMPARE(::symlink("data", path("pub/folderlink").constData()), 0);
    QCOMPARE(::link(path("pub/data/key").constData(), path("pub/second").constData()), 0);
    QCOMPARE(::link(path("pub/log").constData(), path("pub/folder/log").constData()), 0);
    QByteArrayList names{"/pub/data",   "/pub/data/key",   "/pub/data/below/file",
                         "/pub/log",    "/pub/later",      "/pub/data/below",
                         "/pub/link",   "/pub/folderlink", "/pub/folderlink/key",
                         "/pub/second", "/pub/folder/log"};
    const QByteArray mounted = path("pub/mounted");
    QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("pub/mounted")));
    const bool mounts =
        ::mount(path("pub/data").constData(), mounted.constData(), nullptr, MS_BIND, nullptr) == 0;
    if (mounts)
        names += {"/pub/mounted", "/pub/mounted/key", "/pub/mounted/onename"};
    QByteArrayList served;
    for (const QByteArray &name : names) {
        const auto node = shares.value()->open(*VirtualPath::parse(name));
        if (node || node.error().code != ErrorCode::Refused)
            served.append(name);
    }
    if (mounts)
        QCOMPARE(::umount(mounted.constData()), 0);
    QCOMPARE(served, QByteArrayList());
    QVERIFY(shares.value()->openFile(*VirtualPath::parse("/pub/database")).ok());
    QVERIFY(shares.value()->openFile(*VirtualPath::parse("/pub/file")).ok());
}

/// A server runs for months, and its owner tidies up meanwhile.
void TestShare::ownFilesStayOwnWhereverTheyAreMoved()
{
    QFETCH(Method, method);
    QVERIFY(QDir(m_dir->path()).mkpath(QStringLiteral("pub/data/below")));
    write("pub/data/key", "secret");
    write("pub/data/below/file", "secret");
    write("pub/pw", "secret");
    write("pub/f.log", "old");
    const auto shares =
        ShareSet::open({{"pub", path("pub")}}, method,
                       OwnFiles({path("pub/data"), path("pub/pw"), path("pub/f.log")}));
    QVERIFY(shares.ok());
    const auto isRefused = [&shares](const char *name) {
        const auto node = shares.value()->open(*VirtualPath::parse(name));
        return !node && node.error().code == ErrorCode::Refused;
    };
    QVERIFY(isRefused("/pub/data/key"));
    for (const auto &[from, to] : {std::pair("pub/data", "pub/tidied"),
                                   {"pub/pw", "pub/mine"},
                                   {"pub/f.log", "pub/f.log-20261130"}})
        QCOMPARE(::rename(path(from).constData(), path(to).constData()), 0);
    write("pub/f.log", "new");
    write("pub/f.log-20261129.gz", "compressed by somebody else");
    write("pub/f.log.html", "public");
    QTRY_VERIFY(isRefused("/pub/tidied/key")); // within limits::ownFilesKept
    for (const char *name : {"/pub/tidied", "/pub/tidied/below/file", "/pub/mine", "/pub/f.log",
                             "/pub/f.log-20261130", "/pub/f.log-20261129.gz"})
        QVERIFY2(isRefused(name), name);
    QVERIFY(shares.value()->openFile(*VirtualPath::parse("/pub/f.log.html")).ok());
    // What is deleted is gone: its number may be another file's next.
    QCOMPARE(::unlink(path("pub/mine").constData()), 0);
    write("pub/mine", "public");
    QTRY_VERIFY(shares.value()->openFile(*VirtualPath::parse("/pub/mine")).ok());
}

/// So that not every name has to be asked about.
void TestShare::aFolderSaysWhetherItHasOwnPlaces()
{
    QDir dir(m_dir->path());
    for (const char *folder : {"pub/Data", "pub/data-1", "pub/other", "pub/other/deep"})
        QVERIFY(dir.mkpath(QLatin1StringView(folder)));
    const auto shares =
        ShareSet::open({{"pub", path("pub"), extended::Access::Add}}, jail::Method::ComponentWise,
                       OwnFiles({path("pub/other/deep/log"), path("pub/DATA")}));
    QVERIFY(shares.ok());
    const auto opened = [this](const char *folder) {
        return FileDescriptor(::open(path(folder).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    };
    struct Case
    {
        const char *folder;
        const char *name; ///< the most suspicious one
        bool isPlace;
        bool mayBe;
    };
    for (const Case &one : {Case{"pub", "data", true, true},
                            {"pub/Data", "key", true, true},
                            {"pub/data-1", "key", true, true},
                            {"pub/other", "deep", false, true},
                            {"pub/other/deep", "LOG.1", true, true},
                            {"pub/folder", "log", false, false}}) {
        const FileDescriptor folder = opened(one.folder);
        QVERIFY2(folder.valid(), one.folder);
        QCOMPARE(shares.value()->isOwnPlace(folder.get(), one.name), one.isPlace);
        QVERIFY2(shares.value()->mayHaveOwnPlaces(folder.get()) == one.mayBe, one.folder);
    }
}

/// Nothing would be sent of them, and called all there is.
void TestShare::contentWithoutASizeIsNotGiven()
{
    const auto shares = ShareSet::open(QList<ShareConfig>{{"proc", "/proc/self"}});
    QVERIFY(shares.ok());
    const auto file = shares.value()->openFile(*VirtualPath::parse("/proc/status"));
    QVERIFY(!file.ok());
    QCOMPARE(file.error().code, ErrorCode::LocalFile);
}

void TestShare::aMissingFolderIsInvalid()
{
    const auto shares = ShareSet::open(QList<ShareConfig>{{"pub", path("missing")}});
    QVERIFY(!shares.ok());
    QCOMPARE(shares.error().code, ErrorCode::Invalid);
}

/// A file that is said to be missing is not asked for again.
void TestShare::withoutDescriptorsNothingIsCalledMissing()
{
    QFETCH(Method, method);
    write("pub/f", "x");
    const auto shares = ShareSet::open({{"pub", path("pub")}}, method);
    QVERIFY(shares.ok());
    const auto file = VirtualPath::parse("/pub/f");
    rlimit old = {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &old), 0);
    const rlimit none = {0, old.rlim_max};
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto refused = shares.value()->openFile(*file);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &old), 0);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::LocalFile);
    QCOMPARE(refusalToken(refused.error()), "READ");
    QVERIFY(shares.value()->openFile(*file).ok());
}

FERRY_TEST(TestShare)
#include "tst_share.moc"
