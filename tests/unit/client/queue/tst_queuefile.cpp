// SPDX-License-Identifier: MIT
#include "client/queue/queuefile.h"
#include "net/base/sqlitefile.h"
#include "support/testprogram.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace ferry;
using namespace ferry::client;

namespace {

QList<Download> files(int count)
{
    QList<Download> list;
    for (int i = 0; i < count; ++i) {
        Download download;
        download.remotePath = "/pub/file" + QByteArray::number(i);
        download.localName = QStringLiteral("file%1").arg(i);
        download.folder = QStringLiteral("/tmp/target");
        download.server = QStringLiteral("127.0.0.1:7420");
        list.append(download);
    }
    return list;
}

} // namespace

class QueueFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void namesThatAreNoTextComeBackAsTheyWere();
    void aFileOfAnOlderFerryIsReadAndWrittenTo_data();
    void aFileOfAnOlderFerryIsReadAndWrittenTo();
    void whatWasAskedForEachFileIsKept();
    void everythingTakesThePlaceOfWhatWasThere();
    void aFileThatOthersCanChangeIsNotTrusted_data();
    void aFileThatOthersCanChangeIsNotTrusted();
};

void QueueFileTest::namesThatAreNoTextComeBackAsTheyWere()
{
    Download download = files(1).first();
    download.id = 1;
    download.remotePath = "/pub/gr\xFC\xDF\n";
    download.localName = QStringLiteral("gr") + QChar(0xDCFC);
    download.folder = QStringLiteral("/tmp/") + QChar(0xDC80);
    const QTemporaryDir dir;
    QueueFile file(dir.filePath(QStringLiteral("queue")));
    QVERIFY(file.open());
    QVERIFY(file.write({download}, {}));
    QCOMPARE(file.rows().value().first().localName, download.localName);
    QCOMPARE(file.rows().value().first().folder, download.folder);
    QCOMPARE(file.rows().value().first().remotePath, download.remotePath);
}

void QueueFileTest::aFileOfAnOlderFerryIsReadAndWrittenTo_data()
{
    QTest::addColumn<QStringList>("missing");
    QTest::newRow("0.1") << QStringList{QStringLiteral("foldertime"), QStringLiteral("options"),
                                        QStringLiteral("upload"), QStringLiteral("modified")};
    QTest::newRow("between 0.1 and 0.2") << QStringList{
        QStringLiteral("options"), QStringLiteral("upload"), QStringLiteral("modified")};
    QTest::newRow("before uploads")
        << QStringList{QStringLiteral("upload"), QStringLiteral("modified")};
}

void QueueFileTest::aFileOfAnOlderFerryIsReadAndWrittenTo()
{
    QFETCH(QStringList, missing);
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("queue"));
    Download download = files(1).first();
    download.id = 1;
    download.folderModifiedNs = 5;
    {
        QueueFile file(path);
        QVERIFY(file.open());
        QVERIFY(file.write({download}, {}));
        SqliteFile older(path, {QStringLiteral("The queue"), 1, {}, QStringLiteral("SELECT 1")});
        QVERIFY(older.open());
        for (const QString &column : missing)
            QVERIFY(older.run(QStringLiteral("ALTER TABLE downloads DROP COLUMN ") + column));
    }
    {
        QueueFile file(path);
        QVERIFY(file.openToRead());
        QCOMPARE(file.rows().value().size(), 1);
    }
    QueueFile file(path);
    QVERIFY(file.open());
    QVERIFY(file.problems().isEmpty());
    QCOMPARE(file.rows().value().size(), 1);
    const Download read = file.rows().value().first();
    QCOMPARE(read.folderModifiedNs.has_value(), !missing.contains(QStringLiteral("foldertime")));
    QVERIFY(read.executable);
    QVERIFY(!read.encodeNames);
    QVERIFY(!read.isUpload());
    download.folderModifiedNs = 7;
    download.executable = false;
    download.encodeNames = true;
    QVERIFY(file.write({download}, {}));
    QCOMPARE(file.rows().value().first().folderModifiedNs, 7);
    QVERIFY(!file.rows().value().first().executable);
    QVERIFY(file.rows().value().first().encodeNames);
}

void QueueFileTest::whatWasAskedForEachFileIsKept()
{
    QList<Download> rows = files(4);
    for (int i = 0; i < 4; ++i) {
        rows[i].id = quint64(i) + 1;
        rows[i].executable = (i & 1) == 0;
        rows[i].encodeNames = (i & 2) != 0;
    }
    const QTemporaryDir dir;
    QueueFile file(dir.filePath(QStringLiteral("queue")));
    QVERIFY(file.open());
    QVERIFY(file.write(rows, {}));
    const auto read = file.rows();
    QCOMPARE(read.value().size(), 4);
    for (int i = 0; i < 4; ++i) {
        QCOMPARE(read.value()[i].executable, rows[i].executable);
        QCOMPARE(read.value()[i].encodeNames, rows[i].encodeNames);
    }
}

void QueueFileTest::everythingTakesThePlaceOfWhatWasThere()
{
    QList<Download> rows = files(3);
    for (int i = 0; i < 3; ++i)
        rows[i].id = quint64(i) + 1;
    const QTemporaryDir dir;
    QueueFile file(dir.filePath(QStringLiteral("queue")));
    QVERIFY(file.open());
    QVERIFY(file.write(rows, {}));
    QVERIFY(file.write({rows[1]}, {}, true));
    QCOMPARE(file.rows().value().size(), 1);
    QCOMPARE(file.rows().value().first().id, quint64(2));
    QVERIFY(file.write({}, {}, true));
    QVERIFY(file.rows().value().isEmpty());
}

void QueueFileTest::aFileThatOthersCanChangeIsNotTrusted_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("mode");
    QTest::newRow("file") << QStringLiteral("queue") << 0666;
    QTest::newRow("file, the group") << QStringLiteral("queue") << 0620;
    QTest::newRow("what is not in the file yet") << QStringLiteral("queue-wal") << 0666;
    QTest::newRow("folder") << QString() << 0777;
}

void QueueFileTest::aFileThatOthersCanChangeIsNotTrusted()
{
    QFETCH(QString, name);
    QFETCH(int, mode);
    const QTemporaryDir dir;
    const QByteArray path = QFile::encodeName(name.isEmpty() ? dir.path() : dir.filePath(name));
    QueueFile writer(dir.filePath(QStringLiteral("queue")));
    QVERIFY(writer.open());
    QVERIFY(writer.write(files(1), {}));
    QCOMPARE(::chmod(path.constData(), mode_t(mode)), 0);
    for (const auto open : {&QueueFile::open, &QueueFile::openToRead}) {
        QueueFile file(dir.filePath(QStringLiteral("queue")));
        const Result<> opened = (file.*open)();
        QVERIFY(!opened.ok());
        QCOMPARE(int(opened.error().code), int(ErrorCode::Invalid));
        QVERIFY(opened.error().text.contains(dir.filePath(name)) ||
                opened.error().text.contains(dir.path()));
    }
    QCOMPARE(::chmod(path.constData(), name.isEmpty() ? 0700 : 0600), 0);
    QueueFile file(dir.filePath(QStringLiteral("queue")));
    QVERIFY(file.open());
}

FERRY_TEST(QueueFileTest)
#include "tst_queuefile.moc"
