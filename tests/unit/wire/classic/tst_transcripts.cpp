// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "transcripts/transcript.h"
#include "unit/wire/scriptedserver.h"
#include "unit/wire/seed.h"

#include <QRandomGenerator>
#include <QTest>

using namespace ferry::test;
using Kind = TranscriptStep::Kind;

namespace {

/// Of servers that take messages and of those that do not.
const QMap<QString, Transcript> &classicTranscripts()
{
    static const auto all = [] {
        auto found = allTranscripts();
        found.insert(peopleTranscripts());
        return found;
    }();
    return all;
}

} // namespace

/// Every transcript of tests/transcripts and tests/transcripts/people, replayed on the server's
/// state machine.
class TestTranscripts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theTutorialIsAmongThem();
    void brokenTranscriptsAreNoticed_data();
    void brokenTranscriptsAreNoticed();
    void repliesComeStepByStep_data() { addTranscripts(); }
    void repliesComeStepByStep();
    void allInOneSegment_data() { addTranscripts(); }
    void allInOneSegment();
    void oneByteAtATime_data() { addTranscripts(); }
    void oneByteAtATime();
    void withLfOnly_data() { addTranscripts(); }
    void withLfOnly();
    void withVerbsInLowerCase_data() { addTranscripts(); }
    void withVerbsInLowerCase();
    void withVerbsInUpperCase_data() { addTranscripts(); }
    void withVerbsInUpperCase();
    void cutAtRandom_data() { addTranscripts(); }
    void cutAtRandom();

private:
    static void addTranscripts();
    static QByteArray withVerbs(const Transcript &transcript, QByteArray (*change)(QByteArray));
    static void check(const Transcript &transcript, const QList<QByteArray> &pieces);
};

void TestTranscripts::addTranscripts()
{
    QTest::addColumn<QString>("name");
    const auto transcripts = classicTranscripts();
    QVERIFY(transcripts.contains(QStringLiteral("messages.txt")));
    for (auto it = transcripts.begin(); it != transcripts.end(); ++it)
        QTest::newRow(qPrintable(it.key())) << it.key();
}

#define FETCH_TRANSCRIPT                                                                           \
    QFETCH(QString, name);                                                                         \
    const Transcript transcript = classicTranscripts().value(name);                                \
    QCOMPARE(transcript.fault, QString())

/// Gives the pieces to a server and compares everything that comes back.
void TestTranscripts::check(const Transcript &transcript, const QList<QByteArray> &pieces)
{
    ScriptedServer server(transcript);
    for (const QByteArray &piece : pieces)
        server.receive(piece);
    QCOMPARE(server.closed(), transcript.serverEnds() && !transcript.clientEnds());
    if (transcript.clientEnds())
        server.receiveEnd();
    QCOMPARE(server.takeOutput(), transcript.serverBytes());
    QCOMPARE(server.closed(), transcript.serverEnds());
}

void TestTranscripts::theTutorialIsAmongThem()
{
    const Transcript tutorial = allTranscripts().value(QStringLiteral("tutorial.txt"));
    QCOMPARE(tutorial.fault, QString());
    QVERIFY(tutorial.clientBytes().startsWith("file c:\\config.sys\r\nauth yellow\r\n"));
    QVERIFY(tutorial.serverBytes().startsWith("#Server Ready.\r\n!You are not logged in.\r\n"));
    QVERIFY(tutorial.serverBytes().endsWith("!File d:\\g5.doc could not be opened.\r\n"));
    QVERIFY(tutorial.serverEnds());
}

void TestTranscripts::brokenTranscriptsAreNoticed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("only comments") << QByteArray("# nothing\n\n");
    QTest::newRow("no directive") << QByteArray("C: a\nX: b\n");
    QTest::newRow("content without a file") << QByteArray("| a\nC: a\n");
    QTest::newRow("a file that was not declared") << QByteArray("S= a\n");
}

void TestTranscripts::brokenTranscriptsAreNoticed()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseTranscript(text).fault.isEmpty());
}

/// The order on the page is the order on the wire.
void TestTranscripts::repliesComeStepByStep()
{
    FETCH_TRANSCRIPT;
    ScriptedServer server(transcript);
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

void TestTranscripts::allInOneSegment()
{
    FETCH_TRANSCRIPT;
    check(transcript, {transcript.clientBytes()});
}

void TestTranscripts::oneByteAtATime()
{
    FETCH_TRANSCRIPT;
    QList<QByteArray> pieces;
    for (const char c : transcript.clientBytes())
        pieces.append(QByteArray(1, c));
    check(transcript, pieces);
}

void TestTranscripts::withLfOnly()
{
    FETCH_TRANSCRIPT;
    check(transcript, {transcript.clientBytes("\n")});
}

QByteArray TestTranscripts::withVerbs(const Transcript &transcript,
                                      QByteArray (*change)(QByteArray))
{
    Transcript changed = transcript;
    for (TranscriptStep &step : changed.steps) {
        const qsizetype space = step.bytes.indexOf(' ');
        // A request of HTTP is no command, and its first word is no verb of ours.
        if (step.kind == Kind::ClientLine && !step.bytes.contains(" HTTP/"))
            step.bytes = change(step.bytes.first(space < 0 ? step.bytes.size() : space)) +
                         (space < 0 ? QByteArray() : step.bytes.sliced(space));
    }
    return changed.clientBytes();
}

void TestTranscripts::withVerbsInLowerCase()
{
    FETCH_TRANSCRIPT;
    check(transcript, {withVerbs(transcript, [](QByteArray verb) { return verb.toLower(); })});
}

void TestTranscripts::withVerbsInUpperCase()
{
    FETCH_TRANSCRIPT;
    check(transcript, {withVerbs(transcript, [](QByteArray verb) { return verb.toUpper(); })});
}

void TestTranscripts::cutAtRandom()
{
    FETCH_TRANSCRIPT;
    QRandomGenerator random(seed());
    for (int round = 0; round < 50; ++round) {
        const QByteArray bytes = transcript.clientBytes();
        QList<QByteArray> pieces;
        for (qsizetype at = 0; at < bytes.size();) {
            // Short and long pieces alike.
            const int most = 1 << random.bounded(13);
            pieces.append(bytes.mid(at, 1 + random.bounded(most)));
            at += pieces.last().size();
        }
        check(transcript, pieces);
        if (QTest::currentTestFailed())
            return;
    }
}

FERRY_TEST(TestTranscripts)
#include "tst_transcripts.moc"
