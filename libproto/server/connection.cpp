// SPDX-License-Identifier: MIT
#include "server/connection.h"

#include "net/displaytext.h"
#include "server/filesender.h"
#include "server/password.h"
#include "wire/codec.h"

#include <QCoreApplication>

namespace ferry::server {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ferry", text);
}

QByteArrayView withoutLineEnd(QByteArrayView line)
{
    return line.endsWith(classic::lineEnd) ? line.chopped(2) : line;
}

} // namespace

Connection::Connection(quint64 id, Channel &channel, std::shared_ptr<const ServerContext> context,
                       SessionCounters &counters, Admission::Place &place)
    : m_id(id)
    , m_channel(channel)
    , m_context(std::move(context))
    , m_counters(counters)
    , m_place(place)
    , m_loginDeadline(m_context->config.loginTime)
    , m_idleDeadline(QDeadlineTimer::Forever)
{
}

Connection::Ending Connection::run()
{
    for (;;) {
        const ServerAction action = m_session.nextAction();
        if (action.kind == ServerAction::Kind::Close) {
            if (m_session.saidGoodbye())
                log(LogKind::Command, QStringLiteral("QUIT"));
            return normalEnding();
        }
        if (drainNow(action))
            return {tr("server stopped"), false};
        if (const auto done = carryOut(action); !done)
            return endingOf(done.error());
    }
}

Result<> Connection::carryOut(const ServerAction &action)
{
    if (action.kind == ServerAction::Kind::Receive)
        return receive();

    Result<> done;
    switch (action.kind) {
    case ServerAction::Kind::Send:
        done = send(action.bytes);
        break;
    case ServerAction::Kind::CheckPassword:
        done = checkPassword(action.bytes);
        break;
    case ServerAction::Kind::OpenFile:
        openFile(action.bytes);
        break;
    case ServerAction::Kind::SendFile:
        done = sendFile();
        break;
    case ServerAction::Kind::Hello:
    case ServerAction::Kind::Receive:
    case ServerAction::Kind::Close:
        break;
    }
    // Idle is counted from the last thing that was done; bytes that make no command do not count.
    m_idleDeadline = QDeadlineTimer(m_context->config.idleTime);
    return done;
}

/// Between two commands, never between a command and its reply.
bool Connection::drainNow(const ServerAction &action) const
{
    return m_context->draining && (action.kind == ServerAction::Kind::Receive ||
                                   action.kind == ServerAction::Kind::CheckPassword ||
                                   action.kind == ServerAction::Kind::OpenFile);
}

Result<> Connection::receive()
{
    char bytes[4096];
    const QDeadlineTimer deadline = m_session.loggedIn() ? m_idleDeadline : m_loginDeadline;
    const auto count = m_channel.read(bytes, sizeof bytes, deadline);
    if (!count)
        return count.error();
    m_counters.touch();
    if (count.value() == 0) {
        m_peerFinished = true;
        m_session.receiveEnd();
    } else {
        m_session.receive(QByteArrayView(bytes, count.value()));
    }
    return {};
}

Result<> Connection::send(const QByteArray &bytes)
{
    m_lastReply = withoutLineEnd(bytes).toByteArray();
    log(LogKind::Response, displayText(m_lastReply));
    m_counters.touch();
    return m_channel.write(bytes, writeDeadline());
}

Result<> Connection::checkPassword(const QByteArray &password)
{
    log(LogKind::Command, QStringLiteral("AUTH ***"));
    const bool right = samePassword(password, m_context->config.password);
    if (right) {
        m_place.settle();
        if (!m_session.loggedIn())
            m_counters.setState(SessionState::Idle);
    } else {
        const QDeadlineTimer delay(m_context->config.loginFailureDelay);
        if (const auto paused = m_channel.pause(delay); !paused)
            return paused;
    }
    m_session.passwordChecked(right);
    return {};
}

void Connection::openFile(const QByteArray &path)
{
    log(LogKind::Command, QStringLiteral("FILE ") + displayText(path));
    auto file = find(path);
    if (file) {
        m_file = file.take();
        m_counters.beginFile(displayText(path), m_file.size);
        m_session.fileOpened();
        return;
    }
    if (file.error().code == ErrorCode::Refused)
        log(LogKind::Warning, file.error().text);
    m_session.fileNotOpened();
}

/// The path as it is; only if that names nothing, once more with `\` read as `/`.
Result<OpenFile> Connection::find(const QByteArray &path) const
{
    const auto open = [this](const QByteArray &candidate) -> Result<OpenFile> {
        const auto checked = VirtualPath::parse(candidate);
        if (!checked)
            return Error{ErrorCode::NotFound, tr("No valid path.")};
        return m_context->shares->openFile(*checked);
    };
    auto file = open(path);
    if (!file && file.error().code == ErrorCode::NotFound && path.contains('\\'))
        return open(QByteArray(path).replace('\\', '/'));
    return file;
}

Result<> Connection::sendFile()
{
    m_sendingFile = true;
    const auto sent = sendWholeFile(m_channel, m_file, m_context->config, m_counters);
    m_file = {};
    m_counters.endFile(sent.ok());
    if (sent) {
        m_sendingFile = false;
        m_session.fileSent();
        return {};
    }
    m_session.fileCutShort();
    return sent;
}

Connection::Ending Connection::endingOf(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Cancelled:
        return {{}, true, true};
    case ErrorCode::TimedOut:
        // Between commands there is a word for it; in the middle of a file it would be taken for
        // a part of the file. A peer that reads nothing misses nothing: no waiting here.
        if (!m_sendingFile)
            static_cast<void>(m_channel.write(classic::timedOut(), QDeadlineTimer(0)));
        return {tr("timed out"), true};
    case ErrorCode::LocalFile:
        return {error.text, true};
    default:
        return {tr("connection lost"), true};
    }
}

Connection::Ending Connection::normalEnding() const
{
    if (m_session.saidGoodbye() || m_peerFinished)
        return {tr("closed by the client"), false};
    if (m_lastReply.startsWith('!'))
        return {tr("refused: %1").arg(displayText(QByteArrayView(m_lastReply).sliced(1))), true};
    return {tr("refused: not a Ferry client"), true};
}

QDeadlineTimer Connection::writeDeadline() const
{
    const QDeadlineTimer progress(m_context->config.noProgressTime);
    return m_session.loggedIn() ? progress : qMin(progress, m_loginDeadline);
}

void Connection::linger()
{
    m_channel.finishWriting();
    const QDeadlineTimer deadline(limits::lingerTime);
    char bytes[4096];
    for (qint64 dropped = 0; dropped < limits::lingerBytes;) {
        const auto count = m_channel.read(bytes, sizeof bytes, deadline);
        if (!count || count.value() == 0)
            return;
        dropped += count.value();
    }
}

void Connection::log(LogKind kind, const QString &message)
{
    m_context->log->add(m_id, kind, message);
}

} // namespace ferry::server
