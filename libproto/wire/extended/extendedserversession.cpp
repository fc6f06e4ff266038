// SPDX-License-Identifier: MIT
#include "wire/extended/extendedserversession.h"

#include "wire/extended/extendedwords.h"
#include "wire/limits.h"

#include <algorithm>

namespace ferry {

using extended::Request;
using extended::Verb;
using Kind = ExtendedAction::Kind;

namespace {
constexpr QByteArrayView scram = "SCRAM-SHA-256-PLUS";
constexpr qsizetype scannedBytes = 16; // CANCEL, or DATA and the largest number, and a CR
} // namespace

/// Which request does what, when. The columns are docs/PROTOCOL.md, "States".
struct ExtendedServerSession::Rule
{
    using Action = void (ExtendedServerSession::*)(const Request &);

    Verb verb;
    Action stranger;
    Action exchange;
    Action loggedIn;
};

const ExtendedServerSession::Rule ExtendedServerSession::rules[] = {
    // verb, stranger, exchange, logged in
    {Verb::Hello, &ExtendedServerSession::hello, &ExtendedServerSession::hello,
     &ExtendedServerSession::hello},
    {Verb::Login, &ExtendedServerSession::login, &ExtendedServerSession::refuseSyntax,
     &ExtendedServerSession::refuseSyntax},
    {Verb::Response, &ExtendedServerSession::refuseSyntax, &ExtendedServerSession::response,
     &ExtendedServerSession::refuseSyntax},
    {Verb::List, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::Tree, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::Get, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::Sum, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::Receipt, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::Receipts, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::Put, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::put},
    {Verb::Data, &ExtendedServerSession::data, &ExtendedServerSession::data,
     &ExtendedServerSession::data},
    {Verb::End, &ExtendedServerSession::finishUpload, &ExtendedServerSession::finishUpload,
     &ExtendedServerSession::finishUpload},
    {Verb::Abort, &ExtendedServerSession::finishUpload, &ExtendedServerSession::finishUpload,
     &ExtendedServerSession::finishUpload},
    {Verb::Who, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::Tell, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::News, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::Drop, &ExtendedServerSession::refuseStranger, &ExtendedServerSession::refuseStranger,
     &ExtendedServerSession::perform},
    {Verb::Ping, &ExtendedServerSession::ping, &ExtendedServerSession::ping,
     &ExtendedServerSession::ping},
    {Verb::Cancel, &ExtendedServerSession::cancel, &ExtendedServerSession::cancel,
     &ExtendedServerSession::cancel},
    {Verb::Quit, &ExtendedServerSession::quit, &ExtendedServerSession::quit,
     &ExtendedServerSession::quit},
};

ExtendedServerSession::ExtendedServerSession(Start start)
    : m_input(limits::extendedLineBytes)
    , m_agent(std::move(start.agent))
    , m_abilities(start.abilities)
    , m_state(start.loggedIn ? State::LoggedIn : State::Stranger)
    , m_offersScram(start.offersScram)
    , m_failedLogins(start.failedLogins)
    , m_strangerBytes(start.strangerBytes)
{
    handle(start.hello);
}

void ExtendedServerSession::receive(QByteArrayView bytes)
{
    if (m_state == State::Closed)
        return;
    m_input.append(bytes);
    // Counts CANCEL lines as they arrive; only the start of a line can be one. What is in a file
    // is no line.
    while (!bytes.isEmpty()) {
        if (m_scanBody > 0) {
            const qint64 passed = std::min<qint64>(m_scanBody, bytes.size());
            m_scanBody -= passed;
            bytes = bytes.sliced(passed);
            continue;
        }
        const qsizetype lineEnd = bytes.indexOf('\n');
        const QByteArrayView part = lineEnd < 0 ? bytes : bytes.first(lineEnd);
        const qsizetype room = scannedBytes + 1 - m_scan.size();
        m_scan.append(part.data(), std::clamp<qsizetype>(room, 0, part.size()));
        if (lineEnd < 0)
            return;
        const QByteArrayView whole = m_scan;
        const QByteArrayView line = whole.endsWith('\r') ? whole.chopped(1) : whole;
        if (line.compare("CANCEL", Qt::CaseInsensitive) == 0)
            ++m_cancels;
        m_scanBody = extended::bytesBehind(line).value_or(0);
        m_scan.clear();
        bytes = bytes.sliced(lineEnd + 1);
    }
}

bool ExtendedServerSession::cancelRequested()
{
    return m_cancels > 0;
}

/// Reads one line. False if there is none.
bool ExtendedServerSession::advance()
{
    const qsizetype before = m_input.size();
    const ReceiveBuffer::Taken taken = m_input.takeLine();
    if (m_state != State::LoggedIn) {
        m_strangerBytes += before - m_input.size();
        if (beyondStrangersShare(taken)) {
            closeAfter(extended::refusal("TOOMUCH"));
            return true;
        }
    }
    switch (taken.status) {
    case ReceiveBuffer::Status::NeedMore:
        return false;
    case ReceiveBuffer::Status::TooLong:
        closeAfter(extended::refusal("TOOLONG"));
        break;
    case ReceiveBuffer::Status::HoldsNul:
        closeAfter(extended::refusal("NUL"));
        break;
    case ReceiveBuffer::Status::Line:
        if (!taken.line.isEmpty())
            handle(taken.line);
        break;
    }
    return true;
}

/// Did the stranger say too much up to the place where `taken` ends? What lies behind it counts
/// only when its turn comes, so that the answer is the same however the bytes were cut.
bool ExtendedServerSession::beyondStrangersShare(const ReceiveBuffer::Taken &taken) const
{
    qsizetype seen = m_strangerBytes;
    if (taken.status == ReceiveBuffer::Status::HoldsNul)
        seen += m_input.view().indexOf('\0') + 1;
    else if (taken.status != ReceiveBuffer::Status::Line)
        seen += m_input.size();
    return seen > limits::bytesBeforeLogin;
}

ExtendedAction ExtendedServerSession::nextAction()
{
    Q_ASSERT(m_question == Question::None || !m_actions.empty());
    while (m_actions.empty() && m_state != State::Closed && !(inUpload() && m_bodyLeft > 0)) {
        if (!skipBody() || !advance())
            break;
    }
    if (!m_actions.empty()) {
        ExtendedAction action = std::move(m_actions.front());
        m_actions.pop_front();
        return action;
    }
    if (m_inputEnded && !(m_bodyLeft > 0 && m_input.size() > 0))
        m_state = State::Closed;
    ExtendedAction action;
    action.kind = m_state == State::Closed       ? Kind::Close
                  : m_bodyLeft > 0 && inUpload() ? Kind::Body
                                                 : Kind::Receive;
    return action;
}

/// To whom it is not announced, a request is unknown, also where it breaks the grammar.
bool ExtendedServerSession::offers(QByteArrayView word) const
{
    switch (extended::verbNamed(word).value_or(Verb::Quit)) {
    case Verb::Who:
    case Verb::Tell:
    case Verb::News:
        return m_abilities.people;
    case Verb::Drop:
        return m_abilities.gifts;
    case Verb::Receipts:
        return m_abilities.receiptsOfRuns;
    default:
        return true;
    }
}

void ExtendedServerSession::handle(const QByteArray &line)
{
    // Where content may come, a line that is out of place or cannot be understood is the end: what
    // follows it may be bytes of a file.
    const QByteArrayView word = extended::split(line)[0];
    const extended::ParsedRequest parsed = offers(word)
                                               ? extended::parseRequest(line)
                                               : extended::ParsedRequest{std::nullopt, "UNKNOWN"};
    const bool inContent =
        inUpload() || m_upload == Upload::Refused || word.compare("DATA", Qt::CaseInsensitive) == 0;
    const auto mayStandThere = [](Verb verb) {
        return verb == Verb::Data || verb == Verb::End || verb == Verb::Abort || verb == Verb::Quit;
    };
    if (inContent && !(parsed.request && mayStandThere(parsed.request->verb)))
        return closeAfter(extended::refusal("ORDER"));
    if (!parsed.request)
        return reply(extended::refusal(parsed.refusal));
    const auto rule = std::find_if(std::begin(rules), std::end(rules),
                                   [&](const Rule &r) { return r.verb == parsed.request->verb; });
    const Rule::Action action = m_state == State::LoggedIn   ? rule->loggedIn
                                : m_state == State::Exchange ? rule->exchange
                                                             : rule->stranger;
    (this->*action)(*parsed.request);
}

void ExtendedServerSession::hello(const Request &request)
{
    m_peerAgent = request.text;
    m_peerName = request.name;
    m_peerBox = request.box;
    const QByteArrayList can = request.can.split(',');
    m_peerKnowsReasons = can.contains(extended::reasons);
    m_peerGivesFiles = can.contains(extended::givesFiles);
    m_peerHasWindow = can.contains(extended::hasWindow);
    reply(extended::hello(loggedIn(), m_offersScram ? scram : QByteArrayView(), m_agent,
                          m_abilities));
}

void ExtendedServerSession::login(const Request &request)
{
    if (!m_offersScram || request.text != scram)
        return reply(extended::refusal("MECHANISM"));
    m_question = Question::Login;
    m_actions.push_back({Kind::LoginStep, {}, request});
}

void ExtendedServerSession::response(const Request &request)
{
    if (request.base64 == "*") {
        m_state = State::Stranger;
        return reply(extended::refusal("CANCELLED"));
    }
    m_question = Question::Login;
    m_actions.push_back({Kind::LoginStep, {}, request});
}

void ExtendedServerSession::loginChallenged(QByteArrayView base64)
{
    Q_ASSERT(m_question == Question::Login);
    m_question = Question::None;
    m_state = State::Exchange;
    reply(extended::challenge(base64));
}

void ExtendedServerSession::loginSucceeded(QByteArrayView account, QByteArrayView base64)
{
    Q_ASSERT(m_question == Question::Login);
    m_question = Question::None;
    m_state = State::LoggedIn;
    reply(extended::loggedIn(account, base64));
}

void ExtendedServerSession::loginFailed()
{
    Q_ASSERT(m_question == Question::Login);
    m_question = Question::None;
    m_state = State::Stranger;
    if (++m_failedLogins < limits::loginTries)
        reply(extended::refusal("DENIED"));
    else
        closeAfter(extended::refusal("DENIED"));
}

void ExtendedServerSession::loginMustWait(qint64 seconds)
{
    Q_ASSERT(m_question == Question::Login);
    m_question = Question::None;
    closeAfter(extended::wait(seconds));
}

void ExtendedServerSession::perform(const Request &request)
{
    // What a receipt confirms was answered to its end.
    const bool confirms = request.verb == Verb::Receipt || request.verb == Verb::Receipts;
    if (m_cancels > 0 && !confirms)
        return reply(extended::refusal("CANCELLED"));
    m_question = Question::Perform;
    m_actions.push_back({Kind::Perform, {}, request});
}

void ExtendedServerSession::performed()
{
    Q_ASSERT(m_question == Question::Perform);
    m_question = Question::None;
    if (m_upload == Upload::Asked)
        m_upload = m_follows ? Upload::Refused : Upload::None;
    else if (m_upload == Upload::Open)
        m_upload = Upload::None;
}

/// A refusal is no reason to lose the order: content that comes without being asked for is
/// passed over.
void ExtendedServerSession::put(const Request &request)
{
    m_follows = request.follows;
    if (m_cancels > 0) {
        m_upload = m_follows ? Upload::Refused : Upload::None;
        return reply(extended::refusal("CANCELLED"));
    }
    m_upload = Upload::Asked;
    m_question = Question::Perform;
    m_actions.push_back({Kind::Perform, {}, request});
}

void ExtendedServerSession::uploadOpened()
{
    Q_ASSERT(m_question == Question::Perform && m_upload == Upload::Asked);
    m_question = Question::None;
    m_upload = Upload::Open;
}

void ExtendedServerSession::uploadRefused()
{
    Q_ASSERT(m_question == Question::None && m_upload == Upload::Open);
    m_upload = Upload::Refused;
}

/// What was sent as content must never be read as requests, so one that is out of place is the
/// end.
void ExtendedServerSession::data(const Request &request)
{
    if (m_upload != Upload::Open && m_upload != Upload::Refused)
        return closeAfter(extended::refusal("ORDER"));
    m_bodyLeft = request.length.value_or(0);
}

/// END or ABORT. Of an upload that was refused, nobody is told a second time.
void ExtendedServerSession::finishUpload(const Request &request)
{
    if (m_upload == Upload::Refused) {
        m_upload = Upload::None;
    } else if (m_upload == Upload::Open) {
        m_question = Question::Perform;
        m_actions.push_back({Kind::Perform, {}, request});
    } else {
        closeAfter(extended::refusal("ORDER"));
    }
}

/// Passes over the content of an upload that was refused. False if more of it is to come.
bool ExtendedServerSession::skipBody()
{
    while (m_bodyLeft > 0 && m_input.size() > 0)
        m_bodyLeft -=
            m_input.takeBytes(qsizetype(std::min<qint64>(m_bodyLeft, m_input.size()))).size();
    return m_bodyLeft == 0;
}

qsizetype ExtendedServerSession::takeBody(char *to, qsizetype most)
{
    const qsizetype taken = m_input.takeBytes(to, qsizetype(std::min<qint64>(most, m_bodyLeft)));
    m_bodyLeft -= taken;
    return taken;
}

void ExtendedServerSession::bodyReceived(qint64 bytes)
{
    Q_ASSERT(bufferEmpty() && bytes <= m_bodyLeft && m_scanBody == m_bodyLeft);
    m_bodyLeft -= bytes;
    m_scanBody -= bytes;
}

void ExtendedServerSession::refuseStranger(const Request &)
{
    reply(extended::refusal("NOLOGIN"));
}

/// Out of order: this request has no meaning now. An exchange that is disturbed is over.
void ExtendedServerSession::refuseSyntax(const Request &)
{
    if (m_state == State::Exchange)
        m_state = State::Stranger;
    reply(extended::refusal("SYNTAX"));
}

void ExtendedServerSession::ping(const Request &request)
{
    reply(extended::pong(request.text));
}

void ExtendedServerSession::cancel(const Request &)
{
    m_cancels = std::max(0, m_cancels - 1);
    reply(extended::success("CANCELLED"));
}

void ExtendedServerSession::quit(const Request &)
{
    m_saidGoodbye = true;
    m_state = State::Closed;
}

void ExtendedServerSession::reply(const QByteArray &bytes)
{
    m_actions.push_back({Kind::Send, bytes, {}});
}

void ExtendedServerSession::closeAfter(const QByteArray &bytes)
{
    reply(bytes);
    m_state = State::Closed;
}

} // namespace ferry
