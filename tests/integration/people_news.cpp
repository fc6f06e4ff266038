// SPDX-License-Identifier: MIT
// Notes on their way to those who ask for them: none is lost or comes twice, none comes unasked,
// and waiting for them costs nothing and ends as all else does.
#include "support/process.h"
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "support/tlspeer.h"
#include "transcripts/transcript.h"

#include <QDir>
#include <QFile>
#include <QScopeGuard>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <vector>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;
using namespace std::chrono_literals;

namespace {

const QByteArray password = "rigid-juicy-temple-cow-bison-exam";
const QByteArray mailbox = "0123456789abcdef0123456789abcdef";

/// Of a line such as `#END next=7 lost=0`.
qint64 numberIn(const QByteArray &line, const QByteArray &key)
{
    for (const QByteArray &word : line.split(' ')) {
        if (word.startsWith(key + '='))
            return word.sliced(key.size() + 1).toLongLong();
    }
    return -1;
}

QByteArray textIn(const QByteArray &line)
{
    const qsizetype at = line.indexOf(" text=");
    return at < 0 ? QByteArray() : QByteArray::fromPercentEncoding(line.sliced(at + 6));
}

/// How often the threads of sessions of this process have gone to sleep so far.
qint64 sleepsOfSessions()
{
    qint64 sleeps = 0;
    const QString tasks = QStringLiteral("/proc/self/task/");
    for (const QString &task : QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile status(tasks + task + QStringLiteral("/status"));
        if (!status.open(QIODevice::ReadOnly))
            continue;
        const QByteArray text = status.readAll();
        const qsizetype at = text.indexOf("\nvoluntary_ctxt_switches:");
        if (text.startsWith("Name:\tsession ") && at >= 0)
            sleeps += text.sliced(at + 25).trimmed().split('\n').first().trimmed().toLongLong();
    }
    return sleeps;
}

} // namespace

class PeopleNews : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aNoteEndsTheWait();
    void theTimeEndsTheWait();
    void cancelEndsTheWait();
    void anotherRequestEndsTheWait();
    void quitAndHalfCloseEndTheWait();
    void theOperatorEndsTheWait();
    void drainingEndsTheWait();
    void stoppingEndsTheWait();
    void anotherConnectionEndsTheWait();
    void waitingCostsNothing();
    void eachNoteComesExactlyOnce();
    void noReplyChangesWhileNotesWait_data();
    void noReplyChangesWhileNotesWait();
    void noAnswerChangesWhileNotesWait();

private:
    quint16 start()
    {
        m_host->config.tlsEnabled = true;
        m_host->config.password = password;
        const bool started = m_host->start().ok();
        return started ? m_host->call([](Server &server) { return server.tlsEndpoint().port; }) : 0;
    }
    /// Whoever has asked for news once is sent some. Between AUTH and HELLO they are at telnet, so
    /// there may be notes already.
    std::unique_ptr<TlsPeer> arrive(bool asks = true)
    {
        auto peer = std::make_unique<TlsPeer>(m_port, password);
        if (!peer->ready())
            return nullptr;
        QByteArray line = asks ? peer->ask("NEWS since=0") : "#END";
        while (line.startsWith("#NOTE "))
            line = peer->line();
        return line.startsWith("#END") ? std::move(peer) : nullptr;
    }
    bool tellAll(const QByteArray &text)
    {
        return m_host->call(
            [&](Server &server) { return server.tellAll(QString::fromUtf8(text)).ok(); });
    }
    /// PING is answered before it, so that the server is at it.
    static bool waits(TlsPeer &peer, const QByteArray &request)
    {
        peer.say("PING here\r\n" + request + "\r\n");
        return peer.line() == "#PONG here";
    }

    std::unique_ptr<ServerHost> m_host;
    quint16 m_port = 0;
};

void PeopleNews::init()
{
    m_host = std::make_unique<ServerHost>();
    m_port = start();
    QVERIFY(m_port != 0);
}

void PeopleNews::aNoteEndsTheWait()
{
    const auto peer = arrive();
    QVERIFY(peer && waits(*peer, "NEWS since=0 wait=3600"));
    QVERIFY(tellAll("I am stopping in five minutes."));
    const QByteArray note = peer->line();
    QVERIFY2(note.startsWith("#NOTE id="), note);
    QVERIFY2(note.contains(" kind=message from=operator to=all at="), note);
    QCOMPARE(textIn(note), "I am stopping in five minutes.");
    const QByteArray end = peer->line();
    QCOMPARE(numberIn(end, "next"), numberIn(note, "id") + 1);
    QCOMPARE(numberIn(end, "lost"), 0);
    QCOMPARE(peer->ask("PING still"), "#PONG still");
}

void PeopleNews::theTimeEndsTheWait()
{
    const auto peer = arrive();
    QVERIFY(peer);
    const QByteArray end = peer->ask("NEWS since=0 wait=1");
    QVERIFY2(end.startsWith("#END next="), end);
    QCOMPARE(peer->ask("PING"), "#PONG");
}

void PeopleNews::cancelEndsTheWait()
{
    const auto peer = arrive();
    QVERIFY(peer && waits(*peer, "NEWS since=0 wait=3600"));
    QCOMPARE(peer->ask("CANCEL"), "!CANCELLED");
    QCOMPARE(peer->line(), "#CANCELLED");
    QVERIFY(tellAll("hello"));
    QCOMPARE(textIn(peer->ask("NEWS since=0")), "hello");
}

void PeopleNews::anotherRequestEndsTheWait()
{
    const auto peer = arrive();
    QVERIFY(peer && waits(*peer, "NEWS since=0 wait=3600"));
    const QByteArray end = peer->ask("PING next");
    QVERIFY2(end.startsWith("#END next="), end);
    QCOMPARE(peer->line(), "#PONG next");
}

void PeopleNews::quitAndHalfCloseEndTheWait()
{
    auto peer = arrive();
    QVERIFY(peer && waits(*peer, "NEWS since=0 wait=3600"));
    QVERIFY(peer->ask("QUIT").startsWith("#END next="));
    QCOMPARE(peer->line(), QByteArray());
    QCOMPARE(m_host->waitForEnded(0).outcome, QStringLiteral("left"));
    peer = arrive();
    QVERIFY(peer && waits(*peer, "NEWS since=0 wait=3600"));
    peer->finishWriting();
    QVERIFY(peer->line().startsWith("#END next="));
    QCOMPARE(peer->line(), QByteArray());
    QCOMPARE(m_host->waitForEnded(1).outcome, QStringLiteral("left"));
    // A connection that breaks is noticed, too.
    peer = arrive();
    QVERIFY(peer && waits(*peer, "NEWS since=0 wait=3600"));
    peer->reset();
    peer.reset();
    QVERIFY(!m_host->waitForEnded(2).outcome.isEmpty());
}

void PeopleNews::theOperatorEndsTheWait()
{
    const auto peer = arrive();
    QVERIFY(peer);
    QVERIFY(peer->ask("HELLO ferry/1 can=REASONS").startsWith("#HELLO"));
    QVERIFY(waits(*peer, "NEWS since=0 wait=3600"));
    m_host->call([](Server &server) { server.disconnectSession(server.sessions().first().id); });
    QCOMPARE(peer->line(), "!DISCONNECTED");
    QCOMPARE(peer->line(), QByteArray());
    QCOMPARE(m_host->waitForEnded().outcome, QStringLiteral("disconnected by you"));
}

void PeopleNews::drainingEndsTheWait()
{
    const auto peer = arrive();
    QVERIFY(peer && waits(*peer, "NEWS since=0 wait=3600"));
    m_host->call([](Server &server) { server.drain(); });
    QCOMPARE(peer->line(), "!STOPPING");
    QCOMPARE(peer->line(), QByteArray());
    QTRY_VERIFY(
        m_host->call([](Server &server) { return server.state() == ServerState::Stopped; }));
}

void PeopleNews::stoppingEndsTheWait()
{
    const auto peer = arrive();
    QVERIFY(peer && waits(*peer, "NEWS since=0 wait=3600"));
    m_host->stop();
    QCOMPARE(peer->line(), QByteArray());
}

void PeopleNews::anotherConnectionEndsTheWait()
{
    const auto before = arrive();
    const auto after = arrive();
    QVERIFY(before && after);
    QVERIFY(waits(*before, "NEWS since=0 wait=3600 box=" + mailbox));
    QVERIFY(waits(*after, "NEWS since=0 wait=3600 box=" + mailbox));
    QVERIFY(before->line().startsWith("#END next="));
    // What is for the one is not for the other.
    const quint64 first = m_host->call([](Server &server) { return server.sessions().first().id; });
    QVERIFY(m_host->call([first](Server &server) {
        return server.tell(first, QStringLiteral("one")).ok() &&
               server.tell(first + 1, QStringLiteral("two")).ok();
    }));
    QCOMPARE(textIn(after->line()), "two");
    QCOMPARE(textIn(before->ask("NEWS since=0 box=" + mailbox)), "one");
}

/// Neither the peers that wait nor time wake a session up.
void PeopleNews::waitingCostsNothing()
{
    std::vector<std::unique_ptr<TlsPeer>> peers;
    for (int i = 0; i < 40; ++i) {
        peers.push_back(arrive());
        QVERIFY(peers.back() && waits(*peers.back(), "NEWS since=0 wait=3600"));
    }
    // Longer than limits::busyInterval. On a busy machine the last of them may lie down late.
    qint64 before = -1;
    qint64 now = sleepsOfSessions();
    for (int i = 0; i < 3 && now != before; ++i) {
        std::this_thread::sleep_for(6s);
        before = std::exchange(now, sleepsOfSessions());
    }
    QCOMPARE(now, before);
    QVERIFY(now >= 40);
    QVERIFY(tellAll("hello"));
    for (const auto &peer : peers)
        QCOMPARE(textIn(peer->line()), "hello");
}

/// A person asks, waits, cancels, leaves and comes back as it pleases them, while somebody writes.
void PeopleNews::eachNoteComesExactlyOnce()
{
    constexpr int rounds = 1500;
    constexpr int ahead = 100; // fewer than a mailbox holds
    std::atomic<int> got = 0;
    std::atomic_bool over = false;
    {
        const auto first = arrive(false);
        QVERIFY(first && first->ask("NEWS since=0 box=" + mailbox).startsWith("#END "));
    }
    std::thread writer([&] {
        for (int i = 0; i < rounds; ++i) {
            while (i >= got + ahead && !over)
                std::this_thread::sleep_for(1ms);
            if (over || !tellAll(QByteArray::number(i)))
                return;
        }
    });
    const auto joined = qScopeGuard([&] {
        over = true;
        writer.join();
    });
    std::mt19937 random(19);
    qint64 cursor = 0;
    auto peer = arrive(false);
    while (got < rounds) {
        QVERIFY(peer);
        const unsigned choice = random() % 20;
        const QByteArray request = "NEWS since=" + QByteArray::number(cursor) +
                                   (choice % 2 ? " wait=30" : "") + " box=" + mailbox + "\r\n";
        if (choice < 2) { // the answer is never seen
            peer->say(request);
            if (choice == 0)
                peer->reset();
            peer = arrive(false);
            continue;
        }
        peer->say(choice < 8 ? request + "CANCEL\r\n" : request);
        QByteArray line = peer->line();
        while (line.startsWith("#NOTE ")) {
            QCOMPARE(textIn(line), QByteArray::number(got));
            QVERIFY(numberIn(line, "id") >= cursor);
            ++got;
            line = peer->line();
        }
        if (line.startsWith("#END ")) {
            QCOMPARE(numberIn(line, "lost"), 0);
            cursor = numberIn(line, "next");
        } else {
            QCOMPARE(line, "!CANCELLED");
        }
        if (choice < 8)
            QCOMPARE(peer->line(), "#CANCELLED");
    }
    QVERIFY(peer->ask("NEWS since=" + QByteArray::number(cursor)).startsWith("#END "));
}

void PeopleNews::noReplyChangesWhileNotesWait_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"tutorial.txt", "arguments.txt", "halfclose.txt"}) {
        QVERIFY(allTranscripts().contains(QLatin1StringView(name)));
        QTest::newRow(name) << QString::fromLatin1(name);
    }
}

/// A conversation of the classic dialect, while a hundred thousand notes come in between.
void PeopleNews::noReplyChangesWhileNotesWait()
{
    QFETCH(QString, name);
    const Transcript transcript = allTranscripts().value(name);
    QVERIFY(transcript.fault.isEmpty());
    const auto host = std::make_unique<ServerHost>();
    host->config.password = transcript.password;
    host->config.shares.clear();
    for (auto file = transcript.files.begin(); file != transcript.files.end(); ++file) {
        QByteArray path = QByteArray(file.key()).replace('\\', '/');
        path = path.startsWith('/') ? path.sliced(1) : path;
        const QString full = host->folder() + u'/' + QFile::decodeName(path);
        QVERIFY(QDir().mkpath(full.section(u'/', 0, -2)));
        QFile content(full);
        QVERIFY(content.open(QIODevice::WriteOnly));
        QCOMPARE(content.write(file.value()), file.value().size());
        const QByteArray share = path.split('/').first();
        const auto known = std::any_of(host->config.shares.begin(), host->config.shares.end(),
                                       [&](const ShareConfig &has) { return has.name == share; });
        if (!known)
            host->config.shares.append(
                {share, QFile::encodeName(host->folder() + u'/' + QFile::decodeName(share))});
    }
    QVERIFY(host->start().ok());
    RawPeer peer(host->port());
    const qsizetype steps = transcript.steps.size();
    QByteArray heard;
    qint64 told = 0;
    for (const TranscriptStep &step : transcript.steps) {
        told += host->call([steps](Server &server) {
            qint64 count = 0;
            for (qsizetype i = 0; i < 100'000 / steps + 1; ++i)
                count += server.tellAll(QStringLiteral("note")).ok();
            return count;
        });
        if (step.kind == TranscriptStep::Kind::ClientLine)
            QVERIFY(peer.send(step.bytes + "\r\n"));
        else if (step.kind == TranscriptStep::Kind::ClientBytes)
            QVERIFY(peer.send(step.bytes));
        else if (step.kind == TranscriptStep::Kind::Server)
            heard += peer.read(step.bytes.size());
    }
    if (!transcript.serverEnds() || transcript.clientEnds())
        peer.finishWriting();
    heard += peer.readToEnd().value_or("no end");
    QCOMPARE(heard, transcript.serverBytes());
    QVERIFY(told > 0);
}

/// The same in the extended dialect: with a note for each byte that is said, and without any.
void PeopleNews::noAnswerChangesWhileNotesWait()
{
    const auto share = [](const QByteArray &name, const QString &folder, extended::Access access) {
        return ShareConfig{name, QFile::encodeName(folder), access};
    };
    const QString folder = m_host->outside() + QStringLiteral("/own");
    QVERIFY(QDir().mkpath(folder + QStringLiteral("/sub/empty")));
    QFile file(folder + QStringLiteral("/sub/a.bin"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(noise(300'000)), 300'000);
    file.close();
    const QByteArrayList requests = {
        "LIST /own\r\n",
        "LIST /own/sub\r\n",
        "TREE /own/sub\r\n",
        "GET /own/sub/a.bin\r\n",
        "GET /own/sub/a.bin offset=100000 length=50000\r\nGET /own/nothing\r\n",
        "SUM /own/sub/a.bin\r\n",
        "PUT /in/b.txt size=5 mtime=1 upload=0123456789abcdef0123456789abcdef follows=yes\r\n"
        "DATA 5\r\nhelloEND sum=xxh3:00000000000000000000000000000000\r\n",
        "CANCEL\r\n",
        "LIST\r\n"};
    QByteArrayList heard;
    for (const bool noisy : {false, true}) {
        const QString in =
            m_host->outside() + (noisy ? QStringLiteral("/in1") : QStringLiteral("/in0"));
        QVERIFY(QDir().mkpath(in));
        QVERIFY(m_host->call([&](Server &server) {
            ServerConfig config = m_host->config;
            config.shares = {share("own", folder, extended::Access::Read),
                             share("in", in, extended::Access::Inbox)};
            return server.reconfigure(config).ok();
        }));
        std::atomic_bool over = false;
        std::thread writer([&] {
            while (noisy && !over) {
                m_host->call([](Server &server) {
                    for (int i = 0; i < 1000; ++i)
                        static_cast<void>(server.tellAll(QStringLiteral("note")));
                });
            }
        });
        const auto joined = qScopeGuard([&] {
            over = true;
            writer.join();
        });
        const auto peer = arrive();
        QVERIFY(peer);
        QByteArray all;
        for (const QByteArray &request : requests) {
            for (const char byte : request + "PING over\r\n")
                peer->say(QByteArray(1, byte));
            while (!all.endsWith("#PONG over\r\n")) {
                const QByteArray more = peer->read(1);
                QVERIFY(!more.isEmpty());
                all += more;
            }
            all += '\n';
        }
        heard.append(all);
    }
    QVERIFY(heard.first().size() > 300'000);
    QCOMPARE(heard.last(), heard.first());
}

FERRY_TEST(PeopleNews)
#include "people_news.moc"
