// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "net/base/logqueue.h"
#include "net/base/rateguard.h"
#include "net/channel/channel.h"
#include "wire/classic/classicclientsession.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QDeadlineTimer>

#include <chrono>

namespace ferry::client {

/// Where the content of a file goes while it comes.
class FileSink
{
public:
    virtual ~FileSink() = default;

    /// An error ends the transfer, and the connection with it: the dialect cannot stop a file.
    virtual Result<> take(QByteArrayView bytes) = 0;

    /// No byte came for ClientConfig::stalledTime.
    virtual void stall() = 0;

    /// How much to receive at once, at most `most`, and how long to rest after `bytes` came.
    virtual qint64 piece(qint64 most) { return most; }
    virtual std::chrono::nanoseconds spend(qint64 bytes)
    {
        Q_UNUSED(bytes)
        return std::chrono::nanoseconds(0);
    }
};

/// Drives the classic session machine over one connected channel, with deadlines, and writes
/// down what was said: the lines as they went over the wire, a file's content as one line, the
/// password never. One thread.
class ClassicConversation
{
public:
    ClassicConversation(Channel &channel, const ClientConfig &config, LogQueue &log);

    /// The greeting and the login. Refused, WrongPassword, Protocol, CutShort, TimedOut.
    Result<> logIn();

    /// One file, into `sink`. NotFound, Protocol, CutShort, TimedOut, and what the sink says.
    Result<> fetch(const QByteArray &path, FileSink &sink);

    /// What the server says while nothing is asked of it: false if it closed the connection.
    /// Whatever it says, the connection is not usable() any more.
    bool onUnsolicitedData();

    void quit();

    /// False: another request needs another connection.
    bool usable() const { return !m_broken && m_session.usable() && m_session.idle(); }

    /// Content bytes that the last fetch() gave to its sink.
    qint64 fetched() const { return m_fetched; }

private:
    Result<ClassicClientEvent> nextEvent(FileSink *sink = nullptr);
    Result<> receiveMore(FileSink *sink);
    Result<bool> waitForBytes(FileSink *sink);
    Result<> deliver(const QByteArray &path, FileSink &sink);
    Error violation(const QByteArray &said) const;
    Error cutShort() const;
    void logLine(LogKind kind, QByteArrayView line);

    Channel &m_channel;
    const ClientConfig &m_config;
    LogQueue &m_log;
    ClassicClientSession m_session;
    QByteArray m_buffer;
    QDeadlineTimer m_loginDeadline;
    qint64 m_fetched = 0;
    bool m_greeted = false;
    bool m_loggingIn = false;
    bool m_broken = false;
    RateGuard m_guard;
};

} // namespace ferry::client
