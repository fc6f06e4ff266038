// SPDX-License-Identifier: MIT
#include "server/files/share.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

using namespace ferry;
using namespace ferry::server;
using jail::Method;

Q_DECLARE_METATYPE(ferry::server::jail::Method)

namespace {

// Enough for the control to leak many times over; FERRY_TEST_OPENS makes it as many as one likes.
const int opens = qMax(20'000, qEnvironmentVariableIntValue("FERRY_TEST_OPENS"));

} // namespace

/// Somebody with write access to the share swaps a folder for a link to the outside, over and
/// over, while files below it are opened.
class ServerRace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void checkingFirstAndOpeningThenLeaks();
    void theJailNeverLeaks_data();
    void theJailNeverLeaks();

private:
    QByteArray path(const char *below) const
    {
        return QFile::encodeName(m_dir->path()) + '/' + below;
    }
    /// Calls `open` until it was called `opens` times or returns true.
    template <typename Open>
    bool race(Open open);
    static bool isSecret(int fd);

    std::unique_ptr<QTemporaryDir> m_dir;
};

void ServerRace::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    for (const char *folder : {"pub/folder", "outside"}) {
        QVERIFY(QDir().mkpath(QFile::decodeName(path(folder))));
        QFile file(QFile::decodeName(path(folder)) + QStringLiteral("/file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(folder[0] == 'o' ? "secret" : "public");
    }
    QCOMPARE(::symlink(path("outside").constData(), path("pub/link").constData()), 0);
}

bool ServerRace::isSecret(int fd)
{
    char bytes[6] = {};
    return ::pread(fd, bytes, sizeof bytes, 0) == 6 && QByteArray(bytes, 6) == "secret";
}

template <typename Open>
bool ServerRace::race(Open open)
{
    std::atomic_bool done = false;
    const QByteArray folder = path("pub/folder");
    const QByteArray link = path("pub/link");
    std::thread swapper([&] {
        while (!done)
            ::renameat2(AT_FDCWD, folder.constData(), AT_FDCWD, link.constData(), RENAME_EXCHANGE);
    });
    bool leaked = false;
    for (int i = 0; i < opens && !leaked; ++i)
        leaked = open();
    done = true;
    swapper.join();
    return leaked;
}

/// The control: without it, a jail that passes could just mean that the race never happens.
void ServerRace::checkingFirstAndOpeningThenLeaks()
{
    const QByteArray share = path("pub");
    const QByteArray wanted = path("pub/folder/file");
    bool leaked = false;
    for (int attempt = 0; attempt < 100 && !leaked; ++attempt)
        leaked = race([&] {
            char real[PATH_MAX];
            if (!::realpath(wanted.constData(), real) || !QByteArray(real).startsWith(share + '/'))
                return false;
            const FileDescriptor file(::open(wanted.constData(), O_RDONLY | O_CLOEXEC));
            return file.valid() && isSecret(file.get());
        });
    QVERIFY(leaked);
}

void ServerRace::theJailNeverLeaks_data()
{
    QTest::addColumn<Method>("method");
    if (jail::best() == Method::Openat2)
        QTest::newRow("openat2") << Method::Openat2;
    QTest::newRow("component by component") << Method::ComponentWise;
}

void ServerRace::theJailNeverLeaks()
{
    QFETCH(Method, method);
    const auto shares = ShareSet::open({{"pub", path("pub")}}, method);
    QVERIFY(shares.ok());
    const auto name = VirtualPath::parse("/pub/folder/file");
    int opened = 0;
    const bool leaked = race([&] {
        const auto file = shares.value()->openFile(*name);
        opened += file.ok();
        return file.ok() && isSecret(file.value().descriptor.get());
    });
    QVERIFY(!leaked);
    QVERIFY(opened > 0);
}

FERRY_TEST(ServerRace)
#include "server_race.moc"
