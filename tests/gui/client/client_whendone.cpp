// SPDX-License-Identifier: MIT
// What happens once the queue is done, and that a person can say no.
#include "client-gui/window/whendone.h"
#include "gui-common/desktop/systempower.h"
#include "gui/client/queuewindow_fixture.h"
#include "gui/common/privatebus.h"
#include "support/testprogram.h"

#include <QMenu>
#include <QSignalSpy>
#include <QWidget>

#include <utility>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::gui::test;
using ferry::test::FakeService;
using ferry::test::PrivateBus;
using What = WhenDone::What;

namespace {

struct Fixture
{
    explicit Fixture(const std::optional<QDBusConnection> &system = std::nullopt)
        : power(system)
    {
        answers.yes = true;
    }
    bool offers(const char *name) const
    {
        return menu.findChild<QAction *>(QString::fromLatin1(name))->isVisible();
    }

    Answers answers;
    SystemPower power;
    QMenu menu;
    QWidget window;
    bool busy = false;
    bool busyOnceAsked = false;
    WhenDone whenDone{&menu, &window, &answers, &power,
                      [this] { return std::exchange(busy, busy || busyOnceAsked); }};
    QSignalSpy quit{&whenDone, &WhenDone::quitRequested};
    QSignalSpy folder{&whenDone, &WhenDone::openFolderRequested};
};

} // namespace

class ClientWhenDoneTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void nothingHappensUnlessItWasChosen();
    void theChoiceHoldsForOneTime();
    void aPersonWhoIsThereCanSayNo();
    void nothingHappensWhileSomethingRunsAgain();
    void onlyWhatTheSystemOffersIsInTheMenu();
    void theSystemIsAskedToSuspendOrToShutDown_data();
    void theSystemIsAskedToSuspendOrToShutDown();
    void aQueueThatIsDoneClosesTheWindow();
};

void ClientWhenDoneTest::nothingHappensUnlessItWasChosen()
{
    Fixture f;
    QVERIFY(f.whenDone.chosen() == What::Nothing);
    f.whenDone.act();
    QCoreApplication::processEvents();
    QVERIFY(f.answers.asked.isEmpty());
    QCOMPARE(f.quit.count() + f.folder.count(), 0);
}

void ClientWhenDoneTest::theChoiceHoldsForOneTime()
{
    Fixture f;
    f.menu.findChild<QAction *>(QStringLiteral("whenDoneOpenFolder"))->trigger();
    f.whenDone.act();
    QCOMPARE(f.folder.count(), 1);
    QVERIFY(f.whenDone.chosen() == What::Nothing);
    f.whenDone.act();
    QCOMPARE(f.folder.count(), 1);
}

void ClientWhenDoneTest::aPersonWhoIsThereCanSayNo()
{
    Fixture f;
    f.whenDone.choose(What::Quit);
    f.whenDone.act();
    QTRY_COMPARE(f.quit.count(), 1);
    QCOMPARE(f.answers.asked.size(), 1);
    QCOMPARE(f.answers.asked.first(),
             QStringLiteral("Everything is done. Ferry quits in 10 seconds."));
    f.answers.yes = false;
    f.whenDone.choose(What::Quit);
    f.whenDone.act();
    QTRY_COMPARE(f.answers.asked.size(), 2);
    QCOMPARE(f.quit.count(), 1);
}

void ClientWhenDoneTest::nothingHappensWhileSomethingRunsAgain()
{
    Fixture f;
    f.busy = true;
    f.whenDone.choose(What::Quit);
    f.whenDone.act();
    QCoreApplication::processEvents();
    QVERIFY(f.answers.asked.isEmpty());
    // Or while the question is open, which goes then.
    f.busy = false;
    f.busyOnceAsked = true;
    f.whenDone.choose(What::Quit);
    f.whenDone.act();
    QTRY_COMPARE(f.answers.asked.size(), 1);
    QCOMPARE(f.answers.asked.first(), QString());
    QCOMPARE(f.quit.count(), 0);
}

void ClientWhenDoneTest::onlyWhatTheSystemOffersIsInTheMenu()
{
    if (!PrivateBus::isPossible())
        QSKIP("there is no dbus-daemon");
    Fixture without;
    QVERIFY(!without.offers("whenDoneSuspend"));
    QVERIFY(!without.offers("whenDoneShutDown"));
    QVERIFY(without.offers("whenDoneQuit"));

    PrivateBus bus;
    FakeService logind(&bus, "org.freedesktop.login1", "/org/freedesktop/login1");
    logind.answers[QStringLiteral("CanPowerOff")] = {QStringLiteral("challenge")};
    logind.answers[QStringLiteral("CanSuspend")] = {QStringLiteral("yes")};
    Fixture f(bus.program);
    QTRY_VERIFY(f.offers("whenDoneSuspend"));
    QTRY_COMPARE(logind.count("CanPowerOff"), 1);
    QVERIFY(!f.offers("whenDoneShutDown")); // it would want a password
}

void ClientWhenDoneTest::theSystemIsAskedToSuspendOrToShutDown_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<QByteArray>("can");
    QTest::addColumn<QByteArray>("method");
    QTest::newRow("suspend") << int(What::Suspend) << QByteArray("CanSuspend")
                             << QByteArray("Suspend");
    QTest::newRow("shut down") << int(What::ShutDown) << QByteArray("CanPowerOff")
                               << QByteArray("PowerOff");
}

void ClientWhenDoneTest::theSystemIsAskedToSuspendOrToShutDown()
{
    if (!PrivateBus::isPossible())
        QSKIP("there is no dbus-daemon");
    QFETCH(const int, what);
    QFETCH(const QByteArray, can);
    QFETCH(const QByteArray, method);
    PrivateBus bus;
    FakeService logind(&bus, "org.freedesktop.login1", "/org/freedesktop/login1");
    logind.answers[QString::fromLatin1(can)] = {QStringLiteral("yes")};
    logind.answers[QString::fromLatin1(method)] = {};
    Fixture f(bus.program);
    QSignalSpy known(&f.power, &SystemPower::changed);
    QTRY_COMPARE(known.count(), 1);

    f.answers.yes = false;
    f.whenDone.choose(What(what));
    f.whenDone.act();
    QTRY_COMPARE(f.answers.asked.size(), 1);
    QVERIFY2(f.answers.asked.first().contains(QStringLiteral("60 seconds")),
             qPrintable(f.answers.asked.first()));
    f.answers.yes = true;
    f.whenDone.choose(What(what));
    f.whenDone.act();
    QTRY_COMPARE(logind.count(method.constData()), 1); // and not for the first one
    QCOMPARE(logind.last(method.constData()), QVariantList{false});

    // One that the system refuses is said.
    logind.answers.remove(QString::fromLatin1(method));
    f.whenDone.choose(What(what));
    f.whenDone.act();
    QTRY_COMPARE(f.answers.told, QStringList{QStringLiteral("Not now.")});
}

void ClientWhenDoneTest::aQueueThatIsDoneClosesTheWindow()
{
    QueueWindow f;
    f.answers.yes = true;
    writeFile(f.share() + QStringLiteral("/plan.pdf"), "plan");
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.find<QAction>("whenDoneQuit")->trigger();
    f.window->addPaths({"/S/plan.pdf"});
    QTRY_VERIFY_WITH_TIMEOUT(!f.window->isVisible(), 20000);
    QCOMPARE(contentOf(f.saved(QStringLiteral("plan.pdf"))), QByteArray("plan"));
}

FERRY_TEST(ClientWhenDoneTest)
#include "client_whendone.moc"
