// SPDX-License-Identifier: MIT
#include "gui/server/serverfixture.h"
#include "net/channel/invitation.h"
#include "net/channel/tlsidentity.h"

#include "server-gui/sessions/sessionmodel.h"
#include "support/testprogram.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDropEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <QSplitter>
#include <QTabBar>
#include <QToolButton>
#include <QUrl>

using namespace ferry;
using namespace ferry::test;

class ServerWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { u = std::make_unique<WindowUser>(); }
    void cleanup()
    {
        u->close();
        u.reset();
    }

    void aFirstStartSaysWhatToDoAndDoesNotListen()
    {
        u->open(false);
        QCOMPARE(u->textOf("stateWord"), QStringLiteral("Stopped"));
        QVERIFY(!u->find<QPushButton>("startButton")->isEnabled());
        QVERIFY(u->find<QPushButton>("sessionsEmptyButton")->isVisible());
        QVERIFY(u->find<QLabel>("sharesEmpty")->isVisible());
        QCOMPARE(u->password().count('-'), 5);
        QVERIFY(u->find<QLabel>("passwordStrength")->isHidden()); // made here: no question
        QCOMPARE(u->port(), quint16(0));
    }

    void fitsASmallScreen_data()
    {
        QTest::addColumn<bool>("plot");
        QTest::newRow("usual") << false;
        QTest::newRow("with the large plot") << true;
    }
    void fitsASmallScreen()
    {
        QFETCH(bool, plot);
        u->open();
        QVERIFY(u->start());
        u->find<QAction>("plotShown")->setChecked(plot);
        QCoreApplication::processEvents();
        const QSize needed = u->window->minimumSizeHint();
        QVERIFY2(needed.width() <= 1024, qPrintable(QString::number(needed.width())));
        QVERIFY2(needed.height() <= 540, qPrintable(QString::number(needed.height())));
    }

    void aFirstWindowIsNoLargerThanTheScreen()
    {
        gui::StartValues line;
        line.dataFolder = u->dataFolder();
        const gui::ServerWindow window(line);
        const QSize room = window.screen()->availableSize();
        QVERIFY(room.width() < 1100); // of the offscreen platform
        QVERIFY(window.width() <= room.width() && window.height() <= room.height());
    }

    /// 1024 × 600 with letters a third larger are 756 × 443 of these pixels.
    void nothingIsBesideASmallScreen()
    {
        u->open();
        auto *const setup = u->find<QSplitter>("setup");
        const auto *const page = u->window->findChild<QScrollArea *>();
        u->window->resize(1100, 700);
        QTRY_COMPARE(setup->orientation(), Qt::Horizontal);
        setup->setSizes({400, 700});
        const QList<int> columns = setup->sizes();
        u->window->resize(756, 415);
        QTRY_COMPARE(setup->orientation(), Qt::Vertical);
        QTRY_COMPARE(page->horizontalScrollBar()->maximum(), 0);
        QVERIFY(page->verticalScrollBar()->maximum() > 0);
        u->window->resize(1100, 700);
        QTRY_COMPARE(setup->orientation(), Qt::Horizontal);
        QTRY_COMPARE(setup->sizes(), columns);
    }

    void startListensAndStopCloses()
    {
        u->open();
        QVERIFY(u->start());
        QVERIFY(u->port() != 0);
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        u->click("startButton");
        QVERIFY(u->waitForWord(QStringLiteral("Stopped")));
        QVERIFY(peer.isGone());
        QVERIFY(u->start());
    }

    void theAddressShownIsTheOneThatAnswers()
    {
        u->open();
        QVERIFY(u->start());
        const QString expected = QStringLiteral("127.0.0.1:%1").arg(u->tlsPort());
        QCOMPARE(u->find<QComboBox>("addressField")->currentText(), expected);
        QCOMPARE(u->textOf("stateWord"), QStringLiteral("Running at ") + expected);
        u->click("copyAddress");
        QCOMPARE(QGuiApplication::clipboard()->text(), expected);
        u->click("copyInvitation");
        const QString invitation = QGuiApplication::clipboard()->text();
        const auto link = Invitation::parse(invitation.section(u'\n', 0, 0));
        QVERIFY2(link.ok(), qPrintable(invitation));
        QCOMPARE(link.value().address, expected);
        QCOMPARE(groupedFingerprint(link.value().fingerprint),
                 u->find<QLabel>("fingerprint")->text().replace(u'\n', u' '));
        QVERIFY(invitation.contains(u->find<QLabel>("fingerprint")->text().left(19)));
        QVERIFY(!invitation.contains(QString::fromUtf8(u->password())));
        u->click("showInvitation");
        const auto *dialog = u->find<QDialog>("invitationDialog");
        QVERIFY(dialog->isVisible());
        QCOMPARE(dialog->findChild<QLineEdit *>(QStringLiteral("invitationLink"))->text(),
                 link.value().toText());
        QCOMPARE(
            dialog->findChild<QWidget *>(QStringLiteral("invitationCode"))->accessibleDescription(),
            link.value().toText());
        QGuiApplication::clipboard()->clear();
        dialog->findChild<QPushButton *>(QStringLiteral("copyFromDialog"))->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), invitation);
        u->click("copyCommand");
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("ferry get %1 pub").arg(expected));
        u->click("copyTelnet");
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("telnet 127.0.0.1 %1").arg(u->port()));
    }

    void foldersAreAddedByDialogAndByDrop()
    {
        u->open(false);
        u->prompts.folder = u->pub();
        u->click("addShare");
        QCOMPARE(shareNames(), QStringList{QStringLiteral("pub")});
        QVERIFY(u->find<QPushButton>("startButton")->isEnabled());

        const QString other = u->folder.filePath(QStringLiteral("dropped"));
        QVERIFY(QDir().mkpath(other));
        drop({QUrl::fromLocalFile(other)});
        QCOMPARE(shareNames().last(), QStringLiteral("dropped"));

        u->find<QTreeView>("sharesView")->setCurrentIndex(shares()->index(0, 0));
        u->click("removeShare");
        QCOMPARE(shareNames(), QStringList{QStringLiteral("dropped")});
    }

    void theWholeDiskIsRefusedAndTheHomeFolderWarnedAbout()
    {
        u->open(false);
        drop({QUrl::fromLocalFile(QStringLiteral("/"))});
        QCOMPARE(shares()->rowCount(), 0);
        QVERIFY(u->find<QWidget>("notice")->isVisible());
        QVERIFY(u->prompts.asked.isEmpty());
        u->click("noticeClose");
        QVERIFY(!u->find<QWidget>("notice")->isVisible());

        u->prompts.confirms = false;
        u->prompts.folder = QDir::homePath();
        u->click("addShare");
        QCOMPARE(u->prompts.asked.size(), 1);
        QCOMPARE(shares()->rowCount(), 0);
        u->prompts.confirms = true;
        u->click("addShare");
        QCOMPARE(shares()->rowCount(), 1);
    }

    void aPasswordOfOnesOwnCountsAtOnceAndAnEmptyOneIsRefused()
    {
        u->open();
        QVERIFY(u->start());
        typePassword(QStringLiteral("yellow submarine 7!"));
        QVERIFY(u->waitForWord(QStringLiteral("Running at")));
        Peer peer(u->port());
        QVERIFY(peer.login("yellow submarine 7!"));

        typePassword({});
        QCOMPARE(u->password(), QByteArray("yellow submarine 7!"));
        QVERIFY(u->find<QWidget>("notice")->isVisible());
        typePassword(QStringLiteral("abc"));
        QVERIFY(u->textOf("passwordStrength").contains(QStringLiteral("Weak")));
    }

    void whatFewPeopleNeedIsFolded()
    {
        u->open();
        auto *telnet = u->find<QComboBox>("classicReachField");
        auto *command = u->find<QLineEdit>("commandField");
        QVERIFY(!telnet->isVisible() && !command->isVisible());
        QVERIFY(!u->find<QTabBar>("ways")->isVisible());
        u->click("advancedButton");
        QVERIFY(telnet->isVisible() && command->isVisible());
        QVERIFY(u->find<QTabBar>("ways")->isVisible());
        u->openAgain();
        QVERIFY(u->find<QComboBox>("classicReachField")->isVisible());
    }

    void itNeedsNoScrollBarsAtUsualSizes()
    {
        u->open();
        QVERIFY(u->start());
        const auto *area = qobject_cast<QScrollArea *>(u->window->centralWidget());
        QVERIFY(area);
        for (const QSize size : {QSize(1280, 800), QSize(900, 600), QSize(1024, 600)}) {
            u->window->resize(size);
            QTRY_COMPARE(u->window->size(), size);
            QTRY_COMPARE(area->widget()->size(), area->viewport()->size());
            QVERIFY(!area->verticalScrollBar()->isVisible());
        }
    }

    void aTypedPasswordCountsOnceSomebodySaysSo()
    {
        u->open();
        const QByteArray before = u->password();
        auto *field = u->find<QLineEdit>("passwordField");
        auto *use = u->find<QPushButton>("passwordUse");
        QVERIFY(!use->isVisible());
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("a password of my own 7"));
        QVERIFY(use->isVisible());
        u->find<QTreeView>("sharesView")->setFocus(); // leaving it is no decision
        QCOMPARE(kept(), before);
        QTest::keyClick(field, Qt::Key_Escape);
        QCOMPARE(field->text().toUtf8(), before);
        QVERIFY(!use->isVisible());

        field->setText(QStringLiteral("a password of my own 7"));
        use->click();
        QCOMPARE(kept(), QByteArray("a password of my own 7"));
        QVERIFY(!use->isVisible());
        QVERIFY(u->prompts.asked.isEmpty());

        u->prompts.confirms = false;
        typePassword(QStringLiteral("abc"));
        QCOMPARE(u->prompts.asked.size(), 1);
        QCOMPARE(kept(), QByteArray("a password of my own 7"));
        u->prompts.confirms = true;
        use->click();
        QCOMPARE(kept(), QByteArray("abc"));
    }

    void aPasswordIsPastedWithWhatSurroundsIt()
    {
        u->open();
        auto *field = u->find<QLineEdit>("passwordField");
        field->setText(QStringLiteral("yellow submarine 7!\n"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(u->password(), QByteArray("yellow submarine 7!"));
        field->setText(QStringLiteral("yellow submarine 7! "));
        QVERIFY(u->textOf("passwordStrength").contains(QStringLiteral("Space")));
        QVERIFY(u->find<QLabel>("passwordStrength")->isVisible());
    }

    void thePasswordIsHiddenCopiedAndMadeAnew()
    {
        u->open();
        auto *field = u->find<QLineEdit>("passwordField");
        QCOMPARE(field->echoMode(), QLineEdit::Normal);
        u->click("passwordShow");
        QCOMPARE(field->echoMode(), QLineEdit::Password);
        u->click("passwordCopy");
        QCOMPARE(QGuiApplication::clipboard()->text().toUtf8(), u->password());

        const QByteArray before = u->password();
        u->prompts.confirms = false;
        u->click("passwordNew");
        QCOMPARE(u->password(), before);
        u->prompts.confirms = true;
        u->click("passwordNew");
        QVERIFY(u->password() != before);
        QCOMPARE(u->prompts.asked.size(), 2);
    }

    void sharesAndPasswordChangeWhileSomebodyIsConnected()
    {
        u->open();
        QVERIFY(u->start());
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        QTRY_COMPARE(u->sessionRows(), 1);
        typePassword(QStringLiteral("another password"));
        const QString other = u->folder.filePath(QStringLiteral("other"));
        QVERIFY(QDir().mkpath(other));
        QFile file(other + QStringLiteral("/new.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("news") == 4);
        file.close();
        drop({QUrl::fromLocalFile(other)});
        QVERIFY(!u->find<QWidget>("notice")->isVisible());
        peer.send("FILE other/new.txt\r\n");
        QVERIFY(peer.gets("sent successfully.\r\n"));
        u->find<QTreeView>("sharesView")->setCurrentIndex(shares()->index(1, 0));
        u->click("removeShare");
        peer.send("FILE other/new.txt\r\n");
        QVERIFY(peer.gets("could not be opened.\r\n"));
        Peer again(u->port());
        QVERIFY(again.login("another password"));
    }

    void aChangeOfPortWaitsForRunningSessionsAndSaysSo()
    {
        u->open();
        QVERIFY(u->start());
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        QTRY_COMPARE(u->sessionRows(), 1);
        u->find<QComboBox>("classicReachField")->setCurrentIndex(0);
        QVERIFY(u->find<QPushButton>("noticeButton")->isVisible());
        peer.send("FILE pub/none\r\n");
        QVERIFY(peer.gets("could not be opened.\r\n"));
        u->click("noticeButton");
        QVERIFY(peer.isGone());
        QVERIFY(u->waitForWord(QStringLiteral("Running at")));
        QCOMPARE(u->port(), quint16(0));
    }

    void everythingIsThereAgainAfterARestart()
    {
        u->open(true, 7499, 7498);
        typePassword(QStringLiteral("kept from run to run"));
        u->click("passwordShow");
        u->find<QComboBox>("reachField")->setCurrentIndex(1);
        u->find<QComboBox>("classicReachField")->setCurrentIndex(0);
        u->window->resize(950, 640);
        QTRY_COMPARE(u->window->size(), QSize(950, 640));
        auto *parts = u->find<QSplitter>("parts");
        QList<int> sizes = parts->sizes();
        sizes[1] += 30;
        sizes[2] -= 30;
        parts->setSizes(sizes);
        sizes = parts->sizes();
        u->openAgain();
        QCOMPARE(shareNames(), QStringList{QStringLiteral("pub")});
        QCOMPARE(u->password(), QByteArray("kept from run to run"));
        QCOMPARE(u->find<QLineEdit>("passwordField")->echoMode(), QLineEdit::Password);
        QCOMPARE(u->find<QSpinBox>("portField")->value(), 7499);
        QCOMPARE(u->find<QSpinBox>("classicPortField")->value(), 7498);
        QCOMPARE(u->find<QComboBox>("classicReachField")->currentIndex(), 0);
        QCOMPARE(u->find<QComboBox>("reachField")->currentIndex(), 1);
        QCOMPARE(u->textOf("stateWord"), QStringLiteral("Stopped"));
    }

    void theSizesOfTheWindowComeBack()
    {
        u->open();
        u->window->resize(950, 640);
        QTRY_COMPARE(u->window->size(), QSize(950, 640));
        u->close();
        gui::StartValues line;
        line.dataFolder = u->dataFolder();
        gui::ServerWindow again(line);
        again.show();
        QTRY_COMPARE(again.size(), QSize(950, 640));
    }

    void aDamagedSettingsFileGivesAMessageAndAWorkingWindow()
    {
        QVERIFY(QDir().mkpath(u->dataFolder()));
        QFile file(u->dataFolder() + QStringLiteral("/ferry-server.ini"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray("\x00\xff rubbish\n", 11).repeated(50));
        file.close();
        u->open();
        QVERIFY(u->find<QWidget>("notice")->isVisible());
        QVERIFY(u->textOf("noticeText").contains(QStringLiteral("damaged")));
        QVERIFY(u->start());
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
    }

    void columnsAreChosenInTheMenuToo()
    {
        u->open();
        auto *menu = u->find<QMenu>("columnsMenu");
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().size(), int(gui::SessionModel::ColumnCount) - 1);
        QVERIFY(u->find<QTreeView>("sessionView")->isColumnHidden(1));
        menu->actions().first()->trigger();
        QVERIFY(!u->find<QTreeView>("sessionView")->isColumnHidden(1));
        menu->actions().first()->trigger();
        QVERIFY(u->find<QTreeView>("sessionView")->isColumnHidden(1));
    }

    void nothingIsCutOffInASmallWindow_data()
    {
        QTest::addColumn<int>("telnet");
        QTest::addColumn<int>("way");
        QTest::newRow("off") << 0 << 0;
        QTest::newRow("this computer") << 1 << 0;
        QTest::newRow("everyone, stopped") << 2 << 0;
        QTest::newRow("everyone, stopped, telnet page") << 2 << 1;
        QTest::newRow("others") << 3 << 0;
        QTest::newRow("others, telnet page") << 3 << 1;
    }
    void nothingIsCutOffInASmallWindow()
    {
        QFETCH(int, telnet);
        QFETCH(int, way);
        if (telnet == 3)
            u->openForOthersByTelnet();
        else
            u->open();
        if (telnet != 2)         // a test listens for nobody else
            QVERIFY(u->start()); // then the fingerprint is there
        u->find<QAction>("advancedShown")->setChecked(true);
        auto *const reach = u->find<QComboBox>("classicReachField");
        if (telnet != 3)
            reach->setCurrentIndex(telnet);
        u->find<QTabBar>("ways")->setCurrentIndex(way);
        QCOMPARE(u->window->size(), QSize(900, 600));
        QVERIFY(u->window->minimumSizeHint().width() <= 900);
        QVERIFY(u->window->minimumSizeHint().height() <= 600);
        const auto labels = u->window->findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            if (!label->isVisible() || label->text().isEmpty())
                continue;
            const auto needed = [label] {
                return label->wordWrap() ? label->heightForWidth(label->width())
                                         : label->minimumSizeHint().height();
            };
            QTRY_VERIFY2(label->height() >= needed(), qPrintable(label->text()));
            QVERIFY2(label->wordWrap() || label->width() >= label->minimumSizeHint().width(),
                     qPrintable(label->text()));
        }
        const auto buttons = u->window->findChildren<QAbstractButton *>();
        for (const QAbstractButton *button : buttons) {
            if (button->isVisible() && !button->objectName().startsWith(u"qt_"))
                QVERIFY2(button->width() >= button->minimumSizeHint().width(),
                         qPrintable(button->objectName()));
        }
    }

private:
    /// What the server takes, and the next start too.
    QByteArray kept() const
    {
        gui::SettingsFile file(u->dataFolder());
        file.load();
        return file.settings.password.toUtf8();
    }
    QAbstractItemModel *shares() const { return u->find<QTreeView>("sharesView")->model(); }
    QStringList shareNames() const
    {
        QStringList names;
        for (int row = 0; row < shares()->rowCount(); ++row)
            names.append(shares()->index(row, 0).data().toString());
        return names;
    }
    void drop(const QList<QUrl> &urls) const
    {
        QMimeData data;
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton,
                              Qt::NoModifier);
        QCoreApplication::sendEvent(u->window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(100, 100), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(u->window.get(), &event);
    }
    void typePassword(const QString &password) const
    {
        auto *field = u->find<QLineEdit>("passwordField");
        field->selectAll();
        QTest::keyClick(field, Qt::Key_Delete);
        QTest::keyClicks(field, password);
        QTest::keyClick(field, Qt::Key_Return);
    }

    std::unique_ptr<WindowUser> u;
};

FERRY_TEST(ServerWindowTest)
#include "tst_serverwindow.moc"
