// SPDX-License-Identifier: MIT
// Files of this computer on their way to a server: chosen, dropped, pasted, paused, and refused.
#include "client-gui/browser/browserpane.h"
#include "client-gui/browser/foldernavigator.h"
#include "client-gui/queue/queueactions.h"
#include "client-gui/queue/queuemodel.h"
#include "client-gui/queue/uploadtext.h"
#include "gui/client/client_fixture.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSet>
#include <QTimer>
#include <QTreeView>
#include <QUrl>

#include <functional>
#include <memory>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::test;

class ClientSendingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void theButtonSaysWhyNothingCanBeSent();
    void theOnlyShareThatTakesFilesIsMeant();
    void anInboxSaysWhatItIs();
    void droppedFilesAndFoldersAreSent();
    void whatIsDroppedOnAFolderGoesIntoIt();
    void whereNothingIsTakenADropIsAnswered();
    void pastedFilesAreSent();
    void theMenuOfTheListSends();
    void aShareThatTakesFilesByNowIsLearnt();
    void chosenFilesAreSent();
    void aSentFolderIsPausedAndOutlivesItsServer();
    void uploadsAreToldFromDownloads();
    void everyRefusalHasWords();

private:
    QString mine(const QString &name) const
    {
        return w->dir.filePath(QStringLiteral("mine/") + name);
    }
    QString there(const QString &name) const
    {
        return w->dir.filePath(QStringLiteral("in/") + name);
    }
    void addShare(const QByteArray &name, extended::Access access)
    {
        const QString path = w->dir.filePath(QString::fromLatin1(name));
        QVERIFY(QDir().mkpath(path));
        w->moreShares.append({name, QFile::encodeName(path), access});
    }
    void connectAndGo(const QByteArray &path)
    {
        w->startServer();
        QVERIFY(w->connectTo(w->serverAddress()));
        if (path != "/")
            w->find<BrowserPane>("browserPane")->navigator()->go(path);
        QVERIFY(waitFor([&] {
            const FolderNavigator *navigator = w->find<BrowserPane>("browserPane")->navigator();
            return navigator->path() == path &&
                   navigator->state() != FolderNavigator::State::Loading;
        }));
    }
    static bool waitFor(const std::function<bool()> &condition)
    {
        return QTest::qWaitFor([&] { return condition(); }, patienceMs);
    }
    QPushButton *button() const { return w->find<QPushButton>("sendButton"); }
    QTreeView *list() const { return w->find<QTreeView>("remoteList"); }
    /// What a file manager does. Whether it was taken.
    static bool drop(QWidget *target, const QPoint &place, const QStringList &paths)
    {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString &path : paths)
            urls.append(QUrl::fromLocalFile(path));
        data.setUrls(urls);
        QDragEnterEvent enter(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(target, &enter);
        if (!enter.isAccepted())
            return false;
        QDropEvent event(place, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(target, &event);
        return event.isAccepted();
    }
    bool waitForState(const QString &name, const QString &state)
    {
        return waitFor([&] { return w->stateOf(name) == state; });
    }

    std::unique_ptr<ClientWindowFixture> w;
};

void ClientSendingTest::init()
{
    w = std::make_unique<ClientWindowFixture>();
    QVERIFY(QDir().mkpath(mine(QStringLiteral("trip/deep"))));
    writeFile(mine(QStringLiteral("a.txt")), "hello");
    writeFile(mine(QStringLiteral("trip/deep/b.txt")), "there");
}

void ClientSendingTest::cleanup()
{
    w.reset();
}

void ClientSendingTest::theButtonSaysWhyNothingCanBeSent()
{
    const auto *files = w->find<QAction>("sendFilesAction");
    QVERIFY(!files->isEnabled());
    QVERIFY(files->statusTip().startsWith(QStringLiteral("Connect first")));
    connectAndGo("/S");
    QVERIFY(!button()->isEnabled());
    QVERIFY2(button()->toolTip().contains(QStringLiteral("takes no files")),
             qPrintable(button()->toolTip()));
    QVERIFY(button()->accessibleDescription().contains(QStringLiteral("takes no files")));
    w->server.stop();
    addShare("in", extended::Access::Inbox);
    addShare("add", extended::Access::Add);
    w->startServer();
    QVERIFY(waitFor([&] { return button()->toolTip().contains(QStringLiteral("add, in")); }));
    QVERIFY(button()->toolTip().contains(QStringLiteral("“S” is read-only")));
    QVERIFY(!button()->isEnabled());
    w->find<BrowserPane>("browserPane")->navigator()->go("/");
    QVERIFY(waitFor([&] { return button()->toolTip().startsWith(QStringLiteral("Open the")); }));
    w->find<BrowserPane>("browserPane")->navigator()->go("/add");
    QVERIFY(waitFor([&] { return button()->isEnabled(); }));
    QVERIFY(files->isEnabled());
}

void ClientSendingTest::theOnlyShareThatTakesFilesIsMeant()
{
    addShare("in", extended::Access::Inbox);
    connectAndGo("/");
    QVERIFY(waitFor([&] { return button()->isEnabled(); }));
    w->answers.files = {mine(QStringLiteral("a.txt"))};
    w->find<QAction>("sendFilesAction")->trigger();
    QVERIFY(waitForState(QStringLiteral("a.txt"), QStringLiteral("Sent, verified")));
    QCOMPARE(contentOf(there(QStringLiteral("a.txt"))), "hello");
}

void ClientSendingTest::anInboxSaysWhatItIs()
{
    addShare("in", extended::Access::Inbox);
    connectAndGo("/in");
    QVERIFY(waitFor([&] {
        QString said;
        const auto labels = w->find<QWidget>("browserWords")->findChildren<QLabel *>();
        for (const QLabel *label : labels)
            said += label->text();
        return said.contains(QStringLiteral("inbox"));
    }));
    QVERIFY(button()->isEnabled());
}

void ClientSendingTest::droppedFilesAndFoldersAreSent()
{
    addShare("in", extended::Access::Add);
    connectAndGo("/in");
    QVERIFY(waitFor([&] { return button()->isEnabled(); }));
    QVERIFY(drop(w->find<QWidget>("browserPane"), {20, 20},
                 {mine(QStringLiteral("a.txt")), mine(QStringLiteral("trip"))}));
    QVERIFY(waitForState(QStringLiteral("a.txt"), QStringLiteral("Sent, verified")));
    QVERIFY(waitForState(QStringLiteral("trip"), QStringLiteral("Sent, verified, 1 file")));
    QCOMPARE(contentOf(there(QStringLiteral("trip/deep/b.txt"))), "there");
    // The same again gets another name, which the row says.
    QVERIFY(drop(w->find<QWidget>("browserPane"), {20, 20}, {mine(QStringLiteral("a.txt"))}));
    QVERIFY(waitFor([&] {
        return w->state(w->rows()->rowCount() - 1) == QStringLiteral("Sent as a (1).txt, verified");
    }));
    QCOMPARE(contentOf(there(QStringLiteral("a (1).txt"))), "hello");
}

void ClientSendingTest::whatIsDroppedOnAFolderGoesIntoIt()
{
    addShare("in", extended::Access::Add);
    QVERIFY(QDir().mkpath(there(QStringLiteral("sub"))));
    connectAndGo("/in");
    QVERIFY(waitFor([&] { return list()->model()->rowCount() == 1 && button()->isEnabled(); }));
    const QPoint place = list()->visualRect(list()->model()->index(0, 0)).center();
    QVERIFY(drop(list()->viewport(), place, {mine(QStringLiteral("a.txt"))}));
    QVERIFY(waitForState(QStringLiteral("a.txt"), QStringLiteral("Sent, verified")));
    QCOMPARE(contentOf(there(QStringLiteral("sub/a.txt"))), "hello");
}

void ClientSendingTest::whereNothingIsTakenADropIsAnswered()
{
    QWidget *pane = w->find<QWidget>("browserPane");
    QVERIFY(!drop(pane, {20, 20}, {mine(QStringLiteral("a.txt"))})); // not connected
    connectAndGo("/S");
    QVERIFY(drop(pane, {20, 20}, {mine(QStringLiteral("a.txt"))}));
    const auto *notice = w->find<QWidget>("queueProblem");
    QVERIFY(notice->isVisible());
    const QString said = notice->findChild<QLabel *>(QStringLiteral("noticeText"))->text();
    QVERIFY2(said.contains(QStringLiteral("takes no files")), qPrintable(said));
    QCOMPARE(w->rows()->rowCount(), 0);
}

void ClientSendingTest::pastedFilesAreSent()
{
    addShare("in", extended::Access::Add);
    QVERIFY(QDir().mkpath(there(QStringLiteral("sub"))));
    connectAndGo("/in");
    QVERIFY(waitFor([&] { return button()->isEnabled() && list()->isVisible(); }));
    auto *data = new QMimeData;
    data->setUrls({QUrl::fromLocalFile(mine(QStringLiteral("a.txt")))});
    QGuiApplication::clipboard()->setMimeData(data);
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_V, Qt::ControlModifier);
    QVERIFY(waitForState(QStringLiteral("a.txt"), QStringLiteral("Sent, verified")));
    QCOMPARE(contentOf(there(QStringLiteral("a.txt"))), "hello");
    QGuiApplication::clipboard()->setText(QStringLiteral("words"));
    QTest::keyClick(list(), Qt::Key_V, Qt::ControlModifier);
    QVERIFY(w->find<QWidget>("queueProblem")->isVisible());
}

void ClientSendingTest::theMenuOfTheListSends()
{
    addShare("in", extended::Access::Add);
    QVERIFY(QDir().mkpath(there(QStringLiteral("sub"))));
    writeFile(w->share() + QStringLiteral("/theirs"), "theirs");
    const auto inMenu = [&] {
        QStringList names;
        QTimer watch;
        watch.setInterval(10);
        connect(&watch, &QTimer::timeout, w->window.get(), [&] {
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            if (!menu)
                return;
            const auto actions = menu->actions();
            for (const QAction *action : actions)
                names.append(action->objectName());
            menu->close();
        });
        watch.start();
        Q_EMIT list()->customContextMenuRequested(
            list()->visualRect(list()->model()->index(0, 0)).center());
        return names;
    };
    connectAndGo("/in");
    QVERIFY(waitFor([&] { return list()->model()->rowCount() == 1 && button()->isEnabled(); }));
    const QStringList names = inMenu();
    QVERIFY(names.contains(QStringLiteral("sendFilesAction")));
    QVERIFY(names.contains(QStringLiteral("pasteFilesAction")));
    w->find<BrowserPane>("browserPane")->navigator()->go("/S");
    QVERIFY(waitFor([&] { return list()->model()->rowCount() > 0 && !button()->isEnabled(); }));
    const QStringList readOnly = inMenu();
    QVERIFY(readOnly.contains(QStringLiteral("downloadAction")));
    QVERIFY(!readOnly.contains(QStringLiteral("sendFilesAction")));
}

/// The operator may change it at any time, for those who are connected too.
void ClientSendingTest::aShareThatTakesFilesByNowIsLearnt()
{
    addShare("in", extended::Access::Read);
    connectAndGo("/in");
    QVERIFY(!button()->isEnabled());
    w->moreShares[0].access = extended::Access::Add;
    QVERIFY(w->server.reconfigure(w->serverConfig()).ok());
    w->find<QAction>("refreshAction")->trigger();
    QVERIFY(waitFor([&] { return button()->isEnabled(); }));
    w->moreShares[0].access = extended::Access::Read;
    QVERIFY(w->server.reconfigure(w->serverConfig()).ok());
    w->find<BrowserPane>("browserPane")->navigator()->go("/");
    QVERIFY(waitFor([&] { return !button()->isEnabled(); }));
}

void ClientSendingTest::chosenFilesAreSent()
{
    addShare("in", extended::Access::Add);
    connectAndGo("/in");
    QVERIFY(waitFor([&] { return button()->isEnabled(); }));
    w->answers.folder = mine(QStringLiteral("trip"));
    const auto *menu = w->find<QMenu>("sendMenu");
    QCOMPARE(menu->actions().size(), 2);
    menu->actions().at(1)->trigger();
    QVERIFY(waitForState(QStringLiteral("trip"), QStringLiteral("Sent, verified, 1 file")));
    QCOMPARE(contentOf(there(QStringLiteral("trip/deep/b.txt"))), "there");
}

void ClientSendingTest::aSentFolderIsPausedAndOutlivesItsServer()
{
    addShare("in", extended::Access::Add);
    const QByteArray large(8'000'000, 'x');
    writeFile(mine(QStringLiteral("trip/large")), large);
    connectAndGo("/in");
    QVERIFY(waitFor([&] { return button()->isEnabled(); }));
    client::DownloadQueue &queue = w->client->queue();
    queue.setRateLimit(2'000'000);
    QVERIFY(drop(w->find<QWidget>("browserPane"), {20, 20}, {mine(QStringLiteral("trip"))}));
    const auto largeRow = [&] {
        const auto rows = queue.all();
        for (const client::Download &row : rows) {
            if (row.localName == QStringLiteral("large"))
                return row;
        }
        return client::Download();
    };
    QVERIFY(waitFor([&] { return largeRow().received > 500'000; }));
    QVERIFY(waitFor(
        [&] { return w->stateOf(QStringLiteral("large")).startsWith(QStringLiteral("Sending")); }));
    w->find<QAction>("pauseAllAction")->trigger();
    QVERIFY(waitForState(QStringLiteral("large"), QStringLiteral("Paused")));
    w->server.stop();
    QVERIFY(waitFor([&] { return w->client->connection().lost.has_value(); }));
    const qint64 before = largeRow().received;
    QVERIFY(before > 0);
    w->startServer();
    QVERIFY(
        waitFor([&] { return w->client->connection().state == client::ConnectionState::Online; }));
    queue.setRateLimit(0);
    w->find<QAction>("resumeAllAction")->trigger();
    QVERIFY(waitForState(QStringLiteral("large"), QStringLiteral("Sent, verified")));
    QVERIFY(waitForState(QStringLiteral("trip"), QStringLiteral("Sent, verified, 2 files")));
    QVERIFY(contentOf(there(QStringLiteral("trip/large"))) == large);
    QCOMPARE(QDir(there(QStringLiteral("trip"))).entryList(QDir::Files).size(), 1);
}

void ClientSendingTest::uploadsAreToldFromDownloads()
{
    addShare("in", extended::Access::Add);
    connectAndGo("/in");
    QVERIFY(waitFor([&] { return button()->isEnabled(); }));
    QVERIFY(drop(w->find<QWidget>("browserPane"), {20, 20}, {mine(QStringLiteral("a.txt"))}));
    QVERIFY(waitForState(QStringLiteral("a.txt"), QStringLiteral("Sent, verified")));
    const QModelIndex name = w->rows()->index(0, 0);
    QCOMPARE(name.data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("a.txt, upload, Sent, verified"));
    w->find<QTreeView>("queueTable")->setCurrentIndex(name);
    QVERIFY(!w->find<QAction>("changeQueuedFolderAction")->isEnabled());
    QVERIFY(
        name.data(Qt::ToolTipRole).toString().contains(QStringLiteral("/in/a.txt on the server")));
    QVERIFY(w->find<QAction>("openFileAction")->isEnabled());
}

void ClientSendingTest::everyRefusalHasWords()
{
    client::Download upload;
    upload.direction = client::Direction::Upload;
    upload.state = client::DownloadState::Failed;
    QSet<QString> words;
    for (const ErrorCode code :
         {ErrorCode::NotTaken, ErrorCode::OverLimit, ErrorCode::NoRoom, ErrorCode::TargetExists,
          ErrorCode::NotFound, ErrorCode::LocalFile, ErrorCode::RemoteChanged}) {
        upload.error = {code, {}};
        const QString text = uploadFailure(upload.error);
        QVERIFY(text != uploadFailure({ErrorCode::Invalid, {}}));
        QVERIFY(!uploadAdvice(upload).isEmpty());
        words.insert(text);
    }
    QCOMPARE(words.size(), 7);
    // A name that is not taken is told from a share that is not.
    QCOMPARE(uploadFailure({ErrorCode::NotTaken, QStringLiteral("Not a file of this name.")}),
             QStringLiteral("Not a file of this name"));
}

FERRY_TEST(ClientSendingTest)
#include "client_sending.moc"
