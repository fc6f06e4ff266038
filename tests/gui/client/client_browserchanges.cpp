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
                 QStringLiteral("11 B"));
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
    QTRY_VERIFY(f.complete());
    writeFile(f.share() + QStringLiteral("/new.txt"), "new");
    QVERIFY(!watch->look());
    // Coming back is a reason to look.
    f.window->activateWindow();
    QTRY_VERIFY(f.names().contains(QStringLiteral("new.txt")));
}

FERRY_TEST(ClientBrowserChangesTest)
#include "client_browserchanges.moc"
