// SPDX-License-Identifier: MIT
// Where `ferry` saves what it gets.
#include "support/mounteddisk.h"
#include "support/program.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <memory>

#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::test;

class ExtendedDisk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aTargetThatIsNotThereIsMade();
    void aTargetThatCannotBeMadeIsSaidOnce();
    void aLinkInTheTargetIsSaidOnce();
    void aPayloadMayHaveNamesOfParts_data();
    void aPayloadMayHaveNamesOfParts();
    void aFolderThatTheDiskTakesForAnotherIsSaid();
    void namesThatTheDiskRefusesAreEncoded();
    void aQueueIsNotSavedForAFolderThatIsGone();

private:
    QString share(const QString &name) const { return m_pair->share() + u'/' + name; }
    QString target(const QString &name) const { return m_pair->target() + u'/' + name; }

    std::unique_ptr<TransferPair> m_pair;
};

void ExtendedDisk::init()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(writeFile(share(QStringLiteral("a.txt")), "hello\n"));
    QVERIFY(m_pair->startServer());
}

void ExtendedDisk::aTargetThatIsNotThereIsMade()
{
    QVERIFY(QDir(m_pair->target()).removeRecursively());
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/a.txt")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(readFile(target(QStringLiteral("a.txt"))), "hello\n");
}

void ExtendedDisk::aTargetThatCannotBeMadeIsSaidOnce()
{
    QVERIFY(QDir(m_pair->target()).removeRecursively());
    QVERIFY(writeFile(m_pair->target(), "in the way"));
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/a.txt"), QStringLiteral("/pub")});
    QCOMPARE(run.exitCode, 9);
    QCOMPARE(run.errors.count('\n'), 1);
    QVERIFY(run.errors.contains("cannot be made"));
}

void ExtendedDisk::aLinkInTheTargetIsSaidOnce()
{
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("d/sub")));
    for (const char *name : {"d/1", "d/2", "d/3", "d/sub/4"})
        QVERIFY(writeFile(share(QString::fromLatin1(name)), "a"));
    const QString elsewhere = m_pair->root() + QStringLiteral("/elsewhere");
    QVERIFY(QDir().mkpath(elsewhere));
    QVERIFY(QFile::link(elsewhere, target(QStringLiteral("d"))));
    const ProgramRun run = m_pair->get({QStringLiteral("/pub/d")});
    QCOMPARE(run.exitCode, 9);
    QVERIFY2(run.errors.count("it is a link") == 1, run.errors.constData());
    QVERIFY(QDir(elsewhere).isEmpty());
}

void ExtendedDisk::aPayloadMayHaveNamesOfParts_data()
{
    QTest::addColumn<QString>("policy");
    for (const char *policy : {"fail", "skip", "overwrite", "rename", "newer"})
        QTest::newRow(policy) << QString::fromLatin1(policy);
}

void ExtendedDisk::aPayloadMayHaveNamesOfParts()
{
    QFETCH(const QString, policy);
    const QByteArray large(2'000'000, 'x');
    QVERIFY(writeFile(share(QStringLiteral("m")), large));
    QVERIFY(writeFile(share(QStringLiteral("m.part")), "small"));
    QVERIFY(writeFile(share(QStringLiteral("n")), large));
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("n.part")));
    QStringList arguments = m_pair->getArguments({QStringLiteral("/pub")});
    arguments.insert(1, QStringLiteral("--existing"));
    arguments.insert(2, policy);
    const ProgramRun run = m_pair->run(arguments, TransferPair::password());
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(QDir(target(QStringLiteral("pub")))
                 .entryList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name),
             QDir(m_pair->share()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name));
    QCOMPARE(readFile(target(QStringLiteral("pub/m"))), large);
    QCOMPARE(readFile(target(QStringLiteral("pub/m.part"))), "small");
}

/// On FUSE the second folder would be another one for the kernel, and the lock of a part unknown.
void ExtendedDisk::aFolderThatTheDiskTakesForAnotherIsSaid()
{
    const MountedDisk disk(QStringLiteral("exfat"));
    if (!disk.error().isEmpty())
        QSKIP(qPrintable(disk.error()));
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("d/A")));
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("d/a")));
    QVERIFY(writeFile(share(QStringLiteral("d/A/x")), "one"));
    QVERIFY(writeFile(share(QStringLiteral("d/a/x")), "one"));
    QVERIFY(writeFile(share(QStringLiteral("d/a/y")), "two"));
    for (const char *policy : {"overwrite", "rename"}) {
        QStringList arguments = m_pair->getArguments({QStringLiteral("/pub/d")});
        arguments[arguments.indexOf(QStringLiteral("-d")) + 1] =
            disk.path() + u'/' + QString::fromLatin1(policy);
        arguments.insert(1, QStringLiteral("--existing"));
        arguments.insert(2, QString::fromLatin1(policy));
        const ProgramRun run = m_pair->run(arguments, TransferPair::password());
        QCOMPARE(run.exitCode, 4);
        QVERIFY2(run.errors.count("takes its name for that of another") == 1,
                 run.errors.constData());
        QVERIFY2(run.output.count("has been saved") > 0, run.output.constData());
    }
    QStringList both =
        m_pair->getArguments({QStringLiteral("/pub/d/A"), QStringLiteral("/pub/d/a")});
    both[both.indexOf(QStringLiteral("-d")) + 1] = disk.path();
    const ProgramRun run = m_pair->run(both, TransferPair::password());
    QCOMPARE(run.exitCode, 4);
    QVERIFY2(run.errors.contains("takes its name for that of another"), run.errors.constData());
}

void ExtendedDisk::namesThatTheDiskRefusesAreEncoded()
{
    const MountedDisk disk(QStringLiteral("exfat"));
    if (!disk.error().isEmpty())
        QSKIP(qPrintable(disk.error()));
    QVERIFY(QDir(m_pair->share()).mkpath(QStringLiteral("d:")));
    for (const char *name : {"q?", "d:/a:b", "d:/a%3Ab"})
        QVERIFY(writeFile(share(QString::fromLatin1(name)), name));
    QVERIFY(writeFile(share(QStringLiteral("d:/large*")), QByteArray(3'000'000, 'x')));
    QStringList arguments = m_pair->getArguments(
        {QStringLiteral("/pub"), QStringLiteral("/pub/q?"), QStringLiteral("/pub/d:")});
    arguments[arguments.indexOf(QStringLiteral("-d")) + 1] = disk.path();
    const ProgramRun refused = m_pair->run(arguments, TransferPair::password());
    QCOMPARE(refused.exitCode, 4);
    QVERIFY2(refused.errors.contains("encoded it would be q%3F"), refused.errors.constData());

    arguments.insert(1, QStringLiteral("--encode-names"));
    arguments.insert(1, QStringLiteral("overwrite"));
    arguments.insert(1, QStringLiteral("--existing"));
    const ProgramRun run = m_pair->run(arguments, TransferPair::password());
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QVERIFY(run.output.contains("pub/d%3A/a%3Ab has been saved."));
    const auto here = [&](const char *name) {
        return readFile(disk.path() + u'/' + QString::fromLatin1(name));
    };
    QCOMPARE(here("q%3F"), "q?");
    QCOMPARE(here("pub/q%3F"), "q?");
    QCOMPARE(here("pub/d%3A/a%3Ab"), "d:/a:b");
    QCOMPARE(here("d%3A/a%253Ab"), "d:/a%3Ab");
    QCOMPARE(here("d%3A/large%2A").size(), 3'000'000);

    // Whoever adds to the saved queue says so once, too.
    const QString queued = disk.path() + QStringLiteral("/queued");
    const auto queue = [&](const QStringList &words) {
        return m_pair->run(QStringList{QStringLiteral("queue")} + words +
                               QStringList{QStringLiteral("--data-dir"), m_pair->clientData()},
                           TransferPair::password());
    };
    QCOMPARE(
        queue({QStringLiteral("add"), QStringLiteral("--encode-names"), QStringLiteral("-d"),
               queued, m_pair->address(), QStringLiteral("/pub/d:"), QStringLiteral("/pub/q?")})
            .exitCode,
        0);
    const ProgramRun later = queue({QStringLiteral("run"), QStringLiteral("--trust-new")});
    QVERIFY2(later.exitCode == 0, later.errors.constData());
    QCOMPARE(here("queued/q%3F"), "q?");
    QCOMPARE(here("queued/d%3A/a%3Ab"), "d:/a:b");
}

void ExtendedDisk::aQueueIsNotSavedForAFolderThatIsGone()
{
    const QString file = m_pair->root() + QStringLiteral("/queue.sqlite");
    const QByteArray gone = QFile::encodeName(m_pair->root() + QStringLiteral("/gone"));
    ProgramSettings settings;
    settings.inChild = [gone] {
        if (::mkdir(gone.constData(), 0700) != 0 || ::chdir(gone.constData()) != 0 ||
            ::rmdir(gone.constData()) != 0)
            ::_exit(126);
    };
    const ProgramRun run =
        runProgram(QStringLiteral("ferry"),
                   {QStringLiteral("queue"), QStringLiteral("add"), QStringLiteral("--queue"), file,
                    QStringLiteral("host"), QStringLiteral("/pub/a")},
                   settings);
    QVERIFY2(run.exitCode == 9, run.errors.constData());
    QVERIFY(run.errors.contains("current folder"));
    QVERIFY(!QFile::exists(file));
}

FERRY_TEST(ExtendedDisk)
#include "extended_disk.moc"
