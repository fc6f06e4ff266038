// SPDX-License-Identifier: MIT
#include "net/channel/invitation.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;

namespace {
const QByteArray fingerprint = "sha256:" + QByteArray("0123456789abcdef").repeated(4);
const QByteArray other = "sha256:" + QByteArray("fedcba9876543210").repeated(4);
} // namespace

class InvitationTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsEveryForm_data();
    void readsEveryForm();
    void writtenAndReadItIsTheSame_data();
    void writtenAndReadItIsTheSame();
    void refusesWhatIsDamaged_data();
    void refusesWhatIsDamaged();
    void aPasswordInItIsRefusedAndNotRepeated();
    void isOneByItsBeginning();
};

void InvitationTest::readsEveryForm_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const QByteArray &text, const char *address, const QByteArray &path = {},
                        const QByteArray &named = {}) {
        QTest::newRow(text.constData()) << QString::fromUtf8(address) << path << named;
    };
    row("ferry://studio", "studio");
    row("FERRY://studio/", "studio");
    row("  ferry://studio:7421/ \n", "studio:7421");
    row("ferry://[fe80::1%25eth0]:80/", "[fe80::1%eth0]:80");
    row("ferry://anna@studio", "anna@studio");
    row("ferry://anna%20b%40c@studio:1", "anna b@c@studio:1");
    row("ferry://studio/Photos/2026/", "studio", "/Photos/2026");
    row("ferry://studio/a%20%E2%82%AC%3F%23b", "studio", "/a \xE2\x82\xAC?#b");
    row("ferry://studio/€", "studio", "/€");
    row("ferry://studio?fp=" + fingerprint, "studio", {}, fingerprint);
    row("ferry://studio/?fp=" + fingerprint, "studio", {}, fingerprint);
    row("ferry://studio/a?fp=" + fingerprint.toUpper().replace("SHA", "sha"), "studio", "/a",
        fingerprint);
    row("ferry://studio/?fp=sha256%3A" + fingerprint.sliced(7), "studio", {}, fingerprint);
    row("ferry://studio/?later=1&fp=" + fingerprint + "&fpx=2&", "studio", {}, fingerprint);
}

void InvitationTest::readsEveryForm()
{
    const auto invitation = Invitation::parse(QString::fromUtf8(QTest::currentDataTag()));
    QVERIFY2(invitation.ok(), invitation ? "" : qPrintable(invitation.error().text));
    QTEST(invitation.value().address, "address");
    QTEST(invitation.value().path, "path");
    QTEST(invitation.value().fingerprint, "named");
}

void InvitationTest::writtenAndReadItIsTheSame_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("named");
    QTest::newRow("plain") << QStringLiteral("192.168.1.20:7420") << QByteArray() << fingerprint;
    QTest::newRow("no fingerprint") << QStringLiteral("studio") << QByteArray() << QByteArray();
    QTest::newRow("scope") << QStringLiteral("[fe80::1%wlan0]:7420") << QByteArray() << fingerprint;
    QTest::newRow("user") << QStringLiteral("a/b?c#d:e%f@studio:1") << QByteArray() << fingerprint;
    QTest::newRow("path") << QStringLiteral("studio") << QByteArray("/a b/?#&=%41\xFF\x01/ü")
                          << fingerprint;
}

void InvitationTest::writtenAndReadItIsTheSame()
{
    QFETCH(const QString, address);
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, named);
    const QString text = Invitation{address, path, named}.toText();
    const auto again = Invitation::parse(text);
    QVERIFY2(again.ok(), qPrintable(text));
    QCOMPARE(again.value().address, address);
    QCOMPARE(again.value().path, path);
    QCOMPARE(again.value().fingerprint, named);
    // Of characters that no program that passes it on has to change.
    for (const QChar c : text)
        QVERIFY2(c > u' ' && c < u'\x7F' && !QStringLiteral("\"<>\\^`{|}").contains(c),
                 qPrintable(text));
}

void InvitationTest::refusesWhatIsDamaged_data()
{
    const QByteArray good = "?fp=" + fingerprint;
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QByteArray &text) {
        QTest::newRow(name) << QString::fromUtf8(text);
    };
    row("nothing", "");
    row("another scheme", "http://studio/" + good);
    row("no slashes", "ferry:studio");
    row("no host", "ferry://");
    row("no host before a path", "ferry:///etc/passwd");
    row("no host after the user", "ferry://anna@/");
    row("no user", "ferry://@studio/");
    row("encoded host", "ferry://stu%64io/");
    row("encoded @", "ferry://studio%40evil/");
    row("encoded colon", "ferry://studio%3A80/");
    row("scope in a name", "ferry://studio%25eth0/");
    row("half an escape in the user", "ferry://an%4@studio/");
    row("user of broken UTF-8", "ferry://an%FF@studio/");
    row("half an escape in the path", "ferry://studio/a%2");
    row("way up", "ferry://studio/a/../b");
    row("encoded way up", "ferry://studio/a/%2e%2E/b");
    row("encoded separator", "ferry://studio/a%2Fb");
    row("NUL", "ferry://studio/a%00b");
    row("empty name", "ferry://studio/a//b");
    row("name too long", "ferry://studio/" + QByteArray(256, 'a'));
    row("fragment", "ferry://studio/a#b");
    row("blank", "ferry://studio/a b");
    row("line break in the host", "ferry://[::1\n]/");
    row("no digits", "ferry://studio/?fp=");
    row("digits missing", "ferry://studio/" + good.chopped(1));
    row("digit too many", "ferry://studio/" + good + "0");
    row("other sum", "ferry://studio/?fp=md5:" + fingerprint.sliced(7));
    row("two fingerprints", "ferry://studio/" + good + "&fp=" + other);
    row("the same twice", "ferry://studio/" + good + "&fp=" + fingerprint);
    row("too long", "ferry://studio/?x=" + QByteArray(Invitation::longest, 'a'));
}

void InvitationTest::refusesWhatIsDamaged()
{
    QFETCH(const QString, text);
    const auto invitation = Invitation::parse(text);
    QVERIFY(!invitation.ok());
    QCOMPARE(invitation.error().code, ErrorCode::Invalid);
    QVERIFY(!invitation.error().text.isEmpty());
}

void InvitationTest::aPasswordInItIsRefusedAndNotRepeated()
{
    const auto invitation = Invitation::parse(QStringLiteral("ferry://anna:kelp@studio/"));
    QVERIFY(!invitation.ok());
    QVERIFY(invitation.error().text.contains(QStringLiteral("password")));
    QVERIFY(!invitation.error().text.contains(QStringLiteral("kelp")));
}

void InvitationTest::isOneByItsBeginning()
{
    QVERIFY(Invitation::isMeant(QStringLiteral(" Ferry://")));
    QVERIFY(!Invitation::isMeant(QStringLiteral("ferry:studio")));
    QVERIFY(!Invitation::isMeant(QStringLiteral("studio")));
    QVERIFY(!Invitation::isMeant(QStringLiteral("x ferry://studio")));
}

FERRY_TEST(InvitationTest)
#include "tst_invitation.moc"
