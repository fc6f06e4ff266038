// SPDX-License-Identifier: MIT
/// The server's extended session. The first byte says in which state it begins, the rest is what
/// the client sends.
///
/// Invariants: the actions, and the content of uploads, are the same whether the input comes whole
/// or byte by byte, but that a request with a CANCEL behind it may be carried out or refused;
/// content comes only of an upload that was opened; nothing is carried out before
/// the login, nor what was not announced; everything said is one line that begins with `#` or `!`
/// and that a client takes; after Close there is only Close; the end of input always ends in Close.
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
    // Where a transcript begins: everything is announced.
    start.abilities = {true, (flags & 16) == 0, (flags & 32) == 0, (flags & 64) == 0};
    start.hello = "HELLO ferry/1";
    start.agent = "Ferry";
    return start;
}

class Driver
{
public:
    explicit Driver(uchar flags)
        : m_session(startOf(flags))
        , m_abilities(startOf(flags).abilities)
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
                perform(action.request);
                break;
            case Kind::Body:
                FUZZ_REQUIRE(m_session.inUpload() && m_session.bodyRemaining() > 0);
                if (m_session.bufferEmpty())
                    return;
                takeBody();
                break;
            case Kind::Close:
                note('C', {});
                m_closed = true;
                break;
            }
        }
    }

    /// What the upload is called says what becomes of it.
    void perform(const extended::Request &request)
    {
        using extended::Verb;
        const bool people = request.verb >= Verb::Who && request.verb <= Verb::News;
        FUZZ_REQUIRE(!people || m_abilities.people);
        FUZZ_REQUIRE(request.verb != Verb::Drop || m_abilities.gifts);
        FUZZ_REQUIRE(request.verb != Verb::Receipts || m_abilities.receiptsOfRuns);
        const bool ends = request.verb == Verb::End || request.verb == Verb::Abort;
        FUZZ_REQUIRE(!ends || m_session.inUpload());
        m_refuses = request.upload.startsWith('n');
        if (request.verb == Verb::Put && !request.folder && !request.upload.startsWith('r'))
            m_session.uploadOpened();
        else
            m_session.performed();
    }

    void takeBody()
    {
        char bytes[256];
        const qint64 due = m_session.bodyRemaining();
        const qsizetype taken = m_session.takeBody(bytes, sizeof bytes);
        FUZZ_REQUIRE(taken > 0 && m_session.bodyRemaining() == due - taken);
        if (m_refuses)
            return m_session.uploadRefused();
        // The pieces of a file make one, however they came.
        if (!m_inContent)
            m_actions += 'B';
        for (const char c : QByteArrayView(bytes, taken))
            m_actions += c == '\0' ? '\1' : c;
        m_inContent = true;
    }

    void endContent()
    {
        if (m_inContent)
            m_actions += '\0';
        m_inContent = false;
    }

    void note(char kind, const QByteArray &what)
    {
        endContent();
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
    extended::Abilities m_abilities;
    std::string m_actions;
    bool m_closed = false;
    bool m_inContent = false;
    bool m_refuses = false; ///< the upload under way, at its first byte
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
    // Of an upload that is refused there is neither content nor end.
    const bool uploads = std::any_of(
        b.begin(), b.end(), [](const QByteArray &action) { return action.startsWith("PPUT"); });
    if (uploads && a.contains("S!CANCELLED\r\n"))
        return true;
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
