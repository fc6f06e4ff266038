// SPDX-License-Identifier: MIT
/// The client's classic session. The first byte says how many of the following are the lengths of
/// the pieces (see inPieces), the rest is used twice: as the content of a file that an honest
/// server sends, and as everything that a lying server says.
///
/// Invariants: from the honest server the content arrives exactly, however it holds the dialect's
/// own words and is cut, and the session can go on. From the liar: what is given out as content
/// is what it sent, without a gap; no more than two lines and a trailer are held back; there is
/// one answer per request; after Violation or CutShort there is only CutShort.
#include "fuzz/fuzz.h"

#include "wire/classic/classicclientsession.h"
#include "wire/classic/codec.h"
#include "wire/limits.h"

using namespace ferry;
using Kind = ClassicClientEvent::Kind;

namespace {

const QByteArray path("P");
const QByteArray probe("Q");

struct Outcome
{
    QByteArray content;
    QByteArray sent;
    QList<Kind> answers; ///< events that are neither Send nor FileBytes
};

void drain(ClassicClientSession &session, Outcome &outcome)
{
    for (;;) {
        const ClassicClientEvent event = session.nextEvent();
        if (event.kind == Kind::Receive)
            return;
        if (event.kind == Kind::FileBytes)
            outcome.content += event.bytes;
        else if (event.kind == Kind::Send)
            outcome.sent += event.bytes;
        else
            outcome.answers.append(event.kind);
        if (event.kind == Kind::CutShort) {
            FUZZ_REQUIRE(session.nextEvent().kind == Kind::CutShort);
            FUZZ_REQUIRE(!session.idle() && !session.usable() && !session.probing());
            return;
        }
    }
}

ClassicClientSession makeRequested()
{
    ClassicClientSession session;
    Outcome outcome;
    session.receive(classic::greeting);
    drain(session, outcome);
    session.login("pw");
    session.receive(classic::loggedIn);
    drain(session, outcome);
    session.requestFile(path, probe);
    drain(session, outcome);
    FUZZ_REQUIRE(outcome.answers == QList<Kind>({Kind::Greeted, Kind::LoggedIn}));
    return session;
}

/// A session that has just asked for the file: the same each time, so it is made once.
ClassicClientSession requested()
{
    static const ClassicClientSession session = makeRequested();
    return session;
}

void honest(QByteArrayView content, QByteArrayView cuts)
{
    ClassicClientSession session = requested();
    Outcome outcome;
    const QByteArray answer = content.toByteArray() + classic::fileSent(path);
    fuzz::inPieces(answer, cuts, [&](QByteArrayView piece) {
        session.receive(piece);
        drain(session, outcome);
        FUZZ_REQUIRE(outcome.answers.isEmpty());
    });
    FUZZ_REQUIRE(session.probing() && outcome.sent == classic::file(probe));
    fuzz::inPieces(classic::fileNotOpened(probe), cuts, [&](QByteArrayView piece) {
        FUZZ_REQUIRE(outcome.answers.isEmpty());
        session.receive(piece);
        drain(session, outcome);
    });
    FUZZ_REQUIRE(outcome.answers == QList<Kind>({Kind::FileEnd}));
    FUZZ_REQUIRE(outcome.content == content.toByteArray());
    FUZZ_REQUIRE(session.idle() && session.usable());
}

void liar(QByteArrayView said, QByteArrayView cuts, bool silent)
{
    ClassicClientSession session = requested();
    Outcome outcome;
    qsizetype received = 0;
    fuzz::inPieces(said, cuts, [&](QByteArrayView piece) {
        const bool asked = !session.idle();
        session.receive(piece);
        drain(session, outcome);
        received += asked ? piece.size() : 0;
        if (outcome.answers.isEmpty())
            FUZZ_REQUIRE(received - outcome.content.size() <= 2 * limits::lineBytes);
        else
            FUZZ_REQUIRE(asked || !session.usable());
        if (silent && session.probing())
            session.silence();
    });
    drain(session, outcome);
    session.receiveEnd();
    drain(session, outcome);
    FUZZ_REQUIRE(said.startsWith(outcome.content));
    FUZZ_REQUIRE(!outcome.answers.isEmpty() && outcome.answers.last() == Kind::CutShort);
    int answers = 0;
    for (const Kind kind : outcome.answers)
        answers += kind == Kind::FileEnd || kind == Kind::FileMissing || kind == Kind::Violation;
    FUZZ_REQUIRE(answers <= 1);
    FUZZ_REQUIRE(outcome.sent.isEmpty() || outcome.sent == classic::file(probe));
}

/// The same from the first byte on.
void stranger(QByteArrayView said, QByteArrayView cuts)
{
    ClassicClientSession session;
    Outcome outcome;
    fuzz::inPieces(said, cuts, [&](QByteArrayView piece) {
        session.receive(piece);
        drain(session, outcome);
        if (session.idle())
            session.login("pw");
    });
    session.receiveEnd();
    drain(session, outcome);
    FUZZ_REQUIRE(outcome.content.isEmpty() && outcome.answers.last() == Kind::CutShort);
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView bytes = fuzz::view(data, size);
    if (bytes.isEmpty())
        return 0;
    const qsizetype count = std::min<qsizetype>(uchar(bytes[0]) % 16, bytes.size() - 1);
    const QByteArrayView cuts = bytes.sliced(1, count);
    bytes = bytes.sliced(1 + count);
    // The probe's answer cannot be known to whoever wrote the file.
    if (!bytes.toByteArray().contains(classic::fileNotOpened(probe)))
        honest(bytes, cuts);
    liar(bytes, cuts, false);
    liar(bytes, cuts, true);
    stranger(bytes, cuts);
    return 0;
}
