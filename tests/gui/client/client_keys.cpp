// SPDX-License-Identifier: MIT
/// The client window by the keyboard alone, and read aloud: every control is reached in a sensible
/// order and has a name.
#include "client-gui/browser/browserpane.h"
#include "client-gui/browser/foldernavigator.h"
#include "client-gui/dialogs/trustdialogs.h"
#include "client-gui/servers/serversdialog.h"
#include "gui-common/dialogs/keysdialog.h"
#include "gui-common/keys/menukey.h"
#include "gui/client/client_fixture.h"
#include "support/testprogram.h"

#include <QAccessible>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>

using namespace ferry;
using namespace ferry::gui;

namespace {

/// Connected, and with all panes to be seen.
struct Everything : ClientWindowFixture
{
    Everything()
    {
        writeFile(share() + QStringLiteral("/notes.txt"), "n");
        QDir(share()).mkpath(QStringLiteral("photos"));
        startServer();
        window->resize(1100, 800);
        find<QAction>("addPathsAction")->trigger();
        find<QAction>("showConversationAction")->setChecked(true);
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
        QVERIFY(connectTo(serverAddress()));
        window->addPaths({"/S/notes.txt", "/S/none.txt"});
        const auto ended = [this] {
            return stateOf(QStringLiteral("notes.txt")) == QStringLiteral("Verified");
        };
        QVERIFY(QTest::qWaitFor(ended, 20000));
        QVERIFY(QTest::qWaitFor([this] { return navigator()->path() == "/"; }, 20000));
        QVERIFY(go("/S"));
    }
    FolderNavigator *navigator() const { return find<BrowserPane>("browserPane")->navigator(); }
    bool go(const QByteArray &path)
    {
        navigator()->go(path);
        return arrived(path);
    }
    bool arrived(const QByteArray &path) const
    {
        return QTest::qWaitFor(
            [&] {
                return navigator()->path() == path &&
                       navigator()->state() == FolderNavigator::State::Complete;
            },
            20000);
    }
    bool isIn(const char *pane) const
    {
        const QWidget *focus = QApplication::focusWidget();
        const auto *widget = find<QWidget>(pane);
        return focus && (focus == widget || widget->isAncestorOf(focus));
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(window.get(), Qt::Key(key), modifiers);
    }
    void pressThere(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key(key), modifiers);
    }
};

bool isControl(const QWidget *widget)
{
    // What has the focus in the place of another one is that one's.
    return (widget->focusPolicy() & Qt::TabFocus) && widget->isVisible() && widget->isEnabled() &&
           !widget->objectName().startsWith(QStringLiteral("qt_")) && !widget->focusProxy() &&
           !qobject_cast<QComboBox *>(widget->parentWidget());
}

QString nameOf(const QWidget *widget)
{
    return QLatin1String(widget->metaObject()->className()) + QLatin1Char(' ') +
           widget->objectName() + QLatin1Char(' ') + widget->accessibleName();
}

/// The nameless ones among the controls.
QStringList nameless(const QWidget *window)
{
    QStringList found;
    for (QWidget *widget : window->findChildren<QWidget *>()) {
        if (!isControl(widget))
            continue;
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
        if (!accessible || accessible->text(QAccessible::Name).isEmpty())
            found.append(nameOf(widget));
    }
    return found;
}

} // namespace

class ClientKeysTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void tabReachesEveryControlPaneByPane();
    void backTabGoesTheSameWayBack();
    void everyControlHasAName();
    void noTwoEntriesOfAMenuShareAMnemonic();
    void everyDialogsControlsHaveNames();
    void f6GoesFromPaneToPane();
    void shiftF10OpensTheMenuOfTheRow();
    void controlFIsTheFilterOfThePane();
    void theBrowserByKeys();
    void theFirstRunSaysWhatToDoNext();
};

void ClientKeysTest::tabReachesEveryControlPaneByPane()
{
    const Everything f;
    f.find<QLineEdit>("remoteFilter")->setFocus();
    QSet<const QWidget *> reached;
    QStringList panes;
    const QStringList names{QStringLiteral("connectBar"), QStringLiteral("addPathsBar"),
                            QStringLiteral("browserPane"), QStringLiteral("queueView"),
                            QStringLiteral("conversation")};
    for (int step = 0; step < 200; ++step) {
        const QWidget *focus = QApplication::focusWidget();
        QVERIFY(focus);
        if (reached.contains(focus))
            break;
        reached.insert(focus);
        for (const QString &name : names) {
            const auto *pane = f.window->findChild<QWidget *>(name);
            if (pane->isAncestorOf(focus) && (panes.isEmpty() || panes.last() != name))
                panes.append(name);
        }
        f.pressThere(Qt::Key_Tab);
    }
    for (const QWidget *widget : f.window->findChildren<QWidget *>()) {
        if (isControl(widget))
            QVERIFY2(reached.contains(widget), qPrintable(nameOf(widget)));
    }
    // Round once, from the browser on: no pane is entered twice, but where it began.
    const QStringList expected{QStringLiteral("browserPane"),  QStringLiteral("queueView"),
                               QStringLiteral("conversation"), QStringLiteral("connectBar"),
                               QStringLiteral("addPathsBar"),  QStringLiteral("browserPane")};
    QCOMPARE(panes.join(u' '), expected.join(u' '));
    QVERIFY(reached.size() > 20);
}

void ClientKeysTest::backTabGoesTheSameWayBack()
{
    const Everything f;
    f.find<QTreeView>("remoteList")->setFocus();
    const QWidget *start = QApplication::focusWidget();
    QVERIFY(start);
    f.pressThere(Qt::Key_Tab);
    QVERIFY(QApplication::focusWidget() != start);
    f.pressThere(Qt::Key_Backtab, Qt::ShiftModifier);
    QCOMPARE(QApplication::focusWidget(), start);
}

void ClientKeysTest::noTwoEntriesOfAMenuShareAMnemonic()
{
    const ClientWindowFixture f;
    int menus = 0;
    QMenuBar *bar = f.window->menuBar();
    QList<QList<QAction *>> groups{bar->actions()};
    for (qsizetype i = 0; i < groups.size(); ++i) {
        QStringList letters;
        const QList<QAction *> group = groups.at(i);
        for (const QAction *action : group) {
            const auto at = action->text().indexOf(u'&');
            if (at >= 0)
                letters.append(action->text().mid(at + 1, 1).toLower());
            if (action->menu())
                groups.append(action->menu()->actions());
        }
        const QString shown = letters.join(u' ');
        menus += letters.isEmpty() ? 0 : 1;
        QVERIFY2(letters.removeDuplicates() == 0, qPrintable(shown));
    }
    QVERIFY(menus >= 6);
}

void ClientKeysTest::everyControlHasAName()
{
    const Everything f;
    QCOMPARE(nameless(f.window.get()), QStringList());
    const ClientWindowFixture empty;
    QCOMPARE(nameless(empty.window.get()), QStringList());
}

void ClientKeysTest::everyDialogsControlsHaveNames()
{
    const ClientWindowFixture f;
    Answers answers;
    FirstContactDialog contact(QStringLiteral("studio:7420"), "sha256:" + QByteArray(64, 'a'));
    ServerChangedDialog changed(QStringLiteral("studio:7420"), Expected::Saved,
                                "sha256:" + QByteArray(64, 'a'), "sha256:" + QByteArray(64, 'b'));
    ServersDialog servers(f.settings.get(), nullptr, &answers);
    KeysDialog keys(f.window->menuBar(), {});
    for (QDialog *dialog : {static_cast<QDialog *>(&contact), static_cast<QDialog *>(&changed),
                            static_cast<QDialog *>(&servers), static_cast<QDialog *>(&keys)}) {
        dialog->show();
        QCOMPARE(nameless(dialog), QStringList());
        QVERIFY(!dialog->windowTitle().isEmpty());
        QTest::keyClick(dialog, Qt::Key_Escape); // always the way out
        QVERIFY(!dialog->isVisible());
        QCOMPARE(dialog->result(), int(QDialog::Rejected));
    }
}

void ClientKeysTest::f6GoesFromPaneToPane()
{
    const Everything f;
    f.find<QTreeView>("remoteList")->setFocus();
    for (const char *pane :
         {"queueView", "conversation", "connectBar", "addPathsBar", "browserPane"}) {
        f.press(Qt::Key_F6);
        QVERIFY2(f.isIn(pane), pane);
    }
    f.find<QTreeView>("remoteList")->setFocus();
    f.press(Qt::Key_F6);
    QVERIFY(f.isIn("queueView"));
    f.press(Qt::Key_F6, Qt::ShiftModifier);
    QVERIFY(f.isIn("browserPane"));
    QCOMPARE(QApplication::focusWidget(), f.find<QWidget>("remoteList")); // where it was
    // What gets empty hands the focus on; F6 leads to the list all the same.
    auto *const table = f.find<QTreeView>("queueTable");
    for (QWidget *gone : {static_cast<QWidget *>(table), f.find<QWidget>("browserPane")}) {
        table->setFocus();
        f.find<QTreeView>("remoteList")->setFocus();
        gone->setFocus();
        gone->hide();
        QVERIFY(!f.isIn(gone->objectName().toLatin1().constData()));
        gone->show();
        f.find<QTreeView>("remoteList")->setFocus();
        f.press(Qt::Key_F6);
        QCOMPARE(QApplication::focusWidget(), table);
    }
}

void ClientKeysTest::shiftF10OpensTheMenuOfTheRow()
{
    openMenusByShiftF10(qApp); // as the program does
    const Everything f;
    auto *const list = f.find<QTreeView>("remoteList");
    // The menu would wait for an answer.
    QObject::disconnect(list, &QWidget::customContextMenuRequested, nullptr, nullptr);
    const QSignalSpy asked(list, &QWidget::customContextMenuRequested);
    list->setFocus();
    list->setCurrentIndex(list->model()->index(1, 0));
    QTest::keyClick(list, Qt::Key_F10);
    QCOMPARE(asked.size(), 0);
    QTest::keyClick(list, Qt::Key_F10, Qt::ShiftModifier);
    QCOMPARE(asked.size(), 1);
    QVERIFY(list->visualRect(list->currentIndex()).contains(asked.first().first().toPoint()));
}

void ClientKeysTest::controlFIsTheFilterOfThePane()
{
    const Everything f;
    f.find<QTreeView>("remoteList")->setFocus();
    f.press(Qt::Key_F, Qt::ControlModifier);
    QVERIFY(f.isIn("remoteFilter"));
    f.find<QTreeView>("queueTable")->setFocus();
    f.press(Qt::Key_F, Qt::ControlModifier);
    QVERIFY(f.isIn("queueFilter"));
}

void ClientKeysTest::theBrowserByKeys()
{
    Everything f;
    auto *list = f.find<QTreeView>("remoteList");
    list->setFocus();
    QVERIFY(!list->currentIndex().isValid());
    QTest::keyClick(list, Qt::Key_End); // in a folder that was just opened
    QCOMPARE(list->currentIndex().row(), list->model()->rowCount() - 1);
    list->setCurrentIndex(list->model()->index(0, 0)); // photos
    QTest::keyClick(list, Qt::Key_Return);
    QVERIFY(f.arrived("/S/photos"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Backspace);
    QVERIFY(f.arrived("/S"));
    QCOMPARE(list->currentIndex().data().toString(), QStringLiteral("photos"));
    writeFile(f.share() + QStringLiteral("/later.txt"), "l");
    f.press(Qt::Key_F5);
    QTRY_COMPARE(list->model()->rowCount(), 3);
    // Backspace in a field is for its text.
    f.press(Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(f.find<QLineEdit>("remoteFilter"), QStringLiteral("no"));
    QTRY_COMPARE(list->model()->rowCount(), 1);
    QTest::keyClick(f.find<QLineEdit>("remoteFilter"), Qt::Key_Backspace);
    QCOMPARE(f.navigator()->path(), QByteArray("/S"));
    QCOMPARE(f.find<QLineEdit>("remoteFilter")->text(), QStringLiteral("n"));
    QTest::keyClick(f.find<QLineEdit>("remoteFilter"), Qt::Key_Down);
    QVERIFY(list->hasFocus());
}

void ClientKeysTest::theFirstRunSaysWhatToDoNext()
{
    const ClientWindowFixture f;
    QStringList words;
    for (const QLabel *label : f.window->findChildren<QLabel *>()) {
        if (label->isVisible())
            words.append(label->text());
    }
    const QString all = words.join(u'\n');
    QVERIFY(all.contains(QStringLiteral("Type the address and password shown in the Ferry Server "
                                        "window, then press Communicate.")));
    QVERIFY(all.contains(QStringLiteral("Nothing in the queue")));
    f.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
    QTRY_VERIFY(f.find<QComboBox>("hostField")->hasFocus());
}

FERRY_TEST(ClientKeysTest)
#include "client_keys.moc"
