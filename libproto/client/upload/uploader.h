// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/encryptedconnection.h"
#include "client/upload/uploaditem.h"
#include "net/base/checksum.h"
#include "net/base/ratelimiter.h"

#include <QByteArray>
#include <QList>

#include <deque>
#include <functional>

namespace ferry::client {

/// A share of the server that takes files.
struct TakingShare
{
    QByteArray name;
    bool inbox = false; ///< it only takes them
};

/// Sends files and folders over one connection: small ones without waiting for answers, large ones
/// from where the server has them. Blocks; one thread, but for close() of the connection.
class Uploader
{
public:
    /// `conversation` is logged in.
    Uploader(ExtendedConversation &conversation, RateLimiter &limiter);

    /// False: the server takes no files, or is too old to.
    bool isOffered() const;

    /// The shares that take files. Errors end the connection.
    Result<QList<TakingShare>> shares();

    struct Report
    {
        std::function<void(qsizetype index, qint64 sent)> progress; ///< bytes of it that are there
        std::function<void(qsizetype index, const UploadResult &result)> ended;
        std::function<bool()> mayGoOn; ///< false: everything is to end, even a long checksum
    };
    /// Sends `items` in order; each that comes to an end is reported once. An error ends the
    /// connection: what was not reported then is to be sent again, under the same IDs.
    Result<> send(const QList<UploadItem> &items, const Report &report);

private:
    struct InFlight
    {
        qsizetype index;
        QByteArray sum; ///< of the content that was sent
        qint64 size;
    };
    Result<> sendFolder(qsizetype index);
    Result<> sendSmall(qsizetype index);
    Result<> sendLarge(qsizetype index);
    Result<> sendContent(qsizetype index, int fd, qint64 offset, Checksum &sum);
    Result<ExtendedEvent> answerOf(qsizetype index);
    Result<bool> hasSum(int fd, qint64 bytes, const QByteArray &sum, Checksum &mine);
    Result<bool> isStored(int fd, const UploadItem &item, const extended::Stored &stored);
    Result<> wait(qsizetype most);
    Result<> take(const ExtendedEvent &event);
    void end(qsizetype index, const UploadResult &result);
    void fail(qsizetype index, const UploadError &error);
    Result<> abort(qsizetype index, bool drop, const UploadError &why);

    ExtendedConversation &m_conversation;
    RateLimiter &m_limiter;
    const QList<UploadItem> *m_items = nullptr;
    const Report *m_report = nullptr;
    std::deque<InFlight> m_inFlight; ///< sent to their end, and not answered
    qint64 m_bytesInFlight = 0;
    QByteArray m_buffer;
};

/// What a refusal of an upload means.
UploadError uploadError(const ExtendedEvent &event);

} // namespace ferry::client
