// SPDX-License-Identifier: MIT
/// What is around the panes of the client window: status bar, plot, tray, task bar, notifications,
/// addresses that are dropped, the list of keys.
#include "client-gui/queue/queueactions.h"
#include "client-gui/queue/queuemodel.h"
#include "client-gui/settings/preferences.h"
#include "client-gui/window/addressdrop.h"
#include "client-gui/window/desktoppresence.h"
#include "gui-common/desktop/desktopbus.h"
#include "gui-common/dialogs/keysdialog.h"
#include "gui-common/parts/throughputplot.h"
#include "gui-common/program/messagenotice.h"
#include "gui-common/program/trayicon.h"
#include "gui/client/client_fixture.h"
#include "gui/common/privatebus.h"
#include "support/testprogram.h"

#include <QDBusConnection>
#include <QDropEvent>
#include <QMainWindow>
#include <QMenuBar>
#include <QMimeData>
#include <QStatusBar>
#include <QTimer>
#include <QTreeWidget>
#include <QVariantMap>

using namespace ferry;
using namespace ferry::gui;

namespace {

const QString progressSignal = QStringLiteral("com.canonical.Unity.LauncherEntry");

/// Somebody on a bus of our own who listens as a desktop does.
class DesktopBus final : public QObject
{
    Q_OBJECT
public:
    DesktopBus()
    {
        m_bus.desktop.connect({}, {}, progressSignal, QStringLiteral("Update"), this,
                              SLOT(takeProgress(QString, QVariantMap)));
        m_notes.answers[QStringLiteral("Notify")] = {uint(1)};
    }

    QDBusConnection program() const { return m_bus.program; }
    QString entry;
    QVariantMap progress;
    QList<QVariantList> told() const
    {
        QList<QVariantList> all;
        for (const auto &[member, arguments] : m_notes.calls) {
            if (member == QLatin1StringView("Notify"))
                all.append(arguments);
        }
        return all;
    }

private Q_SLOTS:
    void takeProgress(const QString &uri, const QVariantMap &properties)
    {
        entry = uri;
        progress = properties;
    }

private:
    test::PrivateBus m_bus;
    test::FakeService m_notes{&m_bus, "org.freedesktop.Notifications",
                              "/org/freedesktop/Notifications"};
};

/// A window with nothing in it but its presence on the desktop.
struct Presence
{
    explicit Presence(const QDBusConnection &bus)
        : presence(&window, &actions, bus)
    {
        QObject::connect(&presence, &DesktopPresence::told,
                         [this](const QString &text) { told.append(text); });
    }
    static QueueSummary summary(qsizetype active, qsizetype done, qsizetype failed = 0)
    {
        QueueSummary summary;
        summary.active = active;
        summary.done = done;
        summary.failed = failed;
        return summary;
    }

    QMainWindow window;
    QueueModel model;
    QueueActions actions{&model,
                         {[](int) { return QModelIndexList(); }, [] { return false; },
                          [](int) { return QList<QList<quint64>>(); }},
                         &window};
    DesktopPresence presence;
    QStringList told;
};

template <typename Event>
bool offer(QWidget *widget, const QMimeData &data)
{
    Event event(widget->rect().center(), Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton,
                Qt::NoModifier);
    event.setAccepted(false);
    QCoreApplication::sendEvent(widget, &event);
    return event.isAccepted();
}

bool dropText(QWidget *widget, const QString &text)
{
    QMimeData data;
    data.setText(text);
    return offer<QDragEnterEvent>(widget, data) && offer<QDropEvent>(widget, data);
}

} // namespace

class ClientFrameTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void theStatusBarTellsOfTheQueue();
    void thePlotIsFedAndUnfolds();
    void aFinishedQueueIsTold();
    void theWordDependsOnHowItEnded();
    void aQueueThatWasCancelledIsNotTold();
    void withoutATrayTheDesktopIsTold();
    void nothingIsToldToWhoeverWantsNothing();
    void messagesAreToldRarelyAndNotWhatTheySay();
    void whoeverWantsNoMessagesIsNotToldOfThem();
    void theTaskBarAndTheTitleShowTheProgress();
    void theTrayIconShowsTheProgress();

    void aDroppedAddressIsFilledIn_data();
    void aDroppedAddressIsFilledIn();
    void whatIsNoAddressIsNotTaken();
    void theKeysAreListedAsTheyAre();
};

void ClientFrameTest::theStatusBarTellsOfTheQueue()
{
    ClientWindowFixture f;
    writeFile(f.share() + QStringLiteral("/a.txt"), "a");
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths({"/S/a.txt"});
    QTRY_COMPARE(f.words("statusCount"), QStringLiteral("1 of 1 done"));
}

void ClientFrameTest::thePlotIsFedAndUnfolds()
{
    ClientWindowFixture f;
    auto *small = f.find<ThroughputPlot>("smallPlot");
    auto *large = f.find<ThroughputPlot>("largePlot");
    QVERIFY(!small->isVisible()); // nothing to show yet
    QVERIFY(!large->isVisible());
    writeFile(f.share() + QStringLiteral("/a.bin"), QByteArray(30'000'000, 'a'));
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.client->queue().setRateLimit(20'000'000);
    f.window->addPaths({"/S/a.bin"});
    QTRY_VERIFY(small->highest() > 0);
    QVERIFY(small->isVisible());
    QCOMPARE(large->highest(), small->highest());
    QTest::mouseClick(small, Qt::LeftButton);
    QVERIFY(large->isVisible());
    QVERIFY(!small->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(f.words("statusCount"), QStringLiteral("1 of 1 done"), 20000);
    QVERIFY(f.window->close());
    f.open();
    QVERIFY(f.find<QWidget>("largePlot")->isVisible());
}

void ClientFrameTest::aFinishedQueueIsTold()
{
    ClientWindowFixture f;
    writeFile(f.share() + QStringLiteral("/a.txt"), "a");
    writeFile(f.share() + QStringLiteral("/b.txt"), "b");
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths({"/S/a.txt", "/S/b.txt", "/S/none.txt"});
    auto *bar = f.window->statusBar();
    QTRY_VERIFY2(bar->currentMessage().contains(QStringLiteral("2 file")),
                 qPrintable(bar->currentMessage()));
    QVERIFY(bar->currentMessage().contains(QStringLiteral("failed")));
    bar->clearMessage();
    writeFile(f.share() + QStringLiteral("/c.txt"), "c");
    f.window->addPaths({"/S/c.txt"});
    // Each time only what is new.
    QTRY_VERIFY2(bar->currentMessage().contains(QStringLiteral("1 file")),
                 qPrintable(bar->currentMessage()));
    QVERIFY(!bar->currentMessage().contains(QStringLiteral("failed")));
}

void ClientFrameTest::theWordDependsOnHowItEnded()
{
    Presence p{QDBusConnection(QString())};
    p.presence.look(Presence::summary(3, 0), 0);
    p.presence.queueFinished(Presence::summary(0, 3));
    QCOMPARE(p.told.size(), qsizetype(1));
    QVERIFY(p.told.last().startsWith(QStringLiteral("Download complete")));
    p.presence.queueFinished(Presence::summary(0, 3, 2));
    QCOMPARE(p.told.size(), qsizetype(2));
    QCOMPARE(p.told.last(), QStringLiteral("2 files failed: The Attention tab says why."));
    // Cleared away, and one more.
    p.presence.look(Presence::summary(1, 0), 0);
    p.presence.queueFinished(Presence::summary(0, 1));
    QVERIFY(p.told.last().startsWith(QStringLiteral("Download complete: 1 ")));
    // What did not have to be fetched is not said to have been.
    QueueSummary summary = Presence::summary(0, 301);
    summary.of[size_t(client::DownloadState::Skipped)] = 299;
    p.presence.queueFinished(summary);
    QCOMPARE(p.told.last(), QStringLiteral("Download complete: 1 file downloaded. "
                                           "299 files were here already."));
    summary.done += 2;
    summary.of[size_t(client::DownloadState::Skipped)] += 2;
    p.presence.queueFinished(summary);
    QCOMPARE(p.told.last(), QStringLiteral("Download complete: 2 files were here already."));
}

void ClientFrameTest::aQueueThatWasCancelledIsNotTold()
{
    Presence p{QDBusConnection(QString())};
    p.presence.look(Presence::summary(3, 0), 0);
    p.presence.queueFinished(Presence::summary(0, 0));
    QVERIFY(p.told.isEmpty());
}

void ClientFrameTest::withoutATrayTheDesktopIsTold()
{
    if (!test::PrivateBus::isPossible())
        QSKIP("there is no dbus-daemon");
    DesktopBus bus;
    QVERIFY(bus.program().isConnected());
    Presence p(bus.program());
    p.presence.queueFinished(Presence::summary(0, 12, 1));
    QTRY_COMPARE(bus.told().size(), qsizetype(1));
    const QVariantList call = bus.told().first();
    QCOMPARE(call.value(3).toString(), QStringLiteral("1 file failed"));
    QVERIFY(call.value(4).toString().contains(QStringLiteral("12 file")));
    // Markup of a body would be taken for such.
    QVERIFY(sendNotification(bus.program(), QStringLiteral("t"), QStringLiteral("<b>a</b>")));
    QTRY_COMPARE(bus.told().size(), qsizetype(2));
    QCOMPARE(bus.told().last().value(4).toString(), QStringLiteral("&lt;b&gt;a&lt;/b&gt;"));
}

void ClientFrameTest::nothingIsToldToWhoeverWantsNothing()
{
    if (!test::PrivateBus::isPossible())
        QSKIP("there is no dbus-daemon");
    DesktopBus bus;
    QVERIFY(bus.program().isConnected());
    Presence p(bus.program());
    Preferences quiet;
    quiet.notify = false;
    p.presence.setPreferences(quiet);
    p.presence.queueFinished(Presence::summary(0, 12));
    QVERIFY(!p.told.isEmpty()); // the window's own line stays
    // The bus keeps the order, so had there been a first one it would be here before this one.
    QVERIFY(sendNotification(bus.program(), QStringLiteral("t"), QStringLiteral("second")));
    QTRY_VERIFY(!bus.told().isEmpty());
    QCOMPARE(bus.told().first().value(4).toString(), QStringLiteral("second"));
}

void ClientFrameTest::messagesAreToldRarelyAndNotWhatTheySay()
{
    MessageNotice notice;
    QCOMPARE(notice.take(0), QString());
    notice.add({QStringLiteral("Anna")});
    QCOMPARE(notice.take(5), QStringLiteral("Message from Anna"));
    notice.add({QStringLiteral("Anna"), QStringLiteral("Anna")});
    QCOMPARE(notice.take(5 + MessageNotice::restMs - 1), QString());
    QCOMPARE(notice.take(5 + MessageNotice::restMs), QStringLiteral("2 messages from Anna"));
    notice.add({QStringLiteral("Anna"), QStringLiteral("Ben")});
    QCOMPARE(notice.take(5 + 2 * MessageNotice::restMs), QStringLiteral("2 new messages"));
}

void ClientFrameTest::whoeverWantsNoMessagesIsNotToldOfThem()
{
    if (!test::PrivateBus::isPossible())
        QSKIP("there is no dbus-daemon");
    DesktopBus bus;
    QVERIFY(bus.program().isConnected());
    Presence p(bus.program());
    p.presence.messagesArrived({QStringLiteral("Anna")});
    p.presence.look(Presence::summary(0, 0), 0);
    QTRY_COMPARE(bus.told().size(), 1);
    QCOMPARE(bus.told().first().value(4).toString(), QStringLiteral("Message from Anna"));
    Preferences preferences;
    preferences.notifyMessages = false;
    Presence quiet(bus.program());
    quiet.presence.setPreferences(preferences);
    quiet.presence.messagesArrived({QStringLiteral("Anna")});
    quiet.presence.look(Presence::summary(0, 0), 0);
    // The bus keeps the order, so had there been one it would be here before this one.
    preferences.notifyMessages = true;
    quiet.presence.setPreferences(preferences);
    quiet.presence.messagesArrived({QStringLiteral("Ben")});
    quiet.presence.look(Presence::summary(0, 0), 0);
    QTRY_COMPARE(bus.told().size(), 2);
    QCOMPARE(bus.told().last().value(4).toString(), QStringLiteral("Message from Ben"));
}

void ClientFrameTest::theTaskBarAndTheTitleShowTheProgress()
{
    if (!test::PrivateBus::isPossible())
        QSKIP("there is no dbus-daemon");
    DesktopBus bus;
    QVERIFY(bus.program().isConnected());
    Presence p(bus.program());
    p.presence.look(Presence::summary(1, 1), 0.42);
    QTRY_COMPARE(bus.progress.value(QStringLiteral("progress-visible")), QVariant(true));
    QCOMPARE(bus.progress.value(QStringLiteral("progress")).toDouble(), 0.42);
    QCOMPARE(bus.entry, QStringLiteral("application://org.ferry.Client.desktop"));
    QVERIFY(p.window.windowTitle().startsWith(QStringLiteral("42")));
    QVERIFY(p.window.windowTitle().endsWith(QStringLiteral("Ferry Client")));
    p.presence.look(Presence::summary(0, 2), 1);
    QTRY_COMPARE(bus.progress.value(QStringLiteral("progress-visible")), QVariant(false));
    QCOMPARE(p.window.windowTitle(), QStringLiteral("Ferry Client"));
}

void ClientFrameTest::theTrayIconShowsTheProgress()
{
    Presence p{QDBusConnection(QString())};
    TrayIcon *tray = p.presence.tray();
    QueueSummary summary = Presence::summary(1, 1);
    summary.waiting = 2;
    summary.bytesPerSecond = 3'000'000;
    p.presence.look(summary, 0.5);
    QVERIFY2(tray->words().contains(QStringLiteral("1 of 4")), qPrintable(tray->words()));
    QVERIFY(tray->words().contains(QStringLiteral("3.0\u00a0MB/s")));
    QCOMPARE(tray->menu()->actions().first()->text(), tray->words());

    // The bar's last line of pixels: a third of it filled, and more with more.
    const auto filled = [](int percent) {
        const QImage image = DesktopPresence::trayIcon(percent).pixmap(22, 22).toImage();
        const QRgb groove = qRgb(128, 128, 128);
        int count = 0;
        for (int x = 0; x < image.width(); ++x)
            count += image.pixel(x, image.height() - 1) != groove;
        return count;
    };
    QCOMPARE(filled(0), 0);
    QCOMPARE(filled(50), 11);
    QCOMPARE(filled(100), 22);
}

void ClientFrameTest::aDroppedAddressIsFilledIn_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    const auto row = [](const char *name, const char *text, const char *host) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(host);
    };
    row("address", "192.168.1.20:7420", "192.168.1.20:7420");
    row("user", "anna@studio", "anna@studio");
    row("IPv6", "[fe80::1]:7420\n", "[fe80::1]:7420");
    row("command", "ferry get 192.168.1.20:7420 /Photos", "192.168.1.20:7420");
    row("invitation", "Come!\nferry://studio:7420/Photos\nBye\n", "ferry://studio:7420/Photos");
}

void ClientFrameTest::aDroppedAddressIsFilledIn()
{
    QFETCH(const QString, text);
    QFETCH(const QString, host);
    ClientWindowFixture f;
    QVERIFY(dropText(f.window.get(), text));
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), host);
    QVERIFY(!f.client->connection().description.size());
}

void ClientFrameTest::whatIsNoAddressIsNotTaken()
{
    ClientWindowFixture f;
    const QString before = f.find<QComboBox>("hostField")->currentText();
    for (const char *text : {"", "some words", "a/b/c", "<b>x</b>"})
        QVERIFY2(!dropText(f.window.get(), QString::fromUtf8(text)), text);
    QVERIFY(!dropText(f.window.get(), QString(100'000, u'x')));
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), before);
}

void ClientFrameTest::theKeysAreListedAsTheyAre()
{
    ClientWindowFixture f;
    QMap<QString, QString> keys;
    QTimer::singleShot(0, f.window.get(), [&keys] {
        auto *dialog = qobject_cast<KeysDialog *>(QApplication::activeModalWidget());
        QVERIFY(dialog);
        const auto *list = dialog->findChild<QTreeWidget *>(QStringLiteral("keysList"));
        for (int group = 0; group < list->topLevelItemCount(); ++group) {
            const QTreeWidgetItem *item = list->topLevelItem(group);
            for (int row = 0; row < item->childCount(); ++row)
                keys.insert(item->child(row)->text(0), item->child(row)->text(1));
        }
        dialog->close();
    });
    f.find<QAction>("keysAction")->trigger();
    QCOMPARE(keys.value(QStringLiteral("Go to the address")), QStringLiteral("Ctrl+L"));
    QCOMPARE(keys.value(QStringLiteral("Refresh")), QStringLiteral("F5"));
    QCOMPARE(keys.value(QStringLiteral("Filter the list")), QStringLiteral("Ctrl+F"));
    QCOMPARE(keys.value(QStringLiteral("Next pane")), QStringLiteral("F6"));
    QVERIFY(keys.value(QStringLiteral("Files on the server: parent folder"))
                .contains(QStringLiteral("Backspace")));
    QVERIFY(keys.values().contains(QStringLiteral("Space")));
    // No two actions may want the same keys.
    QMap<QString, QString> owners;
    for (const QAction *action : f.window->findChildren<QAction *>()) {
        for (const QKeySequence &key : action->shortcuts()) {
            if (action->shortcutContext() != Qt::WindowShortcut)
                continue;
            const QString text = key.toString();
            QVERIFY2(!owners.contains(text),
                     qPrintable(text + u' ' + action->objectName() + u' ' + owners.value(text)));
            owners.insert(text, action->objectName());
        }
    }
    QVERIFY(owners.size() > 15);
}

FERRY_TEST(ClientFrameTest)
#include "client_frame.moc"
