// SPDX-License-Identifier: MIT
// The client's engine against servers that keep it waiting. The limits are shorter here than they
// are for people, so that nobody waits for minutes.
#include "client/browse/lister.h"
#include "client/client.h"
#include "client/connect/knownservers.h"
#include "client/connect/listingbound.h"
#include "net/base/checksum.h"
#include "support/evilferry.h"
#include "support/process.h"
#include "support/testprogram.h"
#include "support/tutorialserver.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <limits>
#include <thread>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::extended;
using namespace ferry::test;
using namespace std::chrono_literals;

namespace {

constexpr qint64 entriesTaken = 20'000;

/// A folder of 300,000 entries that all look like `line`, with their number for `%1`. It has an
/// end, so that a client without a bound comes to one, too.
EvilFerry::Script endlessTree(const QByteArray &line)
{
    return [line](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Get)
                peer.say(refusal("ISFOLDER"));
            if (request->verb != Verb::Tree)
                continue;
            qint64 said = 0;
            bool heard = true;
            while (heard && said < 300'000) {
                QByteArray lines;
                for (int i = 0; i < 1000; ++i)
                    lines += QByteArray(line).replace("%1", QByteArray::number(said++));
                heard = peer.say(lines);
            }
            peer.say(treeEnd(said, 0));
        }
    };
}

} // namespace

Q_DECLARE_METATYPE(ferry::test::EvilFerry::Script)

class ExtendedEvilEngine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aDripIsGivenUp();
    void noAnswerLastsForEver_data();
    void noAnswerLastsForEver();
    void nobodyIsBusyWithAReceipt();
    void aClassicLoginMayNotDripEither();
    void whoSaysBusyIsShownAsStalled();
    void whatIsNotOfferedIsNotAsked_data();
    void whatIsNotOfferedIsNotAsked();
    void aLoginThatIsNotOfferedIsNotTried();
    void anotherSizeUnderTheSameIdentityIsNotSaved();
    void aReceiptThatACancelEndedIsSentAgain();
    void aSizeBeyondAllDisksFailsTheFile();
    void aListingThatNeverEndsIsGivenUp();
    void aListingOfEverMoreEntriesIsGivenUp_data();
    void aListingOfEverMoreEntriesIsGivenUp();
    void theListerGivesUpToo();
    void theNextConnectionMustShowTheSameCertificate_data();
    void theNextConnectionMustShowTheSameCertificate();

private:
    ClientConfig config(const EvilFerry &server) const
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = server.port();
        config.pin = server.fingerprint();
        config.password = EvilFerry::password();
        return config;
    }
    /// How the one row ended.
    Download fetch(const ClientConfig &config)
    {
        if (!m_client->connectTo(config))
            return {};
        m_client->add({{"/pub/x", m_dir->path(), ExistingPolicy::Fail}});
        const bool over =
            QTest::qWaitFor([this] { return m_client->queue().finished(); }, patienceMs);
        m_client->disconnectAndWait(); // or the server would wait for it
        return over ? m_client->queue().all().first() : Download();
    }

    /// The client has ended the one row, or the connection, because it took too long.
    bool isGivenUp()
    {
        Error error{ErrorCode::Cancelled, {}};
        const bool over = waitUntil([&] {
            const ConnectionStatus status = m_client->connection();
            const Download row = m_client->queue().all().constFirst();
            const bool failed = row.state == DownloadState::Failed;
            error = failed ? row.error : status.error;
            return failed || status.state == ConnectionState::Failed;
        });
        m_client->disconnectAndWait();
        if (error.code != ErrorCode::TimedOut)
            qWarning("%s", qPrintable(error.text));
        return over && error.code == ErrorCode::TimedOut;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Client> m_client;
};

void ExtendedEvilEngine::init()
{
    m_client = std::make_unique<Client>();
    m_dir = std::make_unique<QTemporaryDir>();
}

void ExtendedEvilEngine::aDripIsGivenUp()
{
    const EvilFerry server([](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Get))
            return;
        peer.say(file({1'000'000, 0, "i1", 0, 1'000'000}) + data(1'000'000));
        while (peer.say("x"))
            std::this_thread::sleep_for(5ms);
    });
    ClientConfig strict = config(server);
    strict.minimumRateWindow = 200ms;
    const Download ended = fetch(strict);
    QCOMPARE(ended.state, DownloadState::Failed);
    QCOMPARE(ended.error.code, ErrorCode::TimedOut);
    QVERIFY(!QFile::exists(m_dir->filePath(QStringLiteral("x"))));
}

void ExtendedEvilEngine::noAnswerLastsForEver_data()
{
    QTest::addColumn<EvilFerry::Script>("script");
    const auto dripping = [](EvilPeer &peer, const QByteArray &bytes) {
        while (peer.say(bytes))
            std::this_thread::sleep_for(50ms);
    };
    const auto answering = [dripping](const QByteArray &begin, const QByteArray &bytes) {
        return EvilFerry::Script([=](EvilPeer &peer) {
            if (!peer.logIn() || !peer.waitFor(Verb::Get) || !peer.say(begin))
                return;
            dripping(peer, bytes);
        });
    };
    QTest::newRow("greeting") << EvilFerry::Script(
        [dripping](EvilPeer &peer) { dripping(peer, "#"); });
    QTest::newRow("#HELLO") << EvilFerry::Script([dripping](EvilPeer &peer) {
        peer.say("#Server Ready.\r\n#HELLO");
        dripping(peer, " ");
    });
    QTest::newRow("busy in the login") << EvilFerry::Script([dripping](EvilPeer &peer) {
        peer.say("#Server Ready.\r\n");
        dripping(peer, "#BUSY\r\n");
    });
    QTest::newRow("#FILE") << answering("#FILE", " ");
    QTest::newRow("#ENTRY") << answering(refusal("ISFOLDER") + "#ENTRY f", " ");
    QTest::newRow("an entry now and then")
        << answering(refusal("ISFOLDER"), "#ENTRY d 0 1 i a\r\n");
    QTest::newRow("busy") << answering({}, "#BUSY\r\n");
    QTest::newRow("busy between entries")
        << answering(refusal("ISFOLDER"), "#ENTRY d 0 1 i a\r\n#BUSY\r\n");
}

void ExtendedEvilEngine::noAnswerLastsForEver()
{
    QFETCH(EvilFerry::Script, script);
    const EvilFerry server(script);
    ClientConfig strict = config(server);
    strict.replyTime = 2s;
    strict.minimumRateWindow = 500ms;
    strict.busyTime = 5s;
    QVERIFY(m_client->connectTo(strict));
    m_client->add({{"/pub/x", m_dir->path(), ExistingPolicy::Fail}});
    QVERIFY(isGivenUp());
}

void ExtendedEvilEngine::nobodyIsBusyWithAReceipt()
{
    Checksum content;
    content.add("x");
    std::atomic_bool left = false;
    const EvilFerry server([&](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Get))
            return;
        peer.say(file({1, 0, "i1", 0, 1}) + data(1) + "x" + done(1, "xxh3:" + content.hex()));
        if (!peer.waitFor(Verb::Tree) || !peer.say(refusal("NOTFOUND")))
            return;
        while (peer.say("#BUSY\r\n"))
            std::this_thread::sleep_for(50ms);
        left = true;
    });
    ClientConfig strict = config(server);
    strict.replyTime = 2s;
    QVERIFY(m_client->connectTo(strict));
    const auto ids = m_client->add({{"/pub/x", m_dir->path(), ExistingPolicy::Fail}});
    QVERIFY(waitUntil([&] { return bool(left); }));
    m_client->disconnectAndWait();
    QCOMPARE(m_client->queue().find(ids[0])->state, DownloadState::Done);
}

void ExtendedEvilEngine::aClassicLoginMayNotDripEither()
{
    const TutorialServer server([](TutorialPeer &peer, int) {
        while (peer.write("#"))
            std::this_thread::sleep_for(20ms);
    });
    ClientConfig strict;
    strict.host = QStringLiteral("127.0.0.1");
    strict.port = server.port();
    strict.password = "passwd";
    strict.classic = true;
    strict.replyTime = 1s;
    QVERIFY(m_client->connectTo(strict));
    m_client->add({{"x", m_dir->path(), ExistingPolicy::Fail}});
    QVERIFY(isGivenUp());
}

void ExtendedEvilEngine::whoSaysBusyIsShownAsStalled()
{
    std::atomic_bool seen = false;
    const EvilFerry server([&](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Get))
            return;
        peer.say(file({2, 0, "i1", 0, 2}) + data(1) + "x");
        while (!seen && peer.say("#BUSY\r\n"))
            std::this_thread::sleep_for(5ms);
    });
    QVERIFY(m_client->connectTo(config(server)));
    const auto ids = m_client->add({{"/pub/x", m_dir->path(), ExistingPolicy::Fail}});
    QVERIFY(waitUntil([&] {
        seen = m_client->queue().find(ids[0])->state == DownloadState::Stalled;
        return bool(seen);
    }));
    m_client->disconnectAndWait();
}

void ExtendedEvilEngine::whatIsNotOfferedIsNotAsked_data()
{
    QTest::addColumn<QByteArray>("missing");
    for (const char *verb : {"TREE", "GET"})
        QTest::newRow(verb) << QByteArray(verb);
}

void ExtendedEvilEngine::whatIsNotOfferedIsNotAsked()
{
    QFETCH(QByteArray, missing);
    std::atomic_bool asked = false;
    const EvilFerry server([&](EvilPeer &peer) {
        // Without TREE, LIST would do.
        if (!peer.logIn(hello(false, sasl::mechanism, "Evil")
                            .replace(missing, "FNORD")
                            .replace("LIST", "FNORD")))
            return;
        while (const auto request = peer.next()) {
            asked = asked || verbName(request->verb) == missing;
            peer.say(refusal("ISFOLDER"));
        }
    });
    const Download ended = fetch(config(server));
    QCOMPARE(ended.state, DownloadState::Failed);
    QVERIFY2(ended.error.text.contains(QString::fromLatin1(missing)), qPrintable(ended.error.text));
    QVERIFY(!asked);
}

void ExtendedEvilEngine::aLoginThatIsNotOfferedIsNotTried()
{
    std::atomic_bool tried = false;
    const EvilFerry server(
        [&](EvilPeer &peer) { tried = peer.logIn(hello(false, "SCRAM-SHA-512-PLUS", "Evil")); });
    QVERIFY(m_client->connectTo(config(server)));
    QVERIFY(waitUntil([&] { return m_client->connection().state == ConnectionState::Failed; }));
    const Error error = m_client->connection().error;
    QVERIFY2(error.text.contains(QStringLiteral("no login")), qPrintable(error.text));
    m_client->disconnectAndWait();
    QVERIFY(!tried);
}

/// The token stands for one content: a file of parts of two would be called verified.
void ExtendedEvilEngine::anotherSizeUnderTheSameIdentityIsNotSaved()
{
    constexpr qint64 size = 3 * limits::largeFile;
    const EvilFerry server([](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Receipt)
                peer.say(success("RECEIPT"));
            if (request->verb == Verb::Tree)
                peer.say(refusal("NOTFOUND"));
            if (request->verb != Verb::Get)
                continue;
            const qint64 bytes = request->length.value_or(request->most.value_or(0));
            const QByteArray part(bytes, 'x');
            Checksum sum;
            sum.add(part);
            peer.say(file({size + request->offset, 1, "i", request->offset, bytes}) + data(bytes) +
                     part + done(bytes, "xxh3:" + sum.hex()));
        }
    });
    const Download ended = fetch(config(server));
    QCOMPARE(ended.state, DownloadState::Failed);
    QVERIFY2(ended.error.code == ErrorCode::Protocol, qPrintable(ended.error.text));
    QVERIFY(!QFile::exists(m_dir->filePath(QStringLiteral("x"))));
}

/// As servers before 0.2 do: CANCEL ends also a RECEIPT that waits behind the file.
void ExtendedEvilEngine::aReceiptThatACancelEndedIsSentAgain()
{
    constexpr qint64 size = 64 * limits::largeFile;
    std::atomic_bool receiptWaits = false;
    std::atomic_int receipts = 0;
    Checksum content;
    content.add("x");
    const EvilFerry server([&](EvilPeer &peer) {
        if (!peer.logIn() || !peer.waitFor(Verb::Get))
            return;
        peer.say(file({1, 0, "i1", 0, 1}) + data(1) + "x" + done(1, "xxh3:" + content.hex()));
        if (!peer.waitFor(Verb::Tree) || !peer.say(refusal("NOTFOUND")) || !peer.waitFor(Verb::Get))
            return;
        peer.say(file({size, 0, "i2", 0, size}));
        for (bool cancelled = false; !cancelled;) {
            for (;;) {
                const auto there = peer.channel().waitForBytes(QDeadlineTimer(1));
                if (!there || there.value())
                    break;
                peer.say(data(1) + "y");
            }
            const auto request = peer.next();
            if (!request)
                return;
            receipts += request->verb == Verb::Receipt;
            receiptWaits = receipts > 0;
            cancelled = request->verb == Verb::Cancel;
        }
        peer.say(refusal("CANCELLED") + refusal("CANCELLED") + success("CANCELLED"));
        if (peer.waitFor(Verb::Receipt) && ++receipts)
            peer.say(success("RECEIPT"));
        peer.next();
    });
    QVERIFY(m_client->connectTo(config(server)).ok());
    const auto ids = m_client->add({{"/pub/x", m_dir->path(), ExistingPolicy::Fail},
                                    {"/pub/y", m_dir->path(), ExistingPolicy::Fail}});
    QVERIFY(waitUntil([&] { return bool(receiptWaits); }));
    m_client->queue().cancel(ids[1]);
    QVERIFY(waitUntil([&] { return receipts == 2; }));
    m_client->disconnectAndWait();
}

/// It is no full disk: a queue that waits for space would wait for ever, and all others with it.
void ExtendedEvilEngine::aSizeBeyondAllDisksFailsTheFile()
{
    const EvilFerry server([](EvilPeer &peer) {
        const qint64 size = std::numeric_limits<qint64>::max();
        while (peer.logIn() && peer.waitFor(Verb::Get))
            peer.say(file({size, 0, "i1", 0, size}));
    });
    m_client->queue().setRules(QueueRules::unattended());
    const Download ended = fetch(config(server));
    QCOMPARE(ended.state, DownloadState::Failed);
    QVERIFY2(ended.error.code == ErrorCode::Protocol, qPrintable(ended.error.text));
    QVERIFY2(ended.error.text.contains(QStringLiteral("size")), qPrintable(ended.error.text));
}

/// Lines that say nothing new keep nobody waiting: what was listed is bounded.
void ExtendedEvilEngine::aListingThatNeverEndsIsGivenUp()
{
    const EvilFerry server([](EvilPeer &peer) {
        if (!peer.logIn())
            return;
        const QByteArray lines = QByteArray("#SKIPPED READ same\r\n").repeated(10'000);
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Get)
                peer.say(refusal("ISFOLDER"));
            while (request->verb == Verb::Tree && peer.say(lines)) {
            }
        }
    });
    const Download ended = fetch(config(server));
    QCOMPARE(ended.state, DownloadState::Failed);
    QVERIFY2(ended.error.code == ErrorCode::Protocol, qPrintable(ended.error.text));
}

void ExtendedEvilEngine::aListingOfEverMoreEntriesIsGivenUp_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("files") << QByteArray("#ENTRY f 12 1 i a%1\r\n");
    QTest::newRow("one file again and again") << QByteArray("#ENTRY f 12 1 i a\r\n");
    QTest::newRow("one folder again and again") << QByteArray("#ENTRY d 0 1 i a\r\n");
}

/// Nor do lines that say something new: what they take here is bounded, too.
void ExtendedEvilEngine::aListingOfEverMoreEntriesIsGivenUp()
{
    QFETCH(QByteArray, line);
    const EvilFerry server(endlessTree(line));
    ClientConfig strict = config(server);
    strict.listingBytes = entriesTaken * rowCost.entry;
    QVERIFY(m_client->connectTo(strict).ok());
    m_client->add({{"/pub/x", m_dir->path(), ExistingPolicy::Fail}});
    const auto folder = [this] { return m_client->queue().all().constFirst(); };
    QVERIFY(QTest::qWaitFor([&] { return folder().state == DownloadState::Failed; }, patienceMs));
    QVERIFY2(folder().error.code == ErrorCode::Protocol, qPrintable(folder().error.text));
    m_client->disconnectAndWait();
    QVERIFY(m_client->queue().all().size() <= entriesTaken + 1);
}

void ExtendedEvilEngine::theListerGivesUpToo()
{
    const EvilFerry server(endlessTree("#ENTRY f 12 1 i a%1\r\n"));
    ClientConfig strict = config(server);
    strict.listingBytes = entriesTaken * listedCost.entry;
    Lister lister(strict, std::make_shared<LogQueue>(), std::make_shared<sasl::SaltedPasswords>());
    QVERIFY(lister.connect().ok());
    qint64 entries = 0;
    const auto listed = lister.list("/pub/x", true, [&](const Entry &) { ++entries; }, {});
    QVERIFY(!listed.ok());
    QCOMPARE(listed.error().code, ErrorCode::Protocol);
    QVERIFY2(entries > 0 && entries < entriesTaken, QByteArray::number(entries).constData());
    lister.close();
}

void ExtendedEvilEngine::theNextConnectionMustShowTheSameCertificate_data()
{
    QTest::addColumn<QString>("trusted");
    for (const char *way : {"the pin", "known", "accepted", "new", "new and stored"})
        QTest::newRow(way) << QString::fromLatin1(way);
}

/// The first server breaks off; whoever answers in its place afterwards gets not a word.
void ExtendedEvilEngine::theNextConnectionMustShowTheSameCertificate()
{
    QFETCH(QString, trusted);
    std::atomic_int connections = 0;
    std::atomic_bool spoken = false;
    auto server = std::make_unique<EvilFerry>(
        [&](EvilPeer &peer) {
            if (++connections > 1)
                spoken = peer.next().has_value() || spoken;
            else if (peer.logIn())
                peer.waitFor(Verb::Get);
        },
        EvilFerry::Certificate::EachItsOwn);
    ClientConfig again = config(*server);
    again.reconnects = 1;
    again.pin.clear();
    const QString file = m_dir->filePath(QStringLiteral("known_servers"));
    if (trusted == QStringLiteral("the pin"))
        again.pin = server->fingerprint();
    else if (trusted == QStringLiteral("accepted"))
        again.accepted = server->fingerprint();
    else if (trusted == QStringLiteral("known"))
        QVERIFY(KnownServers(file).save(again.host, again.port, server->fingerprint()));
    again.trustNew = trusted.startsWith(QStringLiteral("new"));
    if (trusted == QStringLiteral("known") || trusted.endsWith(QStringLiteral("stored")))
        again.knownServersFile = file;
    QVERIFY(m_client->connectTo(again));
    // The first fails with the connection, the second is what the next one is for.
    m_client->add({{"/pub/x", m_dir->path(), ExistingPolicy::Fail},
                   {"/pub/y", m_dir->path(), ExistingPolicy::Fail}});
    QVERIFY(QTest::qWaitFor([this] { return m_client->queue().finished(); }, patienceMs));
    m_client->disconnectAndWait();
    server.reset();
    QVERIFY(connections > 1);
    QVERIFY(!spoken);
    const Error error = m_client->queue().all().last().error;
    QVERIFY2(error.code == ErrorCode::NotTrusted, qPrintable(error.text));
}

FERRY_TEST(ExtendedEvilEngine)
#include "extended_evilengine.moc"
