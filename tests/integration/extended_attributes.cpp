// SPDX-License-Identifier: MIT
// What `ferry` keeps of files and folders beside their content.
#include "support/mounteddisk.h"
#include "support/program.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <memory>

#include <fcntl.h>
#include <sys/stat.h>

using namespace ferry;
using namespace ferry::test;

namespace {

mode_t modeOf(const QString &path)
{
    struct stat status = {};
    return ::stat(QFile::encodeName(path).constData(), &status) == 0 ? status.st_mode & 07777 : 0;
}

qint64 timeOf(const QString &path)
{
    struct stat status = {};
    if (::stat(QFile::encodeName(path).constData(), &status) != 0)
        return -1;
    return qint64(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec;
}

bool setTime(const QString &path, qint64 seconds)
{
    const timespec times[2] = {{seconds, 0}, {seconds, 7}};
    return ::utimensat(AT_FDCWD, QFile::encodeName(path).constData(), times, 0) == 0;
}

/// What may be executed of it by those who may read it here.
mode_t withExecute(mode_t mode)
{
    return mode | (mode & 0444) >> 2;
}

} // namespace

class ExtendedAttributes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aProgramStaysOne_data();
    void aProgramStaysOne();
    void onADiskWithoutModesNothingIsAProgram();
    void nothingMayBeRunIfThatIsNotWanted();
    void aContinuedProgramStaysOne();
    void foldersKeepTheirTimes();
    void aContinuedQueueKeepsThemToo();
    void foldersThatWereHereGetTheirTimes();

private:
    QString share(const QString &name) const { return m_pair->share() + u'/' + name; }
    QString target(const QString &name) const { return m_pair->target() + u'/' + name; }
    bool put(const QString &name, const QByteArray &bytes, mode_t mode) const
    {
        return writeFile(share(name), bytes) &&
               ::chmod(QFile::encodeName(share(name)).constData(), mode) == 0;
    }

    std::unique_ptr<TransferPair> m_pair;
};

void ExtendedAttributes::init()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(m_pair->startServer());
}

void ExtendedAttributes::aProgramStaysOne_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("small") << 10;
    QTest::newRow("large") << 3'000'000;
}

void ExtendedAttributes::aProgramStaysOne()
{
    QFETCH(const int, size);
    const QByteArray bytes(size, 'x');
    QVERIFY(put(QStringLiteral("plain"), bytes, 0644));
    QVERIFY(put(QStringLiteral("program"), bytes, 0755));
    QVERIFY(put(QStringLiteral("others"), bytes, 0655));
    QVERIFY(put(QStringLiteral("setuid"), bytes, 04755));
    QVERIFY(put(QStringLiteral("setgid"), bytes, 02755));
    QVERIFY(put(QStringLiteral("sticky"), bytes, 01755));
    const ProgramRun run = m_pair->get({QStringLiteral("/pub")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const mode_t plain = modeOf(target(QStringLiteral("pub/plain")));
    QCOMPARE(plain & 07111, 0U);
    QCOMPARE(modeOf(target(QStringLiteral("pub/program"))), withExecute(plain));
    QCOMPARE(modeOf(target(QStringLiteral("pub/sticky"))), withExecute(plain));
    for (const char *name : {"others", "setuid", "setgid"})
        QCOMPARE(modeOf(target(QStringLiteral("pub/") + QString::fromLatin1(name))), plain);
}

/// There, photos would be programs.
void ExtendedAttributes::onADiskWithoutModesNothingIsAProgram()
{
    for (const char *kind : {"exfat", "ntfs"}) {
        const MountedDisk disk(QString::fromLatin1(kind));
        if (!disk.error().isEmpty())
            QSKIP(qPrintable(disk.error()));
        TransferPair pair;
        QVERIFY(writeFile(disk.path() + QStringLiteral("/photo"), "x"));
        QVERIFY(modeOf(disk.path() + QStringLiteral("/photo")) & 0100);
        QVERIFY(
            pair.startServer({QStringLiteral("--share"), QStringLiteral("disk=") + disk.path()}));
        const ProgramRun run = pair.get({QStringLiteral("/disk/photo")});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QCOMPARE(modeOf(pair.target() + QStringLiteral("/photo")) & 07111, 0U);
        pair.killServer();
    }
}

void ExtendedAttributes::nothingMayBeRunIfThatIsNotWanted()
{
    QVERIFY(put(QStringLiteral("small"), "x", 0755));
    QVERIFY(put(QStringLiteral("large"), QByteArray(3'000'000, 'x'), 0755));
    QStringList arguments = m_pair->getArguments({QStringLiteral("/pub")});
    arguments.insert(1, QStringLiteral("--executable"));
    arguments.insert(2, QStringLiteral("off"));
    const ProgramRun run = m_pair->run(arguments, TransferPair::password());
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QVERIFY(QFile::exists(target(QStringLiteral("pub/large"))));
    QCOMPARE(modeOf(target(QStringLiteral("pub/small"))) & 07111, 0U);
    QCOMPARE(modeOf(target(QStringLiteral("pub/large"))) & 07111, 0U);
}

void ExtendedAttributes::aContinuedProgramStaysOne()
{
    const QByteArray bytes(3'000'000, 'x');
    QVERIFY(put(QStringLiteral("program"), bytes, 0755));
    QVERIFY(writeFile(target(QStringLiteral("program")), bytes.first(1'500'000)));
    QStringList arguments = m_pair->getArguments({QStringLiteral("/pub/program")});
    arguments.insert(1, QStringLiteral("--existing"));
    arguments.insert(2, QStringLiteral("resume"));
    const ProgramRun run = m_pair->run(arguments, TransferPair::password());
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(readFile(target(QStringLiteral("program"))), bytes);
    QVERIFY(modeOf(target(QStringLiteral("program"))) & 0100);
}

void ExtendedAttributes::foldersKeepTheirTimes()
{
    const QStringList folders{QStringLiteral("d/files"), QStringLiteral("d/large"),
                              QStringLiteral("d/folders/a"), QStringLiteral("d/folders/b/c"),
                              QStringLiteral("d/empty")};
    for (const QString &folder : folders)
        QVERIFY(QDir().mkpath(share(folder)));
    for (int i = 0; i < 30; ++i)
        QVERIFY(put(QStringLiteral("d/files/%1").arg(i), "x", 0644));
    QVERIFY(put(QStringLiteral("d/large/film"), QByteArray(3'000'000, 'x'), 0644));
    QVERIFY(put(QStringLiteral("d/folders/b/c/file"), "x", 0644));
    const QStringList all = folders + QStringList{QStringLiteral("d"), QStringLiteral("d/folders"),
                                                  QStringLiteral("d/folders/b")};
    for (qsizetype i = 0; i < all.size(); ++i)
        QVERIFY(setTime(share(all[i]), 1'000'000'000 + i * 1000));
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/d")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    for (const QString &folder : all)
        QVERIFY2(timeOf(target(folder)) == timeOf(share(folder)), qPrintable(folder));
}

void ExtendedAttributes::aContinuedQueueKeepsThemToo()
{
    QVERIFY(QDir().mkpath(share(QStringLiteral("d/sub"))));
    for (int i = 0; i < 5; ++i)
        QVERIFY(put(QStringLiteral("d/sub/%1").arg(i), QByteArray(1'500'000, 'x'), 0644));
    for (const char *name : {"d", "d/sub"})
        QVERIFY(setTime(share(QString::fromLatin1(name)), 1'000'000'000));
    QStringList arguments = m_pair->getArguments({QStringLiteral("/pub/d")});
    arguments.insert(1, QStringLiteral("--limit-rate"));
    arguments.insert(2, QStringLiteral("3M"));
    QProcess client;
    m_pair->start(client, arguments);
    QVERIFY(client.waitForStarted());
    const QDir sub(target(QStringLiteral("d/sub")));
    QVERIFY(QTest::qWaitFor([&] { return !sub.entryList(QDir::Files).isEmpty(); }, 20'000));
    client.terminate();
    QCOMPARE(finishProgram(client).exitCode, 143);
    const ProgramRun run =
        m_pair->run({QStringLiteral("queue"), QStringLiteral("run"), QStringLiteral("--data-dir"),
                     m_pair->clientData(), QStringLiteral("--pin"),
                     QString::fromLatin1(m_pair->fingerprint()), m_pair->address()},
                    TransferPair::password());
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(sub.entryList(QDir::Files).size(), 5);
    for (const char *name : {"d", "d/sub"})
        QCOMPARE(timeOf(target(QString::fromLatin1(name))), 1'000'000'000'000'000'007);
}

void ExtendedAttributes::foldersThatWereHereGetTheirTimes()
{
    QVERIFY(QDir().mkpath(share(QStringLiteral("d/sub"))));
    QVERIFY(put(QStringLiteral("d/sub/file"), "x", 0644));
    QVERIFY(QDir().mkpath(target(QStringLiteral("d/sub"))));
    for (const char *name : {"", "d", "d/sub"})
        QVERIFY(setTime(share(QString::fromLatin1(name)), 1'000'000'000));
    QVERIFY(setTime(m_pair->target(), 900'000'000));
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/d")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(timeOf(target(QStringLiteral("d"))), 1'000'000'000'000'000'007);
    QCOMPARE(timeOf(target(QStringLiteral("d/sub"))), 1'000'000'000'000'000'007);
    // What a person chose is not of the server.
    QCOMPARE(timeOf(m_pair->target()), 900'000'000'000'000'007);
}

FERRY_TEST(ExtendedAttributes)
#include "extended_attributes.moc"
