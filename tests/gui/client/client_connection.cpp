// SPDX-License-Identifier: MIT
/// The address that is typed, and every reason why there is no connection, in words.
#include "client-gui/connect/connectiontext.h"
#include "client-gui/connect/connector.h"
#include "gui/client/client_fixture.h"
#include "support/testprogram.h"

#include <QSet>

using namespace ferry;
using namespace ferry::gui;
using client::ConnectionState;

namespace {

ConnectionView failed(ErrorCode code, const QString &text = {})
{
    ConnectionView view;
    view.status.state = ConnectionState::Failed;
    view.status.error = Error{code, text};
    view.host = QStringLiteral("studio:7420");
    return view;
}

} // namespace

class ClientConnectionTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void everyWayToWriteAnAddressIsTaken_data();
    void everyWayToWriteAnAddressIsTaken();
    void aWrongAddressSaysWhatIsWrong_data();
    void aWrongAddressSaysWhatIsWrong();
    void theHostFieldOffersTheLatestFirst();
    void everyFailureSaysWhatHappenedAndWhatToDo_data();
    void everyFailureSaysWhatHappenedAndWhatToDo();
    void whatAServerSaysIsPlainAndBounded();
    void everyStateHasAWordAndAShape();
    void anUnknownHostIsTold();
    void aSilentServerTimesOut();
    void aFailureIsOldNewsOnceSomebodyTypes();
};

void ClientConnectionTest::everyWayToWriteAnAddressIsTaken_data()
{
    QTest::addColumn<QString>("address");
    for (const char *address :
         {"studio", "studio:7420", "192.168.1.20", "192.168.1.20:7420", "[fe80::1]:7420", "::1",
          "anna@studio", "anna@[::1]:7420", "  studio  ", "ferry get -d /tmp studio:7420 /Photos"})
        QTest::newRow(address) << QString::fromUtf8(address);
}

void ClientConnectionTest::everyWayToWriteAnAddressIsTaken()
{
    QFETCH(const QString, address);
    ClientWindowFixture f;
    f.fillIn(address, QStringLiteral("x"));
    QVERIFY2(f.communicate()->isEnabled(), qPrintable(f.words("connectMessage")));
}

void ClientConnectionTest::aWrongAddressSaysWhatIsWrong_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *address, const char *words) {
        QTest::newRow(address) << QString::fromUtf8(address) << QString::fromUtf8(words);
    };
    row("studio:0", "from 1 to 65535");
    row("studio:99999", "from 1 to 65535");
    row("studio:http", "from 1 to 65535");
    row("[::1", "] after the address");
    row("[::1]7420", "After the ]");
    row("[studio]:7420", "must be an IPv6 address");
    row("1:2:3", "host:port");
    row("@studio", "before the @");
    row("anna@", "host is missing");
    row(":7420", "host is missing");
    row("my computer", "not a valid host name");
    row("http://studio/", "a link");
}

void ClientConnectionTest::aWrongAddressSaysWhatIsWrong()
{
    QFETCH(const QString, address);
    QFETCH(const QString, words);
    ClientWindowFixture f;
    f.fillIn(address, QStringLiteral("x"));
    QVERIFY(!f.communicate()->isEnabled());
    QVERIFY(f.find<QLabel>("connectMessage")->isVisible());
    QVERIFY2(f.words("connectMessage").contains(words), qPrintable(f.words("connectMessage")));
    QCOMPARE(f.communicate()->statusTip(), f.words("connectMessage"));
}

void ClientConnectionTest::theHostFieldOffersTheLatestFirst()
{
    ClientWindowFixture f;
    for (const char *host : {"first", "anna@second:7420", "[::1]:7421"})
        f.rememberServer(QString::fromUtf8(host));
    f.open();
    const auto *field = f.find<QComboBox>("hostField");
    QCOMPARE(field->count(), 3);
    QCOMPARE(field->itemText(0), QStringLiteral("[::1]:7421"));
    QCOMPARE(field->itemText(1), QStringLiteral("anna@second:7420"));
    QCOMPARE(field->currentText(), QStringLiteral("[::1]:7421"));
}

void ClientConnectionTest::everyFailureSaysWhatHappenedAndWhatToDo_data()
{
    QTest::addColumn<ConnectionView>("view");
    QTest::addColumn<QString>("happened");
    QTest::addColumn<QString>("next");
    const auto row = [](const char *name, const ConnectionView &view, const char *happened,
                        const char *next) {
        QTest::newRow(name) << view << QString::fromUtf8(happened) << QString::fromUtf8(next);
    };
    row("wrong password", failed(ErrorCode::WrongPassword), "Wrong password",
        "Compare it with the one in the Ferry Server window");
    row("no server", failed(ErrorCode::CannotConnect), "Can't reach studio", "server is started");
    row("unknown host", failed(ErrorCode::HostNotFound), "Can't find “studio",
        "Check the spelling");
    row("timed out", failed(ErrorCode::TimedOut), "Timed out", "same network");
    row("not ours", failed(ErrorCode::Protocol), "not a Ferry server", "Is the port right");
    row("cut short", failed(ErrorCode::CutShort), "closed the connection", "");
    row("full", failed(ErrorCode::Refused), "does not take more connections", "later");
    ConnectionView changed = failed(ErrorCode::NotTrusted);
    changed.status.saved = "sha256:aa";
    changed.status.offered = "sha256:bb";
    row("certificate changed", changed, "has changed", "Ask its owner");
    ConnectionView declined = failed(ErrorCode::NotTrusted);
    declined.firstContact = FirstContact::Declined;
    row("first contact declined", declined, "was not confirmed", "");
}

void ClientConnectionTest::everyFailureSaysWhatHappenedAndWhatToDo()
{
    QFETCH(const ConnectionView, view);
    QFETCH(const QString, happened);
    QFETCH(const QString, next);
    const QString text = connectionFailureText(view, false);
    QVERIFY2(text.contains(happened), qPrintable(text));
    QVERIFY2(text.contains(next), qPrintable(text));
}

void ClientConnectionTest::whatAServerSaysIsPlainAndBounded()
{
    const QString evil =
        QStringLiteral("<b>busy</b>\n\u202eback\x1b[31m") + QString(10'000, QLatin1Char('x'));
    const QString text = connectionFailureText(failed(ErrorCode::Refused, evil), false);
    QVERIFY(text.contains(QStringLiteral("<b>busy</b>"))); // as it is: the label is plain
    QVERIFY(!text.contains(u'\n'));
    QVERIFY(!text.contains(QChar(0x202e)));
    QVERIFY(!text.contains(QChar(0x1b)));
    QVERIFY2(text.size() < 2000, qPrintable(QString::number(text.size())));
    ClientWindowFixture f;
    QCOMPARE(f.find<QLabel>("connectMessage")->textFormat(), Qt::PlainText);
}

void ClientConnectionTest::everyStateHasAWordAndAShape()
{
    QSet<QString> words;
    QSet<QString> looks;
    for (const ConnectionState state :
         {ConnectionState::Offline, ConnectionState::Connecting, ConnectionState::LoggingIn,
          ConnectionState::Online, ConnectionState::Failed}) {
        QVERIFY(!connectionSign(state).isEmpty());
        words.insert(connectionWord(state));
        looks.insert(connectionSign(state) + connectionWord(state));
    }
    QCOMPARE(words.size(), qsizetype(5));
    QCOMPARE(looks.size(), qsizetype(5));
    QVERIFY(connectionSign(ConnectionState::Online) != connectionSign(ConnectionState::Offline));
    QVERIFY(connectionSign(ConnectionState::Online) != connectionSign(ConnectionState::Failed));
}

void ClientConnectionTest::anUnknownHostIsTold()
{
    ClientWindowFixture f;
    // No name may have so long a part, so that no name server is asked.
    f.fillIn(QString(70, QLatin1Char('a')) + QStringLiteral(".invalid"), QStringLiteral("x"));
    f.communicate()->trigger();
    QTRY_VERIFY2_WITH_TIMEOUT(
        f.words("connectMessage").startsWith(QStringLiteral("Can't find “aaa")),
        qPrintable(f.words("connectMessage")), 20000);
    QCOMPARE(f.words("linkLight"), QStringLiteral("✕ No connection"));
}

void ClientConnectionTest::aSilentServerTimesOut()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    const QTemporaryDir dir;
    client::Client client;
    Answers answers;
    QWidget window;
    Connector connector(&client, dir.filePath(QStringLiteral("known_servers")), &answers, &window);
    client::ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port = silent.serverPort();
    config.password = "x";
    config.connectTime = std::chrono::milliseconds(200);
    config.replyTime = std::chrono::milliseconds(200);
    connector.connectTo(config, QStringLiteral("studio"), false);
    QTRY_COMPARE_WITH_TIMEOUT(connector.view().status.state, ConnectionState::Failed, 20000);
    const QString text = connectionFailureText(connector.view(), false);
    QVERIFY2(text.startsWith(QStringLiteral("Timed out: studio did not answer")), qPrintable(text));
}

void ClientConnectionTest::aFailureIsOldNewsOnceSomebodyTypes()
{
    ClientWindowFixture f;
    f.startServer();
    f.fillIn(f.serverAddress(), passphraseFor(1));
    f.communicate()->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(f.words("connectMessage").startsWith(QStringLiteral("Wrong password")),
                             20000);
    // The field is ready for the right one.
    QTRY_VERIFY(f.find<QLineEdit>("passwordField")->hasFocus());
    QCOMPARE(f.find<QLineEdit>("passwordField")->selectedText().isEmpty(), false);
    QTest::keyClicks(f.find<QLineEdit>("passwordField"), QStringLiteral("a"));
    QVERIFY(!f.words("connectMessage").startsWith(QStringLiteral("Wrong password")));
}

FERRY_TEST(ClientConnectionTest)
#include "client_connection.moc"
