// SPDX-License-Identifier: MIT
#pragma once

#include "server/files/loggedshares.h"
#include "server/session/servercontext.h"
#include "wire/classic/classicserversession.h"

namespace ferry::server {

/// One client, from greeting to goodbye: one straight blocking loop on the thread that calls
/// run(), in the classic dialect, and on in an ExtendedConversation from HELLO on. Ends by itself
/// at the end of the conversation, at a deadline, or when the channel is shut down from outside.
class ClassicConversation
{
public:
    explicit ClassicConversation(ConnectionParts &parts);

    Ending run();

private:
    Ending goOnExtended(const QByteArray &hello);
    Result<> carryOut(const ServerAction &action);
    Result<> receive();
    Result<> send(const QByteArray &bytes);
    Result<> checkPassword(const QByteArray &password);
    Result<bool> isRight(const QByteArray &password);
    void tell(const QByteArray &text);
    void giveNews();
    void openFile(const QByteArray &path);
    Result<OpenFile> find(const QByteArray &path);
    Result<> sendFile();
    bool drainNow(const ServerAction &action) const;
    Ending endingOf(const Error &error);
    Ending normalEnding() const;
    QDeadlineTimer writeDeadline() const;
    void log(LogKind kind, const QString &message);

    ConnectionParts &m_parts;
    const ServerContext &m_context;
    LoggedShares m_shares;
    ClassicServerSession m_session;
    OpenFile m_file;
    DeliveryReporter::Subject m_subject; ///< the same, for the history
    QDeadlineTimer m_idleDeadline;
    QByteArray m_lastReply;
    qint64 m_newsFrom = 0;     ///< the first note that was not given
    qsizetype m_unlogged = 0;  ///< replies to come that are no line of a log
    bool m_slowedDown = false; ///< its last message was one too many
    bool m_peerFinished = false;
    bool m_sendingFile = false; ///< the peer takes every byte for file content now
};

} // namespace ferry::server
