// SPDX-License-Identifier: MIT
#include "client-gui/dialogs/trustdialogs.h"
#include "gui/client/client_fixture.h"
#include "net/channel/invitation.h"
#include "support/testprogram.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>

using namespace ferry;
using namespace ferry::gui;

namespace {

const QByteArray otherFingerprint = "sha256:" + QByteArray("fedcba9876543210").repeated(4);

QString invitation(const ClientWindowFixture &f, const QByteArray &fingerprint,
                   const QByteArray &path = {})
{
    return Invitation{f.serverAddress(), path, fingerprint}.toText();
}

QString serverLog(server::Server &server)
{
    QStringList lines;
    const QList<LogRecord> log = server.takeLog();
    for (const LogRecord &record : log)
        lines.append(record.message);
    return lines.join(u'\n');
}

} // namespace

class ClientInvitationsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void theRightServerNeedsNoQuestion();
    void aPastedMessageIsAnInvitation();
    void aLinkOfTheCommandLineConnectsToNothingByItself();
    void itSaysWhoInvitesAndWhatIsMissing();
    void anotherServerIsRefusedAlsoTheSecondTime();
    void aSavedFingerprintIsNotOverruled();
    void aWrongPasswordIsCalledThat();
    void itLeadsToItsFolder();
    void aDamagedOneSaysSo_data();
    void aDamagedOneSaysSo();
    void itIsNeverUsedUnencrypted();
    void theRefusalShowsBothFingerprints();
};

void ClientInvitationsTest::theRightServerNeedsNoQuestion()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(invitation(f, f.server.fingerprint())));
    QVERIFY(f.answers.contacts.isEmpty());
    QCOMPARE(f.find<QToolButton>("dialectChoice")->text(), QStringLiteral("TLS 1.3 · pinned"));
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), f.serverAddress());
    QCOMPARE(f.hosts(), QStringList{f.serverAddress()});
    // Known from now on, also without the invitation.
    f.open();
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.answers.contacts.isEmpty());
}

void ClientInvitationsTest::aPastedMessageIsAnInvitation()
{
    ClientWindowFixture f;
    f.startServer();
    auto *field = f.find<QComboBox>("hostField");
    field->clearEditText();
    QGuiApplication::clipboard()->setText(
        QStringLiteral("Hello!\n%1\nSee you.\n").arg(invitation(f, f.server.fingerprint())));
    field->lineEdit()->paste();
    QTest::keyClicks(f.find<QLineEdit>("passwordField"), f.password);
    QTest::keyClick(f.find<QLineEdit>("passwordField"), Qt::Key_Return);
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("● Connected"));
    QVERIFY(f.answers.contacts.isEmpty());
}

void ClientInvitationsTest::aLinkOfTheCommandLineConnectsToNothingByItself()
{
    ClientWindowFixture f;
    f.startServer();
    const QString link = invitation(f, f.server.fingerprint());
    f.window->prefill(link, {}, f.password);
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), link);
    QVERIFY(f.communicate()->isEnabled());
    QCOMPARE(f.client->connection().state, client::ConnectionState::Offline);
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("● Connected"));
}

void ClientInvitationsTest::itSaysWhoInvitesAndWhatIsMissing()
{
    ClientWindowFixture f;
    f.fillIn(QStringLiteral("ferry://studio:7421/?fp=") + QString::fromLatin1(otherFingerprint),
             {});
    QVERIFY2(f.words("connectMessage")
                 .startsWith(QStringLiteral("Invitation to studio:7421. "
                                            "Type the password")),
             qPrintable(f.words("connectMessage")));
    QVERIFY(!f.communicate()->isEnabled());
    QTest::keyClicks(f.find<QLineEdit>("passwordField"), QStringLiteral("x"));
    QVERIFY2(f.words("connectMessage").contains(QStringLiteral("fingerprint is FEDC BA98…")),
             qPrintable(f.words("connectMessage")));
    QVERIFY(f.communicate()->isEnabled());
}

void ClientInvitationsTest::anotherServerIsRefusedAlsoTheSecondTime()
{
    ClientWindowFixture f;
    f.startServer();
    f.fillIn(invitation(f, otherFingerprint), f.password);
    for (qsizetype tries = 1; tries <= 2; ++tries) {
        f.communicate()->trigger();
        QTRY_COMPARE(f.answers.changes.size(), tries);
        QCOMPARE(f.answers.expectedLast, Expected::Invited);
        QCOMPARE(f.answers.changes.last().first, otherFingerprint);
        QCOMPARE(f.answers.changes.last().second, f.server.fingerprint());
        QVERIFY2(f.words("connectMessage").contains(QStringLiteral("the invitation names")),
                 qPrintable(f.words("connectMessage")));
        QCOMPARE(f.find<QComboBox>("hostField")->currentText(), f.serverAddress());
    }
    QVERIFY(f.answers.contacts.isEmpty());
    QTRY_COMPARE(f.server.liveSessions(), 0);
    QVERIFY(!serverLog(f.server).contains(QStringLiteral("LOGIN")));
    QVERIFY(!QFile::exists(f.settings->knownServersFile()));
    // A better invitation takes its place.
    QVERIFY(f.connectTo(invitation(f, f.server.fingerprint())));
}

void ClientInvitationsTest::aSavedFingerprintIsNotOverruled()
{
    ClientWindowFixture f;
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.communicate()->trigger();
    f.startImpostor();
    f.fillIn(invitation(f, f.server.fingerprint()), f.password);
    f.communicate()->trigger();
    QTRY_COMPARE(f.answers.changes.size(), qsizetype(1));
    QCOMPARE(f.answers.expectedLast, Expected::Saved);
    QCOMPARE(f.client->connection().state, client::ConnectionState::Failed);
}

void ClientInvitationsTest::aWrongPasswordIsCalledThat()
{
    ClientWindowFixture f;
    f.startServer();
    f.fillIn(invitation(f, f.server.fingerprint()), QStringLiteral("abc"));
    for (int tries = 1; tries <= 2; ++tries) {
        f.communicate()->trigger();
        QTRY_VERIFY2(f.words("connectMessage").startsWith(QStringLiteral("Wrong password")),
                     qPrintable(f.words("connectMessage")));
    }
    QVERIFY(f.answers.contacts.isEmpty());
    QVERIFY(!QFile::exists(f.settings->knownServersFile()));
}

void ClientInvitationsTest::itLeadsToItsFolder()
{
    ClientWindowFixture f;
    QVERIFY(QDir(f.share()).mkpath(QStringLiteral("a b/inner")));
    f.startServer();
    QVERIFY(f.connectTo(invitation(f, f.server.fingerprint(), "/S/a b")));
    const auto *list = f.find<QTreeView>("remoteList");
    QTRY_COMPARE(list->model()->rowCount(), 1);
    QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("inner"));
    // Once: the next connection is at the place where the person was.
    f.communicate()->trigger();
    QTRY_COMPARE(f.words("linkLight"), QStringLiteral("○ Not connected"));
    QVERIFY(f.connectTo(f.serverAddress()));
    QTRY_COMPARE(list->model()->rowCount(), 1);
}

void ClientInvitationsTest::aDamagedOneSaysSo_data()
{
    QTest::addColumn<QString>("link");
    QTest::addColumn<QString>("said");
    QTest::newRow("fingerprint") << QStringLiteral("ferry://studio/?fp=sha256:12")
                                 << QStringLiteral("fingerprint in this link is damaged");
    QTest::newRow("password") << QStringLiteral("ferry://anna:kelp@studio/")
                              << QStringLiteral("password in this link");
    QTest::newRow("host") << QStringLiteral("ferry://<b>x</b>/") << QStringLiteral("host name");
    QTest::newRow("web page") << QStringLiteral("https://studio/")
                              << QStringLiteral("a link, not an address");
}

void ClientInvitationsTest::aDamagedOneSaysSo()
{
    QFETCH(const QString, link);
    QFETCH(const QString, said);
    ClientWindowFixture f;
    f.fillIn(link, QStringLiteral("x"));
    QVERIFY(!f.communicate()->isEnabled());
    QVERIFY2(f.words("connectMessage").contains(said), qPrintable(f.words("connectMessage")));
}

void ClientInvitationsTest::itIsNeverUsedUnencrypted()
{
    ClientWindowFixture f;
    f.startServer();
    f.chooseClassic();
    f.fillIn(QStringLiteral("ferry://%1/?fp=%2")
                 .arg(f.classicAddress(), QString::fromLatin1(f.server.fingerprint())),
             f.password);
    QVERIFY(!f.communicate()->isEnabled());
    QVERIFY2(f.words("connectMessage").contains(QStringLiteral("encrypted connection")),
             qPrintable(f.words("connectMessage")));
}

void ClientInvitationsTest::theRefusalShowsBothFingerprints()
{
    const ServerChangedDialog dialog(QStringLiteral("<b>host</b>:7420"), Expected::Invited,
                                     otherFingerprint, otherFingerprint);
    QCOMPARE(dialog.findChildren<QPushButton *>().size(), qsizetype(1));
    QStringList words;
    for (const QLabel *label : dialog.findChildren<QLabel *>())
        words.append(label->text());
    const QString all = words.join(u'\n');
    QVERIFY(all.contains(QStringLiteral("<b>host</b>:7420 is not the server that the invitation")));
    QVERIFY(all.contains(QStringLiteral("In the invitation")));
    QVERIFY(!all.contains(QStringLiteral("File →"))); // forgetting would not help
}

FERRY_TEST(ClientInvitationsTest)
#include "client_invitations.moc"
