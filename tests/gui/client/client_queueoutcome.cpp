// SPDX-License-Identifier: MIT
// What the window says of a row and of what came of it, and hands on to other programs.
#include "gui/client/queuewindow_fixture.h"

#include "client-gui/queue/queuemodel.h"
#include "client-gui/queue/statetext.h"
#include "support/testprogram.h"

#include <QDialog>
#include <QLabel>
#include <QMimeData>
#include <QPointer>
#include <QUrl>

#include <algorithm>
#include <memory>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::gui::test;

class ClientQueueOutcomeTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void detailsStayTrueWhileTheyAreOpen();
    void theConversationSaysWhatWasReceived();
    void whatIsSavedCanBeDraggedToAFileManager();
};

void ClientQueueOutcomeTest::detailsStayTrueWhileTheyAreOpen()
{
    QueueWindow f;
    const QList<quint64> ids = f.add({DownloadState::Queued, DownloadState::Queued});
    f.select(0, 1);
    QVERIFY(!f.action("downloadDetailsAction")->isEnabled());
    f.select(0);
    f.trigger("downloadDetailsAction");
    const QPointer<QDialog> dialog = f.find<QDialog>("downloadDetails");
    QVERIFY(dialog->isVisible());
    const auto says = [&dialog](const QString &text) {
        const auto labels = dialog->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->text().replace(QChar(QChar::Nbsp), u' ') == text;
        });
    };
    QVERIFY(says(QStringLiteral("/S/file0")));
    QVERIFY(says(QStringLiteral("Waiting")));
    QVERIFY(says(QStringLiteral("10 kB")));
    for (const QLabel *label : dialog->findChildren<QLabel *>())
        QCOMPARE(label->textFormat(), Qt::PlainText);

    QCOMPARE(f.queue().takeNext()->id, ids[0]);
    f.queue().setSize(ids[0], 10'000, 0);
    f.queue().addReceived(ids[0], 4000);
    f.look();
    QVERIFY(says(QStringLiteral("4 kB")));
    f.queue().fail(ids[0], {ErrorCode::NotFound, QStringLiteral("no such file")});
    f.look();
    QVERIFY(!says(QStringLiteral("Waiting")));
    QVERIFY(says(failureText(*f.queue().find(ids[0]))));
    // Of a row that is gone they stay as they were.
    f.queue().remove(ids[0]);
    f.look();
    QVERIFY(says(QStringLiteral("4 kB")));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!dialog);
}

void ClientQueueOutcomeTest::theConversationSaysWhatWasReceived()
{
    QueueWindow f;
    f.add({DownloadState::Queued, DownloadState::Queued, DownloadState::Queued,
           DownloadState::Queued, DownloadState::Done});
    const auto take = [&](qint64 size) {
        const quint64 id = f.queue().takeNext()->id;
        f.queue().setSize(id, size, 0);
        f.queue().addReceived(id, size);
        return id;
    };
    f.queue().finish(take(121'000), true, "00");
    f.queue().finish(take(121'000), false);
    f.queue().skip(take(5), true);
    f.queue().fail(take(5), {ErrorCode::NotFound, {}});
    f.look();
    const auto *log = f.find<QTreeView>("logView")->model();
    QStringList lines;
    for (int row = 0; row < log->rowCount(); ++row)
        lines.append(log->index(row, log->columnCount() - 1)
                         .data()
                         .toString()
                         .replace(QChar(QChar::Nbsp), u' '));
    // What was there before is no news, and what failed is told by the engine.
    QCOMPARE(lines, (QStringList{QStringLiteral("Received file0, 121 kB, verified"),
                                 QStringLiteral("Received file1, 121 kB"),
                                 QStringLiteral("file2: Already up to date")}));
}

void ClientQueueOutcomeTest::whatIsSavedCanBeDraggedToAFileManager()
{
    QueueWindow f;
    f.add({DownloadState::Done, DownloadState::Queued, DownloadState::Done, DownloadState::Failed});
    QAbstractItemModel *model = f.rows();
    QVERIFY(f.table()->dragEnabled());
    QStringList dragged;
    QModelIndexList all;
    for (int row = 0; row < model->rowCount(); ++row) {
        const bool saved = f.stateOf(model->index(row, 0).data(QueueModel::IdRole).toULongLong()) ==
                           DownloadState::Done;
        QCOMPARE(model->flags(model->index(row, 0)).testFlag(Qt::ItemIsDragEnabled), saved);
        if (saved)
            dragged.append(f.saved(model->index(row, 0).data().toString()));
        for (int column = 0; column < model->columnCount(); ++column)
            all.append(model->index(row, column));
    }
    const std::unique_ptr<QMimeData> data(model->mimeData(all));
    QVERIFY(data);
    QStringList files;
    for (const QUrl &url : data->urls())
        files.append(url.toLocalFile());
    QCOMPARE(files, dragged); // each once
    QCOMPARE(files.size(), 2);
    // A folder goes as a whole.
    f.queue().remove(f.queue().all().first().id);
    const QList<quint64> ids = f.addFolder(QStringLiteral("tree"), 2);
    QPersistentModelIndex folder; // what has ended sinks
    for (int row = 0; row < model->rowCount(); ++row) {
        if (model->index(row, 0).data(QueueModel::IdRole).toULongLong() == ids.first())
            folder = model->index(row, 0);
    }
    QVERIFY(folder.isValid());
    QVERIFY(!model->flags(folder).testFlag(Qt::ItemIsDragEnabled)); // more of it comes
    for (const quint64 id : ids.mid(1))
        f.queue().cancel(id);
    f.look();
    QVERIFY(model->flags(folder).testFlag(Qt::ItemIsDragEnabled));
    const std::unique_ptr<QMimeData> whole(
        model->mimeData({QModelIndex(folder), model->index(0, 0, folder)}));
    QVERIFY(whole);
    QCOMPARE(whole->urls(), QList<QUrl>{QUrl::fromLocalFile(f.saved(QStringLiteral("tree")))});
}

FERRY_TEST(ClientQueueOutcomeTest)
#include "client_queueoutcome.moc"
