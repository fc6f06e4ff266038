// SPDX-License-Identifier: MIT
// A queue with its model, and files for it.
#pragma once

#include "client-gui/queue/queuefiltermodel.h"
#include "client-gui/queue/queuemodel.h"
#include "client/queue/downloadqueue.h"
#include "gui-common/parts/progressdelegate.h"

#include <QAbstractItemModelTester>
#include <QTest>

namespace ferry::gui::test {

using client::Download;
using client::DownloadQueue;
using client::DownloadState;

inline QList<Download> files(int count)
{
    QList<Download> list;
    list.reserve(count);
    for (int i = 0; i < count; ++i) {
        Download download;
        download.remotePath = "/Share/file" + QByteArray::number(i);
        download.localName = QStringLiteral("file%1").arg(i);
        list.append(download);
    }
    return list;
}

/// The whole model against the whole queue.
inline void compare(const QueueModel &model, const DownloadQueue &queue)
{
    const QList<Download> all = queue.all();
    qsizetype rows = 0;
    model.each([&rows](const Download &) { return ++rows > 0; });
    QCOMPARE(rows, all.size());
    QueueSummary expected;
    for (int row = 0; row < all.size(); ++row) {
        const QModelIndex index = model.indexOf(all[row].id);
        QVERIFY(index.isValid());
        const bool inFolder = model.indexOf(all[row].parent).isValid();
        QCOMPARE(index.parent(), inFolder ? model.indexOf(all[row].parent) : QModelIndex());
        QCOMPARE(model.download(index).id, all[row].id);
        QCOMPARE(model.download(index).state, all[row].state);
        QCOMPARE(model.download(index).received, all[row].received);
        switch (groupOf(all[row])) {
        case QueueGroup::Waiting:
            ++expected.waiting;
            break;
        case QueueGroup::Active:
            ++expected.active;
            break;
        case QueueGroup::Failed:
            ++expected.failed;
            break;
        case QueueGroup::Done:
            ++expected.done;
            break;
        case QueueGroup::Folder:
            ++expected.folders;
            break;
        case QueueGroup::Cancelled:
            ++expected.cancelled;
            break;
        }
    }
    QCOMPARE(model.summary().waiting, expected.waiting);
    QCOMPARE(model.summary().active, expected.active);
    QCOMPARE(model.summary().failed, expected.failed);
    QCOMPARE(model.summary().done, expected.done);
    QCOMPARE(model.summary().folders, expected.folders);
    QCOMPARE(model.summary().cancelled, expected.cancelled);
}

struct QueueFixture
{
    /// Stands still unless a test moves it: speeds do not depend on how busy the machine is.
    DownloadQueue::Clock::time_point now = DownloadQueue::Clock::now();
    DownloadQueue queue{[this] { return now; }};
    QueueModel model{nullptr, [this] { return now; }};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};

    QString text(int row, int column) const
    {
        return model.index(row, column)
            .data()
            .toString()
            .replace(QChar(QChar::Nbsp), QLatin1Char(' '));
    }
};

} // namespace ferry::gui::test
