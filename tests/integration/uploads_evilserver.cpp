// SPDX-License-Identifier: MIT
// The client's queue and `ferry put` against servers that lie about what is given to them, break
// off or never end: each is over by itself, and no file is called sent that was not.
#include "client/queue/downloadqueue.h"
#include "client/upload/queueuploads.h"
#include "client/upload/uploadconnection.h"
#include "support/evilferry.h"
#include "support/process.h"
#include "support/program.h"
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "wire/extended/sumname.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <memory>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::extended;
using namespace ferry::test;

namespace {

using Answer = std::function<QByteArray(const Request &)>;

const QByteArray otherSum = sumName + QByteArray(32, '7');
constexpr qint64 smallBytes = 30'000;
constexpr qint64 largeBytes = 3'000'000;
constexpr qint64 hugeBytes = 12'000'000; // more than the buffers between two programs hold

bool logIn(EvilPeer &peer)
{
    return peer.logIn(hello(false, sasl::mechanism, "Evil", {.takesFiles = true}));
}

/// Logs in, takes all content, and answers requests.
EvilFerry::Script answering(const Answer &answer)
{
    return [answer](EvilPeer &peer) {
        if (!logIn(peer))
            return;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Data && !peer.skip(request->length.value_or(0)))
                return;
            if (const QByteArray said = answer(*request); !said.isEmpty() && !peer.say(said))
                return;
        }
    };
}

EvilFerry::Script answering(Verb verb, const QByteArray &said)
{
    return answering(
        [=](const Request &request) { return request.verb == verb ? said : QByteArray(); });
}

/// To a PUT, and to what comes later.
EvilFerry::Script answering(const QByteArray &put, Verb later, const QByteArray &said)
{
    return answering([=](const Request &request) {
        return request.verb == Verb::Put ? put : request.verb == later ? said : QByteArray();
    });
}

/// As `answering`, and leaves at once afterwards.
EvilFerry::Script leavingAt(Verb verb, const QByteArray &put)
{
    return [=](EvilPeer &peer) {
        if (!logIn(peer))
            return;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Data && verb != Verb::Data)
                peer.skip(request->length.value_or(0));
            if (request->verb == verb)
                return;
            if (request->verb == Verb::Put)
                peer.say(put);
        }
    };
}

/// Goes on with `piece` until the client has enough.
EvilFerry::Script withoutEnd(const QByteArray &put, const QByteArray &piece)
{
    return [=](EvilPeer &peer) {
        if (!logIn(peer) || !peer.waitFor(Verb::Put) || !peer.say(put))
            return;
        while (peer.say(piece)) {
        }
    };
}

/// Says nothing, and reads a byte at a time, ever more slowly than anybody could want.
EvilFerry::Script crawling()
{
    return [](EvilPeer &peer) {
        if (!logIn(peer) || !peer.waitFor(Verb::Put) || !peer.say(sendFrom(0, {})))
            return;
        char byte;
        const auto later = [] { return QDeadlineTimer(std::chrono::seconds(60)); };
        while (!peer.isOver() && peer.channel().pause(QDeadlineTimer(20))) {
            const auto count = peer.channel().read(&byte, 1, later());
            if (!count || count.value() == 0)
                return;
        }
    };
}

QByteArray storedAs(qint64 size, const QByteArray &sum = otherSum)
{
    return stored({"/in/file", size, sum, {}});
}

} // namespace

Q_DECLARE_METATYPE(ferry::test::EvilFerry::Script)

class UploadsEvilServer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void theQueueGoesOn_data();
    void theQueueGoesOn();
    void putEnds_data();
    void putEnds();

private:
    static void addServers();
    static void addServersWithoutEnd();
    QByteArray write(qint64 bytes) const;
    std::unique_ptr<QTemporaryDir> m_dir;
};

void UploadsEvilServer::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

void UploadsEvilServer::cleanup()
{
    m_dir.reset();
}

/// A file of this computer.
QByteArray UploadsEvilServer::write(qint64 bytes) const
{
    QFile file(m_dir->filePath(QStringLiteral("file")));
    if (!file.open(QIODevice::WriteOnly) || file.write(noise(bytes)) != bytes)
        qFatal("cannot write");
    return QFile::encodeName(file.fileName());
}

void UploadsEvilServer::addServers()
{
    using Script = EvilFerry::Script;
    QTest::addColumn<Script>("script");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<ErrorCode>("code"); // NotFound: none
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<bool>("hasty"); // the client has little patience
    const auto row = [](const char *name, qint64 size, const Script &script,
                        ErrorCode code = ErrorCode::Protocol, int exitCode = 8) {
        QTest::newRow(name) << script << size << code << exitCode << false;
    };
    const QByteArray send = sendFrom(0, {});

    // Servers that do their work, so that the others prove something.
    for (const qint64 size : {smallBytes, largeBytes}) {
        row(size == smallBytes ? "honest, small" : "honest, large", size,
            answering([=](const Request &request) {
                if (request.verb == Verb::Put && !request.follows)
                    return "#BUSY\r\n" + send;
                return request.verb == Verb::End ? storedAs(size, request.sum) : QByteArray();
            }),
            ErrorCode::NotFound, 0);
    }

    // Sums and sizes.
    row("another sum, small", smallBytes, answering(Verb::End, storedAs(smallBytes)));
    row("another sum, large", largeBytes, answering(send, Verb::End, storedAs(largeBytes)));
    row("another sum at once", largeBytes, answering(Verb::Put, storedAs(largeBytes)));
    row("another size, small", smallBytes, answering(Verb::End, storedAs(smallBytes + 1)));
    row("another size, large", largeBytes, answering(send, Verb::End, storedAs(1)));
    row("no sum", largeBytes, answering(send, Verb::End, "#STORED path=/in/file size=3000000\r\n"));
    row("no path", smallBytes, answering(Verb::End, "#STORED size=30000 sum=" + otherSum + "\r\n"));
    row("a path out of the server", smallBytes,
        answering(Verb::End, "#STORED path=/in/../../file size=30000 sum=" + otherSum + "\r\n"));
    row("a folder where a file was sent", smallBytes,
        answering(Verb::End, "#STORED path=/in/file\r\n"));
    row("stored before its end", largeBytes, answering(Verb::Put, send + storedAs(largeBytes)));
    row("stored in the middle", largeBytes, answering(send, Verb::Data, storedAs(largeBytes)));

    // Where it is to be sent from.
    row("from beyond its end", largeBytes,
        answering(Verb::Put, "#SEND offset=3000001 sum=" + otherSum + "\r\n"));
    row("from 2^63", largeBytes,
        answering(Verb::Put, "#SEND offset=9223372036854775808 sum=" + otherSum + "\r\n"));
    row("from before its start", largeBytes,
        answering(Verb::Put, "#SEND offset=-1 sum=" + otherSum + "\r\n"));
    row("from somewhere without a sum", largeBytes, answering(Verb::Put, "#SEND offset=5\r\n"));
    row("from nowhere", largeBytes, answering(Verb::Put, "#SEND\r\n"));
    row("from two places", largeBytes, answering(Verb::Put, send + send));
    row("from the middle of what follows", smallBytes,
        answering(Verb::Put, "#SEND offset=5 sum=" + otherSum + "\r\n"));
    row("a start of something else, again and again", largeBytes,
        answering("#SEND offset=500 sum=" + otherSum + "\r\n", Verb::Abort, "#ABORTED\r\n"),
        ErrorCode::RemoteChanged, 36);
    row("a start of something else that stays", largeBytes,
        answering("#SEND offset=500 sum=" + otherSum + "\r\n", Verb::Abort, "!NOTFOUND\r\n"));

    // Answers to something else.
    row("a pong", largeBytes, answering(Verb::Put, "#PONG\r\n"));
    row("the end of what nobody gave up", largeBytes, answering(send, Verb::Data, "#ABORTED\r\n"));
    row("a refusal that nobody knows", smallBytes, answering(Verb::End, "!FNORD\r\n"));
    row("a refusal between two pieces", largeBytes, answering(send, Verb::Data, "!QUOTA\r\n"),
        ErrorCode::OverLimit, 15);
    row("no line", largeBytes, answering(Verb::Put, QByteArray(100'000, 'x')));
    row("a zero byte", largeBytes, answering(Verb::Put, QByteArray("#SEND off\0set=0\r\n", 17)));

    // Ends.
    row("leaves after the announcement", largeBytes, leavingAt(Verb::Put, {}), ErrorCode::CutShort,
        18);
    row("leaves in the content", largeBytes, leavingAt(Verb::Data, send), ErrorCode::CutShort, 18);
    row("leaves after the end, small", smallBytes, leavingAt(Verb::End, {}), ErrorCode::CutShort,
        18);
    row("leaves after the end, large", largeBytes, leavingAt(Verb::End, send), ErrorCode::CutShort,
        18);
    row("leaves with a word", largeBytes, answering(send, Verb::End, "!STOPPING\r\n"),
        ErrorCode::Refused, 7);
}

/// Who has little patience leaves them.
void UploadsEvilServer::addServersWithoutEnd()
{
    const QByteArray send = sendFrom(0, {});
    const auto slow = [](const char *name, qint64 size, const EvilFerry::Script &script) {
        QTest::newRow(name) << script << size << ErrorCode::TimedOut << 28 << true;
    };
    slow("says nothing", largeBytes, answering(Verb::Quit, {}));
    slow("never says that it is stored", largeBytes, answering(Verb::Put, send));
    slow("busy without end instead of an answer", largeBytes, withoutEnd({}, "#BUSY\r\n"));
    slow("busy without end, small", smallBytes, withoutEnd({}, "#BUSY\r\n"));
    slow("busy without end, and takes nothing", hugeBytes, withoutEnd(send, "#BUSY\r\n"));
    slow("takes nothing", hugeBytes, [](EvilPeer &peer) {
        if (!logIn(peer) || !peer.waitFor(Verb::Put) || !peer.say(sendFrom(0, {})))
            return;
        while (!peer.isOver() && peer.channel().pause(QDeadlineTimer(20))) {
        }
    });
    slow("a byte at a time", hugeBytes, crawling());
}

void UploadsEvilServer::theQueueGoesOn_data()
{
    addServers();
    addServersWithoutEnd();
}

/// Over one connection, as a Client makes it.
void UploadsEvilServer::theQueueGoesOn()
{
    QFETCH(const EvilFerry::Script, script);
    QFETCH(const qint64, size);
    QFETCH(const ErrorCode, code);
    QFETCH(const bool, hasty);
    const QByteArray path = write(size);
    EvilFerry evil(script);
    ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port = evil.port();
    config.password = EvilFerry::password();
    config.pin = evil.fingerprint();
    if (hasty) {
        config.replyTime = config.busyTime = std::chrono::milliseconds(500);
        config.stalledTime = std::chrono::milliseconds(100);
        config.minimumRateWindow = std::chrono::milliseconds(0);
    }
    const auto queue = std::make_shared<DownloadQueue>();
    const quint64 id = queue->add({uploadRow(path, "/in")}).first();
    const auto log = std::make_shared<LogQueue>();
    PrefixSum prefix;
    UploadConnection connection(config, queue, log, std::make_shared<sasl::SaltedPasswords>(),
                                prefix);
    QVERIFY(connection.start().ok());
    QVERIFY(QTest::qWaitFor([&] { return connection.isOver(); }, patienceMs));
    const Download row = *queue->find(id);
    if (code == ErrorCode::NotFound) {
        QCOMPARE(row.state, DownloadState::Done);
        QVERIFY(!connection.error());
        return;
    }
    QVERIFY(row.state != DownloadState::Done);
    QVERIFY(!row.verified);
    QVERIFY2(row.error.code == code, qPrintable(row.error.text));
}

/// A program has more patience than a test.
void UploadsEvilServer::putEnds_data()
{
    addServers();
}

void UploadsEvilServer::putEnds()
{
    QFETCH(const EvilFerry::Script, script);
    QFETCH(const qint64, size);
    QFETCH(const int, exitCode);
    const QByteArray path = write(size);
    EvilFerry evil(script);
    const ProgramRun run = runProgram(
        QStringLiteral("ferry"),
        {QStringLiteral("put"), QStringLiteral("--pin"), QString::fromLatin1(evil.fingerprint()),
         QStringLiteral("--data-dir"), m_dir->filePath(QStringLiteral("data")),
         QStringLiteral("-t"), QStringLiteral("/in"),
         QStringLiteral("127.0.0.1:%1").arg(evil.port()), QFile::decodeName(path)},
        {EvilFerry::password(), {}, {}, {}});
    QVERIFY2(run.exitCode == exitCode, run.errors + run.output);
}

FERRY_TEST(UploadsEvilServer)
#include "uploads_evilserver.moc"
