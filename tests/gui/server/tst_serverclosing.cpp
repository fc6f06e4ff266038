// SPDX-License-Identifier: MIT
// Closing the server window, which may only hide it.
#include "gui/server/serverfixture.h"

#include "gui-common/program/trayicon.h"
#include "support/testprogram.h"

#include <QCheckBox>
#include <QDialog>
#include <QScopeGuard>
#include <QSignalSpy>

#include <utility>

using namespace ferry;
using namespace ferry::test;

class ServerClosingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { u = std::make_unique<WindowUser>(); }
    void cleanup()
    {
        u->close();
        u.reset();
    }

    void closingHidesTheWindowInTheTrayIfThatIsWanted()
    {
        static bool tray;
        const auto isAvailable = std::exchange(gui::TrayIcon::isAvailable, [] { return tray; });
        const auto back = qScopeGuard([&] { gui::TrayIcon::isAvailable = isAvailable; });
        tray = true;
        u->open();
        QVERIFY(u->start());
        QDialog *dialog = openSettings();
        dialog->findChild<QCheckBox *>(QStringLiteral("closeToTray"))->setChecked(true);
        dialog->accept();
        QVERIFY(!u->window->close());
        QVERIFY(!u->window->isVisible());
        Peer peer(u->port()); // it serves on
        QVERIFY(peer.login(u->password()));
        // Without the tray nothing else would bring it back.
        tray = false;
        QTRY_VERIFY(u->window->isVisible());
        u->prompts.confirms = false;
        QVERIFY(!u->window->close()); // asks, since there is somebody
        QVERIFY(u->window->isVisible());
        QVERIFY(!u->prompts.asked.isEmpty());
        tray = true;
        u->prompts.confirms = true;
        QSignalSpy quit(u->window.get(), &gui::ServerWindow::quitRequested);
        u->find<QAction>("quitAction")->trigger(); // is not closing
        QCOMPARE(quit.count(), 1);
        QVERIFY(!u->window->isVisible());
        QVERIFY(peer.isGone());
    }

    void withoutATrayClosingIsNoChoice()
    {
        const auto isAvailable = std::exchange(gui::TrayIcon::isAvailable, [] { return false; });
        const auto back = qScopeGuard([&] { gui::TrayIcon::isAvailable = isAvailable; });
        u->open();
        QDialog *dialog = openSettings();
        QVERIFY(!dialog->findChild<QCheckBox *>(QStringLiteral("closeToTray")));
        dialog->close();
        QVERIFY(u->window->close());
    }

private:
    QDialog *openSettings() const
    {
        u->find<QAction>("settingsAction")->trigger();
        return u->find<QDialog>("settingsDialog");
    }

    std::unique_ptr<WindowUser> u;
};

FERRY_TEST(ServerClosingTest)
#include "tst_serverclosing.moc"
