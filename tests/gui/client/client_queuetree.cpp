// SPDX-License-Identifier: MIT
// A folder in the queue: one row, with its files below it.
#include "client-gui/queue/overallprogress.h"
#include "gui/client/queue_fixture.h"
#include "support/testprogram.h"

#include <QIdentityProxyModel>
#include <QItemSelectionModel>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTreeView>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::gui::test;

namespace {

/// Of a folder called `tree`, as its listing says.
QList<Download> filesOf(quint64 folder, int count, qint64 size = 1000)
{
    QList<Download> list = files(count);
    for (Download &file : list) {
        file.parent = folder;
        file.remotePath = "/Share/tree/" + file.localName.toUtf8();
        file.subfolder = QStringLiteral("tree");
        file.size = size;
    }
    return list;
}

struct TreeFixture : QueueFixture
{
    TreeFixture() { shown.setSourceModel(&model); }

    QueueFilterModel shown;
    QAbstractItemModelTester shownTester{&shown,
                                         QAbstractItemModelTester::FailureReportingMode::QtTest};

    /// A folder whose listing is read, with its files.
    quint64 addFolder(int count, qint64 size = 1000)
    {
        const quint64 id = addUnread();
        queue.addFound(id, filesOf(id, count, size));
        queue.finish(id, true);
        model.refresh(queue);
        return id;
    }
    quint64 addUnread()
    {
        Download folder;
        folder.kind = client::DownloadKind::Folder;
        folder.remotePath = "/Share/tree";
        folder.localName = QStringLiteral("tree");
        const quint64 id = queue.add({folder}).first();
        while (queue.find(id)->state == DownloadState::Queued)
            queue.takeNext();
        return id;
    }
    quint64 fetchOne(qint64 size = 1000)
    {
        const quint64 id = queue.takeNext()->id;
        queue.setSize(id, size, 0);
        queue.addReceived(id, size);
        queue.finish(id, true, "00");
        return id;
    }
    QString shownText(const QModelIndex &index, int column = QueueModel::Name) const
    {
        return index.siblingAtColumn(column).data().toString().replace(QChar(QChar::Nbsp),
                                                                       QLatin1Char(' '));
    }
};

/// Counts how often a view asks what stands below a row.
class CountingModel final : public QIdentityProxyModel
{
public:
    bool hasChildren(const QModelIndex &parent) const override
    {
        asked += parent.isValid();
        return QIdentityProxyModel::hasChildren(parent);
    }

    mutable int asked = 0;
};

} // namespace

class ClientQueueTreeTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void filesStandBelowTheirFolder();
    void aFolderSaysHowFarItsFilesAre();
    void aFolderSaysHowItEnded_data();
    void aFolderSaysHowItEnded();
    void aFolderHasTheSpeedOfItsFiles();
    void theTimeLeftCountsWhatEachFileCosts();
    void theBarDoesNotJumpWhenASizeIsLearned();
    void whatIsDoneStandsBelowWhatRuns();
    void aFolderIsInEachTabWithAFileInIt();
    void theFilterFindsFilesOfFolders();
    void filesWithoutTheirFolderStandAlone();
    void aFolderGoesWithItsFiles();
    void anyOrderOfChangesKeepsTreeAndQueueEqual();
    void aHundredThousandFilesOfAFolderAreOneRow();
    void aViewAsksOnlyFoldersForTheirFiles();
};

void ClientQueueTreeTest::filesStandBelowTheirFolder()
{
    TreeFixture f;
    f.queue.add(files(1));
    f.fetchOne();
    f.addFolder(3);
    compare(f.model, f.queue);
    QCOMPARE(f.model.rowCount(), 2);
    const QModelIndex folder = f.model.index(1, 0);
    QCOMPARE(f.model.rowCount(folder), 3);
    QCOMPARE(f.shownText(folder), QStringLiteral("tree"));
    QCOMPARE(f.shownText(f.model.index(2, 0, folder)), QStringLiteral("file2"));
    QCOMPARE(f.shownText(folder, QueueModel::Size), QStringLiteral("3 kB"));
    QCOMPARE(f.model.summary().total(), qsizetype(4)); // one count: files
    QVERIFY(f.shown.hasChildren(f.shown.index(0, 0)));
    QVERIFY(!f.shown.hasChildren(f.shown.index(1, 0)));
}

void ClientQueueTreeTest::aFolderSaysHowFarItsFilesAre()
{
    TreeFixture f;
    const quint64 id = f.addUnread();
    f.model.refresh(f.queue);
    const auto state = [&] { return f.shownText(f.model.index(0, 0), QueueModel::State); };
    QCOMPARE(state(), QStringLiteral("Reading the folder"));
    f.queue.addFound(id, filesOf(id, 2));
    f.model.refresh(f.queue);
    QCOMPARE(state(), QStringLiteral("Reading the folder, 2 files so far"));
    f.queue.addFound(id, filesOf(id, 2));
    f.queue.finish(id, true);
    f.model.refresh(f.queue);
    QCOMPARE(state(), QStringLiteral("Waiting, 0 of 4"));

    QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
    f.fetchOne();
    const quint64 running = f.queue.takeNext()->id;
    f.queue.setSize(running, 1000, 0);
    f.queue.addReceived(running, 500);
    f.model.refresh(f.queue);
    QCOMPARE(changed.last()[0].toModelIndex(), f.model.index(0, 0)); // the folder's row, too
    QCOMPARE(state(), QStringLiteral("Downloading, 1 of 4"));
    QCOMPARE(f.shownText(f.model.index(0, 0), QueueModel::Progress), QStringLiteral("37 %"));
    const auto fraction = [&] {
        return f.model.index(0, QueueModel::Progress)
            .data(ProgressDelegate::Role)
            .value<Progress>()
            .fraction;
    };
    QCOMPARE(fraction(), 0.375);
    f.queue.pauseAll();
    f.model.refresh(f.queue);
    QCOMPARE(state(), QStringLiteral("Paused, 1 of 4"));
    compare(f.model, f.queue);
}

void ClientQueueTreeTest::aFolderSaysHowItEnded_data()
{
    QTest::addColumn<int>("verified");
    QTest::addColumn<int>("failed");
    QTest::addColumn<int>("cancelled");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("tone");
    const auto row = [](const char *words, int verified, int failed, int cancelled, Tone tone) {
        QTest::newRow(words) << verified << failed << cancelled << QString::fromLatin1(words)
                             << int(tone);
    };
    row("Verified, 3 files", 3, 0, 0, Tone::Good);
    row("Verified, 1 file", 1, 0, 0, Tone::Good);
    row("2 failed, 1 of 3", 1, 2, 0, Tone::Bad);
    row("1 of 2 files done, 1 cancelled", 1, 0, 1, Tone::Quiet);
    row("Cancelled", 0, 0, 2, Tone::Quiet);
}

void ClientQueueTreeTest::aFolderSaysHowItEnded()
{
    QFETCH(const int, verified);
    QFETCH(const int, failed);
    QFETCH(const int, cancelled);
    QFETCH(const QString, words);
    QFETCH(const int, tone);
    TreeFixture f;
    f.addFolder(verified + failed + cancelled);
    for (int i = 0; i < verified; ++i)
        f.fetchOne();
    for (int i = 0; i < failed; ++i)
        f.queue.fail(f.queue.takeNext()->id, {ErrorCode::NotFound, {}});
    for (int i = 0; i < cancelled; ++i)
        f.queue.cancel(f.queue.takeNext()->id);
    f.model.refresh(f.queue);
    const QModelIndex folder = f.model.index(0, QueueModel::State);
    const QString said = f.shownText(folder, QueueModel::State);
    QVERIFY2(said.startsWith(words), qPrintable(said));
    QCOMPARE(folder.data(QueueModel::ToneRole).toInt(), tone);
    const QString read = f.model.index(0, 0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(read.startsWith(QStringLiteral("tree, ") + words), qPrintable(read));
    QVERIFY(!f.model.index(0, QueueModel::Progress).data(ProgressDelegate::Role).isValid());
}

void ClientQueueTreeTest::aFolderHasTheSpeedOfItsFiles()
{
    TreeFixture f;
    f.addFolder(20);
    f.fetchOne();
    f.model.refresh(f.queue); // from here on it is measured
    f.now += std::chrono::milliseconds(500);
    f.fetchOne();
    f.model.refresh(f.queue);
    QCOMPARE(f.shownText(f.model.index(0, 0), QueueModel::Speed), QStringLiteral("2 kB/s"));
    QVERIFY(f.shownText(f.model.index(0, 0), QueueModel::TimeLeft).endsWith(u"left"));
    f.queue.pauseAll();
    f.now += std::chrono::seconds(3);
    f.model.refresh(f.queue);
    QCOMPARE(f.shownText(f.model.index(0, 0), QueueModel::Speed), QString());
}

void ClientQueueTreeTest::theTimeLeftCountsWhatEachFileCosts()
{
    TreeFixture f;
    f.addFolder(1002, 100);
    const QueueSummary *files = f.model.folderSummary(f.model.index(0, 0));
    f.fetchOne(100);
    f.model.refresh(f.queue); // from here on it is measured
    QCOMPARE(files->timeLeft(), qint64(-1));
    // A larger one among them makes no promises for the small ones: by their bytes alone they
    // would be here in a tenth of a second.
    f.now += std::chrono::milliseconds(500);
    f.fetchOne(fileWork);
    f.model.refresh(f.queue);
    const qint64 all = 1000 * (fileWork + 100) * 1000 / (4 * fileWork);
    QCOMPARE(files->timeLeft(), all);
    QCOMPARE(f.model.summary().timeLeft(), all);
    // What a person has paused does not come.
    QList<quint64> half;
    f.model.appendIds(
        f.model.index(0, 0), [](const Download &row) { return row.state == DownloadState::Queued; },
        &half);
    half.resize(500);
    f.queue.pause(half);
    f.model.refresh(f.queue);
    QCOMPARE(f.model.summary().timeLeft(), all / 2);
    QVERIFY(f.shownText(f.model.index(0, 0), QueueModel::TimeLeft).endsWith(u"left"));
}

void ClientQueueTreeTest::theBarDoesNotJumpWhenASizeIsLearned()
{
    QueueSummary summary;
    const auto count = [&](DownloadState state, qint64 size, int sign = 1) {
        Download download;
        download.state = state;
        download.size = size;
        summary.count(download, sign);
    };
    QCOMPARE(overallFraction(summary), 0.0);
    constexpr qint64 large = 1'000'000'000;
    count(DownloadState::Done, large);
    for (int i = 0; i < 8; ++i)
        count(DownloadState::Done, 10);
    count(DownloadState::Queued, large);
    count(DownloadState::Queued, -1);
    // By files it would be nine of eleven, and by bytes a half.
    const double before = overallFraction(summary);
    QVERIFY2(before > 0.4 && before < 0.5, qPrintable(QString::number(before)));
    count(DownloadState::Queued, -1, -1);
    count(DownloadState::Queued, 10);
    const double after = overallFraction(summary);
    QVERIFY2(after >= before && after < 0.51, qPrintable(QString::number(after)));
    // Nothing that failed keeps it from its end.
    count(DownloadState::Queued, large, -1);
    count(DownloadState::Queued, 10, -1);
    count(DownloadState::Failed, large);
    QCOMPARE(overallFraction(summary), 1.0);
}

void ClientQueueTreeTest::whatIsDoneStandsBelowWhatRuns()
{
    TreeFixture f;
    const quint64 folder = f.addFolder(3);
    f.queue.add(files(2));
    f.model.refresh(f.queue);
    QCOMPARE(f.shownText(f.shown.index(0, 0)), QStringLiteral("tree"));
    for (int i = 0; i < 3; ++i)
        f.fetchOne();
    f.queue.addReceived(f.queue.takeNext()->id, 1);
    f.model.refresh(f.queue);
    QCOMPARE(f.shownText(f.shown.index(0, 0)), QStringLiteral("file0")); // it runs
    QCOMPARE(f.shown.index(2, 0).data(QueueModel::IdRole).toULongLong(), folder);
    // Within the folder everything keeps its place.
    QCOMPARE(f.shownText(f.shown.index(0, 0, f.shown.index(2, 0))), QStringLiteral("file0"));
}

void ClientQueueTreeTest::aFolderIsInEachTabWithAFileInIt()
{
    TreeFixture f;
    f.addFolder(4);
    f.fetchOne();
    f.queue.fail(f.queue.takeNext()->id, {ErrorCode::NotFound, {}});
    f.queue.addReceived(f.queue.takeNext()->id, 1);
    f.model.refresh(f.queue);
    for (const QueueTab tab :
         {QueueTab::Done, QueueTab::Attention, QueueTab::Active, QueueTab::Waiting}) {
        f.shown.setTab(tab);
        QCOMPARE(f.shown.rowCount(), 1);
        QCOMPARE(f.shown.rowCount(f.shown.index(0, 0)), 1);
        QCOMPARE(f.model.summary().in(tab), qsizetype(1));
    }
    f.shown.setTab(QueueTab::Paused);
    QCOMPARE(f.shown.rowCount(), 0);
    f.queue.pauseAll();
    f.model.refresh(f.queue);
    QCOMPARE(f.shown.rowCount(), 1);
    QCOMPARE(f.shown.rowCount(f.shown.index(0, 0)), 2);
}

void ClientQueueTreeTest::theFilterFindsFilesOfFolders()
{
    TreeFixture f;
    const quint64 folder = f.addFolder(20);
    f.queue.add(files(2));
    f.model.refresh(f.queue);
    f.shown.setText(QStringLiteral("file1"));
    QCOMPARE(f.shown.rowCount(), 2); // the folder, and file1 beside it
    QCOMPARE(f.shown.rowCount(f.shown.index(0, 0)), 11);
    QVERIFY(f.shown.isShort());
    f.shown.setText(QStringLiteral("later"));
    QCOMPARE(f.shown.rowCount(), 0);
    // What comes while something is looked for is found as well.
    QList<Download> late = filesOf(folder, 1);
    late[0].localName = QStringLiteral("later.txt");
    f.queue.add(late);
    f.model.refresh(f.queue);
    QCOMPARE(f.shown.rowCount(), 1);
    QCOMPARE(f.shown.rowCount(f.shown.index(0, 0)), 1);
    compare(f.model, f.queue);
}

void ClientQueueTreeTest::filesWithoutTheirFolderStandAlone()
{
    TreeFixture f;
    const quint64 folder = f.addFolder(3);
    QSignalSpy reset(&f.model, &QAbstractItemModel::modelReset);
    f.queue.remove(folder);
    f.model.refresh(f.queue);
    QCOMPARE(f.model.rowCount(), 3);
    QCOMPARE(f.shownText(f.model.index(2, 0)), QStringLiteral("tree/file2"));
    compare(f.model, f.queue);
    f.fetchOne();
    f.model.refresh(f.queue);
    compare(f.model, f.queue);
}

void ClientQueueTreeTest::aFolderGoesWithItsFiles()
{
    TreeFixture f;
    f.queue.add(files(1));
    f.addFolder(200);
    QList<quint64> ids;
    f.model.appendIds(
        f.model.index(1, 0), [](const Download &) { return true; }, &ids);
    QCOMPARE(ids.size(), qsizetype(201));
    f.queue.remove(ids);
    f.model.refresh(f.queue);
    compare(f.model, f.queue);
    QCOMPARE(f.model.rowCount(), 1);
    QVERIFY(f.model.folders().isEmpty());
    QCOMPARE(f.model.summary().total(), qsizetype(1));
}

void ClientQueueTreeTest::anyOrderOfChangesKeepsTreeAndQueueEqual()
{
    QRandomGenerator random(20261130);
    TreeFixture f;
    const auto seen = [&] { // all proxies below as well
        for (int row = 0; row < f.shown.rowCount(); ++row)
            f.shown.rowCount(f.shown.index(row, 0));
    };
    for (int round = 0; round < 80; ++round) {
        QList<quint64> ids;
        for (const Download &row : f.queue.all())
            ids.append(row.id);
        for (int i = 0; i < 5; ++i) {
            const quint64 id = ids.isEmpty() ? 0 : ids[random.bounded(int(ids.size()))];
            switch (random.bounded(8)) {
            case 0:
                f.addFolder(int(random.bounded(1, 9)));
                break;
            case 1:
                f.queue.add(files(2));
                break;
            case 2:
            case 3:
                if (const auto next = f.queue.takeNext())
                    f.queue.addReceived(next->id, 100);
                break;
            case 4:
                f.queue.finish(id, true);
                break;
            case 5:
                f.queue.fail(id, {ErrorCode::NotFound, {}});
                break;
            case 6:
                f.queue.cancel(id);
                break;
            case 7:
                f.queue.remove(id);
                break;
            }
        }
        if (round % 10 == 9)
            f.shown.setTab(QueueTab(random.bounded(queueTabs)));
        f.model.refresh(f.queue);
        compare(f.model, f.queue);
        seen();
        if (QTest::currentTestFailed())
            return;
    }
}

void ClientQueueTreeTest::aHundredThousandFilesOfAFolderAreOneRow()
{
    // Without the model tester, which looks at every row after every signal.
    DownloadQueue queue;
    QueueModel model;
    QueueFilterModel shown;
    shown.setSourceModel(&model);
    Download folder;
    folder.kind = client::DownloadKind::Folder;
    folder.remotePath = "/Share/tree";
    const quint64 id = queue.add({folder}).first();
    queue.takeNext();
    queue.addFound(id, filesOf(id, 100'000));
    model.refresh(queue);
    QCOMPARE(shown.rowCount(), 1);
    QCOMPARE(shown.rowCount(shown.index(0, 0)), 100'000);

    // A poll costs what changed: a file and its folder.
    QSignalSpy changed(&shown, &QAbstractItemModel::dataChanged);
    queue.addReceived(queue.takeNext()->id, 1);
    model.refresh(queue);
    QCOMPARE(changed.count(), 2);
    for (const auto &call : changed)
        QCOMPARE(call[0].toModelIndex().row(), call[1].toModelIndex().row());
}

void ClientQueueTreeTest::aViewAsksOnlyFoldersForTheirFiles()
{
    constexpr int count = 500;
    QueueFixture f; // without testers, which ask each row
    QueueModel model;
    QueueFilterModel shown;
    shown.setSourceModel(&model);
    CountingModel counting;
    counting.setSourceModel(&shown);
    f.queue.add(files(count));
    Download folder;
    folder.kind = client::DownloadKind::Folder;
    folder.remotePath = "/Share/tree";
    folder.localName = QStringLiteral("tree");
    const quint64 id = f.queue.add({folder}).first();
    f.queue.add(filesOf(id, 1));
    model.refresh(f.queue);
    QTreeView view;
    view.setModel(&counting);
    view.setSelectionMode(QAbstractItemView::ExtendedSelection);
    view.resize(600, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.selectAll();
    QCOMPARE(view.selectionModel()->selectedRows().size(), qsizetype(count + 1));
    QVERIFY(counting.asked > 0); // the folder
    QVERIFY2(counting.asked < count, qPrintable(QString::number(counting.asked)));
    // What a person typed may turn out to be a folder.
    Download typed;
    typed.kind = client::DownloadKind::Any;
    typed.remotePath = "/Share/other";
    typed.localName = QStringLiteral("other");
    const quint64 other = f.queue.add({typed}).first();
    model.refresh(f.queue);
    f.queue.setKind(other, client::DownloadKind::Folder);
    f.queue.add(filesOf(other, 1));
    model.refresh(f.queue);
    const QModelIndex row = counting.mapFromSource(shown.mapFromSource(model.indexOf(other)));
    view.expand(row);
    QVERIFY(view.isExpanded(row));
    QVERIFY(view.visualRect(counting.index(0, 0, row)).isValid());
}

FERRY_TEST(ClientQueueTreeTest)
#include "client_queuetree.moc"
