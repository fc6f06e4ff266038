// SPDX-License-Identifier: MIT
#include "net/limits.h"
#include "net/login/passphrase.h"
#include "net/login/sasl.h"
#include "support/testprogram.h"
#include "unit/net/scramreference.h"

#include <QTest>

#include <thread>
#include <vector>

using namespace ferry;
using namespace ferry::sasl;
using ferry::test::ReferenceClient;
using ferry::test::ReferenceServer;

namespace {

const QByteArray exporter(32, 'E');
const QByteArray otherExporter(32, 'F');
const QByteArray salt = QByteArray::fromBase64("W22ZaJ0SNY7soEsUEjb6gQ==");

ScramServer::Lookup knows(const QByteArray &name, const QByteArray &password, int iterations = 4096)
{
    const Verifier verifier = makeVerifier(password, iterations, salt).value();
    return [=](const QByteArray &user) {
        if (user == name)
            return ScramServer::Account{verifier, true};
        return ScramServer::Account{{salt, 4096, QByteArray(32, 's'), QByteArray(32, 'k')}, false};
    };
}

ScramClient::Settings settings(const QByteArray &password)
{
    ScramClient::Settings made;
    made.user = "ferry";
    made.password = password;
    made.server = "127.0.0.1:7420";
    made.serverIsPinned = true;
    made.exporter = exporter;
    return made;
}

struct Outcome
{
    bool client = false;
    bool server = false;
    std::optional<Error> error; ///< of whoever failed first
};

Outcome logIn(ScramClient &client, ScramServer &server)
{
    Outcome outcome;
    const auto finish = [&](const Result<QByteArray> &step) {
        if (!step)
            outcome.error = step.error();
        outcome.client = client.finished();
        outcome.server = server.finished();
        return outcome;
    };
    QByteArray message;
    for (int round = 0; round < 2; ++round) {
        const Result<QByteArray> said = client.step(message);
        if (!said)
            return finish(said);
        const Result<QByteArray> answered = server.step(said.value());
        if (!answered)
            return finish(answered);
        message = answered.value();
    }
    return finish(client.step(message));
}

} // namespace

class TestSasl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theVectorOfRfc7677Holds();
    void clientAndServerConvinceEachOther();
    void anIndependentClientLogsIn();
    void anIndependentServerIsBelieved();
    void wrongPasswordAndUnknownUserLookTheSame();
    void anotherChannelBindingFails();
    void aRelayedLoginFails();
    void aServerThatDoesNotKnowThePasswordIsNotBelieved();
    void theClientRefusesIterations_data();
    void theClientRefusesIterations();
    void theClientRefusesAbsurdChallenges_data();
    void theClientRefusesAbsurdChallenges();
    void theServerRefusesAbsurdMessages_data();
    void theServerRefusesAbsurdMessages();
    void noDamagedByteLogsIn();
    void afterAnEndNothingIsAnswered();
    void passwordsArePrepared();
    void unusablePasswordsAreRefused();
    void severalConnectionsDeriveOnce();
    void manyLoginsAtOnceWork();
};

void TestSasl::theVectorOfRfc7677Holds()
{
    ReferenceClient client{"user", "pencil", "rOprNGfwEbeRWgbNEkqO", "n,,", {}, {}};
    QCOMPARE(client.first(), QByteArray("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
    const QByteArray challenge = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                 "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    const QByteArray last = client.last(challenge);
    QCOMPARE(last, QByteArray("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                              "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
    QCOMPARE(client.serverSignature.toBase64(),
             QByteArray("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));

    // The same from what Ferry would keep for this user.
    const Verifier verifier = makeVerifier("pencil", 4096, salt).value();
    QCOMPARE(verifier.iterations, 4096);
    const QByteArray authMessage =
        client.bare() + "," + challenge + "," + last.left(last.indexOf(",p="));
    QCOMPARE(test::hmacSha256(verifier.serverKey, authMessage), client.serverSignature);
    const QByteArray clientKey =
        test::exclusiveOr(QByteArray::fromBase64(test::field(last, 'p')),
                          test::hmacSha256(verifier.storedKey, authMessage));
    QCOMPARE(test::sha256(clientKey), verifier.storedKey);
    QVERIFY(matches(verifier, "pencil"));
    QVERIFY(!matches(verifier, "Pencil"));
}

void TestSasl::clientAndServerConvinceEachOther()
{
    ScramClient client(settings("pencil"));
    ScramServer server(exporter, knows("ferry", "pencil"));
    const Outcome outcome = logIn(client, server);
    QVERIFY2(!outcome.error, outcome.error ? qPrintable(outcome.error->text) : "");
    QVERIFY(outcome.client);
    QVERIFY(outcome.server);
    QCOMPARE(server.user(), QByteArray("ferry"));
}

void TestSasl::anIndependentClientLogsIn()
{
    ReferenceClient client{"ferry", "pencil", "abcdefgh", "p=tls-exporter,,", exporter, {}};
    ScramServer server(exporter, knows("ferry", "pencil"));
    const QByteArray challenge = server.step(client.first()).value();
    QVERIFY(!server.finished());
    const Result<QByteArray> last = server.step(client.last(challenge));
    QVERIFY(last.ok());
    QVERIFY(server.finished());
    QCOMPARE(last.value(), "v=" + client.serverSignature.toBase64());

    // To act as oneself is what everybody does.
    client.header = "p=tls-exporter,a=ferry,";
    ScramServer again(exporter, knows("ferry", "pencil"));
    QVERIFY(again.step(client.last(again.step(client.first()).value())).ok());
}

void TestSasl::anIndependentServerIsBelieved()
{
    ReferenceServer server{"pencil", salt, 4096, "xyz", exporter, {}, {}};
    ScramClient client(settings("pencil"));
    const QByteArray proof = client.step(server.answerFirst(client.step({}).value())).value();
    const QByteArray last = server.answerLast(proof);
    QVERIFY(!last.isEmpty());
    QVERIFY(!client.finished());
    QVERIFY(client.step(last).ok());
    QVERIFY(client.finished());
}

void TestSasl::wrongPasswordAndUnknownUserLookTheSame()
{
    const auto attempt = [](const QByteArray &user, const QByteArray &password) {
        ScramClient::Settings with = settings(password);
        with.user = user;
        ScramClient client(with);
        ScramServer server(exporter, knows("ferry", "pencil"));
        return logIn(client, server);
    };
    const Outcome wrong = attempt("ferry", "pencils");
    const Outcome unknown = attempt("nobody", "pencil");
    QVERIFY(!wrong.server && !wrong.client && !unknown.server && !unknown.client);
    QCOMPARE(int(wrong.error->code), int(ErrorCode::WrongPassword));
    QCOMPARE(int(unknown.error->code), int(ErrorCode::WrongPassword));
    QCOMPARE(wrong.error->text, unknown.error->text);
}

void TestSasl::anotherChannelBindingFails()
{
    ScramClient client(settings("pencil"));
    ScramServer server(otherExporter, knows("ferry", "pencil"));
    const Outcome outcome = logIn(client, server);
    QVERIFY(!outcome.server && !outcome.client);
    QCOMPARE(int(outcome.error->code), int(ErrorCode::WrongPassword));

    // Nor without one, nor with another kind.
    for (const char *header : {"n,,", "y,,", "p=tls-unique,,", "p=tls-server-end-point,,"}) {
        ReferenceClient plain{"ferry", "pencil", "abc", header, exporter, {}};
        ScramServer strict(exporter, knows("ferry", "pencil"));
        QVERIFY(!strict.step(plain.first()).ok());
    }
}

void TestSasl::aRelayedLoginFails()
{
    // A man in the middle has one TLS connection to each side and hands the messages on. Claiming
    // the server's binding in the client's name breaks the client's proof.
    ReferenceClient client{"ferry", "pencil", "abcdefgh", "p=tls-exporter,,", exporter, {}};
    ScramServer server(otherExporter, knows("ferry", "pencil"));
    QByteArray last = client.last(server.step(client.first()).value());
    last.replace(("p=tls-exporter,," + exporter).toBase64(),
                 ("p=tls-exporter,," + otherExporter).toBase64());
    QVERIFY(last.contains(("p=tls-exporter,," + otherExporter).toBase64()));
    QVERIFY(!server.step(last).ok());
    QVERIFY(!server.finished());
}

void TestSasl::aServerThatDoesNotKnowThePasswordIsNotBelieved()
{
    ReferenceServer server{"guess", salt, 4096, "xyz", exporter, {}, {}};
    for (const QByteArray &last :
         {QByteArray("v=") + QByteArray(32, 'x').toBase64(), QByteArray("v="),
          QByteArray("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), QByteArray("e=no-error"),
          QByteArray(), QByteArray(100'000, 'v')}) {
        ScramClient client(settings("pencil"));
        QVERIFY(client.step(server.answerFirst(client.step({}).value())).ok());
        QVERIFY(!client.step(last).ok());
        QVERIFY(!client.finished());
    }
}

void TestSasl::theClientRefusesIterations_data()
{
    QTest::addColumn<QByteArray>("iterations");
    QTest::addColumn<bool>("generated");
    QTest::addColumn<bool>("pinned");
    QTest::addColumn<int>("code"); // -1: accepted

    const int protocol = int(ErrorCode::Protocol);
    const int stranger = int(ErrorCode::NotTrusted);
    for (const bool pinned : {false, true}) {
        for (const bool generated : {false, true}) {
            const auto row = [&](const char *iterations, int code) {
                QTest::addRow("%s pinned=%d generated=%d", iterations, pinned, generated)
                    << QByteArray(iterations) << generated << pinned << code;
            };
            for (const char *absurd :
                 {"0", "1", "4095", "2000001", "1000000000", "99999999999999999999", "-4096",
                  "+4096", "04096", "0x1000", "4096 ", "", "many"})
                row(absurd, protocol);
            row("4096", generated || pinned ? -1 : stranger);
            row("599999", generated || pinned ? -1 : stranger);
            row("600000", -1);
            row("2000000", -1);
        }
    }
}

void TestSasl::theClientRefusesIterations()
{
    QFETCH(QByteArray, iterations);
    QFETCH(bool, generated);
    QFETCH(bool, pinned);
    QFETCH(int, code);

    ScramClient::Settings with = settings("pencil");
    with.passwordIsGenerated = generated;
    with.serverIsPinned = pinned;
    ScramClient client(with);
    const QByteArray nonce = test::field(client.step({}).value(), 'r');
    const Result<QByteArray> proof =
        client.step("r=" + nonce + "xyz,s=" + salt.toBase64() + ",i=" + iterations);
    QCOMPARE(proof.ok(), code == -1);
    if (code != -1)
        QCOMPARE(int(proof.error().code), code);
}

void TestSasl::theClientRefusesAbsurdChallenges_data()
{
    QTest::addColumn<QByteArray>("challenge"); // R: the nonce that the client chose
    const auto row = [](const char *name, const QByteArray &challenge) {
        QTest::newRow(name) << challenge;
    };
    row("nothing", "");
    row("no nonce", "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    row("no salt", "r=Rxyz,i=4096");
    row("no iterations", "r=Rxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==");
    row("another order", "r=Rxyz,i=4096,s=W22ZaJ0SNY7soEsUEjb6gQ==");
    row("a foreign nonce", "r=xyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    row("an empty salt", "r=Rxyz,s=,i=4096");
    row("a salt that is no base64", "r=Rxyz,s=!!!!,i=4096");
    row("a huge salt", "r=Rxyz,s=" + QByteArray(1200, 'x').toBase64() + ",i=4096");
    row("a large salt", "r=Rxyz,s=" + QByteArray(129, 'x').toBase64() + ",i=4096");
    row("a mandatory extension", "m=ext,r=Rxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    row("a NUL", QByteArray("r=Rx") + '\0' + "z,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    row("a line end", "r=Rxyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096\r\n");
    row("100 kB", "r=R" + QByteArray(100'000, 'x') + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    row("commas", QByteArray(2000, ','));
}

void TestSasl::theClientRefusesAbsurdChallenges()
{
    QFETCH(QByteArray, challenge);
    ScramClient client(settings("pencil"));
    challenge.replace('R', test::field(client.step({}).value(), 'r'));
    const Result<QByteArray> proof = client.step(challenge);
    QVERIFY(!proof.ok());
    QCOMPARE(int(proof.error().code), int(ErrorCode::Protocol));
    QVERIFY(!proof.error().text.isEmpty());
    QVERIFY(!client.step("v=AAAA").ok());
}

void TestSasl::theServerRefusesAbsurdMessages_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("last"); // empty: the first one is refused
    const auto row = [](const char *name, const QByteArray &first, const QByteArray &last = {}) {
        QTest::newRow(name) << first << last;
    };
    const QByteArray good = "p=tls-exporter,,n=ferry,r=abc";
    row("nothing", "");
    row("no user", "p=tls-exporter,,n=,r=abc");
    row("no nonce", "p=tls-exporter,,n=ferry");
    row("an empty nonce", "p=tls-exporter,,n=ferry,r=");
    row("another identity", "p=tls-exporter,a=admin,n=ferry,r=abc");
    row("a mandatory extension", "p=tls-exporter,,m=1,n=ferry,r=abc");
    row("a bad escape", "p=tls-exporter,,n=fer=7Fry,r=abc");
    row("invalid UTF-8", "p=tls-exporter,,n=\xff\xfe,r=abc");
    row("a NUL", QByteArray("p=tls-exporter,,n=fe") + '\0' + "ry,r=abc");
    row("100 kB", "p=tls-exporter,,n=ferry,r=" + QByteArray(100'000, 'x'));
    row("then nothing", good, " ");
    row("then no proof", good, "c=biws,r=NONCE");
    row("then an empty proof", good, "c=biws,r=NONCE,p=");
    row("then a short proof", good, "c=biws,r=NONCE,p=AAAA");
    row("then no base64", good, "c=!!!,r=NONCE,p=!!!");
    row("then another nonce", good, "c=biws,r=abc,p=" + QByteArray(32, 'x').toBase64());
    row("then 100 kB", good, "c=" + QByteArray(100'000, 'A') + ",r=NONCE,p=AAAA");
}

void TestSasl::theServerRefusesAbsurdMessages()
{
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, last);
    ScramServer server(exporter, knows("ferry", "pencil"));
    const Result<QByteArray> challenge = server.step(first);
    QCOMPARE(challenge.ok(), !last.isEmpty());
    if (challenge)
        QVERIFY(!server.step(last.replace("NONCE", test::field(challenge.value(), 'r'))).ok());
    QVERIFY(!server.finished());
    QVERIFY(!server.step("p=tls-exporter,,n=ferry,r=abc").ok());
}

void TestSasl::noDamagedByteLogsIn()
{
    // One changed byte is a refusal. (The lowest bits of the last digit mean nothing in base64.)
    ReferenceClient client{"ferry", "pencil", "abc", "p=tls-exporter,,", exporter, {}};
    const ScramServer::Lookup lookup = knows("ferry", "pencil");
    qsizetype length = 1;
    for (qsizetype at = 0; at < length; ++at) {
        ScramServer server(exporter, lookup);
        QByteArray last = client.last(server.step(client.first()).value());
        length = last.size();
        last[at] = char(last[at] ^ 4);
        QVERIFY2(!server.step(last).ok(), qPrintable(QString::number(at)));
        QVERIFY(!server.finished());
    }
    QVERIFY(length > 100);
}

void TestSasl::afterAnEndNothingIsAnswered()
{
    ScramClient client(settings("pencil"));
    ScramServer server(exporter, knows("ferry", "pencil"));
    QVERIFY(logIn(client, server).server);
    QVERIFY(!server.step("p=tls-exporter,,n=ferry,r=abc").ok());
    QVERIFY(!client.step("v=AAAA").ok());
    QVERIFY(!server.finished());
    QVERIFY(!client.finished());
}

void TestSasl::passwordsArePrepared()
{
    // RFC 4013: a soft hyphen vanishes, compatibility forms become what they mean.
    const Verifier verifier = makeVerifier("IX", 4096, salt).value();
    QVERIFY(matches(verifier, "I\xc2\xadX"));
    QVERIFY(matches(verifier, "\xe2\x85\xa8")); // ROMAN NUMERAL NINE
    QVERIFY(!matches(verifier, "ix"));
    // Younger than the tables of RFC 3454, and still usable.
    QVERIFY(makeVerifier("\xf0\x9f\x9a\xa2 ferry", 4096).ok());
    // A generated password may be typed with blanks and capitals.
    const QByteArray generated = generatePassphrase().toUtf8();
    const Verifier own = makeVerifier(generated, 4096).value();
    QByteArray typed = generated.toUpper();
    typed.replace('-', ' ');
    QVERIFY(matches(own, typed));
    QVERIFY(!matches(own, typed + "x"));
}

void TestSasl::unusablePasswordsAreRefused()
{
    for (const QByteArray &password :
         {QByteArray(), QByteArray("\xff"), QByteArray("a\0b", 3), QByteArray("a\x07"),
          QByteArray("\xc2\xad"), QByteArray(1025, 'x')}) {
        const Result<Verifier> verifier = makeVerifier(password, 4096);
        QVERIFY2(!verifier.ok(), password.toPercentEncoding().constData());
        QCOMPARE(int(verifier.error().code), int(ErrorCode::Invalid));
    }
    QVERIFY(makeVerifier(QByteArray(1024, 'x'), 4096).ok());
}

void TestSasl::severalConnectionsDeriveOnce()
{
    const auto cache = std::make_shared<SaltedPasswords>();
    const ScramServer::Lookup lookup = knows("ferry", "pencil", 20'000);
    std::atomic_int good = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 5; ++round) {
                ScramClient::Settings with = settings("pencil");
                with.cache = cache;
                ScramClient client(with);
                ScramServer server(exporter, lookup);
                good += logIn(client, server).client ? 1 : 0;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(good.load(), 20);
    QCOMPARE(cache->derivations(), 1);

    // Another password is another key, and the old one is kept.
    QVERIFY(cache->get("127.0.0.1:7420", "other", salt, 20'000).ok());
    QCOMPARE(cache->derivations(), 2);
    QVERIFY(cache->get("127.0.0.1:7420", "pencil", salt, 20'000).ok());
    QCOMPARE(cache->derivations(), 2);
    QVERIFY(cache->get("127.0.0.1:9", "pencil", salt, 20'000).ok());
    QCOMPARE(cache->derivations(), 3);
    // Bounded: the one not asked for longest goes.
    for (int i = 0; i < limits::derivedKeys; ++i)
        QVERIFY(cache->get(QByteArray::number(i), "pencil", salt, 4096).ok());
    QVERIFY(cache->get("127.0.0.1:7420", "pencil", salt, 20'000).ok());
    QCOMPARE(cache->derivations(), 4 + int(limits::derivedKeys));
}

void TestSasl::manyLoginsAtOnceWork()
{
    const ScramServer::Lookup lookup = knows("ferry", "pencil");
    std::atomic_int good = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 10; ++round) {
                ScramClient client(settings(i % 2 ? "pencil" : "wrong"));
                ScramServer server(exporter, lookup);
                good += logIn(client, server).server ? 1 : 0;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(good.load(), 40);
}

FERRY_TEST(TestSasl)
#include "tst_sasl.moc"
