// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/rateguard.h"
#include "net/login/sasl.h"
#include "server/files/filereply.h"
#include "server/files/loggedshares.h"
#include "server/files/replystream.h"
#include "server/session/giftreply.h"
#include "server/session/servercontext.h"
#include "server/uploads/uploadreply.h"
#include "wire/extended/extendedserversession.h"

#include <memory>
#include <optional>

namespace ferry::server {

/// One client that said HELLO, to its goodbye: the extended dialect on the thread that calls
/// run(). A straight blocking loop, as ClassicConversation's is.
class ExtendedConversation
{
public:
    /// `rest`: what came behind the HELLO line.
    ExtendedConversation(ConnectionParts &parts, ExtendedServerSession::Start start,
                         const QByteArray &rest);

    Ending run();

private:
    Result<> settleBefore(const ExtendedAction &action);
    bool mayHaveToWait() const;
    Result<bool> mayHoldAnswers(const ExtendedAction &action);
    Result<> carryOut(const ExtendedAction &action);
    Result<> send(const QByteArray &line);
    Result<> receive();
    void releaseMemory();
    Result<> hear(QDeadlineTimer deadline);
    Result<bool> waitForMore();
    bool awaitsMore();
    bool awaitsPart() const;
    bool awaitsReceipt();
    Result<> receiveContent();
    Result<bool> waitForContent();
    Result<qsizetype> readContent(char *to, qsizetype most);
    Result<qsizetype> readSome(QDeadlineTimer deadline);
    Result<bool> cancelled();
    Result<> loginStep(const extended::Request &request);
    bool mustWait(bool right);
    Result<> denied(const Error &error);
    Result<> perform(const extended::Request &request);
    GiftReply *giftsFor(const VirtualPath &path);
    Result<bool> beginUpload(const extended::Request &request);
    Result<> finishUpload(const extended::Request &request);
    void uploadRefused();
    Result<> answerFile(const extended::Request &request);
    bool isUnconfirmed() const;
    bool isInParts() const;
    bool finishesFile(const extended::Request &request);
    void logRequest(const extended::Request &request);
    extended::Person::Kind kind() const;
    void describe();
    Result<> answerWho();
    Result<> answerTell(const extended::Request &request);
    Result<> answerNews(const extended::Request &request);
    Result<bool> waitForNews(qint64 since, QDeadlineTimer deadline);
    Ending endingOf(const Error &error);
    Ending sayEnd();
    void takeLastReceipts();
    Ending leftBy(const QString &cause, bool failed) const;
    bool drainNow(const ExtendedAction &action);
    void log(LogKind kind, const QString &message);

    ConnectionParts &m_parts;
    ExtendedServerSession m_session;
    ReplyStream m_stream;
    LoggedShares m_shares;
    FileReply m_files;
    UploadReply m_uploads;
    std::unique_ptr<GiftReply> m_gifts; ///< from the first request about a gift on
    UploadReply *m_upload = &m_uploads; ///< what takes the content that comes
    QByteArray m_mailbox;               ///< that NEWS named last
    RateGuard m_contentGuard;
    std::optional<sasl::ScramServer> m_login;
    QDeadlineTimer m_idleDeadline;
    QDeadlineTimer m_partDeadline{0};    ///< for the request for the next part of a file
    QDeadlineTimer m_receiptDeadline{0}; ///< for the receipts of what went out
    QDeadlineTimer m_comparing; ///< until then the client may be silent: it compares a part
    QByteArray m_lastReply;
    QString m_name; ///< of the person, as it may be shown
    bool m_peerFinished = false;
    bool m_listening = false; ///< nothing is under way, all replies are sent
    bool m_performing = false;
    bool m_movingFile = false;   ///< drained, it finishes this
    bool m_lastReceipts = false; ///< the server drains: m_receiptDeadline is soon
    bool m_denied = false;       ///< its last login failed
    bool m_slowedDown = false;   ///< its last message was one too many
    bool m_greeted = false;      ///< the client's name was noted
};

} // namespace ferry::server
