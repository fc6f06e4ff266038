// SPDX-License-Identifier: MIT
#include "net/login/passphrase.h"
#include "server/login/accounts.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <thread>
#include <vector>

using namespace ferry;
using namespace ferry::server;

class TestAccounts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_generated = generatePassphrase().toUtf8(); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void withoutAFileThereAreNone();
    void addedOnesAreKept();
    void noPasswordIsInTheFile();
    void theFileIsForItsOwnerOnly();
    void aMadeUpPasswordCostsMoreIterations();
    void aNewPasswordReplacesTheOld();
    void removedOnesAreGone();
    void badNamesAreRefused();
    void aRunningServerSeesTheChange();
    void unknownNamesGetAStableVerifier();
    void transientOnesAreNotWritten();
    void damagedLinesArePassedOverAndKept();
    void anUnreadableFileKeepsWhatWasKnown();
    void twoProgramsLoseNoEntry();
    void aChangeThatFailsHidesNoOther();

private:
    QString data() const { return m_folder->filePath(QStringLiteral("data")); }
    QString file() const { return data() + QStringLiteral("/accounts"); }
    QByteArray content() const
    {
        QFile opened(file());
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }
    void setContent(const QByteArray &text) const
    {
        QFile opened(file());
        QVERIFY(opened.open(QIODevice::WriteOnly));
        QCOMPARE(opened.write(text), text.size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_generated;
};

#define VERIFY_OK(result)                                                                          \
    do {                                                                                           \
        const auto &checked = (result);                                                            \
        QVERIFY2(checked.ok(), checked.ok() ? "" : qPrintable(checked.error().text));              \
    } while (false)

void TestAccounts::withoutAFileThereAreNone()
{
    Accounts accounts(data());
    VERIFY_OK(accounts.refresh());
    QVERIFY(accounts.list().isEmpty());
    QVERIFY(accounts.problems().isEmpty());
    QVERIFY(!accounts.verify("ferry", m_generated));
    QVERIFY(!QFile::exists(data()));
    QVERIFY(!accounts.remove("ferry").ok());
}

void TestAccounts::addedOnesAreKept()
{
    {
        Accounts accounts(data());
        VERIFY_OK(accounts.add("ferry", m_generated));
        QVERIFY(accounts.verify("ferry", m_generated));
    }
    Accounts accounts(data());
    QCOMPARE(accounts.list().size(), 1);
    QCOMPARE(accounts.list().at(0).name, QByteArray("ferry"));
    QVERIFY(accounts.list().at(0).stored);
    QVERIFY(accounts.verify("ferry", m_generated));
    QVERIFY(!accounts.verify("ferry", m_generated + "x"));
    QVERIFY(!accounts.verify("ferry", ""));
    QVERIFY(!accounts.verify("Ferry", m_generated));
    QVERIFY(accounts.lookup("ferry").exists);
    QVERIFY(sasl::matches(accounts.lookup("ferry").verifier, m_generated));
}

void TestAccounts::noPasswordIsInTheFile()
{
    Accounts accounts(data());
    VERIFY_OK(accounts.add("ferry", m_generated));
    QVERIFY(content().contains("account ferry scram-sha-256 4096 "));
    QVERIFY(!content().contains(m_generated));
    QVERIFY(!content().contains(m_generated.toBase64()));
    // Equal passwords have different salts.
    VERIFY_OK(accounts.add("other", m_generated));
    QVERIFY(accounts.lookup("ferry").verifier.salt != accounts.lookup("other").verifier.salt);
}

void TestAccounts::theFileIsForItsOwnerOnly()
{
    const mode_t before = ::umask(0);
    Accounts accounts(data());
    const Result<> added = accounts.add("ferry", m_generated);
    ::umask(before);
    VERIFY_OK(added);
    struct stat status = {};
    QCOMPARE(::stat(QFile::encodeName(file()).constData(), &status), 0);
    QCOMPARE(int(status.st_mode & 07777), 0600);
    QVERIFY(accounts.problems().isEmpty());
    QVERIFY(QFile::setPermissions(file(), QFile::ReadOwner | QFile::ReadOther));
    Accounts exposed(data());
    QVERIFY(!exposed.refresh().ok());
    QCOMPARE(exposed.problems().size(), 1);
    QVERIFY(exposed.list().isEmpty());
}

void TestAccounts::aMadeUpPasswordCostsMoreIterations()
{
    Accounts accounts(data());
    VERIFY_OK(accounts.add("generated", m_generated));
    VERIFY_OK(accounts.add("own", "correct horse"));
    QCOMPARE(accounts.lookup("generated").verifier.iterations, 4096);
    QVERIFY(accounts.lookup("own").verifier.iterations >= 600'000);
    QVERIFY(accounts.verify("own", "correct horse"));
}

void TestAccounts::aNewPasswordReplacesTheOld()
{
    Accounts accounts(data());
    VERIFY_OK(accounts.add("ferry", m_generated));
    const QByteArray other = generatePassphrase().toUtf8();
    VERIFY_OK(accounts.add("ferry", other));
    QCOMPARE(accounts.list().size(), 1);
    QVERIFY(!accounts.verify("ferry", m_generated));
    QVERIFY(accounts.verify("ferry", other));
}

void TestAccounts::removedOnesAreGone()
{
    Accounts accounts(data());
    VERIFY_OK(accounts.add("a", m_generated));
    VERIFY_OK(accounts.add("b", m_generated));
    VERIFY_OK(accounts.remove("a"));
    const Result<> again = accounts.remove("a");
    QVERIFY(!again.ok());
    QCOMPARE(int(again.error().code), int(ErrorCode::NotFound));
    QVERIFY(!accounts.verify("a", m_generated));
    QVERIFY(Accounts(data()).verify("b", m_generated));
}

void TestAccounts::badNamesAreRefused()
{
    Accounts accounts(data());
    for (const QByteArray &name :
         {QByteArray(), QByteArray("a b"), QByteArray("a\nb"), QByteArray("a,b"), QByteArray("a@b"),
          QByteArray("\xc3\xa4"), QByteArray(65, 'x'), QByteArray("a\0b", 3)}) {
        QVERIFY2(!accounts.add(name, m_generated).ok(), name.constData());
        QVERIFY(!accounts.addTransient(name, m_generated).ok());
    }
    for (const QByteArray &name : {QByteArray("operator"), QByteArray("S.y.s.t.e.m"),
                                   QByteArray("5erver"), QByteArray("0perator")})
        QVERIFY2(accounts.add(name, m_generated).error().code == ErrorCode::Invalid, name);
    QVERIFY(!accounts.add("ferry", "").ok());
    QVERIFY(!QFile::exists(file()));
    VERIFY_OK(accounts.add("A.b_c-9", m_generated));
}

void TestAccounts::aRunningServerSeesTheChange()
{
    Accounts server(data());
    QVERIFY(!server.verify("ferry", m_generated));
    Accounts tool(data());
    VERIFY_OK(tool.add("ferry", m_generated));
    QVERIFY(server.verify("ferry", m_generated));
    VERIFY_OK(tool.remove("ferry"));
    QVERIFY(!server.verify("ferry", m_generated));
    VERIFY_OK(tool.add("ferry", m_generated));
    QVERIFY(QFile::remove(file()));
    QVERIFY(!server.verify("ferry", m_generated));
}

void TestAccounts::unknownNamesGetAStableVerifier()
{
    Accounts accounts(data());
    VERIFY_OK(accounts.add("ferry", m_generated));
    const sasl::ScramServer::Account known = accounts.lookup("ferry");
    const sasl::ScramServer::Account nobody = accounts.lookup("nobody");
    QVERIFY(!nobody.exists);
    QCOMPARE(nobody.verifier.salt.size(), known.verifier.salt.size());
    QCOMPARE(nobody.verifier.iterations, known.verifier.iterations);
    QCOMPARE(nobody.verifier.storedKey.size(), 32);
    QCOMPARE(nobody.verifier.serverKey.size(), 32);
    QVERIFY(nobody.verifier == accounts.lookup("nobody").verifier);
    QVERIFY(nobody.verifier == Accounts(data()).lookup("nobody").verifier); // after a restart
    QVERIFY(nobody.verifier.salt != accounts.lookup("nobodx").verifier.salt);
    // Another installation has others.
    Accounts elsewhere(m_folder->filePath(QStringLiteral("elsewhere")));
    VERIFY_OK(elsewhere.add("ferry", m_generated));
    QVERIFY(nobody.verifier.salt != elsewhere.lookup("nobody").verifier.salt);
    // Nothing odd about odd names.
    for (const QByteArray &name : {QByteArray(), QByteArray("\0\xff", 2), QByteArray(9999, 'x')})
        QVERIFY(!accounts.lookup(name).exists);
}

void TestAccounts::transientOnesAreNotWritten()
{
    Accounts accounts(data());
    VERIFY_OK(accounts.addTransient("ferry", m_generated));
    QVERIFY(accounts.verify("ferry", m_generated));
    QVERIFY(!accounts.list().at(0).stored);
    QVERIFY(!QFile::exists(file()));
    const QByteArray stored = generatePassphrase().toUtf8();
    VERIFY_OK(accounts.add("ferry", stored));
    QVERIFY(accounts.verify("ferry", m_generated)); // goes before the file's
    QVERIFY(Accounts(data()).verify("ferry", stored));

    Accounts nowhere{QString()};
    VERIFY_OK(nowhere.addTransient("ferry", m_generated));
    QVERIFY(nowhere.verify("ferry", m_generated));
    QVERIFY(!nowhere.add("other", m_generated).ok());
}

void TestAccounts::damagedLinesArePassedOverAndKept()
{
    Accounts accounts(data());
    VERIFY_OK(accounts.add("good", m_generated));
    const QByteArray text = content();
    const QByteArray line = text.split('\n').at(2);
    QVERIFY(line.startsWith("account good "));
    const auto named = [&](const char *name) { return QByteArray(line).replace("good", name); };
    const QList<QByteArray> damaged{
        "rubbish",
        named("cut").chopped(3),
        named("iterations").replace(" 4096 ", " 1 "),
        named("more").replace(" 4096 ", " 2000001 "),
        named("mechanism").replace("scram-sha-256", "plain"),
        named("na/me"),
        "account short scram-sha-256 4096 AAAA AAAA AAAA",
        line, // twice the same name
        QByteArray(5000, 'x'),
        QByteArray("\0\xff", 2),
    };
    setContent(text + damaged.join('\n') + '\n');

    Accounts reader(data());
    QCOMPARE(reader.list().size(), 1);
    QVERIFY(reader.verify("good", m_generated));
    QCOMPARE(reader.problems().size(), damaged.size());
    QVERIFY(reader.problems().at(0).contains(QStringLiteral("line 4")));
    VERIFY_OK(reader.add("new", m_generated));
    for (const QByteArray &kept : damaged)
        QVERIFY(content().contains(kept + '\n'));
    QCOMPARE(Accounts(data()).list().size(), 2);
}

void TestAccounts::anUnreadableFileKeepsWhatWasKnown()
{
    Accounts accounts(data());
    VERIFY_OK(accounts.add("ferry", m_generated));
    QVERIFY(QFile::remove(file()));
    QVERIFY(QDir().mkdir(file())); // something that is no file stands there
    const Result<> refreshed = accounts.refresh();
    QVERIFY(!refreshed.ok());
    QCOMPARE(int(refreshed.error().code), int(ErrorCode::LocalFile));
    QVERIFY(accounts.verify("ferry", m_generated));
    QVERIFY(!accounts.problems().isEmpty());
    QVERIFY(!accounts.add("other", m_generated).ok());
}

void TestAccounts::twoProgramsLoseNoEntry()
{
    std::vector<std::thread> threads;
    std::atomic_int failures = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            Accounts accounts(data()); // each its own, as different programs have
            for (int round = 0; round < 5; ++round) {
                if (!accounts.add("n" + QByteArray::number(i * 10 + round), m_generated))
                    ++failures;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    QCOMPARE(Accounts(data()).list().size(), 20);
}

void TestAccounts::aChangeThatFailsHidesNoOther()
{
    Accounts ours(data());
    VERIFY_OK(ours.add("anna", m_generated));
    VERIFY_OK(Accounts(data()).remove("anna"));
    QVERIFY(!ours.remove("nobody").ok());
    QVERIFY(!ours.lookup("anna").exists);
}

FERRY_TEST(TestAccounts)
#include "tst_accounts.moc"
