// SPDX-License-Identifier: MIT
#include "net/login/passphrase.h"
#include "server/login/password.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::server;

class TestPassword : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyTheSamePasswordIsTheSame();
    void aGeneratedPasswordMayBeTypedSloppily();
    void aPersonsOwnPasswordCountsByteForByte();
    void strengthGrowsWithThePassword_data();
    void strengthGrowsWithThePassword();
};

void TestPassword::onlyTheSamePasswordIsTheSame()
{
    QVERIFY(samePassword("passwd", "passwd"));
    for (const QByteArray &wrong :
         {QByteArray(), QByteArray("passw"), QByteArray("passwdd"), QByteArray("Passwd"),
          QByteArray("passwd "), QByteArray("yellow"), QByteArray("passwd\0", 7)})
        QVERIFY2(!samePassword(wrong, "passwd"), wrong.constData());
}

void TestPassword::aGeneratedPasswordMayBeTypedSloppily()
{
    const QByteArray right = generatePassphrase().toUtf8();
    QVERIFY(isGeneratedPassword(QString::fromUtf8(right)));
    QVERIFY(samePassword(right, right));
    QVERIFY(samePassword(right.toUpper(), right));
    QVERIFY(samePassword(QByteArray(right).replace('-', ' '), right));
    QVERIFY(!samePassword(generatePassphrase().toUtf8(), right));
}

void TestPassword::aPersonsOwnPasswordCountsByteForByte()
{
    QVERIFY(!samePassword("My Password", "my-password"));
    QVERIFY(!samePassword("my password", "my  password"));
}

void TestPassword::strengthGrowsWithThePassword_data()
{
    QTest::addColumn<QString>("password");
    QTest::addColumn<int>("strength");
    const auto row = [](const QString &password, PasswordStrength strength) {
        QTest::newRow(qPrintable(password)) << password << int(strength);
    };
    row(QString(), PasswordStrength::Empty);
    row(QStringLiteral("yellow"), PasswordStrength::Weak);
    row(QStringLiteral("12345678901234567890"), PasswordStrength::Weak);
    row(QStringLiteral("aaaaaaaaaaaaaaaaaaaa"), PasswordStrength::Weak);
    row(QStringLiteral("passwd"), PasswordStrength::Weak);
    row(QStringLiteral("Tr4mp0line"), PasswordStrength::Fair);
    row(QStringLiteral("vK7#pQz!92rT@x"), PasswordStrength::Strong);
    row(generatePassphrase(), PasswordStrength::Strong);
}

void TestPassword::strengthGrowsWithThePassword()
{
    QFETCH(QString, password);
    QFETCH(int, strength);
    QCOMPARE(int(passwordStrength(password)), strength);
}

FERRY_TEST(TestPassword)
#include "tst_password.moc"
