// SPDX-License-Identifier: MIT
#include "client/queue/queuefile.h"
#include "net/base/sqlitefile.h"
#include "support/testprogram.h"

#include <QTemporaryDir>
#include <QTest>

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
    void aFileOfAnOlderFerryIsReadAndWrittenTo();
    void everythingTakesThePlaceOfWhatWasThere();
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

void QueueFileTest::aFileOfAnOlderFerryIsReadAndWrittenTo()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("queue"));
    Download download = files(1).first();
    download.id = 1;
    {
        QueueFile file(path);
        QVERIFY(file.open());
        QVERIFY(file.write({download}, {}));
        SqliteFile older(path, {QStringLiteral("The queue"), 1, {}, QStringLiteral("SELECT 1")});
        QVERIFY(older.open());
        QVERIFY(older.run(QStringLiteral("ALTER TABLE downloads DROP COLUMN foldertime")));
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
    QVERIFY(!file.rows().value().first().folderModifiedNs);
    download.folderModifiedNs = 7;
    QVERIFY(file.write({download}, {}));
    QCOMPARE(file.rows().value().first().folderModifiedNs, 7);
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

FERRY_TEST(QueueFileTest)
#include "tst_queuefile.moc"
