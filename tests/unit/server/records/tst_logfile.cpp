// SPDX-License-Identifier: MIT
#include "server/records/logfile.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace ferry;
using namespace ferry::server;

namespace {

LogRecord record(const QString &message, quint64 session = 0, LogKind kind = LogKind::Status)
{
    return {1'700'000'000'123, session, kind, message};
}

QByteArray content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
}

} // namespace

class TestLogFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void aLineSaysWhenWhoAndWhat();
    void linesAreAppended();
    void whatWaitsIsWrittenAtTheEnd();
    void aFullFileIsPutBehindTheOthers();
    void aSingleFileBeginsAnew();
    void whatCannotBeWrittenIsToldOnce();
    void aFolderInItsPlaceIsToldAndHarmsNothing();
    void onlyTheOwnerMayReadIt();
    void aDiskThatIsTooSlowCostsLinesAndNotMemory();

private:
    QString path(const char *name = "log") const
    {
        return m_folder->filePath(QString::fromLatin1(name));
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestLogFile::aLineSaysWhenWhoAndWhat()
{
    const QByteArray line = logLine(record(QStringLiteral("FILE pub/ü"), 3, LogKind::Command));
    QVERIFY2(line.endsWith(".123 #3 command FILE pub/\xc3\xbc"), line);
    QCOMPARE(line.indexOf(' '), 10);
    LogRecord other = record(QStringLiteral("x"));
    QVERIFY(logLine(other).endsWith(".123 status x"));
    other.timeMs += 7 - 123;
    QVERIFY(logLine(other).endsWith(".007 status x"));
}

void TestLogFile::linesAreAppended()
{
    for (const char *message : {"one", "two"}) {
        LogFile log({path()});
        log.write({record(QString::fromLatin1(message))});
        log.flush();
    }
    const QList<QByteArray> lines = content(path()).split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines.at(0).endsWith("status one") && lines.at(1).endsWith("status two"));
    QVERIFY(lines.at(2).isEmpty());
}

void TestLogFile::whatWaitsIsWrittenAtTheEnd()
{
    {
        LogFile log({path()});
        for (int i = 0; i < 10; ++i)
            log.write({record(QString::number(i))});
    }
    QCOMPARE(content(path()).count('\n'), 10);
}

void TestLogFile::aFullFileIsPutBehindTheOthers()
{
    {
        LogFile log({path(), 2000, 3});
        for (int i = 0; i < 300; ++i) {
            log.write({record(QStringLiteral("line %1").arg(i))});
            log.flush();
        }
    }
    QCOMPARE(
        QDir(m_folder->path()).entryList(QDir::Files),
        (QStringList{QStringLiteral("log"), QStringLiteral("log.1"), QStringLiteral("log.2")}));
    // No line was lost between the files that are left, and none was cut in two.
    const QByteArray kept = content(path("log.2")) + content(path("log.1")) + content(path());
    QList<QByteArray> lines = kept.split('\n');
    QVERIFY(lines.takeLast().isEmpty());
    const int first = lines.first().mid(lines.first().lastIndexOf(' ') + 1).toInt();
    for (int i = 0; i < lines.size(); ++i)
        QVERIFY2(lines.at(i).endsWith("line " + QByteArray::number(first + i)), lines.at(i));
    QCOMPARE(first + lines.size(), 300);
    for (const char *name : {"log", "log.1", "log.2"})
        QVERIFY(QFileInfo(path(name)).size() < 2200);
}

void TestLogFile::aSingleFileBeginsAnew()
{
    LogFile log({path(), 500, 1});
    for (int i = 0; i < 100; ++i) {
        log.write({record(QStringLiteral("line %1").arg(i))});
        log.flush();
    }
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 1);
    QVERIFY(QFileInfo(path()).size() < 600);
}

void TestLogFile::whatCannotBeWrittenIsToldOnce()
{
    LogFile log({path("missing/log")});
    QVERIFY(log.takeProblem().isEmpty());
    for (int i = 0; i < 3; ++i) {
        log.write({record(QStringLiteral("lost"))});
        log.flush();
    }
    QVERIFY(log.takeProblem().contains(QStringLiteral("missing/log")));
    QVERIFY(log.takeProblem().isEmpty());
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("missing")));
    log.write({record(QStringLiteral("kept"))});
    log.flush();
    QVERIFY(content(path("missing/log")).endsWith("status kept\n"));
}

void TestLogFile::aFolderInItsPlaceIsToldAndHarmsNothing()
{
    LogFile log({m_folder->path()});
    log.write({record(QStringLiteral("lost"))});
    log.flush();
    QVERIFY(!log.takeProblem().isEmpty());
}

void TestLogFile::onlyTheOwnerMayReadIt()
{
    LogFile log({path()});
    log.write({record(QStringLiteral("x"))});
    log.flush();
    QCOMPARE(QFileInfo(path()).permissions() & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

void TestLogFile::aDiskThatIsTooSlowCostsLinesAndNotMemory()
{
    // More batches at once than may wait; whatever was not kept is counted in the file.
    constexpr int batches = 5000;
    {
        LogFile log({path(), 1'000'000'000, 1});
        for (int i = 0; i < batches; ++i)
            log.write({record(QStringLiteral("line")), record(QStringLiteral("line"))});
        log.flush();
        log.write({record(QStringLiteral("end"))});
    }
    const QByteArray text = content(path());
    qint64 counted = 0;
    const QList<QByteArray> lines = text.split('\n');
    for (const QByteArray &line : lines) {
        if (line.endsWith(" messages were not kept."))
            counted += line.split(' ').at(3).toLongLong();
    }
    QCOMPARE(counted + text.count(" status line\n"), 2 * batches);
    QVERIFY(text.endsWith("status end\n"));
}

FERRY_TEST(TestLogFile)
#include "tst_logfile.moc"
