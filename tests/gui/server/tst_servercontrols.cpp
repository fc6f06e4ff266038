// SPDX-License-Identifier: MIT
#include "gui/server/serverfixture.h"

#include "server-gui/dialogs/blockedmodel.h"
#include "server-gui/dialogs/historymodel.h"
#include "server-gui/dialogs/settingsdialog.h"
#include "server-gui/run/portholder.h"
#include "server-gui/run/stopafter.h"
#include "server-gui/sessions/sessionactions.h"
#include "server-gui/sessions/sessionmodel.h"
#include "server-gui/sessions/sessionview.h"
#include "server-gui/window/setupfold.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTcpServer>

using namespace ferry;
using namespace ferry::test;
using gui::StopAfter;

/// What an operator does to sessions, and the dialogs of the server window.
class ServerControlsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { u = std::make_unique<WindowUser>(); }
    void cleanup()
    {
        u->close();
        u.reset();
    }

    void aTransferIsPausedResumedAndLimitedInTheRowMenu()
    {
        u->open();
        u->writeFile(QStringLiteral("big"), QByteArray(64 * 1024 * 1024, 'x'));
        QVERIFY(u->start());
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        peer.readNoMoreThan(4096);
        peer.send("FILE pub/big\r\n");
        QTRY_VERIFY(u->cell(1, gui::SessionModel::File) == QStringLiteral("pub/big"));
        u->selectSession(1);
        trigger("pauseSession");
        QTRY_COMPARE(u->cell(1, gui::SessionModel::State), QStringLiteral("Paused"));
        QTRY_COMPARE(plain("pauseSession"), QStringLiteral("Resume"));
        trigger("pauseSession");
        QTRY_VERIFY(u->cell(1, gui::SessionModel::State) != QStringLiteral("Paused"));
        QTRY_COMPARE(plain("pauseSession"), QStringLiteral("Pause"));
        trigger("limit1M");
        QTRY_COMPARE(u->server().sessions().first().rateLimit, 1'000'000);
        trigger("limitNone");
        QTRY_COMPARE(u->server().sessions().first().rateLimit, 0);
        u->prompts.rate = 500'000;
        trigger("limitOther");
        QTRY_COMPARE(u->server().sessions().first().rateLimit, 500'000);
        u->prompts.rate.reset();
        trigger("limitOther");
        QCOMPARE(u->server().sessions().first().rateLimit, 500'000);
        trigger("disconnectSession");
        QVERIFY(peer.isGone());
        QTRY_VERIFY(u->cell(1, gui::SessionModel::State).startsWith(QStringLiteral("Aborted at")));
        QVERIFY(!u->find<QAction>("pauseSession")->isEnabled());
    }

    void stopAsksForThoseWhoAreConnected()
    {
        u->open();
        QVERIFY(u->start());
        Peer stranger(u->port());
        QVERIFY(stranger.gets("#Server Ready.\r\n"));
        u->click("startButton"); // nobody is disturbed
        QVERIFY(u->waitForWord(QStringLiteral("Stopped")));
        QVERIFY(u->prompts.asked.isEmpty());

        QVERIFY(u->start());
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        u->prompts.confirms = false;
        u->find<QAction>("startAction")->trigger();
        QCOMPARE(u->prompts.told.last(),
                 QStringLiteral("1 person is connected and will be disconnected."));
        QCOMPARE(u->prompts.offered.size(), 1);
        QVERIFY(!u->window->close());
        QCOMPARE(u->prompts.asked.size(), 2);
        peer.send("QUIT\r\n");
        QVERIFY(peer.isGone());
        QTRY_COMPARE(u->server().liveSessions(), 0);
        u->click("startButton"); // nobody is left
        QVERIFY(u->waitForWord(QStringLiteral("Stopped")));
        QCOMPARE(u->prompts.asked.size(), 2);
    }

    void stopLetsTransfersFinish()
    {
        u->writeFile(QStringLiteral("large.bin"), QByteArray(30'000'000, 'x'));
        u->open();
        QVERIFY(u->start());
        Peer idle(u->port());
        QVERIFY(idle.login(u->password()));
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        peer.readNoMoreThan(100'000);
        peer.send("FILE pub/large.bin\r\n");
        QTRY_COMPARE(u->sessionRows(), 2);
        QTRY_VERIFY(u->server().sessions().last().fileSent > 0);
        u->prompts.answer = 1;
        u->click("startButton");
        QCOMPARE(u->prompts.told.last(),
                 QStringLiteral("1 person is connected and will be disconnected. 1 transfer is "
                                "running."));
        QVERIFY(u->prompts.offered.last().contains(QStringLiteral("Finish")));
        QVERIFY(u->waitForWord(QStringLiteral("Stopping")));
        QVERIFY(idle.isGone());
        QVERIFY(u->server().sessions().first().fileSent < 30'000'000);
        QVERIFY(peer.isGone()); // it reads now
        QVERIFY(u->waitForWord(QStringLiteral("Stopped")));
        QCOMPARE(u->server().filesSent(), 1);
    }

    void aBanIsAskedForSeenAndLifted()
    {
        u->open();
        QVERIFY(u->start());
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        QTRY_COMPARE(u->sessionRows(), 1);
        u->selectSession(1);
        u->prompts.confirms = false;
        trigger("banSession");
        QCOMPARE(u->prompts.asked.size(), 1);
        QVERIFY(u->server().bans().isEmpty());
        u->prompts.confirms = true;
        trigger("banSession");
        QVERIFY(peer.isGone());
        QCOMPARE(u->server().bans().size(), 1);
        Peer again(u->port());
        QVERIFY(again.isGone());

        QDialog *dialog = open("blockedAction", "blockedDialog");
        auto *view = dialog->findChild<QTreeView *>(QStringLiteral("blockedView"));
        QCOMPARE(view->model()->rowCount(), 1);
        QCOMPARE(view->model()->index(0, 0).data().toString(), QStringLiteral("127.0.0.1"));
        dialog->findChild<QPushButton *>(QStringLiteral("liftButton"))->click();
        QCOMPARE(view->model()->rowCount(), 0);
        Peer forgiven(u->port());
        QVERIFY(forgiven.login(u->password()));

        auto *field = dialog->findChild<QLineEdit *>(QStringLiteral("banAddress"));
        auto *problem = dialog->findChild<QLabel *>(QStringLiteral("blockedProblem"));
        for (const char *text :
             {"<b>nobody</b>", "010.1.1.1", "10.1", "fe80::1%lo", "10.1.1.1/64"}) {
            field->setText(QString::fromLatin1(text));
            dialog->findChild<QPushButton *>(QStringLiteral("banButton"))->click();
            QVERIFY2(problem->isVisible(), text);
            QVERIFY2(problem->text().contains(QStringLiteral("Write ")), text);
            QVERIFY2(u->server().bans().isEmpty(), text);
        }
        field->setText(QStringLiteral("2001:db8::7"));
        dialog->findChild<QPushButton *>(QStringLiteral("banButton"))->click();
        QCOMPARE(view->model()->index(0, 0).data().toString(), QStringLiteral("2001:db8::/64"));
        dialog->close();
        u->openAgain();
        QCOMPARE(u->server().bans().size(), 1);
    }

    void disconnectForTenMinutesIsSeenAndLifted()
    {
        u->open();
        QVERIFY(u->start());
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        QTRY_COMPARE(u->sessionRows(), 1);
        u->selectSession(1);
        trigger("disconnectForTenMinutes");
        QVERIFY(peer.isGone());
        Peer again(u->port());
        QVERIFY(again.isGone());
        QDialog *dialog = open("blockedAction", "blockedDialog");
        const auto *model = dialog->findChild<QTreeView *>(QStringLiteral("blockedView"))->model();
        QCOMPARE(model->rowCount(), 1);
        QCOMPARE(model->index(0, 1).data().toString(), QStringLiteral("Disconnected by you"));
        const QString time = test::spaced(model->index(0, 2).data().toString());
        QVERIFY2(time == QStringLiteral("for 10 min more") || time.startsWith(u"for 9 min"),
                 qPrintable(time));
        dialog->findChild<QPushButton *>(QStringLiteral("liftButton"))->click();
        QCOMPARE(model->rowCount(), 0);
        Peer forgiven(u->port());
        QVERIFY(forgiven.login(u->password()));
        dialog->close();
    }

    void settingsHoldAndComeBack()
    {
        u->open();
        QDialog *dialog = open("settingsAction", "settingsDialog");
        dialog->findChild<QSpinBox *>(QStringLiteral("sessions"))->setValue(7);
        dialog->findChild<QSpinBox *>(QStringLiteral("speed"))->setValue(1234);
        dialog->findChild<QCheckBox *>(QStringLiteral("startWithProgram"))->setChecked(true);
        dialog->findChild<QCheckBox *>(QStringLiteral("logToFile"))->setChecked(true);
        dialog->accept();
        QVERIFY(u->start());
        QCOMPARE(u->server().sessionCap(), 7);
        const QString log = u->dataFolder() + QStringLiteral("/log.txt");
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        const auto content = [&] {
            QFile file(log);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QTRY_VERIFY(content().contains("You are logged in"));
        QVERIFY(!content().contains(u->password()));
        u->prompts.confirms = true;
        u->openAgain();
        // It starts by itself now, as was asked for.
        QVERIFY(u->waitForWord(QStringLiteral("Running at")));
        dialog = open("settingsAction", "settingsDialog");
        QCOMPARE(dialog->findChild<QSpinBox *>(QStringLiteral("sessions"))->value(), 7);
        QCOMPARE(dialog->findChild<QSpinBox *>(QStringLiteral("speed"))->value(), 1234);
    }

    void aFigureOutOfBoundsInTheFileIsAsAtTheFirstRun()
    {
        QVERIFY(QDir().mkpath(u->dataFolder()));
        const QString path = u->dataFolder() + QStringLiteral("/x.ini");
        QSettings file(path, QSettings::IniFormat);
        file.setValue(QStringLiteral("limits/sessions"), -5);
        file.setValue(QStringLiteral("limits/idle"), QStringLiteral("soon"));
        file.setValue(QStringLiteral("limits/login"), 12);
        gui::LimitSettings limits;
        gui::readLimits(file, limits);
        QCOMPARE(limits.sessions, gui::LimitSettings().sessions);
        QCOMPARE(limits.idle, gui::LimitSettings().idle);
        QCOMPARE(limits.login, 12);
    }

    void theDialogShowsAndGivesBackEveryFigure()
    {
        gui::LimitSettings odd;
        for (const gui::LimitField &field : gui::limitFields())
            odd.*field.value = qMin(field.min + 3, field.max);
        odd.keepHistory = false;
        odd.logToFile = true;
        const gui::SettingsDialog dialog(odd, {}, 100);
        QVERIFY(dialog.settings() == odd);
    }

    void aDeliveryIsInTheHistoryAndCanBeExported()
    {
        u->open();
        u->writeFile(QStringLiteral("=formula.txt"), "content");
        QVERIFY(u->start());
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        peer.send("FILE pub/=formula.txt\r\n");
        QVERIFY(peer.gets("successfully.\r\n"));
        QDialog *dialog = open("historyAction", "historyDialog");
        auto *view = dialog->findChild<QTreeView *>(QStringLiteral("historyView"));
        QTRY_COMPARE(view->model()->rowCount(), 1);
        QCOMPARE(view->model()->index(0, gui::HistoryModel::File).data().toString(),
                 QStringLiteral("pub/=formula.txt"));
        QCOMPARE(view->model()->index(0, gui::HistoryModel::Outcome).data().toString(),
                 QStringLiteral("Delivered, unverified"));
        auto *search = dialog->findChild<QLineEdit *>(QStringLiteral("historySearch"));
        search->setText(QStringLiteral("nowhere"));
        QTRY_COMPARE(view->model()->rowCount(), 0);
        QTRY_VERIFY(dialog->findChild<QLabel *>(QStringLiteral("historyEmpty"))->isVisible());
        search->clear();
        QTRY_COMPARE(view->model()->rowCount(), 1);
        u->prompts.saveName = u->folder.filePath(QStringLiteral("out.csv"));
        dialog->findChild<QPushButton *>(QStringLiteral("historyExport"))->click();
        QTRY_VERIFY(QFile::exists(u->prompts.saveName));
        dialog->findChild<QPushButton *>(QStringLiteral("historyClear"))->click();
        QTRY_COMPARE(view->model()->rowCount(), 0);
    }

    void aDamagedHistoryGivesAMessageAndAWorkingWindow()
    {
        QVERIFY(QDir().mkpath(u->dataFolder()));
        QFile file(u->dataFolder() + QStringLiteral("/history.sqlite"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(5000, 'x'));
        file.close();
        u->open();
        QTRY_VERIFY(u->textOf("noticeText").contains(QStringLiteral("history")));
        QVERIFY(QFile::exists(file.fileName() + QStringLiteral(".damaged")));
        QVERIFY(u->start());
    }

    void anAccountIsAddedUsedAndRemoved()
    {
        u->open();
        QDialog *dialog = open("accountsAction", "accountsDialog");
        auto *view = dialog->findChild<QTreeView *>(QStringLiteral("accountsView"));
        auto *name = dialog->findChild<QLineEdit *>(QStringLiteral("accountName"));
        auto *set = dialog->findChild<QPushButton *>(QStringLiteral("accountSet"));
        name->setText(QStringLiteral("anna"));
        set->click();
        QTRY_COMPARE(view->model()->rowCount(), 1);
        QCOMPARE(view->model()->index(0, 0).data().toString(), QStringLiteral("anna"));
        name->setText(QStringLiteral("no name"));
        set->click();
        QCOMPARE(view->model()->rowCount(), 1);
        view->setCurrentIndex(view->model()->index(0, 0));
        dialog->findChild<QPushButton *>(QStringLiteral("accountRemove"))->click();
        QTRY_COMPARE(view->model()->rowCount(), 0);
    }

    void returnAddsAnAccountAndItsPasswordStaysToBeCopied()
    {
        u->open();
        QDialog *dialog = open("accountsAction", "accountsDialog");
        auto *view = dialog->findChild<QTreeView *>(QStringLiteral("accountsView"));
        auto *name = dialog->findChild<QLineEdit *>(QStringLiteral("accountName"));
        auto *password = dialog->findChild<QLineEdit *>(QStringLiteral("accountPassword"));
        const auto *set = dialog->findChild<QPushButton *>(QStringLiteral("accountSet"));
        const QString given = password->text();
        QTest::keyClicks(name, QStringLiteral("anna"));
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_COMPARE(view->model()->rowCount(), 1);
        QVERIFY(dialog->isVisible());
        QCOMPARE(password->text(), given);
        QVERIFY(!set->isEnabled());
        dialog->findChild<QAbstractButton *>(QStringLiteral("accountCopy"))->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), given);
        // The next one gets another.
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("bob"));
        QVERIFY(password->text() != given);
        QVERIFY(set->isEnabled() && set->isDefault());
        // What cannot be is said, and nothing is lost.
        QTest::keyClicks(name, QStringLiteral(" smith"));
        QTest::keyClick(name, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        QVERIFY(dialog->findChild<QLabel *>(QStringLiteral("accountsMessage"))
                    ->text()
                    .startsWith(QStringLiteral("A name has")));
        QCOMPARE(view->model()->rowCount(), 1);
        name->clear();
        QTest::keyClick(name, Qt::Key_Return); // nothing to do any more
        QTRY_VERIFY(!u->window->findChild<QDialog *>(QStringLiteral("accountsDialog")));
    }

    void returnBansWhatWasTyped()
    {
        u->open();
        QDialog *dialog = open("blockedAction", "blockedDialog");
        auto *field = dialog->findChild<QLineEdit *>(QStringLiteral("banAddress"));
        QTest::keyClicks(field, QStringLiteral("nonsense"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        QVERIFY(dialog->findChild<QLabel *>(QStringLiteral("blockedProblem"))->isVisible());
        field->clear();
        QTest::keyClicks(field, QStringLiteral("192.0.2.7"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        QTRY_COMPARE(u->server().bans().size(), 1);
        QVERIFY(field->text().isEmpty());
    }

    void theServerStopsWhenItIsTime()
    {
        StopAfter stop;
        QSignalSpy due(&stop, &StopAfter::due);
        stop.look(1000, 0, 0);
        QVERIFY(stop.text().isEmpty());
        stop.choose(StopAfter::When::Hour);
        stop.look(1000, 0, 1);
        QVERIFY(!stop.text().isEmpty());
        stop.look(StopAfter::hourMs, 0, 1);
        QCOMPARE(due.size(), 0);
        stop.look(StopAfter::hourMs + 1000, 0, 1);
        QCOMPARE(due.size(), 1);
        QCOMPARE(stop.when(), StopAfter::When::Never);

        stop.choose(StopAfter::When::Downloads, 2);
        stop.look(1, 10, 0);
        stop.look(2, 11, 0);
        QCOMPARE(due.size(), 1);
        stop.look(3, 12, 0);
        QCOMPARE(due.size(), 2);

        stop.choose(StopAfter::When::Idle);
        stop.look(1, 0, 0);
        stop.look(StopAfter::idleMs, 0, 1);
        stop.look(StopAfter::idleMs + 10, 0, 0);
        QCOMPARE(due.size(), 2);
        stop.look(2 * StopAfter::idleMs, 0, 0);
        QCOMPARE(due.size(), 3);
    }

    void thePortsHolderIsFoundWhereTheSystemTells()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const QString holder = gui::portHolder(server.serverPort());
        QVERIFY2(holder.contains(QString::number(QCoreApplication::applicationPid())),
                 qPrintable(holder));
        server.close();
        QVERIFY(gui::portHolder(server.serverPort()).isEmpty());
        QCOMPARE(gui::listenersIn("  sl  local_address rem_address   st\n"
                                  " 0: 0100007F:1CFC 00000000:0000 0A 0:0 0:0 0 0 0 4711 1\n"
                                  " 1: 0100007F:1CFC 0100007F:9999 01 0:0 0:0 0 0 0 4712 1\n"
                                  "rubbish\n",
                                  7420),
                 QList<quint64>{4711});
    }

    void theSetupFoldsWhileSessionsNeedTheRoom()
    {
        u->open();
        QVERIFY(u->start());
        QVERIFY(u->find<QWidget>("setup")->isVisible());
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        QTRY_VERIFY(!u->find<QWidget>("setup")->isVisible());
        QVERIFY(u->find<QWidget>("unfoldSetup")->isVisible());
        u->click("unfoldSetup");
        QVERIFY(u->find<QWidget>("setup")->isVisible());

        auto *const advanced = u->find<QAction>("advancedShown");
        for (const bool shown : {false, true}) {
            advanced->setChecked(shown);
            u->find<QAction>("setupShown")->setChecked(false);
            advanced->trigger();
            QVERIFY(u->find<QWidget>("setup")->isVisible());
            QVERIFY(advanced->isChecked());
        }
    }

    void hostileTextInTheHistoryStaysPlainAndBounded()
    {
        gui::HistoryModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        server::Delivery hostile;
        hostile.file = QStringLiteral("<img src=x>\x1b[31m\u202e") + QString(10'000, u'a');
        hostile.outcome = server::Delivery::Outcome::BrokenOff;
        hostile.why = hostile.client = hostile.address = hostile.account = hostile.file;
        model.setRows({hostile});
        for (int column = 0; column < model.columnCount(); ++column) {
            const QModelIndex index = model.index(0, column);
            const QString text = index.data().toString();
            QVERIFY(text.size() < 1500);
            QVERIFY(!text.contains(QChar(0x1b)) && !text.contains(QChar(0x202e)));
            QVERIFY(!index.data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")));
        }
        model.setRows({});
    }

    void theListOfTheBlockedIsAModel()
    {
        gui::BlockedModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        using Ban = server::BanList::Ban;
        using Penalty = server::LoginThrottle::Penalty;
        const QHostAddress one(QStringLiteral("10.0.0.1")), two(QStringLiteral("10.0.0.2"));
        model.update({Ban{one, 1}}, {Penalty{two, 32, 3, std::chrono::seconds(9)}});
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(model.isBan(0) && !model.isBan(1));
        QCOMPARE(model.address(1), two);
        model.update({Ban{one, 1}}, {Penalty{two, 32, 3, std::chrono::seconds(8)}});
        QVERIFY(spaced(model.index(1, 2).data().toString()).contains(QStringLiteral("8 s")));
        model.update({}, {});
        QCOMPARE(model.rowCount(), 0);
    }

private:
    void trigger(const char *action) const { u->find<QAction>(action)->trigger(); }
    QString plain(const char *action) const
    {
        return u->find<QAction>(action)->text().remove(u'&');
    }
    QDialog *open(const char *action, const char *dialog) const
    {
        trigger(action);
        return u->find<QDialog>(dialog);
    }

    std::unique_ptr<WindowUser> u;
};

FERRY_TEST(ServerControlsTest)
#include "tst_servercontrols.moc"
