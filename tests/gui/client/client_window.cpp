// SPDX-License-Identifier: MIT
#include "client-gui/connect/connectbar.h"
#include "client-gui/queue/counttabs.h"
#include "gui-common/parts/pagearea.h"
#include "gui/client/client_fixture.h"
#include "support/testprogram.h"

#include <QAccessible>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QScreen>
#include <QSplitter>
#include <QToolButton>

#include <cmath>
#include <utility>

using namespace ferry;
using namespace ferry::gui;

namespace {

/// The upper pane's part of the room. In pixels it depends on whether there is a line of words
/// below the fields.
double upperShare(const QSplitter &panes)
{
    const QList<int> sizes = panes.sizes();
    return double(sizes[0]) / (sizes[0] + sizes[1]);
}

} // namespace

class ClientWindowTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void fitsASmallScreen_data();
    void fitsASmallScreen();
    void largeCountsTakeNoRoom();
    void theLockLosesItsWordsWhereThereIsNoRoom();
    void fiveDownloadsAreInSightOnASmallScreen_data();
    void fiveDownloadsAreInSightOnASmallScreen();
    void aLargeFontGetsALargerWindow();
    void communicateSaysWhyItCannotRun();
    void theMenuAndTheButtonAreOneAction();
    void enterInThePasswordFieldConnects();
    void aWrongPasswordIsToldAndCanBeCorrected();
    void aPasswordIsPastedWithWhatSurroundsIt();
    void noServerThereIsTold();
    void anotherMachineNeedsConsent();
    void theMissingEncryptionIsInPlainWords();
    void disconnectAndConnectAgain();
    void geometryHostsAndFolderSurviveARestart();
    void thePasswordIsNowhereOnTheDisk();
    void damagedSettingsAreToldAndTheWindowWorks();
    void recentHostsAreButtons();
    void keysReachEveryPane();
    void everyControlHasAName();
};

void ClientWindowTest::fitsASmallScreen_data()
{
    QTest::addColumn<QStringList>("shown");
    QTest::newRow("usual") << QStringList();
    QTest::newRow("conversation") << QStringList{QStringLiteral("showConversationAction")};
    QTest::newRow("all") << QStringList{QStringLiteral("showConversationAction"),
                                        QStringLiteral("showPlotAction"),
                                        QStringLiteral("addPathsAction")};
}

void ClientWindowTest::fitsASmallScreen()
{
    QFETCH(QStringList, shown);
    ClientWindowFixture f;
    const QSize room = f.window->screen()->availableSize();
    QVERIFY(room.width() < 1000); // of the offscreen platform
    QVERIFY(f.window->width() <= std::max(room.width(), f.window->minimumSizeHint().width()));
    // And the desktop draws a frame around it.
    QVERIFY(firstSize(f.window.get(), QSize(9999, 9999)).height() < room.height());
    for (const QString &name : shown)
        f.find<QAction>(name.toLatin1().constData())->setChecked(true);
    QCoreApplication::processEvents();
    const QSize needed = f.window->minimumSizeHint();
    if (shown.isEmpty()) { // and nothing of it has to be scrolled to
        const QWidget *page = f.window->centralWidget()
                                  ->findChild<QWidget *>(QStringLiteral("columns"))
                                  ->parentWidget();
        QTRY_VERIFY(!f.find<QLabel>("freeSpace")->text().isEmpty());
        // What a busy queue says.
        f.find<QLabel>("overallWords")->setText(QStringLiteral("12 %, 35 min left"));
        f.find<CountTabs>("queueTabs")->setCount(0, QStringLiteral("All"), 100'304);
        QCoreApplication::processEvents();
        QString wide;
        for (const QWidget *part : page->findChildren<QWidget *>()) {
            const int width = part->minimumSizeHint().width();
            if (part->isVisible() && width > 400)
                wide += QStringLiteral("%1 %2, ").arg(part->objectName()).arg(width);
        }
        QVERIFY2(page->minimumSizeHint().width() <= 740, qPrintable(wide));
    }
    // 1024 × 600 with letters a third larger.
    QVERIFY2(needed.width() <= 756, qPrintable(QString::number(needed.width())));
    QVERIFY2(needed.height() <= 443 - 28, qPrintable(QString::number(needed.height())));
}

/// Beside the people as well, who keep the room that they had.
void ClientWindowTest::largeCountsTakeNoRoom()
{
    ClientWindowFixture f;
    f.window->resize(900, 600);
    f.find<QWidget>("people")->show();
    auto *tabs = f.find<CountTabs>("queueTabs");
    auto *columns = f.find<QSplitter>("columns");
    QCoreApplication::processEvents();
    const QList<int> before = columns->sizes();
    const QSize needed = f.window->minimumSizeHint();
    const QStringList words =
        QStringLiteral("All,Active,Waiting,Paused,Attention,Done").split(u',');
    for (int tab = 0; tab < tabs->count(); ++tab)
        tabs->setCount(tab, words.value(tab), 8'888);
    QCoreApplication::processEvents();
    QTRY_COMPARE(tabs->tabText(0), QStringLiteral("All 8.8k"));
    QCOMPARE(tabs->accessibleTabName(0), QStringLiteral("All 8,888"));
    QCOMPARE(tabs->tabToolTip(0), QStringLiteral("All 8,888"));
    QCOMPARE(columns->sizes(), before);
    QCOMPARE(f.window->minimumSizeHint().height(), needed.height());
    const auto *page = columns->parentWidget();
    QVERIFY2(page->minimumSizeHint().width() <= 900,
             qPrintable(QString::number(page->minimumSizeHint().width())));
    // All of the last tab is in sight.
    QTRY_VERIFY(tabs->rect().contains(tabs->tabRect(tabs->count() - 1)));
    QTRY_VERIFY(tabs->visibleRegion().boundingRect() == tabs->rect());

    f.window->resize(1500, 700);
    QTRY_COMPARE(tabs->tabText(0), QStringLiteral("All 8,888"));
    QVERIFY(tabs->tabToolTip(0).isEmpty());
    f.window->resize(900, 600);
    QTRY_COMPARE(tabs->tabText(0), QStringLiteral("All 8.8k"));
    for (const auto &[count, text] : {std::pair(999, "999"),
                                      {1'000, "1.0k"},
                                      {1'999, "1.9k"},
                                      {100'000, "100k"},
                                      {999'999, "999k"},
                                      {3'400'000, "3.4M"}})
        QCOMPARE(briefCount(count), QLatin1StringView(text));
}

void ClientWindowTest::theLockLosesItsWordsWhereThereIsNoRoom()
{
    ClientWindowFixture f;
    auto *lock = f.find<QToolButton>("dialectChoice");
    f.window->resize(900, 600);
    QTRY_COMPARE(lock->toolButtonStyle(), Qt::ToolButtonTextBesideIcon);
    f.window->resize(756, 440);
    QTRY_COMPARE(lock->toolButtonStyle(), Qt::ToolButtonIconOnly);
    QVERIFY(lock->accessibleName().contains(QStringLiteral("Encrypted")));
    const auto *bar = f.find<QWidget>("connectBar");
    QTRY_VERIFY(lock->visibleRegion().boundingRect() == lock->rect());
    QVERIFY(bar->rect().contains(lock->geometry()));
    f.window->resize(900, 600);
    QTRY_COMPARE(lock->toolButtonStyle(), Qt::ToolButtonTextBesideIcon);
}

void ClientWindowTest::fiveDownloadsAreInSightOnASmallScreen_data()
{
    fitsASmallScreen_data();
}

void ClientWindowTest::fiveDownloadsAreInSightOnASmallScreen()
{
    QFETCH(QStringList, shown);
    ClientWindowFixture f;
    QList<client::Download> rows(20);
    for (client::Download &row : rows) {
        row.remotePath = "/S/plan.pdf";
        row.localName = QStringLiteral("plan.pdf");
        row.folder = f.target();
        row.state = client::DownloadState::Paused;
    }
    f.client->queue().add(rows);
    f.window->addPaths({});
    for (const QString &name : shown)
        f.find<QAction>(name.toLatin1().constData())->setChecked(true);
    f.window->resize(900, 600);
    auto *table = f.find<QTreeView>("queueTable");
    const auto inSight = [&](int row) {
        const QRect place = table->visualRect(table->model()->index(row, 0));
        const QRect part = table->viewport()->visibleRegion().boundingRect();
        return place.isValid() && part.top() <= place.top() && place.bottom() <= part.bottom();
    };
    QTRY_VERIFY(inSight(4));
    for (int row = 0; row < 5; ++row)
        QVERIFY2(inSight(row), qPrintable(QString::number(row)));
}

void ClientWindowTest::aLargeFontGetsALargerWindow()
{
    QMainWindow window;
    auto *page = new QWidget;
    auto *content = new QWidget(page);
    content->setMinimumSize(400, 300);
    auto *layout = new PageLayout(page);
    layout->addWidget(content);
    window.setCentralWidget(new PageArea(page, &window));
    QVERIFY(firstSize(&window, QSize(100, 100)).width() >= 400);
    QVERIFY(firstSize(&window, QSize(100, 100)).height() >= 300);
    QCOMPARE(firstSize(&window, QSize(600, 500)), QSize(600, 500));
}

void ClientWindowTest::communicateSaysWhyItCannotRun()
{
    ClientWindowFixture f;
    auto *message = f.find<QLabel>("connectMessage");
    QVERIFY(!f.communicate()->isEnabled());
    QVERIFY(!f.communicate()->statusTip().isEmpty());
    QVERIFY(message->isVisible());
    QCOMPARE(message->text(), f.communicate()->statusTip());
    QVERIFY(message->text().contains(QStringLiteral("address")));

    f.fillIn(QStringLiteral("127.0.0.1"), {});
    QVERIFY(!f.communicate()->isEnabled());
    QVERIFY(message->text().contains(QStringLiteral("password")));

    f.fillIn(QStringLiteral("127.0.0.1:99999"), QStringLiteral("x"));
    QVERIFY(!f.communicate()->isEnabled());
    QVERIFY(message->isVisible());

    f.fillIn(QStringLiteral("[::1]:7421"), QStringLiteral("x"));
    QVERIFY(f.communicate()->isEnabled());
    QVERIFY(!message->isVisible());
    f.find<QLineEdit>("passwordField")->selectAll();
    QTest::keyClick(f.find<QLineEdit>("passwordField"), Qt::Key_Backspace);
    QVERIFY(!f.communicate()->isEnabled());
}

void ClientWindowTest::theMenuAndTheButtonAreOneAction()
{
    ClientWindowFixture f;
    QVERIFY(f.find<QMenu>("fileMenu")->actions().contains(f.communicate()));
    QCOMPARE(f.find<QToolButton>("communicateButton")->defaultAction(), f.communicate());
    QCOMPARE(f.communicate()->text().remove(QLatin1Char('&')), QStringLiteral("Communicate"));
}

void ClientWindowTest::enterInThePasswordFieldConnects()
{
    ClientWindowFixture f;
    f.startServer();
    f.fillIn(f.serverAddress(), f.password);
    QTest::keyClick(f.find<QLineEdit>("passwordField"), Qt::Key_Return);
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("● Connected"));
}

void ClientWindowTest::aWrongPasswordIsToldAndCanBeCorrected()
{
    ClientWindowFixture f;
    f.startServer();
    f.fillIn(f.serverAddress(), passphraseFor(1)); // as such a server makes them
    f.communicate()->trigger();
    QTRY_VERIFY(f.words("connectMessage").startsWith(QStringLiteral("Wrong password.")));
    QVERIFY(f.find<QLabel>("connectMessage")->isVisible());
    QCOMPARE(f.words("linkLight"), QStringLiteral("✕ No connection"));
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(!f.find<QLabel>("connectMessage")->isVisible());
}

void ClientWindowTest::aPasswordIsPastedWithWhatSurroundsIt()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.communicate()->trigger();
    QTRY_VERIFY(f.words("linkLight").endsWith(QStringLiteral("Not connected")));
    f.fillIn(f.serverAddress(), QStringLiteral("not this one "));
    f.communicate()->trigger();
    QTRY_VERIFY2(f.words("connectMessage").contains(QStringLiteral("space")),
                 qPrintable(f.words("connectMessage")));
    QByteArray sent;
    connect(f.find<ConnectBar>("connectBar"), &ConnectBar::connectRequested, this,
            [&sent](const client::ClientConfig &config) { sent = config.password; });
    f.find<QLineEdit>("passwordField")->setText(QStringLiteral("two words\r\n")); // as it is pasted
    f.communicate()->trigger();
    QCOMPARE(sent, QByteArray("two words"));
}

void ClientWindowTest::noServerThereIsTold()
{
    ClientWindowFixture f;
    quint16 port = 0;
    {
        QTcpServer briefly;
        QVERIFY(briefly.listen(QHostAddress::LocalHost));
        port = briefly.serverPort();
    }
    f.fillIn(QStringLiteral("127.0.0.1:%1").arg(port), QStringLiteral("x"));
    f.communicate()->trigger();
    QTRY_VERIFY(f.words("connectMessage").startsWith(QStringLiteral("Can't reach")));
    QVERIFY(f.communicate()->isEnabled());
    QVERIFY(f.hosts().isEmpty()); // what never worked is not offered again
}

void ClientWindowTest::anotherMachineNeedsConsent()
{
    ClientWindowFixture f;
    f.chooseClassic();
    // An address for documentation. The answer is no, so nothing is ever sent there.
    f.fillIn(QStringLiteral("192.0.2.1"), QStringLiteral("secret"));
    QVERIFY(f.words("connectMessage").contains(QStringLiteral("Not encrypted")));
    f.answers.yes = false;
    f.communicate()->trigger();
    QCOMPARE(f.answers.asked.size(), qsizetype(1));
    QVERIFY(f.answers.asked.first().contains(QStringLiteral("not encrypted")));
    QVERIFY(f.answers.asked.first().contains(QStringLiteral("192.0.2.1")));
    QCOMPARE(f.client->connection().state, client::ConnectionState::Offline);
    QVERIFY(f.client->takeConversation().isEmpty());
}

void ClientWindowTest::theMissingEncryptionIsInPlainWords()
{
    ClientWindowFixture f;
    const auto *lock = f.find<QToolButton>("dialectChoice");
    QVERIFY(lock->isVisible());
    QCOMPARE(lock->text(), QStringLiteral("Encrypted"));
    f.chooseClassic();
    QCOMPARE(lock->text(), QStringLiteral("Not encrypted"));
    QVERIFY(!lock->icon().isNull());
    f.startServer();
    QVERIFY(f.connectTo(f.classicAddress()));
    QVERIFY(f.answers.asked.isEmpty()); // this computer: nobody can listen in between
    QCOMPARE(lock->text(), QStringLiteral("Not encrypted"));
    // Never by habit: the next run begins encrypted.
    f.open();
    QCOMPARE(f.find<QToolButton>("dialectChoice")->text(), QStringLiteral("Encrypted"));
}

void ClientWindowTest::disconnectAndConnectAgain()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    QCOMPARE(f.communicate()->text().remove(QLatin1Char('&')), QStringLiteral("Disconnect"));
    QVERIFY(!f.find<QComboBox>("hostField")->isEnabled());
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
    QTRY_COMPARE(f.server.liveSessions(), 0);
    // The password is still in its field, though nowhere else.
    QVERIFY(f.communicate()->isEnabled());
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("● Connected"));
}

void ClientWindowTest::geometryHostsAndFolderSurviveARestart()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    const QString other = f.dir.filePath(QStringLiteral("other"));
    QVERIFY(QDir().mkpath(other));
    f.answers.folder = other;
    QTest::mouseClick(f.find<QPushButton>("changeDestination"), Qt::LeftButton);
    QCOMPARE(f.settings->destination(), other);
    f.window->resize(940, 760);
    QTRY_COMPARE(f.window->size(), QSize(940, 760));
    const double usual = upperShare(*f.find<QSplitter>("panes"));
    f.find<QSplitter>("panes")->setSizes({150, 450});
    const double share = upperShare(*f.find<QSplitter>("panes"));
    QVERIFY(std::abs(share - usual) > 0.1);
    QVERIFY(f.window->close());
    f.close();

    ClientSettings settings(f.dir.filePath(QStringLiteral("data")));
    client::Client client;
    MainWindow again(&client, &settings, &f.answers);
    again.show();
    QVERIFY(QTest::qWaitForWindowExposed(&again));
    QTRY_COMPARE(again.size(), QSize(940, 760));
    const auto *panes = again.findChild<QSplitter *>(QStringLiteral("panes"));
    QTRY_VERIFY(std::abs(upperShare(*panes) - share) < 0.02);
    auto *host = again.findChild<QComboBox *>(QStringLiteral("hostField"));
    QCOMPARE(host->currentText(), f.serverAddress());
    QCOMPARE(
        again.findChild<QLabel *>(QStringLiteral("destinationPath"))->toolTip().contains(other),
        true);
    QVERIFY(f.answers.told.isEmpty());
}

void ClientWindowTest::thePasswordIsNowhereOnTheDisk()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.window->close());
    f.close();
    const QByteArrayList contents = contentsBelow(f.dir.filePath(QStringLiteral("data")));
    QVERIFY(!contents.isEmpty());
    for (const QByteArray &content : contents) {
        QVERIFY(!content.contains(f.password.toUtf8()));
        QVERIFY(!content.contains(f.password.toUtf8().toBase64()));
    }
}

void ClientWindowTest::damagedSettingsAreToldAndTheWindowWorks()
{
    ClientWindowFixture f;
    QVERIFY(f.answers.told.isEmpty());
    f.close();
    writeFile(f.dir.filePath(QStringLiteral("data/client.ini")), "\x01\x02 no settings \xff");
    f.open();
    QCOMPARE(f.answers.told.size(), qsizetype(1));
    QVERIFY(f.answers.told.first().contains(QStringLiteral("damaged")));
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
}

void ClientWindowTest::recentHostsAreButtons()
{
    ClientWindowFixture f;
    f.rememberServer(QStringLiteral("studio&co"));
    f.rememberServer(QStringLiteral("anna@127.0.0.1:7421"));
    f.open();
    QVERIFY(f.find<QWidget>("welcome")->isVisible());
    const auto buttons = f.window->findChildren<QPushButton *>(QStringLiteral("recentHost"));
    QCOMPARE(buttons.size(), qsizetype(2));
    QTest::mouseClick(buttons[1], Qt::LeftButton);
    QCOMPARE(buttons[1]->text(), QStringLiteral("studio&&co"));
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), QStringLiteral("studio&co"));
    QTRY_VERIFY(f.find<QLineEdit>("passwordField")->hasFocus());
    f.find<QAction>("forgetHostsAction")->trigger();
    QVERIFY(f.hosts().isEmpty());
}

void ClientWindowTest::keysReachEveryPane()
{
    ClientWindowFixture f;
    f.window->activateWindow();
    f.window->addPaths({"/S/a"});
    f.find<QAction>("addPathsAction")->trigger();
    f.find<QAction>("showConversationAction")->setChecked(true);
    QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
    QTest::keyClick(f.window.get(), Qt::Key_L, Qt::ControlModifier);
    const auto inside = [&](const char *name) {
        const QWidget *focus = QApplication::focusWidget();
        const auto *pane = f.find<QWidget>(name);
        return focus && (focus == pane || pane->isAncestorOf(focus));
    };
    QTRY_VERIFY(inside("hostField"));
    for (const char *pane : {"addPathsBar", "queueView", "conversation", "connectBar"}) {
        QTest::keyClick(f.window.get(), Qt::Key_F6);
        QTRY_VERIFY2(inside(pane), pane);
    }
    QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
    QTRY_VERIFY(inside("queueFilter"));
}

void ClientWindowTest::everyControlHasAName()
{
    ClientWindowFixture f;
    const auto widgets = f.window->findChildren<QWidget *>();
    int controls = 0;
    for (QWidget *widget : widgets) {
        // The signs in a field take no focus, and are buttons for a screen reader.
        const bool sign = qobject_cast<QLineEdit *>(widget->parentWidget()) &&
                          qobject_cast<QToolButton *>(widget);
        const bool own = (widget->focusPolicy() != Qt::NoFocus || sign) && widget->isVisible() &&
                         !widget->objectName().startsWith(QStringLiteral("qt_"));
        // The viewport of a view is the outer one's, and so is the list of a combo box.
        if (!own ||
            (qobject_cast<QComboBox *>(widget->parentWidget()) &&
             !qobject_cast<QLineEdit *>(widget)) ||
            qobject_cast<QSplitter *>(widget->parentWidget()))
            continue;
        ++controls;
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(accessible && !accessible->text(QAccessible::Name).isEmpty(),
                 qPrintable(QLatin1String(widget->metaObject()->className()) + QLatin1Char(' ') +
                            widget->objectName()));
    }
    QVERIFY(controls > 10);
}

FERRY_TEST(ClientWindowTest)
#include "client_window.moc"
