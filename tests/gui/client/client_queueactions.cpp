// SPDX-License-Identifier: MIT
// What a person can do with the rows of the queue, in the window.
#include "gui/client/queuewindow_fixture.h"

#include "client-gui/queue/queuemodel.h"
#include "gui-common/look/format.h"
#include "support/testprogram.h"

#include <QClipboard>
#include <QLabel>
#include <QProxyStyle>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTabBar>

#include <algorithm>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::gui::test;

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
    void whatIsAskedOfAFolderIsAskedOfItsFiles();
    void doneFoldersGoAsAWhole();
    void whatWasRemovedIsBackByUndo();
    void anotherFolderIsChosenForWhatWaits();
    void oneClickOpensNothing();
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
        "copyPath copyLocalPath changeQueuedFolder";
    row("queued", DownloadState::Queued, waiting);
    row("paused", DownloadState::Paused,
        "resume pauseOrResume cancel remove moveUp moveDown moveToTop moveToBottom highPriority "
        "normalPriority lowPriority forceStart limit openFolder copyPath copyLocalPath "
        "changeQueuedFolder");
    row("undecided", DownloadState::NeedsDecision,
        "pause pauseOrResume cancel remove decide moveUp moveDown moveToTop moveToBottom "
        "highPriority normalPriority lowPriority forceStart limit openFolder copyPath "
        "copyLocalPath copyError changeQueuedFolder");
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
              "openFolder copyPath copyLocalPath copyChecksum copyError changeQueuedFolder");
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

void ClientQueueActionsTest::whatIsAskedOfAFolderIsAskedOfItsFiles()
{
    QueueWindow f;
    const QList<quint64> ids = f.addFolder(QStringLiteral("a"), 3);
    f.select(0);
    f.trigger("pauseAction");
    for (const quint64 id : ids.mid(1))
        QCOMPARE(f.stateOf(id), DownloadState::Paused);
    QVERIFY(!f.action("pauseAction")->isEnabled());
    f.trigger("highPriorityAction");
    QVERIFY(f.action("highPriorityAction")->isChecked());
    QCOMPARE(f.queue().find(ids[2])->priority, client::Priority::High);
    f.trigger("removeAction");
    QVERIFY(f.queue().all().isEmpty());
    QCOMPARE(f.rows()->rowCount(), 0);
}

void ClientQueueActionsTest::doneFoldersGoAsAWhole()
{
    QueueWindow f;
    f.addFolder(QStringLiteral("a"), 2);
    for (int i = 0; i < 2; ++i)
        f.queue().finish(f.queue().takeNext()->id, true);
    f.addFolder(QStringLiteral("b"), 2);
    f.queue().finish(f.queue().takeNext()->id, true);
    f.look();
    f.trigger("clearDoneAction");
    QCOMPARE(f.names(), split("b"));
    QCOMPARE(f.rows()->rowCount(f.rows()->index(0, 0)), 2);
}

void ClientQueueActionsTest::whatWasRemovedIsBackByUndo()
{
    QueueWindow f;
    f.add({DownloadState::Queued, DownloadState::Done});
    f.addFolder(QStringLiteral("a"), 3);
    const auto *bar = f.find<QWidget>("queueRemoved");
    QVERIFY(!f.action("undoRemoveAction")->isEnabled());
    f.select(1); // the folder
    f.trigger("removeAction");
    QCOMPARE(f.names(), split("file0 file1"));
    QVERIFY(bar->isVisible());
    QCOMPARE(bar->findChild<QLabel *>(QStringLiteral("noticeText"))->text(),
             QStringLiteral("3 files removed"));
    QTest::mouseClick(bar->findChild<QPushButton *>(QStringLiteral("noticeButton")),
                      Qt::LeftButton);
    QCOMPARE(f.names(), split("file0 a file1"));
    QCOMPARE(f.rows()->rowCount(f.rows()->index(1, 0)), 3);
    QVERIFY(!bar->isVisible());
    QVERIFY(!f.action("undoRemoveAction")->isEnabled());

    f.trigger("clearDoneAction");
    QCOMPARE(f.names(), split("file0 a"));
    QTest::keyClick(f.window.get(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(f.names(), split("file0 a file1"));
}

void ClientQueueActionsTest::anotherFolderIsChosenForWhatWaits()
{
    QueueWindow f;
    const QList<quint64> ids = f.add({DownloadState::Queued, DownloadState::Paused});
    const QString other = f.dir.filePath(QStringLiteral("other"));
    QVERIFY(QDir().mkpath(other));
    f.answers.folder = other;
    f.select(0, 1);
    f.trigger("changeQueuedFolderAction");
    for (const quint64 id : ids)
        QCOMPARE(f.queue().find(id)->folder, other);
    QCOMPARE(f.cell(0, QueueModel::SaveTo), other);
}

/// Also on a desktop where one click opens.
void ClientQueueActionsTest::oneClickOpensNothing()
{
    struct Impatient final : QProxyStyle
    {
        int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                      QStyleHintReturn *data) const override
        {
            return hint == SH_ItemView_ActivateItemOnSingleClick
                       ? 1
                       : QProxyStyle::styleHint(hint, option, widget, data);
        }
    };
    const QString style = QApplication::style()->name();
    QApplication::setStyle(new Impatient);
    const auto back = qScopeGuard([&] { QApplication::setStyle(style); });
    QueueWindow f;
    f.add({DownloadState::Done});
    QSignalSpy opened(f.window.get(), &MainWindow::openRequested);
    const QPoint place = f.table()->visualRect(f.rows()->index(0, 0)).center();
    QTest::mouseClick(f.table()->viewport(), Qt::LeftButton, {}, place);
    QCOMPARE(opened.count(), 0);
    QTest::mouseDClick(f.table()->viewport(), Qt::LeftButton, {}, place);
    QCOMPARE(opened.count(), 1);
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
