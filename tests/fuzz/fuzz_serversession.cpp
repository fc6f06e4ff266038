// SPDX-License-Identifier: MIT
/// The server's classic session with a driver that answers from memory.
///
/// Invariants: the actions are the same whether the input comes whole or byte by byte; nothing
/// is opened, written or read before the right password; everything said is lines that begin with
/// `#` or `!`, or the content of a file that was opened; after Close there is only Close; the end
/// of input always ends in Close.
#include "fuzz/fuzz.h"

#include "unit/wire/scriptedserver.h"

using namespace ferry;
using ferry::test::ScriptedServer;

namespace {

ScriptedServer server()
{
    ferry::test::Transcript known;
    known.password = "passwd";
    known.files = {{"f", "content"}, {"c:\\config.sys", ""}, {"half", "cont"}};
    known.people = true;
    known.notes = {"#NOTE id=1 kind=message from=12 name=%0D%0A%FF at=5 text=%0D%0Ahello"};
    ScriptedServer made(known);
    made.setCutShort("half");
    return made;
}

/// The law in words of actions; ScriptedServer checks the rest of it itself.
void check(const QByteArrayList &actions)
{
    bool loggedIn = false;
    for (qsizetype i = 0; i < actions.size(); ++i) {
        const QByteArray &action = actions[i];
        if (action.startsWith("check ")) {
            loggedIn = loggedIn || action == "check passwd";
            FUZZ_REQUIRE(i + 1 < actions.size() && actions[i + 1].startsWith("send "));
        } else if (action.startsWith("open ")) {
            FUZZ_REQUIRE(loggedIn);
        } else if (action.startsWith("tell ")) {
            FUZZ_REQUIRE(loggedIn && extended::isMessage(QByteArrayView(action).sliced(5)));
        } else if (action == "news") {
            FUZZ_REQUIRE(loggedIn);
        } else if (action.startsWith("send ")) {
            FUZZ_REQUIRE(action.startsWith("send #") || action.startsWith("send !"));
            FUZZ_REQUIRE(action.endsWith("\r\n") && action.count('\n') == 1);
        } else if (action == "body") {
            FUZZ_REQUIRE(i > 0 && actions[i - 1].startsWith("open "));
        } else if (action.startsWith("hello ")) {
            FUZZ_REQUIRE(action.startsWith("hello HELLO ferry/1") && i == actions.size() - 2);
        } else {
            FUZZ_REQUIRE(action == "close" && i == actions.size() - 1);
        }
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes = fuzz::view(data, size);
    ScriptedServer whole = server();
    whole.receive(bytes);
    ScriptedServer byBytes = server();
    fuzz::inPieces(bytes, {}, [&](QByteArrayView piece) { byBytes.receive(piece); });
    FUZZ_REQUIRE(whole.actions() == byBytes.actions());
    whole.receiveEnd();
    FUZZ_REQUIRE(whole.closed());
    byBytes.receiveEnd();
    FUZZ_REQUIRE(whole.actions() == byBytes.actions());
    check(whole.actions());
    return 0;
}
