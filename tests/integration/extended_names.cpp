// SPDX-License-Identifier: MIT
// Names are bytes: whatever a file system holds arrives under the same bytes. And listings of any
// length take a bounded amount of memory. FERRY_TEST_FILES and FERRY_TEST_ENTRIES make the two
// as long as one likes.
#include "support/process.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QTest>

#include <map>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ferry::test;

namespace {

int fromEnvironment(const char *name, int otherwise)
{
    const int value = qEnvironmentVariableIntValue(name);
    return value > 0 ? value : otherwise;
}

/// What a listing of any length may add to the server's memory. A sanitizer keeps what was freed.
#ifdef FERRY_SANITIZED
constexpr qint64 maxGrowth = 512 * 1024 * 1024;
#else
constexpr qint64 maxGrowth = 8 * 1024 * 1024;
#endif

/// The n-th name that somebody, somewhere, gave a file.
QByteArray hostileName(int n)
{
    static const QByteArrayList kinds = {"new\nline",
                                         "carriage\rreturn",
                                         "invalid \xC3\x28 utf-8",
                                         "\xFF\xFE",
                                         "-leading-dash",
                                         "--help",
                                         "%41",
                                         "%2e%2e%2f",
                                         "back\\slash",
                                         "..\\..\\x",
                                         "C:\\config.sys",
                                         "esc\x1B[2J",
                                         "\xE2\x80\xAE"
                                         "bidi",
                                         "\xC2\x9B"
                                         "c1",
                                         " leading",
                                         "trailing ",
                                         "a  b",
                                         "#File x sent successfully.",
                                         "!NOTFOUND",
                                         "...",
                                         "~root",
                                         "x=1 y=2",
                                         "\xEF\xBC\x8E\xEF\xBC\x8E",
                                         "tab\there",
                                         "'\"$(reboot)`",
                                         "\xED\xB2\x80",
                                         "con",
                                         "bell\a",
                                         "\x01"};
    const QByteArray number = QByteArray::number(n);
    if (n % 30 == 29)
        return number + QByteArray(255 - number.size(), 'n');
    return kinds[n % 29] + (n < 29 ? QByteArray() : '.' + number);
}

bool make(int folder, const QByteArray &name, const QByteArray &content)
{
    const int fd = ::openat(folder, name.constData(), O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (fd < 0)
        return false;
    const bool written = ::write(fd, content.constData(), size_t(content.size())) == content.size();
    return ::close(fd) == 0 && written;
}

/// Name → content of every file of a folder.
std::map<QByteArray, QByteArray> contents(const QString &path)
{
    std::map<QByteArray, QByteArray> files;
    DIR *const folder = ::opendir(QFile::encodeName(path).constData());
    if (!folder)
        return files;
    while (const dirent *const entry = ::readdir(folder)) {
        const int fd = ::openat(::dirfd(folder), entry->d_name, O_RDONLY);
        char bytes[64];
        const ssize_t count = ::read(fd, bytes, sizeof bytes);
        if (count >= 0)
            files[entry->d_name] = QByteArray(bytes, count);
        ::close(fd);
    }
    ::closedir(folder);
    return files;
}

/// Peak resident memory of a process, in bytes.
qint64 peakBytes(qint64 pid)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong() * 1024;
    }
    return -1;
}

} // namespace

class ExtendedNames : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyNameArrivesByteExact();
    void aLongListingTakesBoundedMemory();
};

void ExtendedNames::everyNameArrivesByteExact()
{
    const int count = fromEnvironment("FERRY_TEST_FILES", 2000);
    TransferPair pair;
    const QString folder = pair.share() + QStringLiteral("/names");
    QVERIFY(QDir().mkpath(folder));
    const int fd = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY);
    for (int n = 0; n < count; ++n)
        QVERIFY(make(fd, hostileName(n), QByteArray::number(n)));
    ::close(fd);
    QVERIFY(pair.startServer());
    const ProgramRun run = pair.get({QStringLiteral("--quiet"), QStringLiteral("/pub/names")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const auto sent = contents(folder);
    QCOMPARE(sent.size(), size_t(count));
    QVERIFY(contents(pair.target() + QStringLiteral("/names")) == sent);
    QCOMPARE(QDir(pair.target()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size(), 1);
}

void ExtendedNames::aLongListingTakesBoundedMemory()
{
    const int count = fromEnvironment("FERRY_TEST_ENTRIES", 20000);
    TransferPair pair;
    const QByteArray folder = QFile::encodeName(pair.share());
    // Links to one file: an entry each, without a disk full of files.
    const int fd = ::open(folder.constData(), O_RDONLY | O_DIRECTORY);
    QVERIFY(make(fd, "first", "x"));
    for (int n = 1; n < count; ++n) {
        // A file has 65,000 names on ext4 at the most.
        const QByteArray name = "entry-" + QByteArray::number(n);
        if (n % 50000 == 0
                ? !make(fd, name, {})
                : ::linkat(fd,
                           n < 50000
                               ? "first"
                               : ("entry-" + QByteArray::number(n / 50000 * 50000)).constData(),
                           fd, name.constData(), 0) != 0)
            QFAIL("cannot make the entries");
    }
    ::close(fd);
    QVERIFY(pair.startServer());
    const auto list = [&pair] {
        return pair.run({QStringLiteral("ls"), QStringLiteral("--pin"),
                         QString::fromLatin1(pair.fingerprint()), pair.address(),
                         QStringLiteral("/pub")});
    };
    const qint64 before = peakBytes(pair.serverPid());
    const ProgramRun run = list();
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.output.count('\n'), count);
    const qint64 more = peakBytes(pair.serverPid()) - before;
    qInfo("%d entries: the server's peak grew by %lld KiB", count, more / 1024);
    QVERIFY(more < maxGrowth);
}

FERRY_TEST(ExtendedNames)
#include "extended_names.moc"
