// SPDX-License-Identifier: MIT
// The order of the queue, as a person changes it in the window.
#include "gui/client/queuewindow_fixture.h"

#include "client-gui/queue/queuemodel.h"
#include "support/testprogram.h"

#include <QHeaderView>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::gui::test;

class ClientQueueMovesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void rowsMoveByKeysAndStaySelected();
    void severalRowsMoveTogether();
    void aFolderMovesAsAWhole();
    void rowsDoNotMoveWhereTheOrderIsAnother();
    void aThirdClickOnAHeaderIsTheOrderOfTheQueue();
    void prioritiesAreToldAndChecked();
    void aForcedRowStartsNext();
};

void ClientQueueMovesTest::rowsMoveByKeysAndStaySelected()
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

void ClientQueueMovesTest::severalRowsMoveTogether()
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

void ClientQueueMovesTest::aFolderMovesAsAWhole()
{
    QueueWindow f;
    f.add({DownloadState::Queued});
    f.addFolder(QStringLiteral("a"), 3);
    f.addFolder(QStringLiteral("b"), 2);
    QCOMPARE(f.names(), split("file0 a b"));
    f.select(2);
    f.trigger("moveUpAction");
    QCOMPARE(f.names(), split("file0 b a"));
    f.trigger("moveUpAction");
    QCOMPARE(f.names(), split("b file0 a"));
    QCOMPARE(f.queue().takeNext()->remotePath, QByteArray("/S/b/0"));
    QCOMPARE(f.queue().takeNext()->remotePath, QByteArray("/S/b/1"));
    QCOMPARE(f.queue().takeNext()->remotePath, QByteArray("/S/file0"));

    // A file moves among those of its folder.
    f.look();
    const QModelIndex folder = f.rows()->index(2, 0);
    f.table()->expand(folder);
    f.table()->setCurrentIndex(f.rows()->index(0, 0, folder));
    f.trigger("moveDownAction");
    QCOMPARE(f.queue().takeNext()->remotePath, QByteArray("/S/a/1"));
    QCOMPARE(f.table()->currentIndex().data().toString(), QStringLiteral("0"));
}

void ClientQueueMovesTest::rowsDoNotMoveWhereTheOrderIsAnother()
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

void ClientQueueMovesTest::aThirdClickOnAHeaderIsTheOrderOfTheQueue()
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

void ClientQueueMovesTest::prioritiesAreToldAndChecked()
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

void ClientQueueMovesTest::aForcedRowStartsNext()
{
    QueueWindow f;
    f.add({DownloadState::Queued, DownloadState::Queued, DownloadState::Paused});
    f.select(2);
    f.trigger("forceStartAction");
    QCOMPARE(f.state(2), QStringLiteral("Waiting, starts next"));
    QVERIFY(!f.action("forceStartAction")->isEnabled());
    QCOMPARE(f.queue().takeNext()->remotePath, QByteArray("/S/file2"));
}

FERRY_TEST(ClientQueueMovesTest)
#include "client_queuemoves.moc"
