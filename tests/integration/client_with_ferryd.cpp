// SPDX-License-Identifier: MIT
// The two programs against each other.
#include "support/process.h"
#include "support/program.h"
#include "support/testprogram.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

using namespace ferry::test;

namespace {

QByteArray hashOf(const QString &path)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha1);
    return file.open(QIODevice::ReadOnly) && hash.addData(&file) ? hash.result() : QByteArray();
}

/// Bytes that look like nothing, the same each time.
QByteArray noise(qsizetype size, quint64 seed)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = char(seed >> 56);
    }
    return bytes;
}

} // namespace

class ClientWithFerrydTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void theTutorialsLineWorksToTheLetter();
    void everyContentArrivesIntact();
    void twoHundredMegabytesArriveIntact();
    void missingFilesAreNotFound();
    void aWrongPasswordIsRefused();
    void manyClientsAtOnceGetIntactFiles();
    void cleanupTestCase();

private:
    QStringList arguments(const QStringList &paths) const
    {
        return QStringList{QStringLiteral("get"), QStringLiteral("--classic"), m_address} + paths;
    }
    ProgramRun get(const QStringList &paths, ProgramSettings settings = {}) const
    {
        settings.folder = m_target->path();
        return runProgram(QStringLiteral("ferry"), arguments(paths), settings);
    }
    void share(const QString &name, const QByteArray &bytes) const
    {
        QFile file(m_share.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    QByteArray saved(const QString &name) const
    {
        QFile file(m_target->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
    }
    QStringList names() const
    {
        return QDir(m_target->path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }

    QTemporaryDir m_share;
    QTemporaryDir m_data;
    QProcess m_server;
    QString m_address;
    std::unique_ptr<QTemporaryDir> m_target;
};

void ClientWithFerrydTest::initTestCase()
{
    QVERIFY(m_share.isValid() && m_data.isValid());
    ProgramSettings settings;
    prepareProcess(m_server, settings);
    m_server.setStandardErrorFile(QProcess::nullDevice());
    m_server.start(programPath(QStringLiteral("ferryd")),
                   {QStringLiteral("--share"), QStringLiteral("c:=") + m_share.path(),
                    QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                    QStringLiteral("--classic"), QStringLiteral("127.0.0.1:0"),
                    QStringLiteral("--data-dir"), m_data.path()});
    QVERIFY(m_server.waitForStarted(patienceMs));
    for (;;) {
        QVERIFY(m_server.canReadLine() || m_server.waitForReadyRead(patienceMs));
        while (m_server.canReadLine()) {
            const QString line = QString::fromUtf8(m_server.readLine()).trimmed();
            const QString mark = QStringLiteral("listening classic ");
            if (line.startsWith(mark))
                m_address = line.sliced(mark.size());
            if (line == QStringLiteral("ready")) {
                QVERIFY(!m_address.isEmpty());
                return;
            }
        }
    }
}

void ClientWithFerrydTest::init()
{
    m_target = std::make_unique<QTemporaryDir>();
    QVERIFY(m_target->isValid());
}

void ClientWithFerrydTest::theTutorialsLineWorksToTheLetter()
{
    share(QStringLiteral("cp.gif"), "GIF89a cp");
    share(QStringLiteral("g.gif"), "GIF89a g");
    const ProgramRun run = get({QStringLiteral("c:\\cu.gif"), QStringLiteral("c:\\cp.gif"),
                                QStringLiteral("c:\\g.gif"), QStringLiteral("c:\\ddd")});
    QCOMPARE(run.output, QByteArray("File c:\\cu.gif not found on server\n"
                                    "cp.gif has been saved.\n"
                                    "g.gif has been saved.\n"
                                    "File c:\\ddd not found on server\n"));
    QCOMPARE(run.exitCode, 4);
    QCOMPARE(saved(QStringLiteral("cp.gif")), QByteArray("GIF89a cp"));
    QCOMPARE(saved(QStringLiteral("g.gif")), QByteArray("GIF89a g"));
}

void ClientWithFerrydTest::everyContentArrivesIntact()
{
    QByteArray everyByte;
    for (int i = 0; i < 256 * 256; ++i) {
        everyByte.append(char(i >> 8));
        everyByte.append(char(i));
    }
    const QByteArray trailer = "#File /c:/trailer sent successfully.\r\n";
    const QHash<QString, QByteArray> files{
        {QStringLiteral("text"), "one\r\ntwo\nthree"},
        {QStringLiteral("bytes"), everyByte},
        {QStringLiteral("empty"), ""},
        {QStringLiteral("trailer"), trailer + "middle" + trailer},
        {QStringLiteral("one"), "x"},
        {QStringLiteral("name with spaces and ü"), "content"},
    };
    QStringList paths;
    for (auto file = files.begin(); file != files.end(); ++file) {
        share(file.key(), file.value());
        paths.append(QStringLiteral("/c:/") + file.key());
    }
    const ProgramRun run = get(paths);
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.output.count('\n'), files.size());
    for (auto file = files.begin(); file != files.end(); ++file)
        QCOMPARE(saved(file.key()), file.value());
    QCOMPARE(names().size(), files.size());
}

void ClientWithFerrydTest::twoHundredMegabytesArriveIntact()
{
    {
        QFile file(m_share.filePath(QStringLiteral("big")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 200; ++i)
            QCOMPARE(file.write(noise(1'000'000, quint64(i))), 1'000'000);
    }
    const ProgramRun run = get({QStringLiteral("c:/big")});
    QCOMPARE(run.output, QByteArray("big has been saved.\n"));
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(QFileInfo(m_target->filePath(QStringLiteral("big"))).size(), 200'000'000);
    QCOMPARE(hashOf(m_target->filePath(QStringLiteral("big"))),
             hashOf(m_share.filePath(QStringLiteral("big"))));
    QVERIFY(QFile::remove(m_share.filePath(QStringLiteral("big"))));
}

void ClientWithFerrydTest::missingFilesAreNotFound()
{
    const ProgramRun run =
        get({QStringLiteral("c:/none"), QStringLiteral("/other/none"),
             QStringLiteral("../../../../etc/passwd"), QStringLiteral("c:/../../etc/hostname")});
    QCOMPARE(run.exitCode, 3);
    QCOMPARE(run.output, QByteArray("File c:/none not found on server\n"
                                    "File /other/none not found on server\n"
                                    "File ../../../../etc/passwd not found on server\n"
                                    "File c:/../../etc/hostname not found on server\n"));
    QCOMPARE(names(), QStringList());
}

void ClientWithFerrydTest::aWrongPasswordIsRefused()
{
    ProgramSettings settings;
    settings.password = "wrong";
    const ProgramRun run = get({QStringLiteral("c:/cp.gif")}, settings);
    QCOMPARE(run.exitCode, 67);
    QCOMPARE(run.output, QByteArray());
}

void ClientWithFerrydTest::manyClientsAtOnceGetIntactFiles()
{
    share(QStringLiteral("shared"), noise(3'000'000, 7));
    share(QStringLiteral("empty"), "");
    std::vector<std::unique_ptr<QTemporaryDir>> folders;
    std::vector<std::unique_ptr<QProcess>> clients;
    for (int i = 0; i < 20; ++i) {
        folders.push_back(std::make_unique<QTemporaryDir>());
        clients.push_back(std::make_unique<QProcess>());
        ProgramSettings settings;
        settings.folder = folders.back()->path();
        prepareProcess(*clients.back(), settings);
        clients.back()->start(
            programPath(QStringLiteral("ferry")),
            arguments({QStringLiteral("c:\\shared"), QStringLiteral("c:\\empty")}));
    }
    const QByteArray expected = hashOf(m_share.filePath(QStringLiteral("shared")));
    for (size_t i = 0; i < clients.size(); ++i) {
        QCOMPARE(finishProgram(*clients[i]).exitCode, 0);
        QCOMPARE(hashOf(folders[i]->filePath(QStringLiteral("shared"))), expected);
        QCOMPARE(QFileInfo(folders[i]->filePath(QStringLiteral("empty"))).size(), 0);
    }
}

void ClientWithFerrydTest::cleanupTestCase()
{
    m_server.terminate();
    QVERIFY(m_server.waitForFinished(patienceMs));
    QCOMPARE(m_server.exitStatus(), QProcess::NormalExit);
}

FERRY_TEST(ClientWithFerrydTest)
#include "client_with_ferryd.moc"
