// SPDX-License-Identifier: MIT
// Somebody with write access to the share swaps a folder for a link to the outside, over and over,
// while folders are made and files get their names below it.
#include "server/uploads/stagedfile.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::server;

namespace {

// Enough for the control to leak many times over; FERRY_TEST_OPENS makes it as many as one likes.
const int tries = qMax(5'000, qEnvironmentVariableIntValue("FERRY_TEST_OPENS"));

} // namespace

class UploadsRace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aPathThatWasCheckedLeaks();
    void anUploadNeverLeaks_data();
    void anUploadNeverLeaks();

private:
    QByteArray path(const char *below) const
    {
        return QFile::encodeName(m_dir->path()) + '/' + below;
    }
    bool hasLeaked() const { return !QDir(QFile::decodeName(path("outside"))).isEmpty(); }
    /// Swaps while `work` runs, as often as `enough` lets it; whether something is outside then.
    template <typename Work, typename Enough>
    bool leaks(Work work, Enough enough)
    {
        std::atomic_bool over = false;
        std::thread swapper([&] {
            while (!over) {
                ::renameat2(AT_FDCWD, path("share/folder").constData(), AT_FDCWD,
                            path("share/link").constData(), RENAME_EXCHANGE);
            }
        });
        for (int i = 0; !enough(i); ++i)
            work(i);
        over = true;
        swapper.join();
        return hasLeaked();
    }
    std::unique_ptr<QTemporaryDir> m_dir;
};

void UploadsRace::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QCOMPARE(::mkdir(path("share").constData(), 0755), 0);
    QCOMPARE(::mkdir(path("share/folder").constData(), 0755), 0);
    QCOMPARE(::mkdir(path("outside").constData(), 0755), 0);
    QCOMPARE(::symlink("../outside", path("share/link").constData()), 0);
}

/// The control: it is looked whether the folder is one, and then it is written there by its path.
void UploadsRace::aPathThatWasCheckedLeaks()
{
    const QDeadlineTimer deadline(test::patienceMs);
    const auto work = [this](int i) {
        struct stat status = {};
        if (::lstat(path("share/folder").constData(), &status) != 0 || !S_ISDIR(status.st_mode))
            return;
        const QByteArray file = path("share/folder/") + QByteArray::number(i);
        std::this_thread::yield();
        const FileDescriptor made(::open(file.constData(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    };
    QVERIFY(leaks(work, [&](int) { return hasLeaked() || deadline.hasExpired(); }));
}

void UploadsRace::anUploadNeverLeaks_data()
{
    QTest::addColumn<int>("method");
    QTest::newRow("openat2") << int(jail::Method::Openat2);
    QTest::newRow("by components") << int(jail::Method::ComponentWise);
}

void UploadsRace::anUploadNeverLeaks()
{
    QFETCH(int, method);
    if (jail::Method(method) == jail::Method::Openat2 && jail::best() != jail::Method::Openat2)
        QSKIP("This kernel has no openat2");
    const auto shares =
        ShareSet::open({{"s", path("share"), extended::Access::Add}}, jail::Method(method));
    QVERIFY(shares.ok());
    FolderNames names;
    int put = 0;
    const auto work = [&](int i) {
        const QByteArray name = QByteArray::number(i);
        auto folder = openStagingFolder(*shares.value(), "s");
        auto staged = folder ? StagedFile::open(folder.take(), {name, accountMark("a"), 1})
                             : Result<StagedFile>(folder.error());
        const auto target = TargetFolder::open(*shares.value(), names, "s",
                                               {"folder", "new" + QByteArray::number(i % 7)},
                                               TargetFolder::Missing::Make);
        if (staged && target && staged.value().append("x"))
            put += staged.value().publish(*shares.value(), target.value(), names, name) ? 1 : 0;
    };
    QVERIFY(!leaks(work, [](int i) { return i == tries; }));
    QVERIFY(put > 0);
}

FERRY_TEST(UploadsRace)
#include "uploads_race.moc"
