// SPDX-License-Identifier: MIT
#include "wire/classic/classicserversession.h"

#include "wire/classic/codec.h"
#include "wire/extended/extended.h"
#include "wire/limits.h"

#include <algorithm>

namespace ferry {

/// Which command does what, when. A line that no rule fits is an invalid command; a rule never
/// fits when the verb takes an argument and there is none, or the other way round.
struct ClassicServerSession::Rule
{
    enum Argument { Needed, None };

    Verb verb;
    State state;
    Argument argument;
    void (ClassicServerSession::*action)(const QByteArray &argument);
};

const ClassicServerSession::Rule ClassicServerSession::rules[] = {
    {Verb::Auth, State::Stranger, Rule::Needed, &ClassicServerSession::checkPassword},
    {Verb::Auth, State::LoggedIn, Rule::Needed, &ClassicServerSession::checkPassword},
    {Verb::File, State::Stranger, Rule::Needed, &ClassicServerSession::refuseStranger},
    {Verb::File, State::LoggedIn, Rule::Needed, &ClassicServerSession::openFile},
    {Verb::Tell, State::Stranger, Rule::Needed, &ClassicServerSession::refuseStranger},
    {Verb::Tell, State::LoggedIn, Rule::Needed, &ClassicServerSession::tell},
    {Verb::News, State::Stranger, Rule::None, &ClassicServerSession::refuseStranger},
    {Verb::News, State::LoggedIn, Rule::None, &ClassicServerSession::askForNews},
    {Verb::Quit, State::Stranger, Rule::None, &ClassicServerSession::quit},
    {Verb::Quit, State::LoggedIn, Rule::None, &ClassicServerSession::quit},
    {Verb::Hello, State::Stranger, Rule::Needed, &ClassicServerSession::hello},
    {Verb::Hello, State::LoggedIn, Rule::Needed, &ClassicServerSession::hello},
};

namespace {

// How a TLS client begins: a handshake record, protocol version 3.x.
constexpr char tlsHandshake = 0x16;
constexpr char tlsMajorVersion = 0x03;

/// Nothing but carriage returns: somebody pressed Enter.
bool isBlank(QByteArrayView line)
{
    return std::all_of(line.begin(), line.end(), [](char c) { return c == '\r'; });
}

} // namespace

ClassicServerSession::ClassicServerSession(bool people)
    : m_people(people)
{
    reply(classic::greeting);
}

void ClassicServerSession::receive(QByteArrayView bytes)
{
    if (m_state == State::Closed)
        return;
    if (m_rawTaken > 0) {
        m_raw.remove(0, m_rawTaken);
        m_rawTaken = 0;
    }
    m_raw.append(bytes.data(), bytes.size());
}

void ClassicServerSession::receiveEnd()
{
    m_inputEnded = true;
}

ServerAction ClassicServerSession::nextAction()
{
    Q_ASSERT(m_question == Question::None || !m_actions.empty());
    while (m_actions.empty() && m_state != State::Closed && advance()) {
    }
    if (!m_actions.empty()) {
        ServerAction action = std::move(m_actions.front());
        m_actions.pop_front();
        return action;
    }
    if (m_inputEnded)
        close();
    return {m_state == State::Closed ? ServerAction::Kind::Close : ServerAction::Kind::Receive, {}};
}

/// One step further: reads up to a line end and carries the line out. False if that takes more
/// bytes than there are.
bool ClassicServerSession::advance()
{
    if (!readUpToLine())
        return false;
    const ReceiveBuffer::Taken taken = m_input.takeLine();
    switch (taken.status) {
    case ReceiveBuffer::Status::NeedMore:
        break;
    case ReceiveBuffer::Status::TooLong:
        closeAfter(classic::lineTooLong);
        break;
    case ReceiveBuffer::Status::HoldsNul:
        closeAfter(classic::lineHoldsNul);
        break;
    case ReceiveBuffer::Status::Line:
        if (isBlank(taken.line))
            break;
        const Command command = parseCommand(taken.line);
        if (m_firstLine && command.verb == Verb::Unknown && looksLikeHttp(taken.line))
            close();
        else
            handle(command);
        m_firstLine = false;
        break;
    }
    return true;
}

/// Moves bytes from m_raw to m_input, no further than one line end and, before login, no further
/// than a stranger may come. False if there is nothing to move.
bool ClassicServerSession::readUpToLine()
{
    QByteArrayView raw = QByteArrayView(m_raw).sliced(m_rawTaken);
    if (raw.isEmpty())
        return false;
    if (m_state == State::Stranger) {
        if (m_strangerBytes == 0 && raw[0] == tlsHandshake) {
            if (raw.size() == 1)
                return false;
            if (raw[1] == tlsMajorVersion) {
                close();
                return true;
            }
        }
        if (m_strangerBytes == limits::bytesBeforeLogin) {
            closeAfter(classic::tooMuchBeforeLogin);
            return true;
        }
        raw = raw.first(std::min(raw.size(), limits::bytesBeforeLogin - m_strangerBytes));
    }
    const qsizetype lineEnd = raw.indexOf('\n');
    if (lineEnd >= 0)
        raw = raw.first(lineEnd + 1);
    m_input.append(m_filter.filter(raw));
    if (m_state == State::Stranger)
        m_strangerBytes += raw.size();
    m_rawTaken += raw.size();
    if (m_rawTaken == m_raw.size()) {
        m_raw.clear();
        m_rawTaken = 0;
    }
    return true;
}

bool ClassicServerSession::offers(Verb verb) const
{
    return m_people || (verb != Verb::Tell && verb != Verb::News);
}

void ClassicServerSession::handle(const Command &command)
{
    for (const Rule &rule : rules) {
        if (rule.verb != command.verb || rule.state != m_state || !offers(rule.verb))
            continue;
        const QByteArray argument = command.argument.value_or(QByteArray());
        if (rule.argument == Rule::Needed ? !argument.isEmpty() : !command.argument.has_value())
            return (this->*rule.action)(argument);
    }
    reply(classic::invalidCommand);
}

void ClassicServerSession::checkPassword(const QByteArray &password)
{
    m_question = Question::Password;
    m_actions.push_back({ServerAction::Kind::CheckPassword, password});
}

void ClassicServerSession::passwordChecked(bool right)
{
    Q_ASSERT(m_question == Question::Password);
    m_question = Question::None;
    if (right) {
        m_state = State::LoggedIn;
        m_loggedIn = true;
        reply(classic::loggedIn);
    } else if (++m_failedLogins < limits::loginTries) {
        // Who is logged in already stays so.
        reply(classic::badPassword);
    } else {
        closeAfter(classic::badPassword);
    }
}

void ClassicServerSession::loginMustWait(qint64 seconds)
{
    Q_ASSERT(m_question == Question::Password);
    m_question = Question::None;
    closeAfter(classic::mustWait(seconds));
}

void ClassicServerSession::refuseStranger(const QByteArray &)
{
    reply(classic::notLoggedIn);
}

void ClassicServerSession::openFile(const QByteArray &path)
{
    m_question = Question::File;
    m_path = path;
    m_actions.push_back({ServerAction::Kind::OpenFile, path});
}

void ClassicServerSession::fileOpened()
{
    Q_ASSERT(m_question == Question::File);
    m_question = Question::Body;
    m_actions.push_back({ServerAction::Kind::SendFile, {}});
}

void ClassicServerSession::fileNotOpened()
{
    Q_ASSERT(m_question == Question::File);
    m_question = Question::None;
    reply(classic::fileNotOpened(m_path));
}

void ClassicServerSession::fileSent()
{
    Q_ASSERT(m_question == Question::Body);
    m_question = Question::None;
    reply(classic::fileSent(m_path));
}

void ClassicServerSession::fileCutShort()
{
    Q_ASSERT(m_question == Question::Body);
    m_question = Question::None;
    close();
}

/// What cannot be said never becomes a question.
void ClassicServerSession::tell(const QByteArray &text)
{
    if (text.size() > limits::messageBytes)
        return reply(classic::messageTooLong);
    if (!extended::isMessage(text))
        return reply(classic::messageNotUtf8);
    m_question = Question::Tell;
    m_actions.push_back({ServerAction::Kind::Tell, text});
}

void ClassicServerSession::told()
{
    Q_ASSERT(m_question == Question::Tell);
    m_question = Question::None;
    reply(classic::told);
}

void ClassicServerSession::notTold()
{
    Q_ASSERT(m_question == Question::Tell);
    m_question = Question::None;
    reply(classic::notTold);
}

void ClassicServerSession::tellMustWait(qint64 seconds)
{
    Q_ASSERT(m_question == Question::Tell);
    m_question = Question::None;
    reply(classic::tooManyMessages(seconds));
}

void ClassicServerSession::askForNews(const QByteArray &)
{
    m_question = Question::News;
    m_actions.push_back({ServerAction::Kind::News, {}});
}

void ClassicServerSession::news(const QList<extended::Note> &notes, qint64 lost)
{
    Q_ASSERT(m_question == Question::News);
    m_question = Question::None;
    if (lost > 0)
        reply(classic::lostNotes(lost));
    for (const extended::Note &note : notes)
        reply(classic::note(note));
    reply(classic::newsEnd);
}

void ClassicServerSession::quit(const QByteArray &)
{
    m_saidGoodbye = true;
    close();
}

void ClassicServerSession::hello(const QByteArray &argument)
{
    const QByteArrayView words = argument;
    const qsizetype space = words.indexOf(' ');
    if ((space < 0 ? words : words.first(space)) != extended::versionName)
        return reply(extended::refusal("VERSION"));
    m_actions.push_back({ServerAction::Kind::Hello, "HELLO " + argument});
    m_state = State::Closed;
}

QByteArray ClassicServerSession::takeRest()
{
    QByteArray rest = m_raw.sliced(m_rawTaken);
    m_raw.clear();
    m_rawTaken = 0;
    return rest;
}

void ClassicServerSession::reply(const QByteArray &bytes)
{
    m_actions.push_back({ServerAction::Kind::Send, bytes});
}

void ClassicServerSession::closeAfter(const QByteArray &bytes)
{
    reply(bytes);
    close();
}

void ClassicServerSession::close()
{
    m_state = State::Closed;
    m_raw.clear();
    m_rawTaken = 0;
    m_input.clear();
}

} // namespace ferry
