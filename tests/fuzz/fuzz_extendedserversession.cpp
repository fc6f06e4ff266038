// SPDX-License-Identifier: MIT
/// The server's extended session. The first byte says in which state it begins, the rest is what
/// the client sends.
///
/// Invariants: the actions are the same whether the input comes whole or byte by byte, but that
/// a request with a CANCEL behind it may be carried out or refused; nothing is carried out before
/// the login; everything said is one line that begins with `#` or `!` and that a client takes;
/// after Close there is only Close; the end of input always ends in Close.
#include "fuzz/fuzz.h"

#include "wire/extended/extendedserversession.h"
#include "wire/limits.h"

#include <string>

using namespace ferry;
using Kind = ExtendedAction::Kind;

namespace {

ExtendedServerSession::Start startOf(uchar flags)
{
    ExtendedServerSession::Start start;
    start.offersScram = flags & 1;
    start.loggedIn = flags & 2;
    start.failedLogins = (flags >> 2) % limits::loginTries;
    start.strangerBytes = (flags >> 4) * limits::bytesBeforeLogin / 16;
    start.hello = "HELLO ferry/1";
    start.agent = "Ferry";
    return start;
}

class Driver
{
public:
    explicit Driver(uchar flags)
        : m_session(startOf(flags))
    {
        run();
    }

    void receive(QByteArrayView bytes)
    {
        m_session.receive(bytes);
        run();
    }

    void receiveEnd()
    {
        m_session.receiveEnd();
        run();
        FUZZ_REQUIRE(m_closed);
        m_session.receive("PING\r\n");
        run();
    }

    /// A letter and what belongs to it for each action; NUL between them.
    const std::string &actions() const { return m_actions; }

private:
    void run()
    {
        for (;;) {
            const ExtendedAction action = m_session.nextAction();
            FUZZ_REQUIRE(!m_closed || action.kind == Kind::Close);
            if (m_closed)
                return;
            switch (action.kind) {
            case Kind::Receive:
                FUZZ_REQUIRE(!m_session.cancelRequested());
                return;
            case Kind::Send:
                checkLine(action.bytes);
                note('S', action.bytes);
                break;
            case Kind::LoginStep:
                note('L', action.request.base64);
                loginStep(action.request);
                break;
            case Kind::Perform:
                FUZZ_REQUIRE(m_session.loggedIn());
                note('P', extended::requestLine(action.request));
                m_session.performed();
                break;
            case Kind::Close:
                note('C', {});
                m_closed = true;
                break;
            }
        }
    }

    void note(char kind, const QByteArray &what)
    {
        m_actions += kind;
        m_actions.append(what.data(), static_cast<size_t>(what.size()));
        m_actions += '\0';
    }

    static void checkLine(const QByteArray &line)
    {
        FUZZ_REQUIRE(line.startsWith('#') || line.startsWith('!'));
        FUZZ_REQUIRE(line.endsWith("\r\n") && line.indexOf('\n') == line.size() - 1);
        FUZZ_REQUIRE(line.size() <= limits::extendedLineBytes + 2 && !line.contains('\0'));
    }

    void loginStep(const extended::Request &request)
    {
        FUZZ_REQUIRE(!m_session.loggedIn() && !request.base64.isEmpty());
        // As the messages of the transcripts begin.
        const bool first = request.verb == extended::Verb::Login;
        if (first && request.base64[0] == 'c')
            m_session.loginChallenged("cj0=");
        else if (first && request.base64[0] == 'd')
            m_session.loginMustWait(5);
        else if (!first && request.base64[0] == 'Y')
            m_session.loginSucceeded("ferry", "dj0=");
        else
            m_session.loginFailed();
    }

    ExtendedServerSession m_session;
    std::string m_actions;
    bool m_closed = false;
};

QByteArrayList split(const std::string &actions)
{
    return QByteArrayView(actions).toByteArray().split('\0');
}

/// `whole` saw every CANCEL before the requests in front of it, `byBytes` none.
bool sameButForCancel(const std::string &whole, const std::string &byBytes)
{
    if (whole == byBytes)
        return true;
    const QByteArrayList a = split(whole);
    const QByteArrayList b = split(byBytes);
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](const QByteArray &x, const QByteArray &y) {
               return x == y || (x == "S!CANCELLED\r\n" && y.startsWith('P'));
           });
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView bytes = fuzz::view(data + 1, size - 1);
    Driver whole(data[0]);
    whole.receive(bytes);
    whole.receiveEnd();
    Driver byBytes(data[0]);
    fuzz::inPieces(bytes, {}, [&](QByteArrayView piece) { byBytes.receive(piece); });
    byBytes.receiveEnd();
    FUZZ_REQUIRE(sameButForCancel(whole.actions(), byBytes.actions()));
    return 0;
}
