// SPDX-License-Identifier: MIT
#include "gui/client/queue_fixture.h"
#include "support/testprogram.h"

#include <QRandomGenerator>
#include <QSignalSpy>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::gui::test;

class ClientQueueModelTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void newDownloadsAppearInOneStep();
    void onlyTheChangedRowIsTold();
    void changesFarApartAreToldOneByOne();
    void nothingIsToldWhenNothingChanged();
    void sumsOfSizesDoNotOverflow();
    void removedRowsGo();
    void forgottenRowsGo();
    void manyScatteredRowsGoAtOnce();
    void anyOrderOfChangesKeepsModelAndQueueEqual();
    void tabsShowTheirPart();
    void aRowMovesToItsTabWhenItsStateChanges();
    void theFilterLooksAtNameAndPath();
    void manyRowsAreFilteredLikeFew();
    void theOrderIsThatOfTheQueueOrOfAColumn();
    void manyRowsComeInParts();
    void aHundredThousandRowsAreOneInsertion();
};

void ClientQueueModelTest::newDownloadsAppearInOneStep()
{
    QueueFixture f;
    QSignalSpy inserted(&f.model, &QAbstractItemModel::rowsInserted);
    QSignalSpy summary(&f.model, &QueueModel::summaryChanged);
    f.queue.add(files(20));
    f.model.refresh(f.queue);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(summary.count(), 1);
    compare(f.model, f.queue);
    QCOMPARE(f.text(3, QueueModel::Name), QStringLiteral("file3"));
}

void ClientQueueModelTest::onlyTheChangedRowIsTold()
{
    QueueFixture f;
    f.queue.add(files(20));
    f.model.refresh(f.queue);
    const quint64 id = f.queue.takeNext()->id;
    f.model.refresh(f.queue);

    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    f.queue.addReceived(id, 5000);
    f.model.refresh(f.queue);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), 0);
    QCOMPARE(changed[0][1].toModelIndex().row(), 0);
    QCOMPARE(changed[0][1].toModelIndex().column(), int(QueueModel::ColumnCount) - 1);
    compare(f.model, f.queue);
}

void ClientQueueModelTest::changesFarApartAreToldOneByOne()
{
    QueueFixture f;
    const QList<quint64> ids = f.queue.add(files(20));
    f.model.refresh(f.queue);
    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    for (const int row : {15, 4, 5})
        f.queue.cancel(ids[row]);
    f.model.refresh(f.queue);
    QCOMPARE(changed.count(), 2);
    QCOMPARE(changed[0][0].toModelIndex().row(), 4);
    QCOMPARE(changed[0][1].toModelIndex().row(), 5);
    QCOMPARE(changed[1][0].toModelIndex().row(), 15);
}

void ClientQueueModelTest::nothingIsToldWhenNothingChanged()
{
    QueueFixture f;
    f.queue.add(files(3));
    f.model.refresh(f.queue);
    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    QSignalSpy summary(&f.model, &QueueModel::summaryChanged);
    f.model.refresh(f.queue);
    QCOMPARE(changed.count(), 0);
    QCOMPARE(summary.count(), 0);
}

void ClientQueueModelTest::sumsOfSizesDoNotOverflow()
{
    QueueFixture f;
    QList<client::Download> huge = files(1100);
    for (client::Download &download : huge)
        download.size = qint64(1) << 53;
    f.queue.remove(f.queue.add(files(1)));
    const QList<quint64> ids = f.queue.add(huge);
    f.model.refresh(f.queue);
    QCOMPARE(f.model.summary().remainingBytes, qint64(1) << 53);
    f.queue.remove(ids);
    f.model.refresh(f.queue);
    QCOMPARE(f.model.summary().remainingBytes, qint64(0));
}

void ClientQueueModelTest::removedRowsGo()
{
    QueueFixture f;
    const QList<quint64> ids = f.queue.add(files(10));
    f.model.refresh(f.queue);
    QSignalSpy removed(&f.model, &QAbstractItemModel::rowsRemoved);
    for (const int row : {7, 1, 2})
        f.queue.remove(ids[row]);
    f.model.refresh(f.queue);
    QCOMPARE(removed.count(), 2);
    compare(f.model, f.queue);
    // Added and removed between two looks: never seen.
    const QList<quint64> brief = f.queue.add(files(1));
    f.queue.remove(brief.first());
    f.model.refresh(f.queue);
    compare(f.model, f.queue);
}

/// So many that the queue has forgotten which.
void ClientQueueModelTest::forgottenRowsGo()
{
    QueueFixture f;
    const QList<quint64> ids = f.queue.add(files(10));
    f.model.refresh(f.queue);
    for (const int row : {7, 1, 2})
        f.queue.remove(ids[row]);
    for (int i = 0; i < 3; ++i)
        f.queue.remove(f.queue.add(files(int(limits::removedRows))));
    f.queue.add(files(2));
    f.model.refresh(f.queue);
    compare(f.model, f.queue);
}

void ClientQueueModelTest::manyScatteredRowsGoAtOnce()
{
    QueueFixture f;
    const QList<quint64> ids = f.queue.add(files(1000));
    f.model.refresh(f.queue);
    QSignalSpy removed(&f.model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy reset(&f.model, &QAbstractItemModel::modelReset);
    for (int row = 0; row < 1000; row += 3)
        f.queue.remove(ids[row]);
    f.model.refresh(f.queue);
    QCOMPARE(removed.count(), 0);
    QCOMPARE(reset.count(), 1);
    compare(f.model, f.queue);
}

void ClientQueueModelTest::anyOrderOfChangesKeepsModelAndQueueEqual()
{
    QRandomGenerator random(20260102);
    QueueFixture f;
    QueueFilterModel active;
    active.setSourceModel(&f.model);
    active.setTab(QueueTab::Active);
    QAbstractItemModelTester filterTester(&active,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QList<quint64> ids;
    for (int round = 0; round < 300; ++round) {
        for (int i = 0; i < 5; ++i) {
            const quint64 id = ids.isEmpty() ? 0 : ids[random.bounded(int(ids.size()))];
            switch (random.bounded(8)) {
            case 0:
                ids += f.queue.add(files(int(random.bounded(1, 9))));
                break;
            case 1:
                f.queue.takeNext();
                break;
            case 2:
                f.queue.addReceived(id, 1000);
                break;
            case 3:
                f.queue.finish(id, false);
                break;
            case 4:
                f.queue.fail(id, {ErrorCode::CutShort, {}});
                break;
            case 5:
                f.queue.cancel(id);
                break;
            case 6:
                f.queue.retry(id);
                break;
            case 7:
                f.queue.remove(id);
                ids.removeAll(id);
                break;
            }
        }
        f.model.refresh(f.queue);
        compare(f.model, f.queue);
        if (QTest::currentTestFailed())
            return;
        QCOMPARE(active.rowCount(), int(f.model.summary().active));
    }
}

void ClientQueueModelTest::tabsShowTheirPart()
{
    QueueFixture f;
    QueueFilterModel shown;
    shown.setSourceModel(&f.model);
    QAbstractItemModelTester tester(&shown, QAbstractItemModelTester::FailureReportingMode::QtTest);
    f.queue.add(files(6));
    f.queue.finish(f.queue.takeNext()->id, false);
    f.queue.fail(f.queue.takeNext()->id, {ErrorCode::NotFound, {}});
    f.queue.addReceived(f.queue.takeNext()->id, 1);
    f.queue.takeNext(); // asked for, and nothing came yet
    f.model.refresh(f.queue);
    QCOMPARE(shown.rowCount(), 6);
    shown.setTab(QueueTab::Done);
    QCOMPARE(shown.rowCount(), 1);
    QCOMPARE(shown.index(0, 0).data().toString(), QStringLiteral("file0"));
    shown.setTab(QueueTab::Attention);
    QCOMPARE(shown.rowCount(), 1);
    QCOMPARE(shown.index(0, 0).data().toString(), QStringLiteral("file1"));
    shown.setTab(QueueTab::Active);
    QCOMPARE(shown.rowCount(), 1);
    QCOMPARE(shown.index(0, 0).data().toString(), QStringLiteral("file2"));
    shown.setTab(QueueTab::All);
    QCOMPARE(shown.rowCount(), 6);
}

void ClientQueueModelTest::aRowMovesToItsTabWhenItsStateChanges()
{
    QueueFixture f;
    QueueFilterModel failed;
    failed.setSourceModel(&f.model);
    failed.setTab(QueueTab::Attention);
    f.queue.add(files(1));
    const quint64 id = f.queue.takeNext()->id;
    f.model.refresh(f.queue);
    QCOMPARE(failed.rowCount(), 0);
    f.queue.fail(id, {ErrorCode::TimedOut, {}});
    f.model.refresh(f.queue);
    QCOMPARE(failed.rowCount(), 1);
    f.queue.retry(id);
    f.model.refresh(f.queue);
    QCOMPARE(failed.rowCount(), 0);
}

void ClientQueueModelTest::theFilterLooksAtNameAndPath()
{
    QueueFixture f;
    QueueFilterModel shown;
    shown.setSourceModel(&f.model);
    f.queue.add(files(12));
    f.model.refresh(f.queue);
    shown.setText(QStringLiteral("FILE1"));
    QCOMPARE(shown.rowCount(), 3); // file1, file10, file11
    shown.setText(QStringLiteral("share/file7"));
    QCOMPARE(shown.rowCount(), 1);
    shown.setText(QStringLiteral("nowhere"));
    QCOMPARE(shown.rowCount(), 0);
    shown.setText({});
    QCOMPARE(shown.rowCount(), 12);
}

void ClientQueueModelTest::manyRowsAreFilteredLikeFew()
{
    QueueFixture f;
    QueueFilterModel shown;
    shown.setSourceModel(&f.model);
    QAbstractItemModelTester tester(&shown, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QList<quint64> ids = f.queue.add(files(1200));
    f.model.refresh(f.queue);
    QPersistentModelIndex kept = shown.index(999, 0);
    shown.setText(QStringLiteral("file99"));
    QCOMPARE(shown.rowCount(), 11); // and file990 to file999
    QVERIFY(kept.isValid());
    QCOMPARE(kept.data().toString(), QStringLiteral("file999"));
    QCOMPARE(kept.row(), 10);
    shown.setTab(QueueTab::Attention);
    QCOMPARE(shown.rowCount(), 0);
    shown.setTab(QueueTab::All);
    shown.setText({});
    QCOMPARE(shown.rowCount(), 1200);
    f.queue.moveToTop({ids[700]});
    f.model.refresh(f.queue);
    QCOMPARE(shown.index(0, 0).data().toString(), QStringLiteral("file700"));
}

void ClientQueueModelTest::theOrderIsThatOfTheQueueOrOfAColumn()
{
    QueueFixture f;
    QueueFilterModel shown;
    shown.setSourceModel(&f.model);
    QAbstractItemModelTester tester(&shown, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QList<Download> list = files(5);
    for (int i = 0; i < 5; ++i)
        list[i].size = (i * 3) % 5;
    const QList<quint64> ids = f.queue.add(list);
    f.model.refresh(f.queue);
    const auto order = [&] {
        QString digits;
        for (int row = 0; row < shown.rowCount(); ++row)
            digits += shown.index(row, 0).data().toString().right(1);
        return digits;
    };
    QCOMPARE(order(), QStringLiteral("01234"));
    f.queue.arrange({ids[3], ids[4], ids[2]});
    f.model.refresh(f.queue);
    QCOMPARE(order(), QStringLiteral("01342"));
    QVERIFY(shown.inQueueOrder());
    shown.sort(QueueModel::Size, Qt::AscendingOrder);
    QCOMPARE(order(), QStringLiteral("02413"));
    QVERIFY(!shown.inQueueOrder());
    shown.sort(QueueModel::Name, Qt::DescendingOrder);
    QCOMPARE(order(), QStringLiteral("43210"));
    shown.sort(QueueModel::Name, Qt::AscendingOrder);
    QCOMPARE(order(), QStringLiteral("01234"));
    shown.sort(-1);
    QCOMPARE(order(), QStringLiteral("01342"));
    f.queue.fail(f.queue.takeNext()->id, {ErrorCode::NotFound, {}});
    f.queue.pause({ids[1]});
    f.model.refresh(f.queue);
    shown.sort(QueueModel::State, Qt::AscendingOrder);
    QCOMPARE(order(), QStringLiteral("03421")); // what needs a look comes first
}

void ClientQueueModelTest::manyRowsComeInParts()
{
    DownloadQueue queue;
    QueueModel model;
    Download folder;
    folder.kind = client::DownloadKind::Folder;
    folder.remotePath = "/Share/tree";
    const quint64 id = queue.add({folder}).first();
    queue.takeNext();
    QList<Download> found = files(5000);
    for (Download &file : found)
        file.parent = id;
    queue.addFound(id, found);
    QList<quint64> ids;
    for (const Download &row : queue.all())
        ids.append(row.id);
    const auto rows = [&model] {
        int count = 0;
        model.each([&count](const Download &) { return ++count > 0; });
        return count;
    };
    QVERIFY(model.refreshSome(queue));
    const int first = rows();
    QVERIFY2(first > 0 && first <= 1000, QByteArray::number(first));

    // Meanwhile rows change that are here, and those that are not.
    queue.remove(QList<quint64>{ids.at(10), ids.at(4000)});
    queue.cancel(ids.at(20));
    queue.cancel(ids.at(4500));
    queue.add(files(3));
    int parts = 1;
    while (model.refreshSome(queue) && parts < 100)
        ++parts;
    QVERIFY2(parts >= 5 && parts < 100, QByteArray::number(parts));
    model.refreshSome(queue);
    compare(model, queue);

    // What is still to come is there when somebody needs all of it.
    queue.add(files(2500));
    QVERIFY(model.refreshSome(queue));
    model.refresh(queue);
    compare(model, queue);
}

void ClientQueueModelTest::aHundredThousandRowsAreOneInsertion()
{
    // Without the model tester, which looks at every row after every signal.
    DownloadQueue queue;
    QueueModel model;
    QueueFilterModel shown;
    shown.setSourceModel(&model);
    QSignalSpy inserted(&shown, &QAbstractItemModel::rowsInserted);
    queue.add(files(100'000));
    model.refresh(queue);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(shown.rowCount(), 100'000);

    // A poll costs what changed: one row of them.
    QSignalSpy changed(&shown, &QAbstractItemModel::dataChanged);
    const quint64 id = queue.takeNext()->id;
    queue.addReceived(id, 1);
    model.refresh(queue);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), changed[0][1].toModelIndex().row());
}

FERRY_TEST(ClientQueueModelTest)
#include "client_queuemodel.moc"
