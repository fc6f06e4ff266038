// SPDX-License-Identifier: MIT
#include "net/channel/tlsidentity.h"
#include "support/testprogram.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <openssl/x509.h>

#include <sys/stat.h>

#include <set>
#include <thread>
#include <vector>

using namespace ferry;

class TestTlsIdentity : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void isMadeOnceAndKept();
    void isForItsOwnerOnly();
    void theFingerprintIsThatOfTheDer();
    void theCertificateIsWhatItShouldBe();
    void damagedFilesAreRefusedAndLeftAlone_data();
    void damagedFilesAreRefusedAndLeftAlone();
    void aKeyThatOthersCanReadIsRefused();
    void aFolderThatCannotBeMadeIsAnError();
    void manyThatStartAtOnceGetTheSameOne();
    void fingerprintsAreGroupedAndReadBack();

private:
    QString data() const { return m_folder->filePath(QStringLiteral("a/b")); }
    QString file() const { return data() + QStringLiteral("/identity.pem"); }
    QByteArray content() const
    {
        QFile opened(file());
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }
    static int mode(const QString &path)
    {
        struct stat status = {};
        return ::stat(QFile::encodeName(path).constData(), &status) == 0
                   ? int(status.st_mode & 07777)
                   : -1;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestTlsIdentity::isMadeOnceAndKept()
{
    const auto first = TlsIdentity::loadOrCreate(data());
    QVERIFY2(first.ok(), first.ok() ? "" : qPrintable(first.error().text));
    const QByteArray before = content();
    const auto second = TlsIdentity::loadOrCreate(data());
    QVERIFY(second.ok());
    QCOMPARE(second.value()->fingerprint(), first.value()->fingerprint());
    QCOMPARE(content(), before);
    QCOMPARE(QDir(data()).entryList(QDir::Files | QDir::Hidden),
             QStringList{QStringLiteral("identity.pem")});
    QVERIFY(TlsIdentity::generate().value()->fingerprint() != first.value()->fingerprint());
}

void TestTlsIdentity::isForItsOwnerOnly()
{
    const mode_t before = ::umask(0);
    const auto identity = TlsIdentity::loadOrCreate(data());
    ::umask(before);
    QVERIFY(identity.ok());
    QCOMPARE(mode(file()), 0600);
    QCOMPARE(mode(data()), 0700);
}

void TestTlsIdentity::theFingerprintIsThatOfTheDer()
{
    const auto identity = TlsIdentity::loadOrCreate(data());
    const QByteArray fingerprint = identity.value()->fingerprint();
    static const QRegularExpression form(QStringLiteral("^sha256:[0-9a-f]{64}$"));
    QVERIFY(form.match(QString::fromLatin1(fingerprint)).hasMatch());

    // Without OpenSSL's help: the DER is what stands between the lines.
    const QByteArray pem = content();
    const qsizetype begin = pem.indexOf("-----BEGIN CERTIFICATE-----") + 27;
    const QByteArray der =
        QByteArray::fromBase64(pem.mid(begin, pem.indexOf("-----END CERT") - begin));
    QCOMPARE(fingerprint,
             "sha256:" + QCryptographicHash::hash(der, QCryptographicHash::Sha256).toHex());
}

void TestTlsIdentity::theCertificateIsWhatItShouldBe()
{
    const auto identity = TlsIdentity::loadOrCreate(data());
    BIO *bio = BIO_new(BIO_s_mem());
    X509_print(bio, identity.value()->certificate());
    char *start = nullptr;
    const long length = BIO_get_mem_data(bio, &start);
    QByteArray text(start, qsizetype(length));
    text.replace(" = ", "="); // versions of OpenSSL differ
    BIO_free(bio);
    for (const char *expected :
         {"Subject: CN=ferry", "Issuer: CN=ferry", "ASN1 OID: prime256v1",
          "Signature Algorithm: ecdsa-with-SHA256", "Not After : Dec 31 23:59:59 9999 GMT",
          "CA:FALSE", "Digital Signature", "TLS Web Server Authentication"})
        QVERIFY2(text.contains(expected), expected + QByteArray(" in ") + text);
}

void TestTlsIdentity::damagedFilesAreRefusedAndLeftAlone_data()
{
    QTest::addColumn<QByteArray>("damaged");
    const QByteArray good = TlsIdentity::generate().value()->toPem();
    const QByteArray other = TlsIdentity::generate().value()->toPem();
    const qsizetype border = good.indexOf("-----BEGIN CERT");
    QVERIFY(border > 0);
    const qsizetype otherBorder = other.indexOf("-----BEGIN CERT");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no PEM") << QByteArray("hello\n");
    QTest::newRow("key only") << good.left(border);
    QTest::newRow("certificate only") << good.mid(border);
    QTest::newRow("cut in the key") << good.left(border / 2);
    QTest::newRow("cut in the certificate") << good.left(border + 100);
    QTest::newRow("key and certificate of two") << good.left(border) + other.mid(otherBorder);
    QByteArray flipped = good;
    flipped[border / 2] = flipped[border / 2] == 'A' ? 'B' : 'A';
    QTest::newRow("a changed letter in the key") << flipped;
    QTest::newRow("large") << QByteArray(1024 * 1024, 'x');
    QTest::newRow("a passphrase on the key")
        << QByteArray("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIHsMFcGCSqGSIb3DQEFDTBK\n"
                      "-----END ENCRYPTED PRIVATE KEY-----\n") +
               good.mid(border);
}

void TestTlsIdentity::damagedFilesAreRefusedAndLeftAlone()
{
    QFETCH(QByteArray, damaged);
    QVERIFY(QDir().mkpath(data()));
    QFile out(file());
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(damaged);
    out.close();
    out.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    const auto loaded = TlsIdentity::loadOrCreate(data());
    QVERIFY(!loaded.ok());
    QVERIFY(loaded.error().text.contains(file()));
    QCOMPARE(content(), damaged);
}

void TestTlsIdentity::aKeyThatOthersCanReadIsRefused()
{
    QVERIFY(TlsIdentity::loadOrCreate(data()).ok());
    QVERIFY(QFile::setPermissions(file(), QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
    const auto loaded = TlsIdentity::loadOrCreate(data());
    QVERIFY(!loaded.ok());
    QCOMPARE(int(loaded.error().code), int(ErrorCode::Invalid));
    QVERIFY(QFile::setPermissions(file(), QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(TlsIdentity::loadOrCreate(data()).ok());
    // Who may change the folder may put another key there.
    QCOMPARE(::chmod(QFile::encodeName(data()).constData(), 0777), 0);
    QCOMPARE(int(TlsIdentity::loadOrCreate(data()).error().code), int(ErrorCode::Invalid));
    QVERIFY(QFile::remove(file()));
    QVERIFY(!TlsIdentity::loadOrCreate(data()).ok());
    QVERIFY(!QFile::exists(file()));
}

void TestTlsIdentity::aFolderThatCannotBeMadeIsAnError()
{
    QFile blocking(m_folder->filePath(QStringLiteral("a")));
    QVERIFY(blocking.open(QIODevice::WriteOnly));
    const auto identity = TlsIdentity::loadOrCreate(data());
    QVERIFY(!identity.ok());
    QCOMPARE(int(identity.error().code), int(ErrorCode::LocalFile));
}

void TestTlsIdentity::manyThatStartAtOnceGetTheSameOne()
{
    std::vector<QByteArray> fingerprints(8);
    std::vector<std::thread> threads;
    for (QByteArray &fingerprint : fingerprints) {
        threads.emplace_back([&fingerprint, folder = data()] {
            const auto identity = TlsIdentity::loadOrCreate(folder);
            if (identity)
                fingerprint = identity.value()->fingerprint();
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    const std::set<QByteArray> different(fingerprints.begin(), fingerprints.end());
    QCOMPARE(different.size(), size_t(1));
    QCOMPARE(*different.begin(), TlsIdentity::loadOrCreate(data()).value()->fingerprint());
    QCOMPARE(QDir(data()).entryList(QDir::Files | QDir::Hidden),
             QStringList{QStringLiteral("identity.pem")});
}

void TestTlsIdentity::fingerprintsAreGroupedAndReadBack()
{
    const QByteArray fingerprint = "sha256:" + QByteArray("7f3a91c2").repeated(8);
    const QString grouped = groupedFingerprint(fingerprint);
    QVERIFY(grouped.startsWith(QStringLiteral("7F3A 91C2 7F3A ")));
    QCOMPARE(grouped.size(), 16 * 5 - 1);
    QCOMPARE(normalisedFingerprint("sha256:" + grouped.toLatin1()), fingerprint);
    QCOMPARE(normalisedFingerprint(" SHA256:" + QByteArray("7F:3A:91:C2:").repeated(8)),
             fingerprint);
    for (const QByteArray &bad :
         {QByteArray(), QByteArray("sha256:"), fingerprint.left(70), fingerprint + "0",
          fingerprint.mid(7), "sha1:" + fingerprint.mid(7),
          QByteArray(fingerprint).replace("7f", "7g")}) {
        QVERIFY2(normalisedFingerprint(bad).isEmpty(), bad.constData());
        QVERIFY(groupedFingerprint(bad).isEmpty());
    }
}

FERRY_TEST(TestTlsIdentity)
#include "tst_tlsidentity.moc"
