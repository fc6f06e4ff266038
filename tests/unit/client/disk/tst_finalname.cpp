// SPDX-License-Identifier: MIT
#include "client/disk/finalname.h"
#include "client/disk/localname.h"
#include "net/base/filedescriptor.h"
#include "net/base/rename.h"
#include "support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::client;

namespace {

using RenameFunction = int (*)(int, const QByteArray &, int, const QByteArray &);

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

class FinalNameTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyRenameKeepsWhatIsThere_data();
    void everyRenameKeepsWhatIsThere();
    void manyFilesOfOneNameAreNumberedWithFewTries();
    void onlyFilesAndLinksAreReplaced();
};

void FinalNameTest::everyRenameKeepsWhatIsThere_data()
{
    QTest::addColumn<RenameFunction>("rename");
    QTest::newRow("the best") << RenameFunction(renameWithoutReplacing);
    QTest::newRow("one step") << RenameFunction(renameInOneStep);
    QTest::newRow("link") << RenameFunction(renameByLink);
    QTest::newRow("look") << RenameFunction(renameAfterLooking);
}

void FinalNameTest::everyRenameKeepsWhatIsThere()
{
    QFETCH(RenameFunction, rename);
    const QTemporaryDir dir;
    const auto path = [&dir](const QString &name) { return dir.filePath(name); };
    const FileDescriptor folder(
        ::open(localBytes(dir.path()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    put(path(QStringLiteral("from")), "new");
    put(path(QStringLiteral("there")), "mine");
    QVERIFY(QFile::link(QStringLiteral("nowhere"), path(QStringLiteral("dangling"))));
    const int there = rename(folder.get(), "from", folder.get(), "there");
    if (there == ENOSYS || there == EINVAL)
        QSKIP("This file system cannot rename in one step");
    QCOMPARE(there, EEXIST);
    QCOMPARE(rename(folder.get(), "from", folder.get(), "dangling"), EEXIST);
    QCOMPARE(rename(folder.get(), "missing", folder.get(), "to"), ENOENT);
    QCOMPARE(content(path(QStringLiteral("there"))), QByteArray("mine"));
    QCOMPARE(content(path(QStringLiteral("from"))), QByteArray("new"));
    QCOMPARE(rename(folder.get(), "from", folder.get(), "to"), 0);
    QCOMPARE(content(path(QStringLiteral("to"))), QByteArray("new"));
    QVERIFY(!QFile::exists(path(QStringLiteral("from"))));
}

void FinalNameTest::manyFilesOfOneNameAreNumberedWithFewTries()
{
    const QTemporaryDir dir;
    const FileDescriptor folder(
        ::open(localBytes(dir.path()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const QString name = QStringLiteral("f.txt");
    for (int n = 0; n < 2000; ++n) {
        int tries = 0;
        const auto given =
            giveName(folder.get(), name, ExistingPolicy::Rename, [&](const QByteArray &to, bool) {
                ++tries;
                const FileDescriptor made(
                    ::openat(folder.get(), to.constData(), O_CREAT | O_EXCL | O_CLOEXEC, 0600));
                return made.valid() ? 0 : errno;
            });
        QVERIFY(given);
        QCOMPARE(given.value(), n == 0 ? name : numberedName(name, n));
        QVERIFY(tries <= 10);
    }
}

/// `ferry get -o /dev/null --existing overwrite`, as root, would replace the device.
void FinalNameTest::onlyFilesAndLinksAreReplaced()
{
    const QTemporaryDir dir;
    const FileDescriptor folder(
        ::open(localBytes(dir.path()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    put(dir.filePath(QStringLiteral("file")), "mine");
    QCOMPARE(::mkfifoat(folder.get(), "fifo", 0600), 0);
    QCOMPARE(::mkdirat(folder.get(), "folder", 0700), 0);
    QCOMPARE(::symlinkat("fifo", folder.get(), "link"), 0);
    const auto check = [&](const char *name, ExistingPolicy existing) {
        return checkTarget(folder.get(), QString::fromLatin1(name), existing);
    };
    QVERIFY(check("file", ExistingPolicy::Overwrite));
    QVERIFY(check("link", ExistingPolicy::Overwrite));
    QCOMPARE(check("folder", ExistingPolicy::Overwrite).error().code, ErrorCode::LocalFile);
    const auto refused = check("fifo", ExistingPolicy::Overwrite);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::TargetExists);
    // A folder is no file that could stay in its place.
    for (const ExistingPolicy existing : {ExistingPolicy::Skip, ExistingPolicy::Fail}) {
        const ErrorCode code =
            existing == ExistingPolicy::Skip ? ErrorCode::LocalFile : ErrorCode::TargetExists;
        const auto given = giveName(folder.get(), QStringLiteral("folder"), existing,
                                    [](const QByteArray &, bool) { return EEXIST; });
        for (const Error &error : {check("folder", existing).error(), given.error()}) {
            QCOMPARE(error.code, code);
            QVERIFY2(error.text.contains(QStringLiteral("folder folder")), qPrintable(error.text));
        }
    }
    QVERIFY(check("fifo", ExistingPolicy::Rename));
    const auto given = giveName(folder.get(), QStringLiteral("fifo"), ExistingPolicy::Overwrite,
                                [](const QByteArray &, bool) { return 0; });
    QVERIFY(!given);
    QCOMPARE(given.error().code, ErrorCode::TargetExists);
}

FERRY_TEST(FinalNameTest)
#include "tst_finalname.moc"
