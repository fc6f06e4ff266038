// SPDX-License-Identifier: MIT
#include "gui/client/browsing_fixture.h"

#include "client-gui/browser/browseractions.h"
#include "client-gui/browser/browserpane.h"
#include "client-gui/browser/foldernavigator.h"
#include "client-gui/browser/remotelistmodel.h"
#include "support/testprogram.h"

#include <QClipboard>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QTimer>

using namespace ferry;
using namespace ferry::gui;
using namespace Qt::Literals::StringLiterals;

class ClientBrowserTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void theSharesAreListedAfterTheLogin();
    void enterOpensAFolderAndBackspaceLeavesIt();
    void backAndForwardGoWhereOneWas();
    void enterOnAFileQueuesIt();
    void theButtonDownloadsWhatIsSelected();
    void aWholeFolderArrivesWithItsEmptyOnes();
    void downloadToAsksForTheFolder();
    void typingFilters();
    void hiddenNamesAreAToggle();
    void totalsAndTheSelection();
    void theTreeFollowsAndLeads();
    void theTreesMenuDownloadsAWholeFolder();
    void aFolderIsDraggedFromTheTree();
    void droppedFilesEnterTheQueue();
    void pathsAreCopied();
    void refreshSeesWhatIsNew();
    void aFolderThatIsGoneIsSaidInWords();
    void aServerThatWentAwayShowsTheWayBack();
    void commandsGoOverTheirOwnConnection();
    void classicSaysThatItCannotList();
};

void ClientBrowserTest::theSharesAreListedAfterTheLogin()
{
    Browsing f;
    QVERIFY(f.find<QWidget>("welcome")->isVisible());
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.listed({QStringLiteral("S")}));
    QVERIFY(f.list()->isVisible());
    QTRY_VERIFY(f.list()->hasFocus());
}

void ClientBrowserTest::enterOpensAFolderAndBackspaceLeavesIt()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.listed({QStringLiteral("S")}));
    f.select(QStringLiteral("S"));
    QTest::keyClick(f.list(), Qt::Key_Return);
    QVERIFY(
        f.listed({QStringLiteral("empty"), QStringLiteral("photos"), QStringLiteral("notes.txt")}));
    f.select(QStringLiteral("empty"));
    QTest::keyClick(f.list(), Qt::Key_Return);
    QTRY_VERIFY(f.find<QWidget>("browserWords")->isVisible());
    QVERIFY(f.find<QWidget>("browserWords")->accessibleName().contains(QStringLiteral("empty")));
    QTRY_VERIFY(f.tree()->hasFocus()); // the keys go on working
    QTest::keyClick(f.tree(), Qt::Key_Backspace);
    QTRY_COMPARE(f.navigator()->path(), QByteArray("/S"));
    // Where one came from is found again.
    QTRY_COMPARE(f.list()->currentIndex().data().toString(), QStringLiteral("empty"));
}

void ClientBrowserTest::backAndForwardGoWhereOneWas()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    QVERIFY(f.go("/S/photos"));
    f.find<QAction>("backAction")->trigger();
    QTRY_COMPARE(f.navigator()->path(), QByteArray("/S"));
    f.find<QAction>("backAction")->trigger();
    QTRY_COMPARE(f.navigator()->path(), QByteArray("/"));
    QVERIFY(!f.find<QAction>("backAction")->isEnabled());
    QVERIFY(!f.find<QAction>("upAction")->isEnabled());
    f.find<QAction>("forwardAction")->trigger();
    f.find<QAction>("forwardAction")->trigger();
    QTRY_COMPARE(f.navigator()->path(), QByteArray("/S/photos"));
    QVERIFY(!f.find<QAction>("forwardAction")->isEnabled());
}

void ClientBrowserTest::enterOnAFileQueuesIt()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    f.select(QStringLiteral("notes.txt"));
    QTest::keyClick(f.list(), Qt::Key_Return);
    QVERIFY(f.allDone(1));
    QCOMPARE(contentOf(f.saved(QStringLiteral("notes.txt"))), QByteArray("hello"));
}

void ClientBrowserTest::theButtonDownloadsWhatIsSelected()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    auto *button = f.find<QPushButton>("downloadButton");
    QVERIFY(!button->isEnabled());
    QVERIFY(f.go("/S/photos/2026"));
    f.list()->selectAll();
    QVERIFY(button->isEnabled());
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(f.allDone(12));
    QVERIFY(QDir(f.saved(QStringLiteral("raw"))).exists()); // it was selected, too
    QCOMPARE(contentOf(f.saved(QStringLiteral("p7.raw"))), QByteArray(7000, 'a' + 7));
}

void ClientBrowserTest::aWholeFolderArrivesWithItsEmptyOnes()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    f.select(QStringLiteral("photos"));
    f.find<QAction>("downloadAction")->trigger();
    QVERIFY(f.allDone(12));
    QTRY_VERIFY(QDir(f.saved(QStringLiteral("photos/2026/raw"))).exists());
    QVERIFY(QDir(f.saved(QStringLiteral("photos/2024"))).exists());
}

void ClientBrowserTest::downloadToAsksForTheFolder()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    f.select(QStringLiteral("notes.txt"));
    f.find<QAction>("downloadToAction")->trigger(); // nothing chosen: nothing happens
    QCOMPARE(f.rows()->rowCount(), 0);
    f.answers.folder = f.dir.filePath(QStringLiteral("elsewhere"));
    QVERIFY(QDir().mkpath(f.answers.folder));
    f.find<QAction>("downloadToAction")->trigger();
    QVERIFY(f.allDone(1));
    QCOMPARE(contentOf(f.answers.folder + QStringLiteral("/notes.txt")), QByteArray("hello"));
    QVERIFY(f.savedNames().isEmpty());
}

void ClientBrowserTest::typingFilters()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S/photos/2026"));
    auto *filter = f.find<QLineEdit>("remoteFilter");
    QTRY_VERIFY(f.list()->hasFocus());
    f.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
    QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
    QTRY_VERIFY(filter->hasFocus());
    QTest::keyClicks(filter, QStringLiteral("P1"));
    QCOMPARE(f.names(), QStringList({u"p1.raw"_s, u"p10.raw"_s, u"p11.raw"_s, u"p12.raw"_s}));
    QTest::keyClicks(filter, QStringLiteral("xyz"));
    QVERIFY(f.find<QWidget>("browserWords")->isVisible());
    QVERIFY(f.go("/S")); // another folder, all of it
    QVERIFY(filter->text().isEmpty());
}

void ClientBrowserTest::hiddenNamesAreAToggle()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    QVERIFY(!f.names().contains(QStringLiteral(".hidden")));
    f.find<QAction>("showHiddenAction")->trigger();
    QVERIFY(f.names().contains(QStringLiteral(".hidden")));
    QVERIFY(f.window->close());
    f.open();
    QVERIFY(f.find<QAction>("showHiddenAction")->isChecked());
}

void ClientBrowserTest::totalsAndTheSelection()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S/photos/2026"));
    QCOMPARE(f.totals(), QStringLiteral("12 files, 1 folder, 78 kB"));
    f.select(QStringLiteral("p2.raw"));
    QCOMPARE(f.totals(), QStringLiteral("12 files, 1 folder, 78 kB; 1 selected, 2 kB"));
}

void ClientBrowserTest::theTreeFollowsAndLeads()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.listed({QStringLiteral("S")}));
    QVERIFY(f.go("/S"));
    QTRY_COMPARE(f.tree()->currentIndex().data().toString(), QStringLiteral("S"));
    f.tree()->expand(f.tree()->currentIndex());
    const QModelIndex s = f.tree()->currentIndex();
    QTRY_COMPARE(f.tree()->model()->rowCount(s), 2); // folders only
    const QModelIndex photos = f.tree()->model()->index(1, 0, s);
    QTest::mouseClick(f.tree()->viewport(), Qt::LeftButton, {},
                      f.tree()->visualRect(photos).center());
    QTRY_COMPARE(f.navigator()->path(), QByteArray("/S/photos"));
    QVERIFY(f.listed({QStringLiteral("2024"), QStringLiteral("2026")}));
}

void ClientBrowserTest::theTreesMenuDownloadsAWholeFolder()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    // Also if it was quicker than the tree.
    QTRY_COMPARE(f.tree()->currentIndex().data().toString(), QStringLiteral("S"));
    const QModelIndex s = f.tree()->currentIndex();
    f.tree()->expand(s);
    QTRY_COMPARE(f.tree()->model()->rowCount(s), 2);
    const auto choose = [&](const QModelIndex &at, const QString &text) {
        bool chosen = false;
        QTimer::singleShot(0, f.window.get(), [&] {
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            if (!menu)
                return;
            for (QAction *action : menu->actions()) {
                if (action->text().remove(u'&') == text) {
                    chosen = true;
                    action->trigger();
                }
            }
            menu->close();
        });
        Q_EMIT f.tree()->customContextMenuRequested(f.tree()->visualRect(at).center());
        QCoreApplication::processEvents();
        return chosen;
    };
    const QModelIndex empty = f.tree()->model()->index(0, 0, s);
    const QModelIndex photos = f.tree()->model()->index(1, 0, s);
    QVERIFY(choose(photos, QStringLiteral("Copy path")));
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("/S/photos"));
    QVERIFY(choose(empty, QStringLiteral("Open")));
    QTRY_COMPARE(f.navigator()->path(), QByteArray("/S/empty"));
    QVERIFY(choose(photos, QStringLiteral("Download")));
    QTRY_VERIFY(QFileInfo(f.saved(QStringLiteral("photos/2026/p12.raw"))).size() == 12000);
    QTRY_VERIFY(QFileInfo(f.saved(QStringLiteral("photos/2026/raw"))).isDir());
    // The server as a whole has no such menu.
    QVERIFY(!choose(f.tree()->model()->index(0, 0), QStringLiteral("Download")));
}

void ClientBrowserTest::aFolderIsDraggedFromTheTree()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    QAbstractItemModel *model = f.tree()->model();
    QTRY_COMPARE(f.tree()->currentIndex().data().toString(), QStringLiteral("S"));
    const QModelIndex s = f.tree()->currentIndex();
    QVERIFY(model->flags(s) & Qt::ItemIsDragEnabled);
    QVERIFY(!(model->flags(s.parent()) & Qt::ItemIsDragEnabled));
    QCOMPARE(model->mimeTypes(), QStringList{RemoteListModel::mimeType()});
    const std::unique_ptr<QMimeData> data(model->mimeData({s}));
    const QList<RemoteItem> items = RemoteListModel::itemsIn(data.get());
    QCOMPARE(items.size(), qsizetype(1));
    QCOMPARE(items.first().path, QByteArray("/S"));
    QVERIFY(items.first().folder);
}

void ClientBrowserTest::droppedFilesEnterTheQueue()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    auto *queue = f.find<QWidget>("queueView");
    const std::unique_ptr<QMimeData> data(
        f.list()->model()->mimeData({f.list()->model()->index(2, 0)}));
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, data.get(), Qt::LeftButton, {});
    QApplication::sendEvent(queue, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop({10, 10}, Qt::CopyAction, data.get(), Qt::LeftButton, {});
    QApplication::sendEvent(queue, &drop);
    QVERIFY(f.allDone(1));
    QCOMPARE(f.savedNames(), QStringList({u"notes.txt"_s}));
    // Something else is not for it.
    QMimeData foreign;
    foreign.setText(QStringLiteral("/etc/passwd"));
    QDragEnterEvent other({10, 10}, Qt::CopyAction, &foreign, Qt::LeftButton, {});
    other.ignore();
    QApplication::sendEvent(queue, &other);
    QVERIFY(!other.isAccepted());
}

void ClientBrowserTest::pathsAreCopied()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S/photos"));
    f.list()->selectAll();
    f.find<QAction>("copyRemotePathAction")->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             QStringLiteral("/S/photos/2024\n/S/photos/2026"));
}

void ClientBrowserTest::refreshSeesWhatIsNew()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S/photos/2024"));
    QVERIFY(f.find<QWidget>("browserWords")->isVisible());
    writeFile(QDir(f.share()).filePath(QStringLiteral("photos/2024/new")), "n");
    f.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
    QTest::keyClick(f.window.get(), Qt::Key_F5);
    QVERIFY(f.listed({QStringLiteral("new")}));
    QTRY_VERIFY(f.list()->isVisible());
}

void ClientBrowserTest::aFolderThatIsGoneIsSaidInWords()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    f.navigator()->go("/S/gone");
    auto *words = f.find<QWidget>("browserWords");
    QTRY_VERIFY(words->accessibleName().contains(QStringLiteral("Not found")));
    QVERIFY(words->isVisible());
    QVERIFY(words->accessibleName().contains(QStringLiteral("F5")));
    QVERIFY(QDir(f.share()).mkpath(QStringLiteral("gone/now here")));
    f.find<QAction>("refreshAction")->trigger();
    QVERIFY(f.listed({QStringLiteral("now here")}));
}

void ClientBrowserTest::aServerThatWentAwayShowsTheWayBack()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    f.server.stop();
    f.find<QAction>("refreshAction")->trigger();
    auto *words = f.find<QWidget>("browserWords");
    QTRY_VERIFY(words->accessibleName().contains(QStringLiteral("F5")) ||
                f.find<QWidget>("welcome")->isVisible());
    f.startServer();
    // The window finds its way back, by itself or by the person.
    if (f.words("linkLight") != QStringLiteral("● Connected"))
        QVERIFY(f.connectTo(f.serverAddress()));
    f.find<QAction>("refreshAction")->trigger();
    QVERIFY(
        f.listed({QStringLiteral("empty"), QStringLiteral("photos"), QStringLiteral("notes.txt")}));
    QCOMPARE(f.navigator()->path(), QByteArray("/S")); // where one was
}

void ClientBrowserTest::commandsGoOverTheirOwnConnection()
{
    Browsing f;
    auto *line = f.find<QLineEdit>("commandLine");
    QVERIFY(!line->isEnabled());
    QVERIFY(!line->placeholderText().isEmpty()); // says why
    QVERIFY(f.connectTo(f.serverAddress()));
    f.find<QAction>("showConversationAction")->setChecked(true);
    QTRY_VERIFY(line->isEnabled());
    const auto said = [&] {
        QString all;
        const auto *lines = f.find<QTreeView>("logView")->model();
        for (int row = 0; row < lines->rowCount(); ++row)
            for (int column = 0; column < lines->columnCount(); ++column)
                all += lines->index(row, column).data().toString() + u'\n';
        return all;
    };
    QTest::keyClicks(line, QStringLiteral("SUM /S/notes.txt"));
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_VERIFY(said().contains(QStringLiteral("#SUM sum=xxh3:")));
    QTest::keyClicks(line, QStringLiteral("AUTH very secret"));
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_VERIFY(said().contains(QStringLiteral("AUTH ***")));
    QVERIFY(!said().contains(QStringLiteral("secret")));
    // The arrow brings back what was typed, but nothing with a password in it.
    QTest::keyClick(line, Qt::Key_Up);
    QCOMPARE(line->text(), QStringLiteral("SUM /S/notes.txt"));
}

void ClientBrowserTest::classicSaysThatItCannotList()
{
    Browsing f;
    QVERIFY(f.connectClassic(f.classicAddress()));
    QTRY_VERIFY(f.find<QWidget>("classicHint")->isVisible());
    QVERIFY(f.find<QWidget>("addPathsBar")->isVisible());
    QVERIFY(!f.find<QLineEdit>("commandLine")->isEnabled());
    QVERIFY(
        f.find<QLineEdit>("commandLine")->placeholderText().contains(QStringLiteral("encrypted")));
}

FERRY_TEST(ClientBrowserTest)
#include "client_browser.moc"
