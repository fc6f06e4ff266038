// SPDX-License-Identifier: MIT
#include "client-gui/queuefiltermodel.h"
#include "client-gui/queuemodel.h"
#include "client/downloadqueue.h"
#include "gui-common/progressdelegate.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <cerrno>

using namespace ferry;
using namespace ferry::gui;
using client::Download;
using client::DownloadQueue;
using client::DownloadState;

namespace {

QList<Download> files(int count)
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
void compare(const QueueModel &model, const DownloadQueue &queue)
{
    const QList<Download> all = queue.all();
    QCOMPARE(model.rowCount(), int(all.size()));
    QueueSummary expected;
    for (int row = 0; row < all.size(); ++row) {
        QCOMPARE(model.download(row).id, all[row].id);
        QCOMPARE(model.download(row).state, all[row].state);
        QCOMPARE(model.download(row).received, all[row].received);
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

struct Fixture
{
    DownloadQueue queue;
    QueueModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};

    QString text(int row, int column) const
    {
        return model.index(row, column)
            .data()
            .toString()
            .replace(QChar(QChar::Nbsp), QLatin1Char(' '));
    }
};

} // namespace

class ClientQueueModelTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void newDownloadsAppearInOneStep();
    void onlyTheChangedRowIsTold();
    void changesFarApartAreToldOneByOne();
    void nothingIsToldWhenNothingChanged();
    void removedRowsGo();
    void manyScatteredRowsGoAtOnce();
    void anyOrderOfChangesKeepsModelAndQueueEqual();
    void stateAndReasonAreInWords_data();
    void stateAndReasonAreInWords();
    void aFullDiskIsCalledThat();
    void anUnverifiedFileIsNotCalledVerified();
    void whatIsAskedForAheadIsNotUnderWay();
    void aFolderIsQuietAndNoFile();
    void filesOfAFolderShowWhereTheyAre();
    void theTimeLeftIsToldOnceTheSizeIsKnown();
    void theSpeedOfTheWholeOutlivesSmallFiles();
    void progressWithoutASizeIsIndeterminate();
    void remoteNamesStayPlainText();
    void tabsShowTheirPart();
    void aRowMovesToItsTabWhenItsStateChanges();
    void theFilterLooksAtNameAndPath();
    void aHundredThousandRowsAreOneInsertion();
};

void ClientQueueModelTest::newDownloadsAppearInOneStep()
{
    Fixture f;
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
    Fixture f;
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
    Fixture f;
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
    Fixture f;
    f.queue.add(files(3));
    f.model.refresh(f.queue);
    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    QSignalSpy summary(&f.model, &QueueModel::summaryChanged);
    f.model.refresh(f.queue);
    QCOMPARE(changed.count(), 0);
    QCOMPARE(summary.count(), 0);
}

void ClientQueueModelTest::removedRowsGo()
{
    Fixture f;
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

void ClientQueueModelTest::manyScatteredRowsGoAtOnce()
{
    Fixture f;
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
    Fixture f;
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

void ClientQueueModelTest::stateAndReasonAreInWords_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("missing") << int(ErrorCode::NotFound)
                             << QStringLiteral("Not found on the server");
    QTest::newRow("cut") << int(ErrorCode::CutShort) << QStringLiteral("Broke off in the middle");
    QTest::newRow("timeout") << int(ErrorCode::TimedOut) << QStringLiteral("Timed out");
    QTest::newRow("disk") << int(ErrorCode::LocalFile) << QStringLiteral("Cannot be saved here");
    QTest::newRow("changed") << int(ErrorCode::RemoteChanged)
                             << QStringLiteral("Changed on the server meanwhile");
    QTest::newRow("checksum") << int(ErrorCode::ChecksumMismatch)
                              << QStringLiteral("Damaged on the way, not saved");
    QTest::newRow("trust") << int(ErrorCode::NotTrusted) << QStringLiteral("Server not trusted");
    QTest::newRow("name") << int(ErrorCode::Invalid) << QStringLiteral("Cannot be fetched");
}

void ClientQueueModelTest::stateAndReasonAreInWords()
{
    QFETCH(const int, code);
    QFETCH(const QString, words);
    Fixture f;
    f.queue.add(files(1));
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Waiting"));
    const quint64 id = f.queue.takeNext()->id;
    f.queue.fail(id, {ErrorCode(code), QStringLiteral("the <b>engine's</b> sentence")});
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), words);
    const QModelIndex cell = f.model.index(0, QueueModel::State);
    QVERIFY(!cell.data(Qt::DecorationRole).value<QIcon>().isNull());
    // The whole story on hover, as text and not as HTML.
    const QString tip = cell.data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("&lt;b&gt;")), qPrintable(tip));
    QVERIFY(!tip.contains(QStringLiteral("<b>")));
}

void ClientQueueModelTest::aFullDiskIsCalledThat()
{
    Fixture f;
    f.queue.add(files(2));
    f.queue.fail(f.queue.takeNext()->id,
                 {ErrorCode::LocalFile, QStringLiteral("x: %1").arg(qt_error_string(ENOSPC))});
    f.queue.fail(f.queue.takeNext()->id,
                 {ErrorCode::LocalFile, QStringLiteral("x: %1").arg(qt_error_string(EACCES))});
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("The disk is full"));
    QCOMPARE(f.text(1, QueueModel::State), QStringLiteral("No permission to save here"));
}

void ClientQueueModelTest::whatIsAskedForAheadIsNotUnderWay()
{
    Fixture f;
    const QList<quint64> ids = f.queue.add(files(1000));
    while (f.queue.takeNext()) {
    }
    f.queue.setSize(ids[0], 10, 0);
    f.queue.addReceived(ids[0], 10); // all here, but not yet under its name
    f.queue.setSize(ids[1], 10, 0);
    f.queue.addReceived(ids[1], 5);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Saving"));
    QVERIFY(f.text(1, QueueModel::State).startsWith(QStringLiteral("Downloading")));
    QCOMPARE(f.text(2, QueueModel::State), QStringLiteral("Asked for"));
    QCOMPARE(f.model.summary().active, qsizetype(1));
    QCOMPARE(f.model.summary().saving, qsizetype(1));
    QCOMPARE(f.model.summary().waiting, qsizetype(999));
    // But a server that is asked and says nothing is not waited for in silence.
    f.queue.setState(ids[2], DownloadState::Stalled);
    f.model.refresh(f.queue);
    QCOMPARE(f.model.summary().active, qsizetype(2));
    compare(f.model, f.queue);
}

void ClientQueueModelTest::aFolderIsQuietAndNoFile()
{
    Fixture f;
    QueueFilterModel done;
    done.setSourceModel(&f.model);
    done.setTab(QueueTab::Done);
    f.queue.add(files(1));
    const quint64 id = f.queue.takeNext()->id;
    f.queue.setKind(id, client::DownloadKind::Folder);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Reading the folder"));
    QCOMPARE(f.model.summary().active, qsizetype(1));
    f.queue.finish(id, true);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Folder"));
    QCOMPARE(f.text(0, QueueModel::Size), QString());
    QCOMPARE(f.model.index(0, QueueModel::State).data(QueueModel::ToneRole).toInt(),
             int(Tone::Quiet));
    QCOMPARE(f.model.summary().folders, qsizetype(1));
    QCOMPARE(f.model.summary().total(), qsizetype(0));
    QCOMPARE(done.rowCount(), 0);
    compare(f.model, f.queue);
}

void ClientQueueModelTest::filesOfAFolderShowWhereTheyAre()
{
    Fixture f;
    Download download;
    download.remotePath = "/Share/a/b/c.txt";
    download.subfolder = QStringLiteral("a/b");
    download.localName = QStringLiteral("c.txt");
    download.folder = QStringLiteral("/home/x");
    download.size = 1'200'000;
    f.queue.add({download});
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::Name), QStringLiteral("a/b/c.txt"));
    QCOMPARE(f.text(0, QueueModel::Size), QStringLiteral("1.2 MB"));
    const QString tip = f.model.index(0, QueueModel::Name).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("/home/x/a/b/c.txt")), qPrintable(tip));
}

void ClientQueueModelTest::theTimeLeftIsToldOnceTheSizeIsKnown()
{
    Fixture f;
    f.queue.add(files(1));
    const quint64 id = f.queue.takeNext()->id;
    f.queue.setSize(id, 1'000'000'000, 0);
    f.queue.addReceived(id, 1000);
    QTest::qWait(20); // a speed needs some time to be one
    f.queue.addReceived(id, 249'999'000);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::Progress), QStringLiteral("25 %"));
    QVERIFY2(f.text(0, QueueModel::State).contains(QStringLiteral(" left")),
             qPrintable(f.text(0, QueueModel::State)));
    const QVariant progress = f.model.index(0, QueueModel::Progress).data(ProgressDelegate::Role);
    QCOMPARE(progress.value<Progress>().fraction, 0.25);
}

void ClientQueueModelTest::theSpeedOfTheWholeOutlivesSmallFiles()
{
    Fixture f;
    const QList<quint64> ids = f.queue.add(files(30));
    f.model.refresh(f.queue);
    const auto arriveWhole = [&](quint64 id) {
        f.queue.setSize(id, 1000, 0);
        f.queue.addReceived(id, 1000);
        f.queue.finish(id, true);
    };
    arriveWhole(f.queue.takeNext()->id);
    f.model.refresh(f.queue); // from here on it is measured
    const auto next = [&] {
        if (const auto taken = f.queue.takeNext())
            arriveWhole(taken->id);
        f.model.refresh(f.queue);
        return f.model.summary().bytesPerSecond > 0;
    };
    QTRY_VERIFY(next()); // though none is under way at any look
    QCOMPARE(f.model.summary().active, qsizetype(0));
    for (const quint64 id : ids)
        f.queue.cancel(id);
    f.model.refresh(f.queue);
    QCOMPARE(f.model.summary().bytesPerSecond, qint64(0));
}

void ClientQueueModelTest::anUnverifiedFileIsNotCalledVerified()
{
    Fixture f;
    f.queue.add(files(2));
    const quint64 first = f.queue.takeNext()->id;
    f.queue.addReceived(first, 2'500'000);
    f.queue.finish(first, false);
    const quint64 second = f.queue.takeNext()->id;
    f.queue.finish(second, true);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Saved, not verified"));
    QCOMPARE(f.text(0, QueueModel::Size), QStringLiteral("2.5 MB"));
    QCOMPARE(f.model.index(0, QueueModel::State).data(QueueModel::ToneRole).toInt(),
             int(Tone::Quiet));
    QCOMPARE(f.text(1, QueueModel::State), QStringLiteral("Verified"));
    QCOMPARE(f.model.index(1, QueueModel::State).data(QueueModel::ToneRole).toInt(),
             int(Tone::Good));
}

void ClientQueueModelTest::progressWithoutASizeIsIndeterminate()
{
    Fixture f;
    f.queue.add(files(1));
    const quint64 id = f.queue.takeNext()->id;
    f.queue.addReceived(id, 2'500'000);
    f.model.refresh(f.queue);
    const QModelIndex cell = f.model.index(0, QueueModel::Progress);
    const QVariant progress = cell.data(ProgressDelegate::Role);
    QVERIFY(progress.canConvert<Progress>());
    QVERIFY(progress.value<Progress>().fraction < 0);
    QCOMPARE(f.text(0, QueueModel::Progress), QStringLiteral("2.5 MB"));
    f.queue.finish(id, false);
    f.model.refresh(f.queue);
    QVERIFY(!cell.data(ProgressDelegate::Role).isValid());
}

void ClientQueueModelTest::remoteNamesStayPlainText()
{
    Fixture f;
    Download hostile;
    hostile.remotePath = QByteArray("/Share/<img src=x>\x1b[31m\xe2\x80\xaegnp.exe\n2");
    f.queue.add({hostile});
    f.model.refresh(f.queue);
    const QString shown = f.text(0, QueueModel::Name);
    QVERIFY(shown.startsWith(QStringLiteral("<img src=x>")));
    QVERIFY(!shown.contains(QChar(0x1b)));
    QVERIFY(!shown.contains(QChar(0x202e)));
    QVERIFY(!shown.contains(QLatin1Char('\n')));
    const QString tip = f.model.index(0, QueueModel::Name).data(Qt::ToolTipRole).toString();
    QVERIFY2(!tip.contains(QStringLiteral("<img")), qPrintable(tip));
}

void ClientQueueModelTest::tabsShowTheirPart()
{
    Fixture f;
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
    shown.setTab(QueueTab::Failed);
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
    Fixture f;
    QueueFilterModel failed;
    failed.setSourceModel(&f.model);
    failed.setTab(QueueTab::Failed);
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
    Fixture f;
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

QTEST_MAIN(ClientQueueModelTest)
#include "client_queuemodel.moc"
