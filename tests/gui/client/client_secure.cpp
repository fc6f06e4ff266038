// SPDX-License-Identifier: MIT
#include "client-gui/dialogs/trustdialogs.h"
#include "client-gui/servers/serversdialog.h"
#include "client/connect/knownservers.h"
#include "gui/client/client_fixture.h"
#include "support/testprogram.h"

#include <QPushButton>
#include <QTreeWidget>

using namespace ferry;
using namespace ferry::gui;

namespace {

const QByteArray oneFingerprint = "sha256:" + QByteArray("0123456789abcdef").repeated(4);
const QByteArray otherFingerprint = "sha256:" + QByteArray("fedcba9876543210").repeated(4);

QString allWords(const QWidget &dialog)
{
    QStringList words;
    const auto labels = dialog.findChildren<QLabel *>();
    for (const QLabel *label : labels)
        words.append(label->text());
    return words.join(u'\n');
}

QString saidTo(server::Server &server)
{
    QStringList lines;
    const QList<LogRecord> log = server.takeLog();
    for (const LogRecord &record : log)
        lines.append(record.message);
    return lines.join(u'\n');
}

/// As it is read, in however many lines it stands.
QString digits(const QWidget &dialog, const char *name)
{
    const auto *label = dialog.findChild<QLabel *>(QLatin1StringView(name));
    return label ? label->text().replace(u'\n', u' ') : QString();
}

} // namespace

class ClientSecureTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void theFirstContactIsAskedAboutOnce();
    void aFingerprintThatDiffersConnectsNowhere();
    void knownServersSurviveARestart();
    void aChangedCertificateStops();
    void onlyAForgottenServerMayBeMetAnew();
    void aWrongPasswordAtTheFirstContactMakesNoFriend();
    void aMistypedWordIsToldFromAWrongPassword();
    void aClassicServerIsNoEncryptedOne();
    void everyFileIsVerified();
    void aFolderArrivesWhole();
    void aPastedCommandLineIsAnAddress();
    void theFirstContactDialogIsSafeByDefault();
    void theChangedServerDialogHasNoWayOn();
};

void ClientSecureTest::theFirstContactIsAskedAboutOnce()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    QCOMPARE(f.answers.contacts.size(), qsizetype(1));
    QCOMPARE(f.answers.contacts[0].first, f.serverAddress());
    QCOMPARE(f.answers.contacts[0].second, f.server.fingerprint());
    QCOMPARE(f.find<QToolButton>("dialectChoice")->text(), QStringLiteral("TLS 1.3 · pinned"));

    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
    QVERIFY(f.connectTo(f.serverAddress()));
    QCOMPARE(f.answers.contacts.size(), qsizetype(1));
}

void ClientSecureTest::aFingerprintThatDiffersConnectsNowhere()
{
    ClientWindowFixture f;
    f.startServer();
    f.answers.same = false;
    f.fillIn(f.serverAddress(), f.password);
    f.communicate()->trigger();
    QTRY_VERIFY2(f.words("connectMessage").contains(QStringLiteral("was not confirmed")),
                 qPrintable(f.words("connectMessage")));
    QCOMPARE(f.words("linkLight"), QStringLiteral("○ Not connected")); // no failure
    QVERIFY(!QFile::exists(f.settings->knownServersFile()));
    QTRY_COMPARE(f.server.liveSessions(), 0);
    // Not by itself, but by the person.
    f.answers.same = true;
    QVERIFY(f.communicate()->isEnabled());
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("● Connected"));
    QCOMPARE(f.answers.contacts.size(), qsizetype(2));
}

void ClientSecureTest::knownServersSurviveARestart()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.open();
    QVERIFY(f.connectTo(f.serverAddress()));
    QCOMPARE(f.answers.contacts.size(), qsizetype(1));
    QCOMPARE(f.find<QToolButton>("dialectChoice")->text(), QStringLiteral("TLS 1.3 · pinned"));
}

void ClientSecureTest::aChangedCertificateStops()
{
    ClientWindowFixture f;
    f.startServer();
    const QByteArray before = f.server.fingerprint();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.communicate()->trigger();
    f.startImpostor();
    QVERIFY(f.server.fingerprint() != before);
    QVERIFY(saidTo(f.server).contains(QStringLiteral("LOGIN"))); // to the one before

    f.fillIn(f.serverAddress(), f.password);
    f.communicate()->trigger();
    QTRY_COMPARE(f.answers.changes.size(), qsizetype(1));
    QCOMPARE(f.answers.changes[0].first, before);
    QCOMPARE(f.answers.changes[0].second, f.server.fingerprint());
    QVERIFY2(f.words("connectMessage").startsWith(QStringLiteral("Stopped")),
             qPrintable(f.words("connectMessage")));
    QCOMPARE(f.answers.contacts.size(), qsizetype(1)); // told, not asked
    QTRY_COMPARE(f.server.liveSessions(), 0);
    QVERIFY(!saidTo(f.server).contains(QStringLiteral("LOGIN")));
    QCOMPARE(f.client->connection().state, client::ConnectionState::Failed);
    QCOMPARE(f.answers.changes.size(), qsizetype(1));
}

void ClientSecureTest::onlyAForgottenServerMayBeMetAnew()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.communicate()->trigger();
    f.startImpostor();
    f.fillIn(f.serverAddress(), f.password);
    f.communicate()->trigger();
    QTRY_COMPARE(f.answers.changes.size(), qsizetype(1));

    ServersDialog dialog(f.settings.get(), nullptr, &f.answers, f.window.get());
    auto *list = dialog.findChild<QTreeWidget *>(QStringLiteral("servers"));
    list->setCurrentItem(list->topLevelItem(0));
    f.answers.yes = true;
    dialog.findChild<QPushButton *>(QStringLiteral("removeButton"))->click();
    QCOMPARE(list->topLevelItemCount(), 0);
    QVERIFY(f.connectTo(f.serverAddress()));
    QCOMPARE(f.answers.contacts.size(), qsizetype(2));
    QCOMPARE(f.answers.contacts[1].second, f.server.fingerprint());
}

void ClientSecureTest::aWrongPasswordAtTheFirstContactMakesNoFriend()
{
    ClientWindowFixture f;
    f.startServer();
    f.fillIn(f.serverAddress(), passphraseFor(7));
    f.communicate()->trigger();
    QTRY_VERIFY2(f.words("connectMessage").startsWith(QStringLiteral("Wrong password.")),
                 qPrintable(f.words("connectMessage")));
    QVERIFY(!QFile::exists(f.settings->knownServersFile()));
    QVERIFY(f.connectTo(f.serverAddress()));
}

void ClientSecureTest::aMistypedWordIsToldFromAWrongPassword()
{
    ClientWindowFixture f;
    f.startServer();
    QString mistyped = f.password;
    mistyped[0] = mistyped[0] == u'q' ? u'x' : u'q';
    QCOMPARE(passwordKind(mistyped), PasswordKind::Mistyped);
    f.fillIn(f.serverAddress(), mistyped);
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("connectMessage"),
                 QStringLiteral("Wrong password: one of its words is mistyped."));
}

void ClientSecureTest::aClassicServerIsNoEncryptedOne()
{
    ClientWindowFixture f;
    f.startServer();
    f.fillIn(f.classicAddress(), f.password);
    f.communicate()->trigger();
    QTRY_VERIFY2(f.words("connectMessage").contains(QStringLiteral("only a classic one")),
                 qPrintable(f.words("connectMessage")));
    QVERIFY(f.answers.contacts.isEmpty());
}

void ClientSecureTest::everyFileIsVerified()
{
    ClientWindowFixture f;
    QByteArray binary(3'000'000, Qt::Uninitialized);
    for (qsizetype i = 0; i < binary.size(); ++i)
        binary[i] = char((i * 31) ^ (i >> 7));
    writeFile(f.share() + QStringLiteral("/text.txt"), "one\r\ntwo\n");
    writeFile(f.share() + QStringLiteral("/data.bin"), binary);
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.addPath(QStringLiteral("/S/text.txt"));
    f.addPath(QStringLiteral("/S/data.bin"));
    f.addPath(QStringLiteral("/S/missing.txt"));
    QTRY_COMPARE(f.words("statusCount"), QStringLiteral("2 of 3 done"));
    QTRY_COMPARE(f.stateOf(QStringLiteral("missing.txt")),
                 QStringLiteral("Not found on the server"));
    QCOMPARE(f.stateOf(QStringLiteral("text.txt")), QStringLiteral("Verified"));
    QCOMPARE(f.stateOf(QStringLiteral("data.bin")), QStringLiteral("Verified"));
    QCOMPARE(contentOf(f.saved(QStringLiteral("text.txt"))), QByteArray("one\r\ntwo\n"));
    QCOMPARE(contentOf(f.saved(QStringLiteral("data.bin"))), binary);
    QCOMPARE(f.savedNames().size(), qsizetype(2));
}

void ClientSecureTest::aFolderArrivesWhole()
{
    ClientWindowFixture f;
    QVERIFY(QDir(f.share()).mkpath(QStringLiteral("trip/day one/empty")));
    writeFile(f.share() + QStringLiteral("/trip/map.txt"), "map");
    writeFile(f.share() + QStringLiteral("/trip/day one/photo.raw"), "photo");
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.addPath(QStringLiteral("/S/trip"));
    QTRY_COMPARE(f.words("statusCount"), QStringLiteral("2 of 2 done"));
    QCOMPARE(f.rows()->rowCount(), 1);
    QCOMPARE(f.cell(0, 0), QStringLiteral("trip"));
    QTRY_COMPARE(f.state(0), QStringLiteral("Verified, 2 files"));
    QCOMPARE(f.rows()->rowCount(f.rows()->index(0, 0)), 2);
    QCOMPARE(f.stateOf(QStringLiteral("day one/photo.raw")), QStringLiteral("Verified"));
    QCOMPARE(f.stateOf(QStringLiteral("map.txt")), QStringLiteral("Verified"));
    QCOMPARE(contentOf(f.saved(QStringLiteral("trip/map.txt"))), QByteArray("map"));
    QCOMPARE(contentOf(f.saved(QStringLiteral("trip/day one/photo.raw"))), QByteArray("photo"));
    QVERIFY(QDir(f.saved(QStringLiteral("trip/day one/empty"))).exists());
}

void ClientSecureTest::aPastedCommandLineIsAnAddress()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(QStringLiteral("  ferry get %1 S \n").arg(f.serverAddress())));
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), f.serverAddress());
    QCOMPARE(f.hosts(), QStringList{f.serverAddress()});
}

void ClientSecureTest::theFirstContactDialogIsSafeByDefault()
{
    FirstContactDialog dialog(QStringLiteral("<b>host</b>:7420"), oneFingerprint);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    QVERIFY(allWords(dialog).contains(QStringLiteral("<b>host</b>:7420")));
    QVERIFY(allWords(dialog).contains(QStringLiteral("Ferry Server window")));
    QCOMPARE(digits(dialog, "offeredFingerprint"), groupedFingerprint(oneFingerprint));
    const auto labels = dialog.findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        QVERIFY(!label->pixmap().isNull() || label->textFormat() == Qt::PlainText);
    }
    QTest::keyClick(&dialog, Qt::Key_Return); // the default is no
    QCOMPARE(dialog.result(), int(QDialog::Rejected));
    QVERIFY(!dialog.isVisible());

    dialog.show();
    QTest::keyClick(&dialog, Qt::Key_Escape);
    QVERIFY(!dialog.isVisible());
    QCOMPARE(dialog.result(), int(QDialog::Rejected));

    dialog.show();
    auto *same = dialog.findChild<QPushButton *>(QStringLiteral("sameButton"));
    same->setFocus();
    QTest::keyClick(same, Qt::Key_Space);
    QCOMPARE(dialog.result(), int(QDialog::Accepted));
}

void ClientSecureTest::theChangedServerDialogHasNoWayOn()
{
    ServerChangedDialog dialog(QStringLiteral("host:7420"), Expected::Saved, oneFingerprint,
                               otherFingerprint);
    dialog.show();
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    QCOMPARE(digits(dialog, "savedFingerprint"), groupedFingerprint(oneFingerprint));
    QCOMPARE(digits(dialog, "offeredFingerprint"), groupedFingerprint(otherFingerprint));
    const auto *saved = dialog.findChild<QLabel *>(QStringLiteral("savedFingerprint"));
    const auto *offered = dialog.findChild<QLabel *>(QStringLiteral("offeredFingerprint"));
    QCOMPARE(saved->y(), offered->y());
    QVERIFY(saved->geometry().right() < offered->geometry().left());
    QVERIFY(allWords(dialog).contains(QStringLiteral("File → Servers")));
    QCOMPARE(dialog.findChildren<QPushButton *>().size(), qsizetype(1));
    QTest::keyClick(&dialog, Qt::Key_Return);
    QVERIFY(!dialog.isVisible());
    QCOMPARE(dialog.result(), int(QDialog::Rejected));
}

FERRY_TEST(ClientSecureTest)
#include "client_secure.moc"
