// SPDX-License-Identifier: MIT
#include "client-gui/connect/passwordmemory.h"
#include "client-gui/desktop/passwordstore.h"
#include "client-gui/dialogs/trustdialogs.h"
#include "client-gui/servers/serversdialog.h"
#include "client/connect/knownservers.h"
#include "gui/client/client_fixture.h"
#include "support/testprogram.h"

#include <QAbstractItemView>
#include <QMenu>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>
#include <QTimer>
#include <QTreeWidget>

using namespace ferry;
using namespace ferry::gui;

namespace {

const QByteArray oneFingerprint = "sha256:" + QByteArray("0123456789abcdef").repeated(4);
const QByteArray otherFingerprint = "sha256:" + QByteArray("fedcba9876543210").repeated(4);

/// Has a password for every server, and gives it when the test says so.
class SlowStore final : public PasswordStore
{
public:
    QString obstacle() const override { return {}; }
    void read(const QString &server) override { reads.append(server); }
    void write(const QString &, const QString &) override {}
    void remove(const QString &server) override { removed.append(server); }

    QStringList reads;
    QStringList removed;
};

struct DialogFixture
{
    explicit DialogFixture(const QList<SavedServer> &servers)
    {
        settings.setServers(servers);
        client::KnownServers known(settings.knownServersFile());
        QVERIFY(known.save(QStringLiteral("studio"), 7420, oneFingerprint));
        QVERIFY(known.save(QStringLiteral("::1"), 7420, otherFingerprint));
        dialog = std::make_unique<ServersDialog>(&settings, nullptr, &answers);
        dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(dialog.get()));
        QVERIFY(dialog->width() <= dialog->screen()->availableSize().width());
    }
    QTreeWidget *list() const
    {
        return dialog->findChild<QTreeWidget *>(QStringLiteral("servers"));
    }
    QPushButton *button(const char *name) const
    {
        return dialog->findChild<QPushButton *>(QString::fromLatin1(name));
    }
    QStringList column(int column) const
    {
        QStringList texts;
        for (int row = 0; row < list()->topLevelItemCount(); ++row)
            texts.append(list()->topLevelItem(row)->text(column));
        return texts;
    }
    void choose(int row) const { list()->setCurrentItem(list()->topLevelItem(row)); }
    QByteArrayList pins() const
    {
        QByteArrayList pins;
        const auto entries = client::KnownServers(settings.knownServersFile()).list();
        for (const auto &entry : entries.value())
            pins.append(entry.server);
        return pins;
    }

    QTemporaryDir dir;
    ClientSettings settings{dir.path()};
    Answers answers;
    std::unique_ptr<ServersDialog> dialog;
};

QList<SavedServer> twoServers()
{
    return {{QStringLiteral("anna@studio"), QStringLiteral("Studio")},
            {QStringLiteral("192.0.2.7:99"), {}}};
}

} // namespace

class ClientServersTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void theLatestIsFirstAndKeepsItsName();
    void onlySoManyWithoutANameAreKept();
    void oneServerIsOneWhicheverWayItIsWritten();
    void namesAreBoundedAndOfOneLine();
    void theDialogShowsOneRowForEachServer();
    void withoutServersItSaysHowTheyCome();
    void aServerIsRenamed();
    void aServerHasAFolderOfItsOwn();
    void itsFolderCountsWhileItIsConnected();
    void removingForgetsTheFingerprintToo();
    void aFingerprintStaysWhileAnotherAccountHasIt();
    void aDoubleClickOrReturnChooses();
    void aDamagedFileIsTold();
    void theHostFieldListsNamesAndTakesAddresses();
    void choosingConnectsOnceThePasswordIsThere();
    void choosingWithoutAPasswordAsksForIt();
    void aPasswordThatWasTypedForAnotherServerDoesNotGoAlong();
    void anotherServerEndsTheConnectionOnlyWhenAsked();
    void theSameServerAtANewAddressIsToldAndNamed();
    void theWelcomeLeadsToAllServers();
};

void ClientServersTest::theLatestIsFirstAndKeepsItsName()
{
    QList<SavedServer> servers = twoServers();
    servers = savedservers::withUsed(servers, {QStringLiteral("192.0.2.7:99"), {}});
    QCOMPARE(servers.first().address, QStringLiteral("192.0.2.7:99"));
    servers = savedservers::withUsed(servers, {QStringLiteral("anna@STUDIO:7420"), {}});
    QCOMPARE(servers.size(), qsizetype(2));
    QCOMPARE(servers.first(),
             (SavedServer{QStringLiteral("anna@STUDIO:7420"), QStringLiteral("Studio")}));
    QCOMPARE(savedservers::parse(savedservers::lines(servers)), servers);
    // Somebody took the name away; what it is called elsewhere does not bring it back.
    servers = savedservers::withName(servers, QStringLiteral("anna@studio"), {});
    servers = savedservers::withUsed(servers, {QStringLiteral("anna@studio"), QStringLiteral("S")});
    QCOMPARE(servers.first().name, QString());
}

void ClientServersTest::onlySoManyWithoutANameAreKept()
{
    QList<SavedServer> servers = twoServers();
    for (int i = 0; i < 2 * savedservers::maxRecent; ++i)
        servers = savedservers::withUsed(servers, {QStringLiteral("host%1").arg(i), {}});
    QCOMPARE(servers.size(), savedservers::maxRecent + 1);
    QCOMPARE(servers.last().name, QStringLiteral("Studio")); // however long ago
    QCOMPARE(servers.first().address, QStringLiteral("host19"));
    QStringList many;
    for (int i = 0; i < 1000; ++i)
        many.append(QStringLiteral("host%1 name").arg(i));
    QCOMPARE(savedservers::parse(many).size(), savedservers::maxKept);
}

void ClientServersTest::oneServerIsOneWhicheverWayItIsWritten()
{
    QVERIFY(savedservers::isSame(QStringLiteral("studio"), QStringLiteral("Studio:7420")));
    QVERIFY(savedservers::isSame(QStringLiteral("::1"), QStringLiteral("[::1]:7420")));
    QVERIFY(!savedservers::isSame(QStringLiteral("studio"), QStringLiteral("anna@studio")));
    QVERIFY(!savedservers::isSame(QStringLiteral("studio:1"), QStringLiteral("studio:2")));
    QVERIFY(!savedservers::isSame(QStringLiteral("a b"), QStringLiteral("c d")));
}

void ClientServersTest::namesAreBoundedAndOfOneLine()
{
    const QString address = QStringLiteral("192.0.2.7:99");
    const auto named = [&](const QString &name) {
        const QList<SavedServer> servers = savedservers::withName(twoServers(), address, name);
        return savedservers::parse(savedservers::lines(servers)).last().name;
    };
    QCOMPARE(named(QStringLiteral("  two\n  words ")), QStringLiteral("two words"));
    QCOMPARE(named(QString(1000, u'x')).size(), savedservers::longestName);
    QCOMPARE(named({}), QString());
    const auto added = savedservers::withName({}, address, QStringLiteral("New"));
    QCOMPARE(added, (QList<SavedServer>{{address, QStringLiteral("New")}}));
}

void ClientServersTest::theDialogShowsOneRowForEachServer()
{
    const DialogFixture f(twoServers());
    QCOMPARE(f.column(0), (QStringList{QStringLiteral("Studio"), {}, {}}));
    QCOMPARE(f.column(1),
             (QStringList{QStringLiteral("anna@studio"), QStringLiteral("192.0.2.7:99"),
                          QStringLiteral("[::1]:7420")}));
    QCOMPARE(f.column(3),
             (QStringList{groupedFingerprint(oneFingerprint), QStringLiteral("Not checked yet"),
                          groupedFingerprint(otherFingerprint)}));
    f.list()->setCurrentItem(nullptr);
    for (const char *name : {"connectButton", "renameButton", "removeButton"})
        QVERIFY(!f.button(name)->isEnabled());
}

void ClientServersTest::withoutServersItSaysHowTheyCome()
{
    const QTemporaryDir dir;
    ClientSettings settings(dir.path());
    Answers answers;
    const ServersDialog dialog(&settings, nullptr, &answers);
    QVERIFY(dialog.findChild<QLabel *>(QStringLiteral("serversEmpty"))
                ->text()
                .contains(QStringLiteral("No servers yet")));
}

void ClientServersTest::aServerIsRenamed()
{
    DialogFixture f(twoServers());
    f.choose(0);
    f.answers.typed = std::nullopt; // cancelled
    QTest::keyClick(f.list(), Qt::Key_F2);
    QCOMPARE(f.answers.asked, QStringList{QStringLiteral("Studio")});
    QCOMPARE(f.settings.servers(), twoServers());

    f.answers.typed = QStringLiteral("Attic");
    f.choose(1);
    f.button("renameButton")->click();
    QCOMPARE(f.column(0), (QStringList{QStringLiteral("Studio"), QStringLiteral("Attic"), {}}));
    QCOMPARE(f.list()->currentItem()->text(0), QStringLiteral("Attic"));
    f.choose(2); // known by its fingerprint alone
    f.answers.typed = QStringLiteral("Here");
    QTest::keyClick(f.list(), Qt::Key_F2);
    QCOMPARE(f.column(0).last(), QStringLiteral("Here"));
    QCOMPARE(f.settings.servers().last(),
             (SavedServer{QStringLiteral("[::1]:7420"), QStringLiteral("Here")}));
    QCOMPARE(f.list()->topLevelItemCount(), 3);
}

void ClientServersTest::aServerHasAFolderOfItsOwn()
{
    DialogFixture f(twoServers());
    const auto menu = f.button("folderButton")->menu()->actions();
    f.choose(1);
    menu[0]->trigger(); // and nothing is chosen
    QVERIFY(f.settings.servers()[1].folder.isEmpty());
    f.answers.folder = QStringLiteral("/srv/of the second");
    menu[0]->trigger();
    QCOMPARE(f.column(2), (QStringList{{}, f.answers.folder, {}}));
    QCOMPARE(f.list()->currentItem()->text(1), QStringLiteral("192.0.2.7:99"));

    // It is kept, as one with a name is, under whichever name it is used again.
    QList<SavedServer> servers = ClientSettings(f.dir.path()).servers();
    QCOMPARE(servers[1], (SavedServer{QStringLiteral("192.0.2.7:99"), {}, f.answers.folder}));
    for (int i = 0; i < 2 * savedservers::maxRecent; ++i)
        servers = savedservers::withUsed(servers, {QStringLiteral("host%1").arg(i), {}});
    servers = savedservers::withUsed(servers, {QStringLiteral("192.0.2.7:99"), {}});
    QCOMPARE(servers.first().folder, f.answers.folder);
    f.settings.setServers(servers);
    QCOMPARE(f.settings.servers(), servers);
    f.settings.forgetRecentServers();
    QCOMPARE(f.settings.servers().size(), qsizetype(2));

    menu[1]->trigger();
    QCOMPARE(f.column(2), (QStringList{{}, {}, {}}));
}

void ClientServersTest::itsFolderCountsWhileItIsConnected()
{
    ClientWindowFixture f;
    f.startServer();
    const QString own = f.dir.filePath(QStringLiteral("own"));
    const QString other = f.dir.filePath(QStringLiteral("other"));
    for (const QString &folder : {own, other})
        QVERIFY(QDir().mkpath(folder));
    f.settings->setServers(savedservers::withFolder({}, f.serverAddress(), own));
    writeFile(f.share() + QStringLiteral("/a.txt"), "a");
    QVERIFY(f.connectTo(f.serverAddress()));
    f.addPath(QStringLiteral("/S/a.txt"));
    QTRY_VERIFY(QFile::exists(own + QStringLiteral("/a.txt")));

    // Another folder chosen now is that of this server.
    f.answers.folder = other;
    f.find<QPushButton>("changeDestination")->click();
    QCOMPARE(f.settings->servers().first().folder, other);
    QCOMPARE(f.settings->destination(), f.target());
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));

    // And those without one have the usual one.
    f.settings->setServers({});
    QVERIFY(f.connectTo(f.serverAddress()));
    f.addPath(QStringLiteral("/S/a.txt"));
    QTRY_VERIFY(QFile::exists(f.saved(QStringLiteral("a.txt"))));
    f.find<QPushButton>("changeDestination")->click();
    QCOMPARE(f.settings->destination(), other);
}

void ClientServersTest::removingForgetsTheFingerprintToo()
{
    DialogFixture f(twoServers());
    f.choose(0);
    f.answers.yes = false;
    f.button("removeButton")->click();
    QCOMPARE(f.answers.asked.size(), qsizetype(1));
    QCOMPARE(f.list()->topLevelItemCount(), 3);
    f.answers.yes = true;
    QTest::keyClick(f.list(), Qt::Key_Delete);
    QCOMPARE(f.list()->topLevelItemCount(), 2);
    QCOMPARE(f.pins(), QByteArrayList{"[::1]:7420"});
    f.choose(1);
    f.button("removeButton")->click();
    QVERIFY(f.pins().isEmpty());
    QCOMPARE(f.settings.servers().size(), qsizetype(1));
    QVERIFY(f.answers.told.isEmpty());
}

void ClientServersTest::aFingerprintStaysWhileAnotherAccountHasIt()
{
    DialogFixture f({{QStringLiteral("anna@studio"), QStringLiteral("Studio")},
                     {QStringLiteral("ben@studio:7420"), {}}});
    f.answers.yes = true;
    f.choose(0);
    f.button("removeButton")->click();
    QVERIFY(f.pins().contains("studio:7420"));
    f.choose(0);
    f.button("removeButton")->click();
    QVERIFY(!f.pins().contains("studio:7420"));
}

void ClientServersTest::aDoubleClickOrReturnChooses()
{
    {
        const DialogFixture f(twoServers());
        QWidget *viewport = f.list()->viewport();
        const QPoint second = f.list()->visualItemRect(f.list()->topLevelItem(1)).center();
        QTest::mouseClick(viewport, Qt::LeftButton, {}, second);
        QVERIFY(f.dialog->isVisible());
        QTest::mouseDClick(viewport, Qt::LeftButton, {}, second);
        QCOMPARE(f.dialog->result(), int(QDialog::Accepted));
        QCOMPARE(f.dialog->chosen(), QStringLiteral("192.0.2.7:99"));
    }
    const DialogFixture f(twoServers());
    QTest::keyClick(f.list(), Qt::Key_Down);
    QTest::keyClick(f.list(), Qt::Key_Return);
    QCOMPARE(f.dialog->result(), int(QDialog::Accepted));
    QCOMPARE(f.dialog->chosen(), QStringLiteral("192.0.2.7:99"));
}

void ClientServersTest::aDamagedFileIsTold()
{
    const QTemporaryDir dir;
    ClientSettings settings(dir.path());
    writeFile(settings.knownServersFile(), "studio:7420 sha256:zz\n");
    QFile::setPermissions(settings.knownServersFile(), QFile::ReadOwner | QFile::WriteOwner);
    settings.setServers(twoServers());
    Answers answers;
    const ServersDialog dialog(&settings, nullptr, &answers);
    QVERIFY(dialog.findChild<QLabel *>(QStringLiteral("serversWords"))
                ->text()
                .contains(QStringLiteral("line 1 is damaged")));
    QCOMPARE(dialog.findChild<QTreeWidget *>(QStringLiteral("servers"))->topLevelItemCount(), 2);
}

void ClientServersTest::theHostFieldListsNamesAndTakesAddresses()
{
    ClientWindowFixture f;
    f.settings->setServers(twoServers());
    f.open();
    auto *field = f.find<QComboBox>("hostField");
    QCOMPARE(field->currentText(), QStringLiteral("anna@studio"));
    QCOMPARE(field->itemText(0), QStringLiteral("anna@studio"));
    QCOMPARE(field->itemData(0, Qt::AccessibleTextRole).toString(),
             QStringLiteral("Studio – anna@studio"));
    field->showPopup();
    QTRY_VERIFY(field->view()->isVisible());
    QTest::keyClick(field->view(), Qt::Key_Down);
    QTest::keyClick(field->view(), Qt::Key_Return);
    QCOMPARE(field->currentText(), QStringLiteral("192.0.2.7:99"));
}

/// Chooses a row of the dialog as soon as it is open.
static void chooseInDialog(const ClientWindowFixture &f, int row)
{
    QTimer::singleShot(0, f.window.get(), [&f, row] {
        const auto *dialog = f.find<QDialog>("serversDialog");
        auto *list = dialog->findChild<QTreeWidget *>(QStringLiteral("servers"));
        list->setCurrentItem(list->topLevelItem(row));
        QTest::keyClick(list, Qt::Key_Return);
    });
    f.find<QAction>("serversAction")->trigger();
}

void ClientServersTest::choosingConnectsOnceThePasswordIsThere()
{
    SlowStore store;
    ClientWindowFixture f;
    f.startServer();
    f.settings->setServers({{QStringLiteral("192.0.2.7:99"), {}}, {f.serverAddress(), {}}});
    const QString server = client::serverName(client::parseAddress(f.serverAddress()).value());
    f.settings->setPasswordRemembered(server, true);
    f.open();
    f.window->setPasswordStore(&store);
    chooseInDialog(f, 1);
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), f.serverAddress());
    QTRY_COMPARE(store.reads, QStringList{server});
    QCOMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
    Q_EMIT store.found(server, f.password);
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("● Connected"));

    // Whoever types something else is not connected by what comes late.
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
    f.fillIn(QStringLiteral("192.0.2.7:99"), {});
    chooseInDialog(f, 0);
    f.find<QComboBox>("hostField")->setEditText(QStringLiteral("192.0.2.8"));
    Q_EMIT store.found(server, f.password);
    QCOMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
}

void ClientServersTest::choosingWithoutAPasswordAsksForIt()
{
    ClientWindowFixture f;
    f.settings->setServers(twoServers());
    f.open();
    chooseInDialog(f, 1);
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), QStringLiteral("192.0.2.7:99"));
    QCOMPARE(f.window->focusWidget(), f.find<QLineEdit>("passwordField"));
    QVERIFY(f.words("connectMessage").contains(QStringLiteral("Type the password")));
}

void ClientServersTest::aPasswordThatWasTypedForAnotherServerDoesNotGoAlong()
{
    ClientWindowFixture f;
    f.startServer();
    f.settings->setServers({{QStringLiteral("192.0.2.7:99"), {}}, {f.serverAddress(), {}}});
    f.open();
    f.fillIn(QStringLiteral("192.0.2.7:99"), f.password);
    chooseInDialog(f, 1);
    QVERIFY(f.find<QLineEdit>("passwordField")->text().isEmpty());
    QCOMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
    // For the same one it does.
    f.fillIn(f.serverAddress(), f.password);
    chooseInDialog(f, 1);
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("● Connected"));
}

void ClientServersTest::anotherServerEndsTheConnectionOnlyWhenAsked()
{
    ClientWindowFixture f;
    f.startServer();
    f.rememberServer(QStringLiteral("192.0.2.7:99"));
    QVERIFY(f.connectTo(f.serverAddress()));
    f.answers.yes = false;
    chooseInDialog(f, 1);
    QCOMPARE(f.answers.asked.size(), qsizetype(1));
    QCOMPARE(f.words("linkLight"), QStringLiteral("● Connected"));
    chooseInDialog(f, 0); // it is connected to this one
    QCOMPARE(f.answers.asked.size(), qsizetype(1));
    f.answers.yes = true;
    chooseInDialog(f, 1);
    QCOMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), QStringLiteral("192.0.2.7:99"));
    QVERIFY(f.find<QLineEdit>("passwordField")->text().isEmpty());
}

void ClientServersTest::theSameServerAtANewAddressIsToldAndNamed()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.answers.contactKnownAs.isEmpty());
    f.settings->setServers(
        savedservers::withName(f.settings->servers(), f.serverAddress(), QStringLiteral("Studio")));
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));

    const QString other = QStringLiteral("localhost:%1").arg(f.tlsPort);
    QVERIFY(f.connectTo(other));
    QCOMPARE(f.answers.contacts.size(), qsizetype(2)); // asked all the same
    QCOMPARE(f.answers.contactKnownAs,
             QStringList{QStringLiteral("Studio (%1)").arg(f.serverAddress())});
    QCOMPARE(f.settings->servers(),
             (QList<SavedServer>{{other, QStringLiteral("Studio")},
                                 {f.serverAddress(), QStringLiteral("Studio")}}));

    const FirstContactDialog dialog(other, oneFingerprint, f.answers.contactKnownAs);
    QVERIFY(dialog.findChild<QLabel *>(QStringLiteral("knownAs"))
                ->text()
                .contains(QStringLiteral("as Studio (")));
    const FirstContactDialog unknown(other, oneFingerprint);
    QVERIFY(!unknown.findChild<QLabel *>(QStringLiteral("knownAs")));
}

void ClientServersTest::theWelcomeLeadsToAllServers()
{
    ClientWindowFixture f;
    for (const char *host : {"one", "two", "three"})
        f.rememberServer(QString::fromUtf8(host));
    f.open();
    QVERIFY(!f.window->findChild<QPushButton *>(QStringLiteral("allServers")));
    f.rememberServer(QStringLiteral("four"), QStringLiteral("Number & four"));
    f.open();
    QCOMPARE(f.find<QPushButton>("recentHost")->text(), QStringLiteral("Number && four"));
    bool seen = false;
    QTimer::singleShot(0, f.window.get(), [&] {
        auto *dialog = f.find<QDialog>("serversDialog");
        seen =
            dialog->findChild<QTreeWidget *>(QStringLiteral("servers"))->topLevelItemCount() == 4;
        QTest::keyClick(dialog, Qt::Key_Escape);
    });
    QTest::mouseClick(f.find<QPushButton>("allServers"), Qt::LeftButton);
    QVERIFY(seen);
}

FERRY_TEST(ClientServersTest)
#include "client_servers.moc"
