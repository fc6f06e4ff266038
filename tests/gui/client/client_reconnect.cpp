// SPDX-License-Identifier: MIT
// What the window says and keeps while a connection is made, and after it broke off.
#include "gui/client/client_fixture.h"

#include "client-gui/browser/browserpane.h"
#include "client-gui/browser/foldernavigator.h"
#include "client-gui/connect/connectbar.h"
#include "client-gui/connect/connectiontext.h"
#include "support/testprogram.h"

#include <QPushButton>

using namespace ferry;
using namespace ferry::gui;

namespace {

/// A window with a large file under way and its folder listed, whose server goes.
struct Losing : ClientWindowFixture
{
    Losing()
    {
        writeFile(share() + QStringLiteral("/big.bin"), QByteArray(20'000'000, 'b'));
        startServer();
        QVERIFY(connectTo(serverAddress()));
        FolderNavigator *navigator = find<BrowserPane>("browserPane")->navigator();
        navigator->go("/S");
        QVERIFY(QTest::qWaitFor([&] { return list()->model()->rowCount() == 1; }, 20000));
        client->queue().setRateLimit(1'000'000);
        window->addPaths({"/S/big.bin"});
        QVERIFY(QTest::qWaitFor([&] { return client->queue().all().first().received > 0; }, 20000));
    }
    void lose()
    {
        server.stop();
        QVERIFY(QTest::qWaitFor([&] { return tryNow()->isVisible(); }, 20000));
    }
    QTreeView *list() const { return find<QTreeView>("remoteList"); }
    QPushButton *tryNow() const { return find<QPushButton>("tryNowButton"); }
    QString button() const { return communicate()->text().remove(u'&'); }
};

} // namespace

class ClientReconnectTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void aLostConnectionIsCalledThat();
    void aServerThatStopsIsCalledThat();
    void theListingStaysAndIsBackWithTheServer();
    void stopEndsTheSearch();
    void whileConnectingNothingSaysOtherwise();
    void theRowsOfTheBarKeepTheirPlace();
};

void ClientReconnectTest::aLostConnectionIsCalledThat()
{
    Losing f;
    f.lose();
    QVERIFY2(f.words("connectMessage").startsWith(QStringLiteral("Connection lost. Trying again")),
             qPrintable(f.words("connectMessage")));
    QCOMPARE(f.words("linkLight"), QStringLiteral("◐ Reconnecting…"));
    QCOMPARE(f.button(), QStringLiteral("Stop"));
    QVERIFY(!f.find<QWidget>("welcome")->isVisible());
    QCOMPARE(
        connectionLostText({ErrorCode::CutShort, QStringLiteral("The connection was lost.")}, 12),
        QStringLiteral("Connection lost. Trying again in 12 s."));
}

void ClientReconnectTest::aServerThatStopsIsCalledThat()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    QCOMPARE(f.words("linkLight"), QStringLiteral("● Connected"));
    f.server.drain();
    QTRY_VERIFY_WITH_TIMEOUT(f.find<QPushButton>("tryNowButton")->isVisible(), 20000);
    QVERIFY2(f.words("connectMessage")
                 .startsWith(QStringLiteral("The server is stopping. Trying again")),
             qPrintable(f.words("connectMessage")));
}

void ClientReconnectTest::theListingStaysAndIsBackWithTheServer()
{
    Losing f;
    f.lose();
    QVERIFY(f.list()->isVisible());
    QVERIFY(!f.list()->isEnabled());
    QCOMPARE(f.list()->model()->rowCount(), 1);
    QVERIFY(!f.find<QAction>("refreshAction")->isEnabled());
    f.startServer();
    if (f.tryNow()->isVisible())
        QTest::mouseClick(f.tryNow(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(f.words("linkLight"), QStringLiteral("● Connected"), 20000);
    QVERIFY(!f.tryNow()->isVisible());
    QVERIFY(f.list()->isEnabled());
    QTRY_COMPARE(f.find<BrowserPane>("browserPane")->navigator()->path(), QByteArray("/S"));
    QCOMPARE(f.button(), QStringLiteral("Disconnect"));
    QCOMPARE(f.answers.contacts.size(), qsizetype(1));
}

void ClientReconnectTest::stopEndsTheSearch()
{
    Losing f;
    f.lose();
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
    QVERIFY(!f.tryNow()->isVisible());
    QVERIFY(f.find<QWidget>("welcome")->isVisible());
    QCOMPARE(f.button(), QStringLiteral("Communicate"));
}

void ClientReconnectTest::whileConnectingNothingSaysOtherwise()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    ClientWindowFixture f;
    f.fillIn(QStringLiteral("127.0.0.1:%1").arg(silent.serverPort()), f.password);
    const int before = f.find<QWidget>("panes")->mapTo(f.window.get(), QPoint()).y();
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("◐ Connecting…"));
    QCOMPARE(f.communicate()->text().remove(u'&'), QStringLiteral("Cancel"));
    const auto said = f.find<QWidget>("welcome")->findChild<QLabel *>(QStringLiteral("emptyText"));
    QCOMPARE(said->text(), QStringLiteral("Connecting to 127.0.0.1:%1…").arg(silent.serverPort()));
    QCoreApplication::processEvents();
    QCOMPARE(f.find<QWidget>("panes")->mapTo(f.window.get(), QPoint()).y(), before);
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
    QVERIFY(said->text().startsWith(QStringLiteral("Type the address")));
}

/// With and without words, with and without the box beside them.
void ClientReconnectTest::theRowsOfTheBarKeepTheirPlace()
{
    ConnectBar bar;
    bar.setHost(QStringLiteral("studio"));
    bar.setPassword(QStringLiteral("x")); // nothing is missing, so there are no words
    bar.resize(900, 100);
    const auto wanted = [&bar] {
        const int ofWords = bar.heightForWidth(900);
        return ofWords < 0 ? bar.sizeHint().height() : ofWords;
    };
    const int height = wanted();
    ConnectionView view;
    view.status.state = client::ConnectionState::Connecting;
    bar.setConnection(view);
    QCOMPARE(wanted(), height);
    view.status.lost = Error{ErrorCode::CutShort, {}};
    bar.setConnection(view);
    QCOMPARE(wanted(), height);
}

FERRY_TEST(ClientReconnectTest)
#include "client_reconnect.moc"
