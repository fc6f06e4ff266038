// SPDX-License-Identifier: MIT
// Receipts of runs of files, with both programs and with peers that lie: the server calls verified
// what was sent and arrived, each file once, and nothing else.
#include "client/client.h"
#include "net/base/checksum.h"
#include "net/login/sasl.h"
#include "support/evilferry.h"
#include "support/process.h"
#include "support/testprogram.h"
#include "support/tlspeer.h"
#include "support/transferpair.h"
#include "wire/extended/sumname.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::extended;
using namespace ferry::test;

namespace {

QByteArray sumOf(const QByteArray &bytes)
{
    Checksum checksum;
    checksum.add(bytes);
    return checksum.hex();
}

/// GET, to the end of its answer; the content is `bytes`.
bool fetch(TlsPeer &peer, const QByteArray &path, const QByteArray &bytes)
{
    return peer.ask("GET " + path).startsWith("#FILE ") &&
           peer.line() == "#DATA " + QByteArray::number(bytes.size()) &&
           peer.read(bytes.size()) == bytes && peer.line().endsWith("sum=xxh3:" + sumOf(bytes));
}

/// A folder of five files, of which the third one arrives damaged, and what the client confirms of
/// it, as a server that believes nothing counts it.
class CountingServer
{
public:
    enum class Kind { Gathers, Forgets, Old };

    explicit CountingServer(Kind kind)
        : m_kind(kind)
        , m_server([this](EvilPeer &peer) { serve(peer); })
    {
    }

    const EvilFerry &server() const { return m_server; }
    /// How often each file was confirmed.
    std::map<QByteArray, int> confirmed() const
    {
        const std::lock_guard lock(m_mutex);
        return m_confirmed;
    }
    /// A receipt of a run did not have the sum of what was sent, or named something else.
    bool wasLiedTo() const
    {
        const std::lock_guard lock(m_mutex);
        return m_lie;
    }

private:
    void serve(EvilPeer &peer)
    {
        Abilities abilities;
        abilities.receiptsOfRuns = m_kind != Kind::Old;
        if (!peer.logIn(hello(false, sasl::mechanism, "Evil", abilities)))
            return;
        QByteArrayList sent;
        bool listed = false;
        while (const auto request = peer.next()) {
            const QByteArray name = request->path.toBytes();
            if (request->verb == Verb::Tree) {
                QByteArray tree;
                for (int i = 1; i <= 5; ++i)
                    tree += "#ENTRY f 2 1 i" + QByteArray::number(i) + ' ' + QByteArray::number(i) +
                            "\r\n";
                listed = peer.say(tree + treeEnd(5, 10));
            } else if (request->verb == Verb::Get && !listed) {
                peer.say(refusal("ISFOLDER"));
            } else if (request->verb == Verb::Get) {
                const QByteArray id = 'i' + name.right(1);
                sent += name;
                // Together, so that several are saved together.
                m_answer += file({2, 1, id, 0, 2}) + data(2) + 'f' + name.right(1) +
                            done(2, sumName + sumOf(name.endsWith('3') ? QByteArray("damaged")
                                                                       : 'f' + name.right(1)));
                if (sent.size() == 5)
                    peer.say(m_answer);
            } else if (request->verb == Verb::Receipt) {
                confirm(name);
                peer.say(success("RECEIPT"));
            } else if (request->verb == Verb::Receipts) {
                peer.say(confirmRun(*request, sent));
            } else if (request->verb == Verb::Ping) {
                peer.say(pong(request->text));
            }
        }
    }

    void confirm(const QByteArray &name)
    {
        const std::lock_guard lock(m_mutex);
        ++m_confirmed[name];
    }

    QByteArray confirmRun(const Request &request, const QByteArrayList &sent)
    {
        QByteArray sums;
        const qint64 end = request.first + request.count - 1;
        for (qint64 i = request.first; i <= end && end <= sent.size(); ++i)
            sums += sumOf('f' + sent[i - 1].right(1));
        const bool lie = m_kind == Kind::Old || request.sum != sumName + sumOf(sums);
        {
            const std::lock_guard lock(m_mutex);
            m_lie = m_lie || lie;
        }
        if (lie || m_kind == Kind::Forgets)
            return refusal(lie ? "MISMATCH" : "NOTFOUND");
        for (qint64 i = request.first; i <= end; ++i)
            confirm(sent[i - 1]);
        return success("RECEIPTS");
    }

    const Kind m_kind;
    QByteArray m_answer;
    mutable std::mutex m_mutex; ///< guards the next two
    std::map<QByteArray, int> m_confirmed;
    bool m_lie = false;
    EvilFerry m_server; ///< last: its thread uses all others
};

} // namespace

class ExtendedReceipts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void lyingRunsConfirmNothing();
    void aFolderOfSmallFilesIsVerified();
    void aDamagedFileIsNotConfirmed_data();
    void aDamagedFileIsNotConfirmed();
    void aServerThatStopsIsToldOfTheLast();
};

void ExtendedReceipts::lyingRunsConfirmNothing()
{
    TransferPair pair;
    QVERIFY(writeFile(pair.share() + QStringLiteral("/a"), "first"));
    QVERIFY(writeFile(pair.share() + QStringLiteral("/b"), "second"));
    QVERIFY(pair.startServer());
    TlsPeer peer(pair.port(), TransferPair::password());
    QVERIFY(peer.ready());
    const QByteArray sum = " sum=xxh3:" + sumOf(sumOf("first") + sumOf("second"));
    QCOMPARE(peer.ask("RECEIPTS first=1 count=2" + sum), "!NOTFOUND");
    QVERIFY(fetch(peer, "/pub/a", "first"));
    QCOMPARE(peer.ask("RECEIPTS first=1 count=2" + sum), "!NOTFOUND");
    QVERIFY(fetch(peer, "/pub/b", "second"));
    for (const auto &[run, answer] : std::initializer_list<std::pair<const char *, const char *>>{
             {"first=0 count=2", "!SYNTAX"},
             {"first=1 count=0", "!SYNTAX"},
             {"first=9223372036854775808 count=2", "!SYNTAX"},
             {"first=1 count=9223372036854775808", "!SYNTAX"},
             {"first=9223372036854775806 count=1", "!NOTFOUND"},
             {"first=1 count=9223372036854775806", "!NOTFOUND"},
             {"first=1 count=3", "!NOTFOUND"},
             {"first=2 count=2", "!NOTFOUND"},
             {"first=3 count=2", "!NOTFOUND"},
             {"first=1 count=1", "!MISMATCH"},
             {"first=2 count=1", "!MISMATCH"}})
        QCOMPARE(peer.ask(QByteArray("RECEIPTS ") + run + sum), answer);
    QCOMPARE(
        peer.ask("RECEIPTS first=1 count=2 sum=xxh3:" + sumOf(sumOf("second") + sumOf("first"))),
        "!MISMATCH");
    QCOMPARE(peer.ask("RECEIPTS first=1 count=2" + sum), "#RECEIPTS");
    QCOMPARE(peer.ask("RECEIPTS first=1 count=2" + sum), "!NOTFOUND");
    peer.say("QUIT\r\n");
    QVERIFY(waitUntil([&] { return pair.serverLog().contains("2 files delivered, verified"); }));
}

/// With fewer lines than files, and each of them is in the history.
void ExtendedReceipts::aFolderOfSmallFilesIsVerified()
{
    constexpr int files = 300;
    TransferPair pair;
    QVERIFY(QDir(pair.share()).mkpath(QStringLiteral("d")));
    for (int i = 0; i < files; ++i)
        QVERIFY(writeFile(pair.share() + QStringLiteral("/d/%1").arg(i), QByteArray::number(i)));
    QVERIFY(pair.startServer());
    const ProgramRun run = pair.get({QStringLiteral("/pub/d")});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QVERIFY(waitUntil([&] { return pair.serverLog().contains("300 files delivered, verified"); }));
    const qsizetype receipts = pair.serverLog().count("#RECEIPT");
    QVERIFY2(receipts > 0 && receipts < files, QByteArray::number(receipts));
    pair.killServer();
}

void ExtendedReceipts::aDamagedFileIsNotConfirmed_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("a server that takes runs") << int(CountingServer::Kind::Gathers);
    QTest::newRow("a server that has forgotten") << int(CountingServer::Kind::Forgets);
    QTest::newRow("a server of before") << int(CountingServer::Kind::Old);
}

/// The others are, each once.
void ExtendedReceipts::aDamagedFileIsNotConfirmed()
{
    QFETCH(int, kind);
    const CountingServer counting{CountingServer::Kind(kind)};
    const QTemporaryDir folder;
    Client client;
    ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port = counting.server().port();
    config.pin = counting.server().fingerprint();
    config.password = EvilFerry::password();
    QVERIFY(client.connectTo(config).ok());
    client.add({{"/pub/x", folder.path(), ExistingPolicy::Fail}});
    QVERIFY(waitUntil([&] { return client.queue().finished(); }));
    const std::map<QByteArray, int> expected{
        {"/pub/x/1", 1}, {"/pub/x/2", 1}, {"/pub/x/4", 1}, {"/pub/x/5", 1}};
    const bool all = waitUntil([&] { return counting.confirmed().size() >= expected.size(); });
    client.disconnectAndWait(); // or the server would wait for it
    QVERIFY(all);
    QVERIFY(counting.confirmed() == expected);
    QVERIFY(!counting.wasLiedTo());
    QCOMPARE(QDir(folder.path() + QStringLiteral("/x")).entryList(QDir::Files).size(), 4);
}

/// It stops in the place of an answer, while what came before is still being saved.
void ExtendedReceipts::aServerThatStopsIsToldOfTheLast()
{
    std::atomic_bool confirmed = false;
    const EvilFerry server([&](EvilPeer &peer) {
        if (!peer.logIn(hello(false, sasl::mechanism, "Evil", Abilities())))
            return;
        bool listed = false;
        while (const auto request = peer.next()) {
            const QByteArray name = request->path.toBytes();
            if (request->verb == Verb::Tree)
                listed = peer.say("#ENTRY f 1 1 i1 1\r\n#ENTRY f 1 1 i2 2\r\n" + treeEnd(2, 2));
            else if (request->verb == Verb::Get && !listed)
                peer.say(refusal("ISFOLDER"));
            else if (request->verb == Verb::Get && name.endsWith('2'))
                peer.say(file({1, 1, "i1", 0, 1}) + data(1) + 'f' + done(1, sumName + sumOf("f")) +
                         refusal("STOPPING"));
            else if (request->verb == Verb::Receipt || request->verb == Verb::Receipts)
                confirmed = true;
        }
    });
    const QTemporaryDir folder;
    Client client;
    ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port = server.port();
    config.pin = server.fingerprint();
    config.password = EvilFerry::password();
    QVERIFY(client.connectTo(config).ok());
    client.add({{"/pub/x", folder.path(), ExistingPolicy::Fail}});
    const bool told = waitUntil([&] { return confirmed.load(); });
    client.disconnectAndWait(); // or the server would wait for it
    QVERIFY(told);
    QCOMPARE(readFile(folder.path() + QStringLiteral("/x/1")), "f");
}

FERRY_TEST(ExtendedReceipts)
#include "extended_receipts.moc"
