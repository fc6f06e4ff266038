// SPDX-License-Identifier: MIT
#include "client-gui/browser/listingwatch.h"
#include "client-gui/browser/remotelistmodel.h"
#include "gui/client/browsing_fixture.h"
#include "support/testprogram.h"

using namespace ferry;
using namespace ferry::gui;

class ClientBrowserChangesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void whatChangesOnTheServerIsSeenWithoutAsking();
    void aFolderThatGoesAwayIsSeenWithoutAsking();
    void nothingIsAskedWhileNobodyIsThere();
    void aSearchFindsWhatIsBelow();
    void aSearchIsLeftTheWayItCame();
    void whatWasFoundIsShownInItsFolder();
    void whatWasFoundIsDownloaded();
    void aSearchThatFindsNothingSaysSo();
    void nobodyWaitsForAnOldSearch();

private:
    /// With the toggle on, and in the shares' folder.
    static void search(Browsing &f, const QString &text)
    {
        if (!f.find<QAction>("searchBelowAction")->isChecked())
            f.find<QAction>("searchBelowAction")->trigger();
        auto *field = f.find<QLineEdit>("remoteFilter");
        field->setText(text);
        QTest::keyClick(field, Qt::Key_Return); // without waiting for the end of typing
    }
};

void ClientBrowserChangesTest::whatChangesOnTheServerIsSeenWithoutAsking()
{
    Browsing f;
    f.window->activateWindow();
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    QVERIFY(
        f.listed({QStringLiteral("empty"), QStringLiteral("photos"), QStringLiteral("notes.txt")}));
    f.select(QStringLiteral("notes.txt"));
    f.find<ListingWatch>("listingWatch")->setInterval(20);

    writeFile(f.share() + QStringLiteral("/new.txt"), "new");
    writeFile(f.share() + QStringLiteral("/notes.txt"), "hello again");
    QVERIFY(QDir(f.share()).rmdir(QStringLiteral("empty")));
    QVERIFY(QDir(f.share()).mkdir(QStringLiteral("fresh")));
    QVERIFY(f.listed({QStringLiteral("fresh"), QStringLiteral("photos"), QStringLiteral("new.txt"),
                      QStringLiteral("notes.txt")}));
    QTRY_COMPARE(f.list()->model()->index(3, RemoteListModel::Size).data().toString(),
                 QStringLiteral("11\u00A0B"));
    const QModelIndexList selected = f.list()->selectionModel()->selectedRows();
    QCOMPARE(selected.size(), qsizetype(1));
    QCOMPARE(selected.first().data().toString(), QStringLiteral("notes.txt"));
    // The tree has the same folders.
    const QAbstractItemModel *folders = f.tree()->model();
    const QModelIndex share = folders->index(0, 0, folders->index(0, 0));
    QCOMPARE(folders->rowCount(share), 2);
    QCOMPARE(folders->index(0, 0, share).data().toString(), QStringLiteral("fresh"));
}

void ClientBrowserChangesTest::aFolderThatGoesAwayIsSeenWithoutAsking()
{
    Browsing f;
    f.window->activateWindow();
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S/photos/2024"));
    f.find<ListingWatch>("listingWatch")->setInterval(20);
    QVERIFY(QDir(f.share()).rmdir(QStringLiteral("photos/2024")));
    QTRY_COMPARE(f.navigator()->state(), FolderNavigator::State::Failed);
    QVERIFY(f.find<QWidget>("browserWords")->isVisible());
}

void ClientBrowserChangesTest::nothingIsAskedWhileNobodyIsThere()
{
    Browsing f;
    f.window->activateWindow();
    auto *watch = f.find<ListingWatch>("listingWatch");
    QVERIFY(!watch->look()); // not connected
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    QTRY_VERIFY(f.window->isActiveWindow());
    QVERIFY(watch->look());
    QVERIFY(!watch->look()); // the last answer has not come
    QWidget other;
    other.show();
    other.activateWindow();
    QTRY_VERIFY(!f.window->isActiveWindow());
    QTRY_VERIFY(!f.navigator()->isChecking());
    writeFile(f.share() + QStringLiteral("/new.txt"), "new");
    QVERIFY(!watch->look());
    // Coming back is a reason to look.
    f.window->activateWindow();
    QTRY_VERIFY(f.names().contains(QStringLiteral("new.txt")));
}

void ClientBrowserChangesTest::aSearchFindsWhatIsBelow()
{
    Browsing f;
    writeFile(f.share() + QStringLiteral("/photos/.P1"), "h");
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/"));
    search(f, QStringLiteral("P1"));
    QVERIFY(f.listed(
        {QStringLiteral("S/photos/2026/p1.raw"), QStringLiteral("S/photos/2026/p10.raw"),
         QStringLiteral("S/photos/2026/p11.raw"), QStringLiteral("S/photos/2026/p12.raw")}));
    QCOMPARE(f.list()->model()->index(0, RemoteListModel::Size).data().toString(),
             QStringLiteral("1\u00A0kB"));
    // Of a name on the way nothing is found, of a folder's own name it is.
    search(f, QStringLiteral("photos"));
    QVERIFY(f.listed({QStringLiteral("S/photos")}));
    // Below the folder that is looked at; by typing alone, too.
    QVERIFY(f.go("/S/photos"));
    QVERIFY(f.find<QLineEdit>("remoteFilter")->text().isEmpty());
    f.find<QLineEdit>("remoteFilter")->setText(QStringLiteral("raw"));
    QTRY_COMPARE(f.names().size(), qsizetype(13));
    QCOMPARE(f.names().first(), QStringLiteral("2026/raw"));
    QVERIFY(f.find<ListingWatch>("listingWatch") && !f.navigator()->checkForChanges());
}

void ClientBrowserChangesTest::aSearchIsLeftTheWayItCame()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S/photos"));
    const QStringList folder{QStringLiteral("2024"), QStringLiteral("2026")};
    QVERIFY(f.listed(folder));
    search(f, QStringLiteral("p12"));
    QVERIFY(f.listed({QStringLiteral("2026/p12.raw")}));
    f.find<QLineEdit>("remoteFilter")->clear();
    QVERIFY(f.listed(folder));
    search(f, QStringLiteral("2026"));
    QVERIFY(f.listed({QStringLiteral("2026")}));
    f.find<QAction>("searchBelowAction")->trigger(); // now it is a filter
    QVERIFY(f.listed({QStringLiteral("2026")}));
    QVERIFY(!f.navigator()->isSearching());
    f.find<QLineEdit>("remoteFilter")->clear();
    QVERIFY(f.listed(folder));
    const QAbstractItemModel *folders = f.tree()->model();
    const QModelIndex share = folders->index(0, 0, folders->index(0, 0));
    QVERIFY(share.data().toString() == u"S");
}

void ClientBrowserChangesTest::whatWasFoundIsShownInItsFolder()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    QVERIFY(!f.find<QAction>("revealAction")->isEnabled());
    search(f, QStringLiteral("p7"));
    QVERIFY(f.listed({QStringLiteral("photos/2026/p7.raw")}));
    f.select(QStringLiteral("photos/2026/p7.raw"));
    QVERIFY(f.find<QAction>("revealAction")->isEnabled());
    f.find<QAction>("revealAction")->trigger();
    QTRY_COMPARE(f.names().size(), qsizetype(13));
    QCOMPARE(f.navigator()->path(), QByteArray("/S/photos/2026"));
    QTRY_COMPARE(f.list()->currentIndex().data().toString(), QStringLiteral("p7.raw"));
    QVERIFY(f.find<QLineEdit>("remoteFilter")->text().isEmpty());
    // In the very folder that is looked at, too.
    search(f, QStringLiteral("p3"));
    QVERIFY(f.listed({QStringLiteral("p3.raw")}));
    f.select(QStringLiteral("p3.raw"));
    f.find<QAction>("revealAction")->trigger();
    QTRY_COMPARE(f.names().size(), qsizetype(13));
    QTRY_COMPARE(f.list()->currentIndex().data().toString(), QStringLiteral("p3.raw"));
}

void ClientBrowserChangesTest::whatWasFoundIsDownloaded()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/"));
    search(f, QStringLiteral("p5"));
    QVERIFY(f.listed({QStringLiteral("S/photos/2026/p5.raw")}));
    f.select(QStringLiteral("S/photos/2026/p5.raw"));
    QTest::keyClick(f.list(), Qt::Key_Return);
    QVERIFY(f.allDone(1));
    QCOMPARE(contentOf(f.saved(QStringLiteral("p5.raw"))).size(), qsizetype(5000));
}

void ClientBrowserChangesTest::aSearchThatFindsNothingSaysSo()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    search(f, QStringLiteral("nowhere"));
    QTRY_VERIFY(f.find<QWidget>("browserWords")->isVisible());
    QTRY_VERIFY2(f.find<QWidget>("browserWords")
                     ->accessibleName()
                     .contains(QStringLiteral("is called like that")),
                 qPrintable(f.find<QWidget>("browserWords")->accessibleName()));
}

void ClientBrowserChangesTest::nobodyWaitsForAnOldSearch()
{
    Browsing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    for (int i = 1; i <= 12; ++i)
        search(f, QStringLiteral("p%1.").arg(i));
    QVERIFY(f.listed({QStringLiteral("photos/2026/p12.raw")}));
    search(f, QStringLiteral("p3"));
    QVERIFY(f.go("/S/photos"));
    QVERIFY(f.listed({QStringLiteral("2024"), QStringLiteral("2026")}));
}

FERRY_TEST(ClientBrowserChangesTest)
#include "client_browserchanges.moc"
