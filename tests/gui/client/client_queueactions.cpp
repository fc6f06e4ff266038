// SPDX-License-Identifier: MIT
// What a person can do with the rows of the queue, in the window.
#include "gui/client/client_fixture.h"

#include "client-gui/queue/queuemodel.h"
#include "gui-common/look/format.h"
#include "support/testprogram.h"

#include <QClipboard>
#include <QHeaderView>
#include <QSignalSpy>
#include <QTabBar>

using namespace ferry;
using namespace ferry::gui;
using client::Download;
using client::DownloadState;

namespace {

/// A window whose queue is filled by hand, and never connected.
class QueueWindow final : public ClientWindowFixture
{
public:
    QTreeView *table() const { return find<QTreeView>("queueTable"); }
    client::DownloadQueue &queue() const { return client->queue(); }

    QList<quint64> add(const QList<DownloadState> &states)
    {
        QList<Download> downloads;
        for (const DownloadState state : states) {
            Download download;
            const qsizetype number = downloads.size();
            download.remotePath = "/S/file" + QByteArray::number(number);
            download.localName = QStringLiteral("file%1").arg(number);
            download.folder = target();
            download.state = state;
            download.size = 1000 * (10 - number);
            downloads.append(download);
        }
        const QList<quint64> ids = queue().add(downloads);
        look();
        return ids;
    }
    /// Does what the window does a few times a second.
    void look() const { window->addPaths({}); }
    void select(int first, int last = -1) const
    {
        auto *model = table()->model();
        table()->setCurrentIndex(model->index(first, 0));
        table()->selectionModel()->select(
            QItemSelection(model->index(first, 0), model->index(std::max(first, last), 4)),
            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    QAction *action(const char *name) const { return find<QAction>(name); }
    void trigger(const char *name) const
    {
        QVERIFY2(action(name)->isEnabled(), name);
        action(name)->trigger();
    }
    QStringList names() const
    {
        QStringList all;
        for (int row = 0; row < rows()->rowCount(); ++row)
            all.append(cell(row, 0));
        return all;
    }
    DownloadState stateOf(quint64 id) const { return queue().find(id)->state; }
};

QStringList split(const char *words)
{
    return QString::fromLatin1(words).split(u' ', Qt::SkipEmptyParts);
}

} // namespace

class ClientQueueActionsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void whatCanBeDoneFollowsTheState_data();
    void whatCanBeDoneFollowsTheState();
    void nothingSelectedLeavesWhatIsForAll();
    void pauseAndResumeByActionsAndBySpace();
    void theButtonsMeanAllWhereTheSelectionSaysNothing();
    void cancelAndRetryTakeOnlyWhatTheyCan();
    void rowsMoveByKeysAndStaySelected();
    void severalRowsMoveTogether();
    void rowsDoNotMoveWhereTheOrderIsAnother();
    void aThirdClickOnAHeaderIsTheOrderOfTheQueue();
    void prioritiesAreToldAndChecked();
    void aForcedRowStartsNext();
    void limitsOfRowsAndOfAll();
    void removingByKeyGoesOnToTheNext();
    void everythingThatCanBeCopied();
    void tabsCountWhatTheyList();
    void theTableIsDrivenByKeysAlone();
};

void ClientQueueActionsTest::whatCanBeDoneFollowsTheState_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<QStringList>("possible");
    const auto row = [](const char *name, DownloadState state, const char *possible) {
        QTest::newRow(name) << int(state) << split(possible);
    };
    const char *waiting =
        "pause pauseOrResume cancel remove moveUp moveDown moveToTop moveToBottom "
        "highPriority normalPriority lowPriority forceStart limit openFolder "
        "copyPath copyLocalPath";
    row("queued", DownloadState::Queued, waiting);
    row("paused", DownloadState::Paused,
        "resume pauseOrResume cancel remove moveUp moveDown moveToTop moveToBottom highPriority "
        "normalPriority lowPriority forceStart limit openFolder copyPath copyLocalPath");
    row("undecided", DownloadState::NeedsDecision,
        "pause pauseOrResume cancel remove decide moveUp moveDown moveToTop moveToBottom "
        "highPriority normalPriority lowPriority forceStart limit openFolder copyPath "
        "copyLocalPath copyError");
    row("done", DownloadState::Done,
        "remove moveUp moveDown moveToTop moveToBottom openFile openFolder copyPath copyLocalPath");
    row("skipped", DownloadState::Skipped,
        "retry remove moveUp moveDown moveToTop moveToBottom openFile openFolder copyPath "
        "copyLocalPath");
    row("failed", DownloadState::Failed,
        "retry remove moveUp moveDown moveToTop moveToBottom openFolder copyPath copyLocalPath "
        "copyError");
    row("cancelled", DownloadState::Cancelled,
        "retry remove moveUp moveDown moveToTop moveToBottom openFolder copyPath copyLocalPath");
}

void ClientQueueActionsTest::whatCanBeDoneFollowsTheState()
{
    QFETCH(const int, state);
    QFETCH(const QStringList, possible);
    QueueWindow f;
    f.add({DownloadState(state)});
    f.select(0);
    const QStringList all =
        split("pause resume pauseOrResume cancel retry remove decide moveUp moveDown moveToTop "
              "moveToBottom highPriority normalPriority lowPriority forceStart limit openFile "
              "openFolder copyPath copyLocalPath copyChecksum copyError");
    for (const QString &name : all) {
        const QByteArray objectName = name.toLatin1() + "Action";
        QVERIFY2(f.action(objectName.constData())->isEnabled() == possible.contains(name),
                 objectName.constData());
    }
}

void ClientQueueActionsTest::nothingSelectedLeavesWhatIsForAll()
{
    QueueWindow f;
    f.add(
        {DownloadState::Queued, DownloadState::Paused, DownloadState::Failed, DownloadState::Done});
    f.table()->clearSelection();
    for (const char *name : {"pauseAction", "resumeAction", "removeAction", "retryAction",
                             "cancelAction", "moveUpAction", "copyPathAction", "limitAction"})
        QVERIFY2(!f.action(name)->isEnabled(), name);
    for (const char *name : {"pauseAllAction", "resumeAllAction", "retryFailedAction",
                             "clearDoneAction", "limitAllAction"})
        QVERIFY2(f.action(name)->isEnabled(), name);
}

void ClientQueueActionsTest::pauseAndResumeByActionsAndBySpace()
{
    QueueWindow f;
    const QList<quint64> ids =
        f.add({DownloadState::Queued, DownloadState::Queued, DownloadState::Done});
    f.select(0, 2);
    f.trigger("pauseAction");
    QCOMPARE(f.state(0), QStringLiteral("Paused"));
    QCOMPARE(f.stateOf(ids[1]), DownloadState::Paused);
    QCOMPARE(f.stateOf(ids[2]), DownloadState::Done);
    f.trigger("resumeAction");
    QCOMPARE(f.stateOf(ids[0]), DownloadState::Queued);

    f.table()->setFocus();
    f.select(0);
    QTest::keyClick(f.table(), Qt::Key_Space);
    QCOMPARE(f.stateOf(ids[0]), DownloadState::Paused);
    QCOMPARE(f.stateOf(ids[1]), DownloadState::Queued);
    QTest::keyClick(f.table(), Qt::Key_Space);
    QCOMPARE(f.stateOf(ids[0]), DownloadState::Queued);
}

void ClientQueueActionsTest::theButtonsMeanAllWhereTheSelectionSaysNothing()
{
    QueueWindow f;
    const QList<quint64> ids =
        f.add({DownloadState::Queued, DownloadState::Queued, DownloadState::Done});
    f.select(2);
    auto *pause = f.find<QToolButton>("pauseButton");
    auto *resume = f.find<QToolButton>("resumeButton");
    QCOMPARE(pause->text(), QStringLiteral("Pause all"));
    QTest::mouseClick(pause, Qt::LeftButton);
    QCOMPARE(f.stateOf(ids[0]), DownloadState::Paused);
    QCOMPARE(f.stateOf(ids[1]), DownloadState::Paused);
    QVERIFY(!pause->isEnabled());
    QCOMPARE(pause->actions().size(), qsizetype(1)); // a button and not a menu
    f.select(1);
    QCOMPARE(resume->text(), QStringLiteral("Resume"));
    QTest::mouseClick(resume, Qt::LeftButton);
    QCOMPARE(f.stateOf(ids[0]), DownloadState::Paused);
    QCOMPARE(f.stateOf(ids[1]), DownloadState::Queued);
    f.trigger("resumeAllAction");
    QCOMPARE(f.stateOf(ids[0]), DownloadState::Queued);
}

void ClientQueueActionsTest::cancelAndRetryTakeOnlyWhatTheyCan()
{
    QueueWindow f;
    const QList<quint64> ids = f.add(
        {DownloadState::Queued, DownloadState::Failed, DownloadState::Done, DownloadState::Paused});
    f.select(0, 3);
    f.trigger("cancelAction");
    QCOMPARE(f.state(0), QStringLiteral("Cancelled"));
    QCOMPARE(f.stateOf(ids[1]), DownloadState::Failed);
    QCOMPARE(f.stateOf(ids[2]), DownloadState::Done);
    QCOMPARE(f.stateOf(ids[3]), DownloadState::Cancelled);
    f.select(0, 3);
    f.trigger("retryAction");
    QCOMPARE(f.stateOf(ids[0]), DownloadState::Queued);
    QCOMPARE(f.stateOf(ids[1]), DownloadState::Queued);
    QCOMPARE(f.stateOf(ids[2]), DownloadState::Done);
}

void ClientQueueActionsTest::rowsMoveByKeysAndStaySelected()
{
    QueueWindow f;
    f.add(QList<DownloadState>(4, DownloadState::Queued));
    f.table()->setFocus();
    f.select(2);
    QTest::keyClick(f.table(), Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(f.names(), split("file0 file2 file1 file3"));
    QCOMPARE(f.table()->currentIndex().row(), 1);
    QVERIFY(f.table()->selectionModel()->isRowSelected(1, {}));
    QTest::keyClick(f.table(), Qt::Key_Down, Qt::ControlModifier);
    QTest::keyClick(f.table(), Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(f.names(), split("file0 file1 file3 file2"));
    QTest::keyClick(f.table(), Qt::Key_Up, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(f.names(), split("file2 file0 file1 file3"));
    QCOMPARE(f.queue().takeNext()->remotePath, QByteArray("/S/file2"));
}

void ClientQueueActionsTest::severalRowsMoveTogether()
{
    QueueWindow f;
    f.add(QList<DownloadState>(5, DownloadState::Queued));
    f.select(2, 3);
    f.trigger("moveUpAction");
    QCOMPARE(f.names(), split("file0 file2 file3 file1 file4"));
    f.trigger("moveToBottomAction");
    QCOMPARE(f.names(), split("file0 file1 file4 file2 file3"));
    QCOMPARE(f.table()->selectionModel()->selectedRows().size(), qsizetype(2));
}

void ClientQueueActionsTest::rowsDoNotMoveWhereTheOrderIsAnother()
{
    QueueWindow f;
    f.add(QList<DownloadState>(3, DownloadState::Queued));
    f.select(1);
    QVERIFY(f.action("moveUpAction")->isEnabled());
    f.find<QLineEdit>("queueFilter")->setText(QStringLiteral("file"));
    f.select(1);
    QVERIFY(!f.action("moveUpAction")->isEnabled());
    f.find<QLineEdit>("queueFilter")->clear();
    QVERIFY(f.action("moveUpAction")->isEnabled());
    f.table()->header()->setSortIndicator(QueueModel::Size, Qt::AscendingOrder);
    QVERIFY(!f.action("moveUpAction")->isEnabled());
}

void ClientQueueActionsTest::aThirdClickOnAHeaderIsTheOrderOfTheQueue()
{
    QueueWindow f;
    f.add(QList<DownloadState>(3, DownloadState::Queued));
    f.select(2);
    f.trigger("moveToTopAction"); // the order of the queue is not that of names
    auto *header = f.table()->header();
    const auto click = [&](int column) {
        const QPoint place(header->sectionViewportPosition(column) +
                               header->sectionSize(column) / 2,
                           header->height() / 2);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, place);
    };
    click(QueueModel::Name);
    QCOMPARE(f.names(), split("file0 file1 file2"));
    click(QueueModel::Name);
    QCOMPARE(f.names(), split("file2 file1 file0"));
    click(QueueModel::Name);
    QCOMPARE(f.names(), split("file2 file0 file1"));
    click(QueueModel::Size); // the later ones are smaller
    QCOMPARE(f.names(), split("file2 file1 file0"));
}

void ClientQueueActionsTest::prioritiesAreToldAndChecked()
{
    QueueWindow f;
    f.add(QList<DownloadState>(3, DownloadState::Queued));
    f.select(1, 2);
    QVERIFY(f.action("normalPriorityAction")->isChecked());
    f.trigger("highPriorityAction");
    QCOMPARE(f.state(0), QStringLiteral("Waiting"));
    QCOMPARE(f.state(1), QStringLiteral("Waiting, high priority"));
    QVERIFY(f.action("highPriorityAction")->isChecked());
    QVERIFY(!f.action("normalPriorityAction")->isChecked());
    f.select(0);
    f.trigger("lowPriorityAction");
    QCOMPARE(f.state(0), QStringLiteral("Waiting, low priority"));
    QCOMPARE(f.queue().takeNext()->remotePath, QByteArray("/S/file1"));
}

void ClientQueueActionsTest::aForcedRowStartsNext()
{
    QueueWindow f;
    f.add({DownloadState::Queued, DownloadState::Queued, DownloadState::Paused});
    f.select(2);
    f.trigger("forceStartAction");
    QCOMPARE(f.state(2), QStringLiteral("Waiting, starts next"));
    QVERIFY(!f.action("forceStartAction")->isEnabled());
    QCOMPARE(f.queue().takeNext()->remotePath, QByteArray("/S/file2"));
}

void ClientQueueActionsTest::limitsOfRowsAndOfAll()
{
    QueueWindow f;
    const QList<quint64> ids = f.add(QList<DownloadState>(2, DownloadState::Queued));
    f.select(0, 1);
    f.trigger("limitAction"); // cancelled
    QCOMPARE(f.queue().find(ids[0])->rateLimit, qint64(0));
    f.answers.rateLimit = 1'500'000;
    f.trigger("limitAction");
    QCOMPARE(f.queue().find(ids[0])->rateLimit, qint64(1'500'000));
    QCOMPARE(f.queue().find(ids[1])->rateLimit, qint64(1'500'000));
    const QString tip = f.rows()->index(0, 0).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("at most")), qPrintable(tip));

    f.answers.rateLimit = 3'000'000;
    f.trigger("limitAllAction");
    QCOMPARE(f.queue().rateLimiter()->rate(), qint64(3'000'000));
    QVERIFY2(f.action("limitAllAction")->text().contains(formatSpeed(3'000'000)),
             qPrintable(f.action("limitAllAction")->text()));
    f.open(); // the next run
    QCOMPARE(f.queue().rateLimiter()->rate(), qint64(3'000'000));
}

void ClientQueueActionsTest::removingByKeyGoesOnToTheNext()
{
    QueueWindow f;
    f.add(QList<DownloadState>(4, DownloadState::Queued));
    f.table()->setFocus();
    f.select(1);
    QTest::keyClick(f.table(), Qt::Key_Delete);
    QCOMPARE(f.names(), split("file0 file2 file3"));
    QTest::keyClick(f.table(), Qt::Key_Delete);
    QCOMPARE(f.rows()->rowCount(), 2);
}

void ClientQueueActionsTest::everythingThatCanBeCopied()
{
    QueueWindow f;
    f.add({DownloadState::Queued});
    const quint64 id = f.queue().takeNext()->id;
    f.queue().setSize(id, 3, 0);
    f.queue().addReceived(id, 3);
    f.queue().finish(id, true, "00112233445566778899aabbccddeeff");
    f.add({DownloadState::Queued});
    const quint64 failed = f.queue().takeNext()->id;
    f.queue().fail(failed, {ErrorCode::NotFound, QStringLiteral("no such file")});
    f.look();
    const auto copied = [&](const char *name) {
        f.trigger(name);
        return QGuiApplication::clipboard()->text();
    };
    f.select(1); // what is done stands below what failed
    QCOMPARE(copied("copyPathAction"), QStringLiteral("/S/file0"));
    QCOMPARE(copied("copyLocalPathAction"), f.saved(QStringLiteral("file0")));
    QCOMPARE(copied("copyChecksumAction"), QStringLiteral("00112233445566778899aabbccddeeff"));
    f.select(0, 1);
    QCOMPARE(copied("copyChecksumAction"),
             QStringLiteral("00112233445566778899aabbccddeeff  file0"));
    QCOMPARE(copied("copyPathAction"), QStringLiteral("/S/file0\n/S/file0"));
    const QString error = copied("copyErrorAction");
    QVERIFY2(error.startsWith(QStringLiteral("/S/file0: Not found on the server: no such file\n")),
             qPrintable(error));
}

void ClientQueueActionsTest::tabsCountWhatTheyList()
{
    QueueWindow f;
    f.add({DownloadState::Queued, DownloadState::Queued, DownloadState::Failed, DownloadState::Done,
           DownloadState::Paused, DownloadState::NeedsDecision, DownloadState::Skipped,
           DownloadState::Cancelled});
    f.queue().addReceived(f.queue().takeNext()->id, 10);
    f.look();
    auto *tabs = f.find<QTabBar>("queueTabs");
    for (int tab = 0; tab < tabs->count(); ++tab) {
        tabs->setCurrentIndex(tab);
        QCOMPARE(tabs->tabText(tab).section(u' ', 1), QString::number(f.rows()->rowCount()));
    }
    // Each of them in one other tab.
    const QStringList words =
        QStringLiteral("All 8,Active 1,Waiting 1,Paused 1,Attention 2,Done 3").split(u',');
    for (int tab = 0; tab < tabs->count(); ++tab)
        QCOMPARE(tabs->tabText(tab), words.value(tab));
    // A question that nobody has answered is seen from every tab.
    const int attention = int(QueueTab::Attention);
    QVERIFY(!tabs->tabIcon(attention).isNull());
    tabs->setCurrentIndex(attention);
    f.table()->selectAll();
    f.trigger("removeAction");
    QCOMPARE(tabs->tabText(attention), QStringLiteral("Attention 0"));
    QVERIFY(tabs->tabIcon(attention).isNull());
}

void ClientQueueActionsTest::theTableIsDrivenByKeysAlone()
{
    QueueWindow f;
    f.add({DownloadState::Failed, DownloadState::Queued, DownloadState::Done});
    f.table()->setFocus();
    f.table()->setCurrentIndex(f.rows()->index(0, 0));
    QTest::keyClick(f.table(), Qt::Key_R, Qt::ControlModifier);
    QCOMPARE(f.state(0), QStringLiteral("Waiting"));
    QTest::keyClick(f.table(), Qt::Key_Down);
    QCOMPARE(f.table()->currentIndex().row(), 1);
    QTest::keyClick(f.table(), Qt::Key_Down);
    QSignalSpy opened(f.window.get(), &MainWindow::openRequested);
    QTest::keyClick(f.table(), Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].toString(), f.saved(QStringLiteral("file2")));
}

FERRY_TEST(ClientQueueActionsTest)
#include "client_queueactions.moc"
