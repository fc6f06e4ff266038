// SPDX-License-Identifier: MIT
/// Passwords that are remembered: in the keychain, only if somebody wants it, never in a file.
#include "client-gui/desktop/keychain.h"
#include "client-gui/desktop/passwordstore.h"
#include "gui/client/client_fixture.h"
#include "support/testprogram.h"

#include <QCheckBox>
#include <QPushButton>

using namespace ferry;
using namespace ferry::gui;

namespace {

/// A keychain in memory, which answers as late as a real one.
class MemoryStore final : public PasswordStore
{
public:
    QString obstacle() const override { return none; }
    void read(const QString &server) override
    {
        reads.append(server);
        later([this, server] {
            if (kept.contains(server))
                Q_EMIT found(server, kept[server]);
            else
                Q_EMIT missing(server);
        });
    }
    void write(const QString &server, const QString &password) override
    {
        later([this, server, password] {
            if (!refusal.isEmpty()) {
                Q_EMIT notWritten(server, refusal);
                return;
            }
            kept[server] = password;
            Q_EMIT written(server);
        });
    }
    void remove(const QString &server) override { kept.remove(server); }

    QHash<QString, QString> kept;
    QStringList reads;
    QString none;
    QString refusal;

private:
    template <typename Act>
    void later(Act act)
    {
        QMetaObject::invokeMethod(this, act, Qt::QueuedConnection);
    }
};

struct Fixture : ClientWindowFixture
{
    Fixture()
    {
        startServer();
        window->setPasswordStore(&store);
    }
    void again()
    {
        open();
        window->setPasswordStore(&store);
    }
    QCheckBox *box() const { return find<QCheckBox>("rememberPassword"); }
    QString typed() const { return find<QLineEdit>("passwordField")->text(); }
    void choose(const QString &host) const { find<QComboBox>("hostField")->setEditText(host); }
    QString server() const { return serverAddress(); }
    bool connectRemembering()
    {
        fillIn(serverAddress(), password);
        if (!box()->isChecked())
            box()->click();
        communicate()->trigger();
        return QTest::qWaitFor([this] { return store.kept.value(server()) == password; }, 20000);
    }

    MemoryStore store;
};

} // namespace

class ClientPasswordsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Whatever keychain the person has who runs this: it is left alone.
    void initTestCase() { qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"); }

    void nothingIsRememberedUnlessSomebodyWantsIt();
    void aRememberedPasswordIsThereInTheNextRun();
    void itIsInNoFile();
    void aWrongPasswordIsNotRemembered();
    void thePasswordOfOneServerIsNotOfferedToAnother();
    void takingTheTickAwayForgets();
    void forgettingHostsForgetsPasswords();
    void withoutAKeychainTheChoiceIsOffAndSaysWhy();
    void aKeychainThatRefusesIsTold();
    void whatSomebodyTookOutOfTheKeychainIsMissed();
    void aDesktopWithoutAKeychainIsToldOf();
};

void ClientPasswordsTest::nothingIsRememberedUnlessSomebodyWantsIt()
{
    Fixture f;
    QVERIFY(f.box()->isVisible());
    QVERIFY(f.box()->isEnabled());
    QVERIFY(!f.box()->isChecked());
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(!f.box()->isVisible());
    QVERIFY(f.store.kept.isEmpty());
    f.again();
    QVERIFY(!f.box()->isChecked());
    QVERIFY(f.typed().isEmpty());
    QVERIFY(f.store.reads.isEmpty());
}

void ClientPasswordsTest::aRememberedPasswordIsThereInTheNextRun()
{
    Fixture f;
    QVERIFY(f.connectRemembering());
    QTRY_VERIFY(f.settings->isPasswordRemembered(f.server()));
    f.again();
    QTRY_COMPARE(f.typed(), f.password);
    QVERIFY(f.box()->isChecked());
    QVERIFY(f.communicate()->isEnabled());
    f.communicate()->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(f.words("linkLight"), QStringLiteral("● Connected"), 20000);
}

void ClientPasswordsTest::itIsInNoFile()
{
    Fixture f;
    QVERIFY(f.connectRemembering());
    QTRY_VERIFY(f.settings->isPasswordRemembered(f.server()));
    QVERIFY(f.window->close());
    f.close();
    const QByteArrayList contents = contentsBelow(f.dir.filePath(QStringLiteral("data")));
    QVERIFY(!contents.isEmpty());
    for (const QByteArray &content : contents) {
        QVERIFY(!content.contains(f.password.toUtf8()));
        QVERIFY(!content.contains(f.password.toUtf8().toBase64()));
    }
}

void ClientPasswordsTest::aWrongPasswordIsNotRemembered()
{
    Fixture f;
    f.fillIn(f.serverAddress(), passphraseFor(1));
    f.box()->click();
    f.communicate()->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(f.words("connectMessage").startsWith(QStringLiteral("Wrong password")),
                             20000);
    QVERIFY(f.store.kept.isEmpty());
    QVERIFY(f.box()->isChecked()); // the right one still is to be
    QVERIFY(f.connectRemembering());
}

void ClientPasswordsTest::thePasswordOfOneServerIsNotOfferedToAnother()
{
    Fixture f;
    QVERIFY(f.connectRemembering());
    QTRY_VERIFY(f.settings->isPasswordRemembered(f.server()));
    f.again();
    QTRY_COMPARE(f.typed(), f.password);
    f.choose(QStringLiteral("192.0.2.7"));
    QVERIFY(f.typed().isEmpty());
    QVERIFY(!f.box()->isChecked());
    f.choose(f.serverAddress());
    QTRY_COMPARE(f.typed(), f.password);
    f.chooseClassic(); // another server as far as anybody knows, and unencrypted
    QVERIFY(f.typed().isEmpty());
}

void ClientPasswordsTest::takingTheTickAwayForgets()
{
    Fixture f;
    QVERIFY(f.connectRemembering());
    QTRY_VERIFY(f.settings->isPasswordRemembered(f.server()));
    f.again();
    QTRY_COMPARE(f.typed(), f.password);
    f.box()->click();
    QVERIFY(f.store.kept.isEmpty());
    QVERIFY(!f.settings->isPasswordRemembered(f.server()));
    f.again();
    QVERIFY(f.typed().isEmpty());
}

void ClientPasswordsTest::forgettingHostsForgetsPasswords()
{
    Fixture f;
    QVERIFY(f.connectRemembering());
    QTRY_VERIFY(f.settings->isPasswordRemembered(f.server()));
    f.find<QAction>("forgetHostsAction")->trigger();
    QVERIFY(f.store.kept.isEmpty());
    QVERIFY(f.settings->passwordsRemembered().isEmpty());
}

void ClientPasswordsTest::withoutAKeychainTheChoiceIsOffAndSaysWhy()
{
    Fixture f;
    f.store.none = QStringLiteral("There is no keychain.");
    Q_EMIT f.store.obstacleChanged();
    QVERIFY(!f.box()->isEnabled());
    QVERIFY(f.box()->toolTip().contains(f.store.none));
    QCOMPARE(f.box()->accessibleDescription(), f.store.none);
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.store.kept.isEmpty());

    f.open(); // and a window that was given no keychain at all
    QVERIFY(!f.box()->isEnabled());
    QVERIFY(!f.box()->toolTip().isEmpty());
}

void ClientPasswordsTest::aKeychainThatRefusesIsTold()
{
    Fixture f;
    f.store.refusal = QStringLiteral("The keychain stays locked.");
    f.fillIn(f.serverAddress(), f.password);
    f.box()->click();
    f.communicate()->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(f.answers.told, QStringList{f.store.refusal}, 20000);
    QVERIFY(!f.box()->isChecked());
    QVERIFY(!f.settings->isPasswordRemembered(f.server()));
    QCOMPARE(f.words("linkLight"), QStringLiteral("● Connected"));
}

void ClientPasswordsTest::whatSomebodyTookOutOfTheKeychainIsMissed()
{
    Fixture f;
    QVERIFY(f.connectRemembering());
    QTRY_VERIFY(f.settings->isPasswordRemembered(f.server()));
    f.store.kept.clear();
    f.again();
    QTRY_VERIFY(!f.settings->isPasswordRemembered(f.server()));
    QVERIFY(!f.box()->isChecked());
    QVERIFY(f.typed().isEmpty());
}

void ClientPasswordsTest::aDesktopWithoutAKeychainIsToldOf()
{
    Keychain keychain;
    QTRY_VERIFY2(keychain.obstacle().contains(QStringLiteral("no keychain")),
                 qPrintable(keychain.obstacle()));
    ClientWindowFixture f;
    f.window->setPasswordStore(&keychain);
    const auto *box = f.find<QCheckBox>("rememberPassword");
    QVERIFY(!box->isEnabled());
    QVERIFY(box->toolTip().contains(QStringLiteral("GNOME Keyring or KWallet")));
}

FERRY_TEST(ClientPasswordsTest)
#include "client_passwords.moc"
