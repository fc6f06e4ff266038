// SPDX-License-Identifier: MIT
// Folders in the queue, and what is found in them.
#include "client/queue/downloadqueue.h"
#include "support/testprogram.h"

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
        list.append(download);
    }
    return list;
}

} // namespace

class QueueFolders : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aListingThatIsReadAgainAddsNothingTwice();
    void takesWhatIsFoundInAForcedFolderFirst_data();
    void takesWhatIsFoundInAForcedFolderFirst();
};

void QueueFolders::aListingThatIsReadAgainAddsNothingTwice()
{
    DownloadQueue queue;
    Download folder;
    folder.kind = DownloadKind::Folder;
    const quint64 id = queue.add({folder}).first();
    queue.takeNext();
    queue.setKind(id, DownloadKind::Folder);
    queue.addFound(id, files(3));
    queue.requeue(id);
    QCOMPARE(queue.takeNext()->id, id);
    queue.setKind(id, DownloadKind::Folder);
    queue.addFound(id, files(5));
    QCOMPARE(queue.counts().all(), 6);
    QCOMPARE(queue.all().last().parent, id);
}

void QueueFolders::takesWhatIsFoundInAForcedFolderFirst_data()
{
    QTest::addColumn<bool>("read"); // while it is read already
    QTest::newRow("before it is read") << false;
    QTest::newRow("while it is read") << true;
}

void QueueFolders::takesWhatIsFoundInAForcedFolderFirst()
{
    QFETCH(const bool, read);
    DownloadQueue queue;
    const QList<quint64> first = queue.add(files(2));
    Download folder;
    folder.kind = DownloadKind::Folder;
    folder.remotePath = "/pub/tree";
    folder.localName = QStringLiteral("tree");
    folder.priority = Priority::High;
    const quint64 id = queue.add({folder}).first();
    if (read)
        QCOMPARE(queue.takeNext()->id, id);
    queue.forceStart({id});
    if (!read)
        QCOMPARE(queue.takeNext()->id, id);
    queue.setPriority({id}, Priority::Normal);
    queue.setPriority(first, Priority::High);
    QList<Download> found = files(3);
    for (Download &file : found)
        file.subfolder = QStringLiteral("tree");
    found[2].state = DownloadState::Failed; // it cannot be had
    queue.addFound(id, found);
    queue.finish(id, true);
    QCOMPARE(queue.takeNext()->parent, id);
    QCOMPARE(queue.takeNext()->parent, id);
    QCOMPARE(queue.takeNext()->id, first[0]);
    QCOMPARE(queue.takeNext()->id, first[1]);
    QVERIFY(!queue.takeNext());
    for (const Download &row : queue.all())
        QCOMPARE(row.forced, row.parent == id && row.state == DownloadState::Connecting);
}

FERRY_TEST(QueueFolders)
#include "tst_queuefolders.moc"
