// SPDX-License-Identifier: MIT
// The download queue at the length that a window promises.
#include "client/queue/downloadqueue.h"

#include <QTest>

using namespace ferry;
using namespace ferry::client;

class BenchQueue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aHundredThousandRowsAreAdded();
    void aHundredThousandRowsAreFetched();

private:
    static QList<Download> rows()
    {
        QList<Download> downloads(100'000);
        for (qsizetype i = 0; i < downloads.size(); ++i) {
            downloads[i].remotePath = "/share/folder/file " + QByteArray::number(i);
            downloads[i].localName = QStringLiteral("file %1").arg(i);
            downloads[i].size = 8192;
        }
        return downloads;
    }
};

void BenchQueue::aHundredThousandRowsAreAdded()
{
    const QList<Download> downloads = rows();
    QBENCHMARK
    {
        DownloadQueue queue;
        queue.add(downloads);
        QVERIFY(queue.hasQueued());
    }
}

void BenchQueue::aHundredThousandRowsAreFetched()
{
    const QList<Download> downloads = rows();
    QBENCHMARK
    {
        DownloadQueue queue;
        queue.add(downloads);
        while (const auto download = queue.takeNext()) {
            queue.setSize(download->id, 8192, 0);
            queue.addReceived(download->id, 8192);
            queue.finish(download->id, true);
        }
        QVERIFY(queue.finished());
    }
}

QTEST_APPLESS_MAIN(BenchQueue)
#include "bench_queue.moc"
