// SPDX-License-Identifier: MIT
#include "client/connect/classicconversation.h"

#include "client/limits.h"
#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "net/limits.h"
#include "wire/classic/codec.h"

#include <QLocale>
#include <QRandomGenerator>

#include <algorithm>

namespace ferry::client {

using Kind = ClassicClientEvent::Kind;

namespace {

/// A name that no server has a file under, new for each request.
QByteArray freshProbeName()
{
    quint32 words[4];
    QRandomGenerator::system()->fillRange(words);
    return "ferry-end-of-file-" +
           QByteArray(reinterpret_cast<const char *>(words), sizeof words).toHex();
}

QByteArrayView withoutLineEnd(QByteArrayView line)
{
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    return line;
}

} // namespace

ClassicConversation::ClassicConversation(Channel &channel, const ClientConfig &config,
                                         LogQueue &log)
    : m_channel(channel)
    , m_config(config)
    , m_log(log)
    , m_buffer(limits::ioBytes, Qt::Uninitialized)
    , m_guard(limits::minimumRateClassic, config.minimumRateWindow)
{
}

Result<> ClassicConversation::logIn()
{
    m_loginDeadline.setRemainingTime(std::min(m_config.replyTime, limits::loginAnswerTime).count());
    for (;;) {
        Result<ClassicClientEvent> next = nextEvent();
        if (!next)
            return next.error();
        const ClassicClientEvent &event = next.value();
        switch (event.kind) {
        case Kind::Greeted:
            m_greeted = true;
            logLine(LogKind::Response, event.bytes);
            m_loggingIn = true;
            m_session.login(m_config.password);
            break;
        case Kind::LoggedIn:
            logLine(LogKind::Response, event.bytes);
            m_loggingIn = false;
            return {};
        case Kind::BadPassword:
            if (event.bytes.isEmpty())
                return Error{
                    ErrorCode::Invalid,
                    tr("The password cannot be sent: it is empty, too long or more than a line.")};
            logLine(LogKind::Response, event.bytes);
            return Error{ErrorCode::WrongPassword, tr("The password is wrong.")};
        case Kind::Violation:
            return violation(event.bytes);
        default:
            return cutShort();
        }
    }
}

Result<> ClassicConversation::fetch(const QByteArray &path, FileSink &sink)
{
    m_fetched = 0;
    m_guard.restart();
    const QByteArray probeName = freshProbeName();
    m_session.requestFile(path, probeName);
    Result<> result = deliver(path, sink);
    if (m_session.usable() && m_session.idle())
        logLine(LogKind::Response, classic::fileNotOpened(probeName));
    // In the middle of an answer there is no way back to the next request.
    if (!result && result.error().code != ErrorCode::NotFound)
        m_broken = true;
    return result;
}

Result<> ClassicConversation::deliver(const QByteArray &path, FileSink &sink)
{
    const auto logContent = [this] {
        if (m_fetched > 0)
            m_log.add(
                0, LogKind::Response,
                tr("(%1 of file content)")
                    .arg(QLocale().formattedDataSize(m_fetched, 1, QLocale::DataSizeSIFormat)));
    };
    for (;;) {
        Result<ClassicClientEvent> next = nextEvent(&sink);
        if (!next) {
            logContent();
            return next.error();
        }
        const ClassicClientEvent &event = next.value();
        switch (event.kind) {
        case Kind::FileBytes: {
            m_fetched += event.bytes.size();
            if (const Result<> taken = sink.take(event.bytes); !taken) {
                logContent();
                return taken;
            }
            break;
        }
        case Kind::FileEnd:
            logContent();
            logLine(LogKind::Response, classic::fileSent(path));
            return {};
        case Kind::FileMissing:
            if (event.bytes.isEmpty())
                return Error{
                    ErrorCode::Invalid,
                    tr("The path cannot be sent in the classic protocol: it is too long or "
                       "more than a line.")};
            logLine(LogKind::Response, event.bytes);
            return Error{ErrorCode::NotFound, tr("The server has no such file.")};
        case Kind::Violation:
            return violation(event.bytes);
        default:
            logContent();
            return cutShort();
        }
    }
}

bool ClassicConversation::onUnsolicitedData()
{
    m_broken = true;
    const Result<qsizetype> count =
        m_channel.read(m_buffer.data(), m_buffer.size(), QDeadlineTimer(0));
    if (!count || count.value() == 0)
        return false;
    const QByteArrayView said = QByteArrayView(m_buffer).first(count.value());
    const qsizetype end = said.indexOf('\n');
    logLine(LogKind::Response, end < 0 ? said : said.first(end));
    return true;
}

void ClassicConversation::quit()
{
    m_session.quit();
    const ClassicClientEvent event = m_session.nextEvent();
    if (event.kind != Kind::Send)
        return;
    logLine(LogKind::Command, event.bytes);
    // Nothing depends on it: the connection is closed right after.
    static_cast<void>(m_channel.write(event.bytes, QDeadlineTimer(limits::quitTime)));
    m_broken = true;
}

/// The next event that is not the machine's own business.
Result<ClassicClientEvent> ClassicConversation::nextEvent(FileSink *sink)
{
    for (;;) {
        ClassicClientEvent event = m_session.nextEvent();
        if (event.kind == Kind::Send) {
            logLine(LogKind::Command, m_loggingIn ? QByteArrayView("AUTH ***") : event.bytes);
            const Result<> sent = m_channel.write(event.bytes, QDeadlineTimer(m_config.replyTime));
            if (!sent) {
                m_broken = true;
                return sent.error();
            }
        } else if (event.kind == Kind::Receive) {
            const Result<> received = receiveMore(sink);
            if (!received) {
                m_broken = true;
                return received.error();
            }
        } else {
            return event;
        }
    }
}

Result<> ClassicConversation::receiveMore(FileSink *sink)
{
    const auto began = RateGuard::Clock::now();
    const Result<bool> ready = waitForBytes(sink);
    if (!ready)
        return ready.error();
    if (!ready.value()) {
        if (!m_session.probing())
            return Error{ErrorCode::TimedOut, tr("The other side did not answer in time.")};
        m_session.silence();
        return {};
    }
    const auto most = sink ? qsizetype(sink->piece(m_buffer.size())) : m_buffer.size();
    const QDeadlineTimer deadline = sink ? QDeadlineTimer(m_config.replyTime) : m_loginDeadline;
    const Result<qsizetype> count = m_channel.read(m_buffer.data(), most, deadline);
    if (!count)
        return count.error();
    if (count.value() == 0) {
        m_session.receiveEnd();
        return {};
    }
    m_session.receive(QByteArrayView(m_buffer).first(count.value()));
    if (!sink)
        return {};
    // A server that drips a byte now and then would keep the file, and all that wait, for ever.
    if (!m_guard.add(count.value(), RateGuard::Clock::now() - began))
        return Error{ErrorCode::TimedOut, tr("The file came too slowly.")};
    if (const auto rest = sink->spend(count.value()); rest.count() > 0) {
        if (auto rested = m_channel.pause(QDeadlineTimer(rest, Qt::PreciseTimer)); !rested)
            return rested;
    }
    return {};
}

Result<bool> ClassicConversation::waitForBytes(FileSink *sink)
{
    if (m_session.probing())
        return m_channel.waitForBytes(QDeadlineTimer(m_config.probeTime));
    if (!sink)
        return m_channel.waitForBytes(m_loginDeadline);
    const QDeadlineTimer deadline(m_config.replyTime);
    if (m_config.stalledTime < m_config.replyTime) {
        const Result<bool> ready = m_channel.waitForBytes(QDeadlineTimer(m_config.stalledTime));
        if (!ready || ready.value())
            return ready;
        sink->stall();
    }
    return m_channel.waitForBytes(deadline);
}

Error ClassicConversation::violation(const QByteArray &said) const
{
    m_log.add(0, LogKind::Response, displayText(QByteArrayView(said)));
    const QString text = displayText(QByteArrayView(said));
    // A server that knows the dialect and does not want us says so in a line of its own.
    if (said.startsWith('!') && (!m_greeted || m_loggingIn))
        return {ErrorCode::Refused, tr("The server refused: %1").arg(text)};
    if (!m_greeted)
        return {ErrorCode::Protocol, tr("This is not a Ferry server; it said: %1").arg(text)};
    return {ErrorCode::Protocol,
            tr("The server broke the rules of the protocol; it said: %1").arg(text)};
}

Error ClassicConversation::cutShort() const
{
    return {ErrorCode::CutShort, tr("The server closed the connection too early.")};
}

/// A server may repeat what it was sent, so the password is taken out of its lines as well.
void ClassicConversation::logLine(LogKind kind, QByteArrayView line)
{
    QByteArray text = withoutLineEnd(line).toByteArray();
    if (m_loggingIn && kind == LogKind::Response && !m_config.password.isEmpty())
        text.replace(m_config.password, "***");
    m_log.add(0, kind, displayText(QByteArrayView(text)));
}

} // namespace ferry::client
