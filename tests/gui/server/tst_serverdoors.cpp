// SPDX-License-Identifier: MIT
#include "gui/server/serverfixture.h"

#include "client/client.h"
#include "net/channel/tlsidentity.h"
#include "server-gui/sessions/sessionmodel.h"
#include "support/testprogram.h"

#include <QClipboard>
#include <QComboBox>
#include <QSpinBox>
#include <QTabBar>
#include <QTcpServer>
#include <QTcpSocket>

using namespace ferry;
using namespace ferry::test;
using gui::SessionModel;

namespace {

enum ClassicReach { Off, ThisComputer, Everyone }; // in the order of the choices

} // namespace

/// The two doors of the window: the encrypted one and the one for telnet.
class ServerDoorsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { u = std::make_unique<WindowUser>(); }
    void cleanup()
    {
        u->close();
        u.reset();
    }

    void theFingerprintShownIsTheServersAndSurvivesARestart()
    {
        u->open();
        QVERIFY(fingerprintShown().contains(QStringLiteral("first start")));
        QVERIFY(!u->find<QAbstractButton>("copyFingerprint")->isEnabled());
        QVERIFY(!QFile::exists(TlsIdentity::pathIn(u->dataFolder())));
        QVERIFY(u->start());
        const QByteArray real = u->server().fingerprint();
        QVERIFY(real.startsWith("sha256:"));
        QCOMPARE(fingerprintShown(), groupedFingerprint(real));
        u->click("copyFingerprint");
        QCOMPARE(QGuiApplication::clipboard()->text().toLatin1(), real);

        u->openAgain();
        QCOMPARE(fingerprintShown(), groupedFingerprint(real)); // before the start already
        QVERIFY(u->start());
        QCOMPARE(u->server().fingerprint(), real);
        QCOMPARE(fingerprintShown(), groupedFingerprint(real));
    }

    void aVerifiedDeliveryIsSaidInTheRow()
    {
        u->open();
        u->writeFile(QStringLiteral("notes.txt"), "hello\n");
        QVERIFY(u->start());
        fetch("pub/notes.txt");
        QTRY_VERIFY(u->cell(1, SessionModel::State).contains(QStringLiteral("verified")));
        QCOMPARE(u->cell(1, SessionModel::Verified), QStringLiteral("1 of 1"));
        QCOMPARE(u->cell(1, SessionModel::Encryption), QStringLiteral("TLS 1.3"));
        QCOMPARE(u->cell(1, SessionModel::Account), QStringLiteral("ferry"));
        QVERIFY(u->cell(1, SessionModel::Client).startsWith(QStringLiteral("Ferry/")));
        QFile got(u->folder.filePath(QStringLiteral("got/notes.txt")));
        QVERIFY(got.open(QIODevice::ReadOnly));
        QCOMPARE(got.readAll(), QByteArray("hello\n"));
    }

    void withoutTelnetOnlyTheEncryptedDoorIsOpen()
    {
        u->open();
        u->find<QAction>("advancedShown")->setChecked(true);
        QVERIFY(u->find<QTabBar>("ways")->isVisible());
        letInByTelnet(Off);
        QVERIFY(u->start());
        QCOMPARE(u->port(), quint16(0));
        QVERIFY(u->tlsPort() != 0);
        QVERIFY(!u->find<QTabBar>("ways")->isVisible());
        QVERIFY(!u->find<QSpinBox>("classicPortField")->isEnabled());
        QVERIFY(!u->find<QAction>("copyTelnetAction")->isEnabled());
        QVERIFY(u->find<QLabel>("doorWarning")->isHidden());

        letInByTelnet(ThisComputer); // at once, because nobody is connected
        QVERIFY(u->port() != 0);
        Peer peer(u->port());
        QVERIFY(peer.login(u->password()));
    }

    void telnetForEveryoneHasAPasswordOfItsOwn()
    {
        u->open();
        const QString closed = u->textOf("doorWarning");
        letInByTelnet(Everyone);
        QVERIFY(u->textOf("doorWarning") != closed);
        QVERIFY(u->textOf("doorWarning").contains(QStringLiteral("isn't encrypted")));
        auto *field = u->find<QLineEdit>("telnetPasswordField");
        QVERIFY(field->isVisible());
        QCOMPARE(field->echoMode(), QLineEdit::Normal);
        const QByteArray own = field->text().toUtf8();
        QCOMPARE(own.count('-'), 5);
        QVERIFY(own != u->password());
        u->click("telnetPasswordCopy");
        QCOMPARE(QGuiApplication::clipboard()->text().toUtf8(), own);

        u->close();
        u->openForOthersByTelnet();
        QCOMPARE(u->find<QLineEdit>("telnetPasswordField")->text().toUtf8(), own);
        QVERIFY(u->start());
        Peer wrong(u->port());
        QVERIFY(wrong.gets("#Server Ready.\r\n"));
        wrong.send("AUTH " + u->password() + "\r\n");
        QVERIFY(wrong.gets("!Bad password.\r\n"));

        u->openAgain();
        QCOMPARE(u->find<QLineEdit>("telnetPasswordField")->text().toUtf8(), own);
        QVERIFY(u->start());
        Peer right(u->port());
        QVERIFY(right.login(own));
    }

    void thePasswordForTelnetCanBeChangedButNotToTheOther()
    {
        u->openForOthersByTelnet();
        type("telnetPasswordField", QStringLiteral("seven green bottles"));
        QVERIFY(u->start());
        Peer peer(u->port());
        QVERIFY(peer.login("seven green bottles"));

        type("telnetPasswordField", QString::fromUtf8(u->password()));
        QCOMPARE(u->find<QLineEdit>("telnetPasswordField")->text(),
                 QStringLiteral("seven green bottles"));
        QVERIFY(u->find<QWidget>("notice")->isVisible());
        const QByteArray before = u->password();
        type("passwordField", QStringLiteral("seven green bottles"));
        QCOMPARE(u->password(), before);
    }

    void settingsFromBeforeTheEncryptedDoorGetAPasswordForTelnet()
    {
        QVERIFY(QDir().mkpath(u->dataFolder()));
        QFile file(u->dataFolder() + QStringLiteral("/ferry-server.ini"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[General]\nformat=1\npassword=known to many\n[classic]\nreach=everyone\n");
        file.close();
        u->open();
        QCOMPARE(u->password(), QByteArray("known to many"));
        QCOMPARE(u->find<QComboBox>("classicReachField")->currentIndex(), int(Everyone));
        QCOMPARE(u->find<QLineEdit>("telnetPasswordField")->text().count(u'-'), 5);
        QVERIFY(u->textOf("noticeText").contains(QStringLiteral("Telnet")));
    }

    void aTakenPortIsSaidAndTheNextFreeOneOffered_data()
    {
        QTest::addColumn<bool>("tls");
        QTest::newRow("encrypted") << true;
        QTest::newRow("telnet") << false;
    }
    void aTakenPortIsSaidAndTheNextFreeOneOffered()
    {
        QFETCH(bool, tls);
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        const quint16 taken = other.serverPort();
        u->open(true, tls ? taken : 0, tls ? 0 : taken);
        u->click("startButton");
        QVERIFY(u->waitForWord(QStringLiteral("Couldn't start")));
        QVERIFY(u->find<QWidget>("notice")->isVisible());
        QVERIFY(u->textOf("noticeText").contains(QString::number(taken)));
        QCOMPARE(u->textOf("noticeText").contains(QStringLiteral("telnet")), !tls);
        u->click("noticeButton");
        QVERIFY(u->waitForWord(QStringLiteral("Running at")));
        const quint16 now = tls ? u->tlsPort() : u->port();
        QVERIFY(now > taken);
        QCOMPARE(u->find<QSpinBox>(tls ? "portField" : "classicPortField")->value(), int(now));
        QCOMPARE(u->find<QSpinBox>(tls ? "classicPortField" : "portField")->value(), 0);
        QVERIFY(!u->find<QWidget>("notice")->isVisible());
    }

    void onePortForBothDoorsIsNoticed()
    {
        QTcpServer probe;
        QVERIFY(probe.listen(QHostAddress::LocalHost));
        const quint16 port = probe.serverPort();
        probe.close();
        u->open(true, port, port);
        u->click("startButton");
        QVERIFY(u->waitForWord(QStringLiteral("Couldn't start")));
        u->click("noticeButton");
        QVERIFY(u->waitForWord(QStringLiteral("Running at")));
        QVERIFY(u->port() > port);
    }

    void aDamagedIdentityGivesAMessageAndAWorkingWindow()
    {
        writeDamagedIdentity();
        u->open();
        QVERIFY(fingerprintShown().contains(QStringLiteral("can't be used")));
        u->click("startButton");
        QVERIFY(u->waitForWord(QStringLiteral("Couldn't start")));
        const QString path = TlsIdentity::pathIn(u->dataFolder());
        QVERIFY(u->textOf("noticeText").contains(path));
        QVERIFY(u->textOf("noticeText").contains(QStringLiteral("damaged")));
        QVERIFY(!u->window->control().isRunning());

        u->prompts.confirms = false;
        u->click("noticeButton");
        QCOMPARE(u->prompts.asked.size(), 1);
        QCOMPARE(contentOf(path), QByteArray("damaged\n"));
        u->prompts.confirms = true;
        u->click("noticeButton");
        QVERIFY(u->waitForWord(QStringLiteral("Running at")));
        QCOMPARE(fingerprintShown(), groupedFingerprint(u->server().fingerprint()));
        QCOMPARE(contentOf(path + QStringLiteral(".old")), QByteArray("damaged\n"));
    }

    void anIdentityThatIsMendedStartsAgain()
    {
        writeDamagedIdentity();
        u->open();
        u->click("startButton");
        QVERIFY(u->waitForWord(QStringLiteral("Couldn't start")));
        const QString path = TlsIdentity::pathIn(u->dataFolder());
        QVERIFY(QFile::remove(path));
        const auto identity = TlsIdentity::loadOrCreate(u->dataFolder());
        QVERIFY(identity);
        QVERIFY(u->start());
        QCOMPARE(u->server().fingerprint(), identity.value()->fingerprint());
        QCOMPARE(fingerprintShown(), groupedFingerprint(u->server().fingerprint()));
    }

private:
    QString fingerprintShown() const { return u->textOf("fingerprint").replace(u'\n', u' '); }
    void letInByTelnet(ClassicReach reach) const
    {
        u->find<QComboBox>("classicReachField")->setCurrentIndex(reach);
    }
    void type(const char *name, const QString &text) const
    {
        auto *field = u->find<QLineEdit>(name);
        field->selectAll();
        QTest::keyClick(field, Qt::Key_Delete);
        QTest::keyClicks(field, text);
        QTest::keyClick(field, Qt::Key_Return);
    }
    void writeDamagedIdentity() const
    {
        QVERIFY(QDir().mkpath(u->dataFolder()));
        QFile file(TlsIdentity::pathIn(u->dataFolder()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QCOMPARE(file.write("damaged\n"), qint64(8));
    }
    static QByteArray contentOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Like a person with the client: trusts whom it does not know.
    void fetch(const QByteArray &path) const
    {
        const QString target = u->folder.filePath(QStringLiteral("got"));
        QVERIFY(QDir().mkpath(target));
        client::Client client;
        client::ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = u->tlsPort();
        config.password = u->password();
        config.trustNew = true;
        bool finished = false;
        connect(&client, &client::Client::queueFinished, &client, [&] { finished = true; });
        client.add({{path, target}});
        QVERIFY(client.connectTo(config));
        QVERIFY(QTest::qWaitFor([&] { return finished; }, patienceMs));
        client.disconnectAndWait();
    }

    std::unique_ptr<WindowUser> u;
};

FERRY_TEST(ServerDoorsTest)
#include "tst_serverdoors.moc"
