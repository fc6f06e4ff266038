// SPDX-License-Identifier: MIT
#include "gui/server/serverfixture.h"
#include "support/testprogram.h"

#include <QAccessible>
#include <QApplication>
#include <QDialog>
#include <QMenu>
#include <QMenuBar>
#include <QSet>
#include <QTabBar>

using namespace ferry;
using namespace ferry::test;

/// The server window without a mouse and without eyes.
class ServerKeyboardTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { u = std::make_unique<WindowUser>(); }
    void cleanup()
    {
        u->close();
        u.reset();
    }

    void everyControlHasANameForScreenReaders()
    {
        u->open();
        const auto widgets = u->window->findChildren<QWidget *>();
        int seen = 0;
        for (QWidget *widget : widgets) {
            if (!takesTab(widget))
                continue;
            ++seen;
            const auto *accessible = QAccessible::queryAccessibleInterface(widget);
            QVERIFY(accessible);
            QVERIFY2(!accessible->text(QAccessible::Name).isEmpty(),
                     qPrintable(widget->objectName() + QLatin1StringView(" of ") +
                                QLatin1StringView(widget->metaObject()->className())));
        }
        QVERIFY(seen > 15);
    }

    void everyControlOfTheDialogsHasAName()
    {
        u->open();
        for (const auto &[action, name] : {std::pair("settingsAction", "settingsDialog"),
                                           {"blockedAction", "blockedDialog"},
                                           {"historyAction", "historyDialog"},
                                           {"accountsAction", "accountsDialog"}}) {
            QDialog *dialog = open(action, name);
            int seen = 0;
            const auto widgets = dialog->findChildren<QWidget *>();
            for (QWidget *widget : widgets) {
                if (!takesTab(widget))
                    continue;
                ++seen;
                const auto *accessible = QAccessible::queryAccessibleInterface(widget);
                QVERIFY(accessible);
                QVERIFY2(!accessible->text(QAccessible::Name).isEmpty() ||
                             qobject_cast<QTabBar *>(widget),
                         qPrintable(QLatin1StringView(name) + u' ' + widget->objectName() + u' ' +
                                    QLatin1StringView(widget->metaObject()->className())));
            }
            QVERIFY(seen >= 4);
            dialog->close();
        }
    }

    void noTwoControlsShareAMnemonic()
    {
        u->open();
        QStringList texts;
        const auto add = [&](const QString &text) { texts.append(mnemonicOf(text)); };
        const auto menus = u->window->menuBar()->actions();
        for (const QAction *menu : menus)
            add(menu->text());
        const auto labels = u->window->findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            if (label->buddy())
                add(label->text());
        }
        const auto buttons = u->window->findChildren<QPushButton *>();
        for (const QPushButton *button : buttons)
            add(button->text());
        texts.removeAll(QString());
        QVERIFY(texts.size() > 10);
        QCOMPARE(texts.removeDuplicates(), 0);
    }

    void noTwoEntriesOfAMenuShareAMnemonic()
    {
        u->open();
        int menus = 0;
        const auto all = u->window->menuBar()->findChildren<QMenu *>();
        for (QMenu *menu : all) {
            Q_EMIT menu->aboutToShow();
            QStringList letters;
            const auto actions = menu->actions();
            for (const QAction *action : actions)
                letters += mnemonicOf(action->text());
            letters.removeAll(QString());
            QVERIFY2(letters.removeDuplicates() == 0, qPrintable(menu->title()));
            menus += letters.isEmpty() ? 0 : 1;
        }
        QVERIFY(menus >= 5);
    }

    void theKeysAreListed()
    {
        u->open();
        QDialog *dialog = open("keysAction", "keysDialog");
        const auto *list = dialog->findChild<QTreeView *>(QStringLiteral("keysList"));
        QStringList rows;
        const QAbstractItemModel *model = list->model();
        for (int group = 0; group < model->rowCount(); ++group) {
            const QModelIndex parent = model->index(group, 0);
            for (int row = 0; row < model->rowCount(parent); ++row)
                rows.append(model->index(row, 0, parent).data().toString() + u'=' +
                            model->index(row, 1, parent).data().toString());
        }
        QVERIFY2(rows.contains(QStringLiteral("Start=Ctrl+Shift+S")), qPrintable(rows.join(u'\n')));
        QVERIFY(rows.contains(QStringLiteral("Next pane=F6")));
        QVERIFY(rows.contains(QStringLiteral("Disconnect=Del")));
    }

    void f6GoesThroughThePanes()
    {
        u->open();
        u->window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(u->window.get()));
        u->find<QPushButton>("startButton")->setFocus();
        QStringList places;
        for (int i = 0; i < 4; ++i) {
            QTest::keyClick(u->window.get(), Qt::Key_F6);
            QVERIFY(QApplication::focusWidget());
            places.append(QApplication::focusWidget()->objectName());
        }
        QVERIFY2(places.contains(QStringLiteral("sharesView")), qPrintable(places.join(u' ')));
        QVERIFY(places.contains(QStringLiteral("addressField")));
        QVERIFY(places.contains(QStringLiteral("logView")));
        QCOMPARE(places.removeDuplicates(), 0);
    }

    void tabGoesInReadingOrder()
    {
        u->open();
        QStringList order;
        const QWidget *first = u->find<QPushButton>("startButton");
        const QWidget *widget = first;
        do {
            if (!widget->objectName().startsWith(u"qt_"))
                order.append(widget->objectName());
            widget = widget->nextInFocusChain();
        } while (widget != first);
        const QStringList expected{QStringLiteral("startButton"),
                                   QStringLiteral("sharesView"),
                                   QStringLiteral("addShare"),
                                   QStringLiteral("renameShare"),
                                   QStringLiteral("reachField"),
                                   QStringLiteral("portField"),
                                   QStringLiteral("classicReachField"),
                                   QStringLiteral("classicPortField"),
                                   QStringLiteral("ways"),
                                   QStringLiteral("addressField"),
                                   QStringLiteral("copyAddress"),
                                   QStringLiteral("passwordField"),
                                   QStringLiteral("passwordShow"),
                                   QStringLiteral("passwordCopy"),
                                   QStringLiteral("passwordNew"),
                                   QStringLiteral("fingerprint"),
                                   QStringLiteral("copyFingerprint"),
                                   QStringLiteral("commandField"),
                                   QStringLiteral("copyCommand"),
                                   QStringLiteral("telnetField"),
                                   QStringLiteral("copyTelnet"),
                                   QStringLiteral("sessionFilter"),
                                   QStringLiteral("sessionView"),
                                   QStringLiteral("allLogButton"),
                                   QStringLiteral("logFind"),
                                   QStringLiteral("logView")};
        order.removeIf([&](const QString &name) { return !expected.contains(name); });
        QCOMPARE(order, expected);
    }

    void theNextStepHasTheFocus()
    {
        u->open(false);
        QVERIFY(u->find<QPushButton>("sessionsEmptyButton")->hasFocus());
        u->open(true);
        QVERIFY(u->find<QPushButton>("startButton")->hasFocus());
    }

    void f6FindsTheSessionsOnceTheirEmptyStateHasGone()
    {
        u->open(false);
        u->window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(u->window.get()));
        u->prompts.folder = u->pub();
        QTest::keyClick(u->find<QPushButton>("sessionsEmptyButton"), Qt::Key_Return);
        QVERIFY(u->find<QPushButton>("startButton")->hasFocus()); // the next step
        QTest::keyClick(u->find<QPushButton>("startButton"), Qt::Key_Space);
        QVERIFY(u->waitForWord(QStringLiteral("Running at")));
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
        QTRY_COMPARE(u->sessionRows(), 1);
        auto *sessions = u->find<QTreeView>("sessionView");
        for (int i = 0; i < 5 && !sessions->hasFocus(); ++i)
            QTest::keyClick(u->window.get(), Qt::Key_F6);
        QVERIFY(sessions->hasFocus());
        u->find<QPushButton>("startButton")->setFocus();
        QTest::keyClick(u->window.get(), Qt::Key_T, Qt::ControlModifier);
        QVERIFY(sessions->hasFocus());

        // In a table with one row too, a key selects it; the log follows.
        QVERIFY(!sessions->selectionModel()->hasSelection());
        QTest::keyClick(sessions, Qt::Key_Down);
        QVERIFY(sessions->selectionModel()->isRowSelected(0, {}));
        QCOMPARE(u->textOf("logTitle"), QStringLiteral("Log of session 1"));
        sessions->clearSelection();
        QTest::keyClick(sessions, Qt::Key_Home);
        QVERIFY(sessions->selectionModel()->isRowSelected(0, {}));
        QTest::keyClick(sessions, Qt::Key_Delete);
        QVERIFY(peer.isGone());
    }

    void tabReachesEveryControlAndComesRound_data()
    {
        QTest::addColumn<bool>("running");
        QTest::addColumn<QByteArray>("action");
        QTest::addColumn<QByteArray>("dialog");
        QTest::newRow("stopped") << false << QByteArray() << QByteArray();
        QTest::newRow("with a session") << true << QByteArray() << QByteArray();
        QTest::newRow("settings") << false << QByteArray("settingsAction")
                                  << QByteArray("settingsDialog");
        QTest::newRow("bans") << false << QByteArray("blockedAction")
                              << QByteArray("blockedDialog");
        QTest::newRow("history") << true << QByteArray("historyAction")
                                 << QByteArray("historyDialog");
        QTest::newRow("accounts") << false << QByteArray("accountsAction")
                                  << QByteArray("accountsDialog");
    }
    void tabReachesEveryControlAndComesRound()
    {
        QFETCH(bool, running);
        QFETCH(QByteArray, action);
        QFETCH(QByteArray, dialog);
        u->writeFile(QStringLiteral("small"), "content");
        u->open();
        std::unique_ptr<Peer> peer;
        if (running) {
            QVERIFY(u->start());
            peer = std::make_unique<Peer>(u->port());
            QVERIFY(peer->login(u->password()));
            QTRY_COMPARE(u->sessionRows(), 1);
            u->find<QAction>("setupShown")->setChecked(true);
            u->selectSession(1);
            peer->send("FILE pub/small\r\n"); // into the history
            QVERIFY(peer->gets("successfully.\r\n"));
        }
        QWidget *window = u->window.get();
        if (!dialog.isEmpty()) {
            u->find<QAction>(action.constData())->trigger();
            window = u->find<QDialog>(dialog.constData());
            if (auto *button = window->findChild<QPushButton *>(QStringLiteral("historyExport")))
                QTRY_VERIFY(button->isEnabled()); // once it has been looked up
        }
        window->activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), window);
        QVERIFY(QApplication::focusWidget());
        QSet<QWidget *> reached;
        for (int i = 0; i < 200; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            QWidget *now = QApplication::focusWidget();
            QVERIFY2(now && now->window() == window,
                     qPrintable(now ? now->objectName() : QString()));
            if (reached.contains(now))
                break;
            reached.insert(now);
        }
        const auto widgets = window->findChildren<QWidget *>();
        int controls = 0;
        for (QWidget *widget : widgets) {
            if (widget->window() != window || !takesTab(widget) || !widget->isEnabled())
                continue;
            ++controls;
            QVERIFY2(reached.contains(widget), qPrintable(widget->objectName()));
        }
        QVERIFY(controls >= 3);
    }

private:
    static QString mnemonicOf(const QString &text)
    {
        const auto at = text.indexOf(u'&');
        return at < 0 ? QString() : text.mid(at + 1, 1).toLower();
    }
    /// One that a person comes to with Tab, and not a part of another control.
    static bool takesTab(const QWidget *widget)
    {
        return widget->isVisible() && (widget->focusPolicy() & Qt::TabFocus) != 0 &&
               !widget->focusProxy() && !widget->objectName().startsWith(u"qt_");
    }
    QDialog *open(const char *action, const char *dialog) const
    {
        u->find<QAction>(action)->trigger();
        return u->find<QDialog>(dialog);
    }

    std::unique_ptr<WindowUser> u;
};

FERRY_TEST(ServerKeyboardTest)
#include "tst_serverkeyboard.moc"
