// SPDX-License-Identifier: MIT
#include "client/transfer/treereader.h"
#include "support/testprogram.h"

#include <QTemporaryDir>
#include <QTest>

using namespace ferry;
using namespace ferry::client;

class TreeReaderTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void filesComeInTheOrderOfPeople();
};

void TreeReaderTest::filesComeInTheOrderOfPeople()
{
    const QTemporaryDir dir;
    DownloadQueue queue;
    LogQueue log;
    Download folder;
    folder.kind = DownloadKind::Folder;
    folder.remotePath = "/S/in";
    folder.folder = dir.path();
    folder.localName = QStringLiteral("in");
    queue.add({folder});
    TreeReader reader(*queue.takeNext(), *VirtualPath::parse("/S/in"), queue, log);
    // In the order of a disk.
    for (const char *path : {"Report 11", "Report 30", "b/2", "Report 111", "Report 2", "b/10",
                             "b c", "b/1", "report 3"})
        reader.entry({false, 1, 0, "-", path, {}});
    QVERIFY(reader.finish().ok());
    QByteArrayList order;
    while (const auto next = queue.takeNext())
        order.append(next->remotePath.sliced(6));
    QCOMPARE(order, (QByteArrayList{"b/1", "b/2", "b/10", "b c", "Report 2", "report 3",
                                    "Report 11", "Report 30", "Report 111"}));
}

FERRY_TEST(TreeReaderTest)
#include "tst_treereader.moc"
