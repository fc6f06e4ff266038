// SPDX-License-Identifier: MIT
// What becomes of a transfer that broke off: `ferry get -c` gives the right bytes or says no.
#include "support/partof.h"
#include "support/process.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTest>

#include <csignal>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>

using namespace ferry;
using namespace ferry::test;

namespace {

constexpr qsizetype chunk = 256 * 1024;
constexpr qsizetype size = 3 * chunk + 17;

QByteArray bytes(quint32 seed, qsizetype count = size)
{
    QRandomGenerator random(seed);
    QByteArray result(count, Qt::Uninitialized);
    for (char &c : result)
        c = char(random.generate() >> 13);
    return result;
}

} // namespace

class ExtendedResume : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void goesOnAtEveryOffset_data();
    void goesOnAtEveryOffset();
    void aDamagedPartIsNotContinued();
    void aPartOfAnotherVersionIsNotContinued();
    void aPartLongerThanTheFileIsNotContinued();
    void aPartOfSomebodyElseIsLeftAlone();
    void withoutTheOptionItBeginsAgain();
    void afterTheClientWasKilled();
    void afterTheServerWasKilled();
    void aServerThatIsToldToStopFinishesTheFile();
    void aVersionThatChangesUnderWayIsRefused();
    void aFileThatGrowsUnderWayIsSavedAsItWas();

private:
    /// A partial file as an earlier try of ours leaves it.
    bool leavePart(const QByteArray &content) const
    {
        return writeFile(part(), content) &&
               ::chmod(QFile::encodeName(part()).constData(), 01644) == 0;
    }
    QString part() const { return m_pair->target() + u'/' + partOf(QStringLiteral("x")); }
    QByteArray result() const { return readFile(m_pair->target() + QStringLiteral("/x")); }
    ProgramRun resume() const
    {
        return m_pair->get({QStringLiteral("-c"), QStringLiteral("/pub/x")});
    }
    QStringList target() const
    {
        return QDir(m_pair->target()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }

    std::unique_ptr<TransferPair> m_pair;
    QByteArray m_content;
};

void ExtendedResume::init()
{
    m_pair = std::make_unique<TransferPair>();
    m_content = bytes(1);
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/x"), m_content));
    QVERIFY(m_pair->startServer());
}

void ExtendedResume::goesOnAtEveryOffset_data()
{
    QTest::addColumn<qsizetype>("offset");
    for (const qsizetype offset : {qsizetype(0), qsizetype(1), qsizetype(2), chunk - 1, chunk,
                                   chunk + 1, 2 * chunk, size - 17, size - 1, size})
        QTest::addRow("%lld", qlonglong(offset)) << offset;
}

void ExtendedResume::goesOnAtEveryOffset()
{
    QFETCH(qsizetype, offset);
    QVERIFY(leavePart(m_content.first(offset)));
    QCOMPARE(resume().exitCode, 0);
    QCOMPARE(result(), m_content);
    QCOMPARE(target(), QStringList{QStringLiteral("x")});
    if (offset > 0 && offset < size) // of a complete one nothing is fetched
        QVERIFY(waitUntil([&] {
            return m_pair->serverLog().contains("GET /pub/x offset=" + QByteArray::number(offset));
        }));
    struct stat status = {};
    QCOMPARE(
        ::stat(QFile::encodeName(m_pair->target() + QStringLiteral("/x")).constData(), &status), 0);
    QVERIFY(!(status.st_mode & S_ISVTX));
}

void ExtendedResume::aDamagedPartIsNotContinued()
{
    for (const qsizetype at : {qsizetype(0), chunk, 2 * chunk - 1}) {
        QByteArray damaged = m_content.first(2 * chunk);
        damaged[at] = char(damaged[at] ^ 1);
        QVERIFY(leavePart(damaged));
        QCOMPARE(resume().exitCode, 0);
        QCOMPARE(result(), m_content);
        QVERIFY(QFile::remove(m_pair->target() + QStringLiteral("/x")));
    }
}

void ExtendedResume::aPartOfAnotherVersionIsNotContinued()
{
    // Same name, size and time, other content.
    QVERIFY(leavePart(m_content.first(chunk)));
    const QByteArray path = QFile::encodeName(m_pair->share() + QStringLiteral("/x"));
    struct stat before = {};
    QCOMPARE(::stat(path.constData(), &before), 0);
    const QByteArray other = bytes(2);
    QVERIFY(writeFile(QFile::decodeName(path), other));
    const timespec times[2] = {before.st_atim, before.st_mtim};
    QCOMPARE(::utimensat(AT_FDCWD, path.constData(), times, 0), 0);
    QCOMPARE(resume().exitCode, 0);
    QCOMPARE(result(), other);
}

void ExtendedResume::aPartLongerThanTheFileIsNotContinued()
{
    QVERIFY(leavePart(m_content + "more"));
    QCOMPARE(resume().exitCode, 0);
    QCOMPARE(result(), m_content);
}

void ExtendedResume::aPartOfSomebodyElseIsLeftAlone()
{
    QVERIFY(writeFile(part(), "a chapter of a book"));
    QCOMPARE(resume().exitCode, 0);
    QCOMPARE(result(), m_content);
    QCOMPARE(readFile(part()), "a chapter of a book");
}

void ExtendedResume::withoutTheOptionItBeginsAgain()
{
    QVERIFY(leavePart(bytes(3, chunk)));
    QCOMPARE(m_pair->get({QStringLiteral("/pub/x")}).exitCode, 0);
    QCOMPARE(result(), m_content);
    QCOMPARE(target(), QStringList{QStringLiteral("x")});
}

void ExtendedResume::afterTheClientWasKilled()
{
    m_content = bytes(4, 60'000'000);
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/x"), m_content));
    int kills = 0;
    while (!QFile::exists(m_pair->target() + QStringLiteral("/x")) && kills < 20) {
        QProcess client;
        const qint64 had = QFileInfo(part()).size();
        m_pair->start(client,
                      m_pair->getArguments({QStringLiteral("-c"), QStringLiteral("/pub/x")}));
        QVERIFY(client.waitForStarted());
        QVERIFY(waitUntil([&] {
            return client.state() == QProcess::NotRunning || QFileInfo(part()).size() > had ||
                   QFile::exists(m_pair->target() + QStringLiteral("/x"));
        }));
        client.kill();
        QVERIFY(client.waitForFinished(patienceMs));
        ++kills;
        const QByteArray now = result();
        QVERIFY(now == "(not there)" || now == m_content);
    }
    if (!QFile::exists(m_pair->target() + QStringLiteral("/x")))
        QCOMPARE(resume().exitCode, 0);
    QVERIFY(result() == m_content);
}

void ExtendedResume::afterTheServerWasKilled()
{
    m_content = bytes(5, 60'000'000);
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/x"), m_content));
    QProcess client;
    m_pair->start(client, m_pair->getArguments({QStringLiteral("/pub/x")}));
    QVERIFY(client.waitForStarted());
    QVERIFY(waitUntil(
        [&] { return client.state() == QProcess::NotRunning || QFileInfo(part()).size() > 0; }));
    m_pair->killServer();
    const ProgramRun run = finishProgram(client);
    if (run.exitCode == 0) // it was faster
        QSKIP("the file was whole before the server could be killed");
    QCOMPARE(run.exitCode, 18);
    QCOMPARE(result(), "(not there)");
    QVERIFY(m_pair->startServer());
    QCOMPARE(resume().exitCode, 0);
    QVERIFY(result() == m_content);
    QCOMPARE(target(), QStringList{QStringLiteral("x")});
}

/// It goes out in parts, over several connections: a drain does not end it between two of them.
void ExtendedResume::aServerThatIsToldToStopFinishesTheFile()
{
    m_pair->killServer();
    const QByteArray content = bytes(3, 32 * 1024 * 1024);
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/x"), content));
    QVERIFY(m_pair->startServer({QStringLiteral("--limit-rate"), QStringLiteral("12M")}));
    QProcess client;
    m_pair->start(client, m_pair->getArguments({QStringLiteral("/pub/x")}));
    QVERIFY(waitUntil([this] { return m_pair->serverLog().count("GET /pub/x offset=") > 2; }));
    QCOMPARE(::kill(pid_t(m_pair->serverPid()), SIGTERM), 0);
    const ProgramRun run = finishProgram(client);
    QCOMPARE(run.exitCode, 0);
    QVERIFY(result() == content);
    QVERIFY(
        waitUntil([this] { return m_pair->serverLog().contains("1 file delivered, verified"); }));
}

void ExtendedResume::aVersionThatChangesUnderWayIsRefused()
{
    m_content = bytes(6, 60'000'000);
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/x"), m_content));
    QProcess client;
    m_pair->start(client, m_pair->getArguments({QStringLiteral("/pub/x")}));
    QVERIFY(client.waitForStarted());
    QVERIFY(waitUntil(
        [&] { return client.state() == QProcess::NotRunning || QFileInfo(part()).size() > 0; }));
    QFile file(m_pair->share() + QStringLiteral("/x"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.resize(1000));
    const ProgramRun run = finishProgram(client);
    if (run.exitCode == 0)
        QSKIP("the file was whole before it could be changed");
    QCOMPARE(run.exitCode, 36);
    QCOMPARE(result(), "(not there)");
}

void ExtendedResume::aFileThatGrowsUnderWayIsSavedAsItWas()
{
    m_content = bytes(6, 6'000'000);
    QVERIFY(writeFile(m_pair->share() + QStringLiteral("/x"), m_content));
    QStringList arguments = m_pair->getArguments({QStringLiteral("/pub/x")});
    arguments.insert(1, QStringLiteral("--limit-rate"));
    arguments.insert(2, QStringLiteral("4M"));
    QProcess client;
    m_pair->start(client, arguments);
    QVERIFY(client.waitForStarted());
    QVERIFY(waitUntil([&] { return QFileInfo(part()).size() > 0; }));
    QFile file(m_pair->share() + QStringLiteral("/x"));
    QVERIFY(file.open(QIODevice::Append));
    QCOMPARE(file.write("more"), 4);
    file.close();
    const ProgramRun run = finishProgram(client);
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(run.output, "x has been saved.\n");
    QVERIFY2(run.errors.contains("x is longer on the server by now"), run.errors.constData());
    QCOMPARE(result(), m_content);
}

FERRY_TEST(ExtendedResume)
#include "extended_resume.moc"
