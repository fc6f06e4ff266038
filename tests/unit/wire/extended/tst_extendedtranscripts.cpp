// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "transcripts/transcript.h"
#include "unit/wire/extendedhelpers.h"
#include "unit/wire/scriptedextendedclient.h"
#include "unit/wire/scriptedextendedserver.h"
#include "unit/wire/seed.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace ferry;
using namespace ferry::test;
using Kind = TranscriptStep::Kind;

namespace {

QList<QByteArray> inBytes(const QByteArray &bytes)
{
    QList<QByteArray> pieces;
    for (const char c : bytes)
        pieces.append(QByteArray(1, c));
    return pieces;
}

/// Short and long pieces alike.
QList<QByteArray> inRandomPieces(const QByteArray &bytes, QRandomGenerator &random)
{
    QList<QByteArray> pieces;
    for (qsizetype at = 0; at < bytes.size(); at += pieces.last().size())
        pieces.append(bytes.mid(at, 1 + random.bounded(1 << random.bounded(13))));
    return pieces;
}

/// The part of a transcript that a ferry/1 client has to do with: the greeting, and everything
/// from HELLO on.
struct ClientView
{
    QList<QByteArray> lines; ///< what it sends
    QByteArray bytes;        ///< what it receives
    QByteArrayList expected; ///< the kind of event that each line and each body leads to
};

/// The event that a line of the server stands for; docs/PROTOCOL.md, in the words of
/// ScriptedExtendedClient.
QByteArray eventOf(QByteArrayView line, bool last)
{
    static const QMap<QByteArray, QByteArray> words{
        {"HELLO", "hello"},         {"CHALLENGE", "challenge"},
        {"LOGIN", "logged in"},     {"ENTRY", "entry"},
        {"SKIPPED", "skipped"},     {"FILE", "file"},
        {"DONE", "done"},           {"SUM", "sum"},
        {"RECEIPT", "receipt"},     {"RECEIPTS", "receipt"},
        {"CANCELLED", "cancelled"}, {"SEND", "send"},
        {"STORED", "stored"},       {"ABORTED", "aborted"},
        {"PONG", "pong"},           {"PERSON", "person"},
        {"TOLD", "told"},           {"NOTE", "note"},
        {"DROPPED", "dropped"}};
    const auto reply = extended::parseReply(line.chopped(2));
    if (!reply)
        return "no reply: " + line.toByteArray();
    const QByteArray token = reply->token.toByteArray();
    if (!reply->success) // DENIED closes at the third time only, so the token does not say it
        return (last && token != "DENIED" ? "leaves " : "refused ") + token;
    if (token == "END" && reply->words.isEmpty())
        return "everybody";
    if (token == "END" && reply->field("next"))
        return "next " + reply->field("next")->toByteArray();
    if (token == "END")
        return reply->field("more") == QByteArrayView("yes") ? "more" : "end";
    return words.value(token, "an unknown reply: " + token);
}

ClientView clientView(const Transcript &transcript)
{
    ClientView view;
    view.bytes = "#Server Ready.\r\n";
    view.expected = {"greeted"};
    bool inFerry = false;
    bool inChunk = false;
    for (qsizetype i = 0; i < transcript.steps.size(); ++i) {
        const TranscriptStep &step = transcript.steps[i];
        if (step.kind == Kind::ServerEnd)
            break;
        inFerry =
            inFerry || (step.kind != Kind::Server &&
                        step.bytes.startsWith("HELLO " + extended::versionName.toByteArray()));
        if (!inFerry)
            continue;
        if (step.kind == Kind::ClientLine)
            view.lines += step.bytes;
        const bool isContent = !view.lines.isEmpty() && extended::bytesBehind(view.lines.last());
        if (step.kind == Kind::ClientBytes && !isContent)
            view.lines += step.bytes.split('\n');
        if (step.kind != Kind::Server)
            continue;
        view.bytes += step.bytes;
        const bool last =
            i + 1 < transcript.steps.size() && transcript.steps[i + 1].kind == Kind::ServerEnd;
        if (inChunk)
            view.expected += "body " + step.bytes;
        else if (step.bytes != "#BUSY\r\n" && !step.bytes.startsWith("#DATA "))
            view.expected += eventOf(step.bytes, last);
        inChunk = !inChunk && step.bytes.startsWith("#DATA ");
    }
    return view;
}

/// What the client notes for a line it sends. A line that is no request is answered, too: by a
/// refusal, as any request can be.
void note(ScriptedExtendedClient &client, QByteArray line)
{
    if (line.endsWith('\r'))
        line.chop(1);
    if (!line.isEmpty())
        client.sent(extended::parseRequest(line).request.value_or(request(extended::Verb::Ping)));
}

} // namespace

/// Every transcript of tests/transcripts/extended, replayed on both state machines.
class TestExtendedTranscripts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachHasATitle_data() { addTranscripts(Cuts::AsWritten); }
    void eachHasATitle();
    void repliesComeStepByStep_data() { addTranscripts(Cuts::AsWritten); }
    void repliesComeStepByStep();
    void allInOneSegment_data() { addTranscripts(Cuts::Any); }
    void allInOneSegment();
    void oneByteAtATime_data() { addTranscripts(Cuts::Any); }
    void oneByteAtATime();
    void withLfOnly_data() { addTranscripts(Cuts::Any); }
    void withLfOnly();
    void withVerbsInLowerCase_data() { addTranscripts(Cuts::Any); }
    void withVerbsInLowerCase();
    void cutAtRandom_data() { addTranscripts(Cuts::Any); }
    void cutAtRandom();
    void aClientUnderstandsTheReplies_data() { addTranscripts(Cuts::AsWritten); }
    void aClientUnderstandsTheReplies();
    void aClientWouldSendTheRequests_data() { addTranscripts(Cuts::AsWritten); }
    void aClientWouldSendTheRequests();

private:
    enum class Cuts { AsWritten, Any };
    static void addTranscripts(Cuts cuts);
    static void check(const Transcript &transcript, const QList<QByteArray> &pieces);
};

void TestExtendedTranscripts::addTranscripts(Cuts cuts)
{
    QTest::addColumn<QString>("name");
    const auto transcripts = extendedTranscripts();
    QVERIFY(transcripts.contains(QStringLiteral("login.txt")));
    for (auto it = transcripts.begin(); it != transcripts.end(); ++it) {
        if (cuts == Cuts::AsWritten || !it->timing)
            QTest::newRow(qPrintable(it.key())) << it.key();
    }
}

#define FETCH_TRANSCRIPT                                                                           \
    QFETCH(QString, name);                                                                         \
    const Transcript transcript = extendedTranscripts().value(name);                               \
    QCOMPARE(transcript.fault, QString())

/// Gives the pieces to a server and compares everything that comes back.
void TestExtendedTranscripts::check(const Transcript &transcript, const QList<QByteArray> &pieces)
{
    ScriptedExtendedServer server(transcript);
    for (const QByteArray &piece : pieces)
        server.receive(piece);
    QCOMPARE(server.closed(), transcript.serverEnds() && !transcript.clientEnds());
    if (transcript.clientEnds())
        server.receiveEnd();
    QCOMPARE(server.takeOutput(), transcript.serverBytes());
    QCOMPARE(server.closed(), transcript.serverEnds());
}

/// They are documentation.
void TestExtendedTranscripts::eachHasATitle()
{
    FETCH_TRANSCRIPT;
    QFile file(QStringLiteral(FERRY_TRANSCRIPTS "/extended/") + name);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readLine().startsWith("# "));
}

/// The order on the page is the order on the wire.
void TestExtendedTranscripts::repliesComeStepByStep()
{
    FETCH_TRANSCRIPT;
    ScriptedExtendedServer server(transcript);
    QByteArray expected;
    for (const TranscriptStep &step : transcript.steps) {
        if (step.kind == Kind::Server) {
            expected += step.bytes;
        } else if (step.kind == Kind::ServerEnd) {
            QVERIFY(server.closed());
        } else {
            QCOMPARE(server.takeOutput(), expected);
            expected.clear();
            if (step.kind == Kind::ClientEnd)
                server.receiveEnd();
            else
                server.receive(step.bytes + (step.kind == Kind::ClientLine ? "\r\n" : ""));
        }
    }
    QCOMPARE(server.takeOutput(), expected);
    QCOMPARE(server.closed(), transcript.serverEnds());
}

void TestExtendedTranscripts::allInOneSegment()
{
    FETCH_TRANSCRIPT;
    check(transcript, {transcript.clientBytes()});
}

void TestExtendedTranscripts::oneByteAtATime()
{
    FETCH_TRANSCRIPT;
    check(transcript, inBytes(transcript.clientBytes()));
}

void TestExtendedTranscripts::withLfOnly()
{
    FETCH_TRANSCRIPT;
    check(transcript, {transcript.clientBytes("\n")});
}

void TestExtendedTranscripts::withVerbsInLowerCase()
{
    FETCH_TRANSCRIPT;
    Transcript changed = transcript;
    for (TranscriptStep &step : changed.steps) {
        const qsizetype verb =
            step.bytes.indexOf(' ') < 0 ? step.bytes.size() : step.bytes.indexOf(' ');
        if (step.kind == Kind::ClientLine)
            step.bytes = step.bytes.first(verb).toLower() + step.bytes.sliced(verb);
    }
    check(transcript, {changed.clientBytes()});
}

void TestExtendedTranscripts::cutAtRandom()
{
    FETCH_TRANSCRIPT;
    QRandomGenerator random(seed());
    for (int round = 0; round < 50; ++round) {
        check(transcript, inRandomPieces(transcript.clientBytes(), random));
        if (QTest::currentTestFailed())
            return;
    }
}

/// The other direction: what the server says, whole, byte by byte and cut at random, leads a
/// client that sent the requests to one event per line, and every body arrives as it is.
void TestExtendedTranscripts::aClientUnderstandsTheReplies()
{
    FETCH_TRANSCRIPT;
    const ClientView view = clientView(transcript);
    QRandomGenerator random(seed());
    QList<QList<QByteArray>> ways{{view.bytes}, inBytes(view.bytes)};
    for (int i = 0; i < 50; ++i)
        ways.append(inRandomPieces(view.bytes, random));
    for (const QList<QByteArray> &pieces : ways) {
        ScriptedExtendedClient client;
        for (const QByteArray &line : view.lines)
            note(client, line);
        for (const QByteArray &piece : pieces)
            client.receive(piece);
        const QByteArrayList events = client.events();
        QCOMPARE(events.size(), view.expected.size());
        for (qsizetype i = 0; i < events.size(); ++i)
            QVERIFY2(events[i].startsWith(view.expected[i]), events[i] + " / " + view.expected[i]);
    }
}

/// A request that is printed again says the same.
void TestExtendedTranscripts::aClientWouldSendTheRequests()
{
    FETCH_TRANSCRIPT;
    for (const QByteArray &line : clientView(transcript).lines) {
        const auto request = extended::parseRequest(line).request;
        if (!request)
            continue;
        const QByteArray printed = extended::requestLine(*request);
        const auto again = extended::parseRequest(QByteArrayView(printed).chopped(2)).request;
        QVERIFY2(again, printed);
        QCOMPARE(extended::requestLine(*again), printed);
        QCOMPARE(again->path.toBytes(), request->path.toBytes());
    }
}

FERRY_TEST(TestExtendedTranscripts)
#include "tst_extendedtranscripts.moc"
