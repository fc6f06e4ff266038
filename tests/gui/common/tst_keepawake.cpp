// SPDX-License-Identifier: MIT
// Who is asked not to put the computer to sleep, and that it is let go again.
#include "gui-common/desktop/keepawake.h"
#include "gui/common/privatebus.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::gui;
using ferry::test::FakeService;
using ferry::test::PrivateBus;

namespace {

const QString why = QStringLiteral("Files are on their way");

std::unique_ptr<FakeService> powerManager(PrivateBus *bus)
{
    return std::make_unique<FakeService>(bus, "org.freedesktop.PowerManagement",
                                         "/org/freedesktop/PowerManagement/Inhibit");
}

std::unique_ptr<FakeService> gnomeSession(PrivateBus *bus)
{
    return std::make_unique<FakeService>(bus, "org.gnome.SessionManager",
                                         "/org/gnome/SessionManager");
}

std::unique_ptr<FakeService> logind(PrivateBus *bus)
{
    return std::make_unique<FakeService>(bus, "org.freedesktop.login1", "/org/freedesktop/login1");
}

} // namespace

class KeepAwakeTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        if (!PrivateBus::isPossible())
            QSKIP("there is no dbus-daemon");
        m_bus = std::make_unique<PrivateBus>();
        QVERIFY(m_bus->desktop.isConnected());
    }
    void cleanup() { m_bus.reset(); }

    void thePowerManagerIsAskedOnceAndLetGo();
    void gnomeIsAskedWhereThereIsNoPowerManager();
    void whoeverRefusesIsPassedOver();
    void theLockOfLogindIsClosed();
    void whatIsNoLongerWantedIsLetGoOnceItIsThere();
    void withoutAnybodyNothingHappens();

private:
    std::unique_ptr<PrivateBus> m_bus;
};

void KeepAwakeTest::thePowerManagerIsAskedOnceAndLetGo()
{
    const auto manager = powerManager(m_bus.get());
    const auto other = gnomeSession(m_bus.get());
    manager->answers[QStringLiteral("Inhibit")] = {uint(7)};
    KeepAwake awake(m_bus->program, std::nullopt);
    awake.set(false, why);
    awake.set(true, why);
    awake.set(true, why);
    QTRY_COMPARE(manager->count("Inhibit"), 1);
    QCOMPARE(manager->last("Inhibit").value(1).toString(), why);
    awake.set(false, why);
    QTRY_COMPARE(manager->last("UnInhibit").value(0), QVariant(uint(7)));
    // A second time works as the first one.
    awake.set(true, why);
    QTRY_COMPARE(manager->count("Inhibit"), 2);
    awake.set(false, why);
    QTRY_COMPARE(manager->count("UnInhibit"), 2);
    QVERIFY(other->calls.isEmpty());
}

void KeepAwakeTest::gnomeIsAskedWhereThereIsNoPowerManager()
{
    const auto session = gnomeSession(m_bus.get());
    session->answers[QStringLiteral("Inhibit")] = {uint(9)};
    {
        KeepAwake awake(m_bus->program, std::nullopt);
        awake.set(true, why);
        QTRY_COMPARE(session->count("Inhibit"), 1);
        QCOMPARE(session->last("Inhibit").value(2).toString(), why);
        QCOMPARE(session->last("Inhibit").value(3), QVariant(uint(4))); // suspending
        awake.set(false, why);
        QTRY_COMPARE(session->count("Uninhibit"), 1);
        awake.set(true, why);
        QTRY_COMPARE(session->count("Inhibit"), 2);
    }
    QCOMPARE(session->last("Uninhibit").value(0), QVariant(uint(9)));
}

void KeepAwakeTest::whoeverRefusesIsPassedOver()
{
    const auto manager = powerManager(m_bus.get()); // has no answer
    const auto session = gnomeSession(m_bus.get());
    session->answers[QStringLiteral("Inhibit")] = {uint(1)};
    KeepAwake awake(m_bus->program, std::nullopt);
    awake.set(true, why);
    QTRY_COMPARE(session->count("Inhibit"), 1);
    QCOMPARE(manager->count("Inhibit"), 1);
}

void KeepAwakeTest::theLockOfLogindIsClosed()
{
    const auto manager = logind(m_bus.get());
    int ends[2] = {-1, -1};
    QCOMPARE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    manager->answers[QStringLiteral("Inhibit")] = {
        QVariant::fromValue(QDBusUnixFileDescriptor(ends[1]))};
    ::close(ends[1]);
    const auto isLocked = [&ends] { // somebody has the other end
        pollfd look{ends[0], POLLIN, 0};
        return ::poll(&look, 1, 0) == 0;
    };
    KeepAwake awake(std::nullopt, m_bus->program);
    awake.set(true, why);
    QTRY_COMPARE(manager->count("Inhibit"), 1);
    QCOMPARE(manager->last("Inhibit").value(0).toString(), QStringLiteral("idle"));
    manager->answers.clear(); // which held it as well
    QVERIFY(isLocked());      // on its way, or here
    awake.set(false, why);
    QTRY_VERIFY(!isLocked());
    ::close(ends[0]);
}

void KeepAwakeTest::whatIsNoLongerWantedIsLetGoOnceItIsThere()
{
    const auto manager = powerManager(m_bus.get());
    manager->answers[QStringLiteral("Inhibit")] = {uint(3)};
    KeepAwake awake(m_bus->program, std::nullopt);
    awake.set(true, why);
    awake.set(false, why); // before there is an answer
    QTRY_COMPARE(manager->count("UnInhibit"), 1);
    QCOMPARE(manager->count("Inhibit"), 1);
}

void KeepAwakeTest::withoutAnybodyNothingHappens()
{
    KeepAwake without(std::nullopt, std::nullopt);
    without.set(true, why);
    without.set(false, why);
    KeepAwake awake(m_bus->program, m_bus->program);
    awake.set(true, why);
    const auto manager = powerManager(m_bus.get()); // comes later, and is asked the next time
    manager->answers[QStringLiteral("Inhibit")] = {uint(3)};
    QTRY_VERIFY((awake.set(false, why), awake.set(true, why), manager->count("Inhibit") == 1));
}

FERRY_TEST(KeepAwakeTest)
#include "tst_keepawake.moc"
