// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/encryptedconnection.h"
#include "client/upload/uploaditem.h"
#include "client/upload/uploadsource.h"
#include "net/base/checksum.h"

#include <QByteArray>
#include <QList>

#include <deque>
#include <optional>

namespace ferry::client {

/// A share of the server that takes files.
struct TakingShare
{
    QByteArray name;
    bool inbox = false; ///< it only takes them
};

/// What was summed up of a file that is continued. It outlives a connection: a server does not wait
/// for as long as a slow disk may take to read a large file.
struct PrefixSum
{
    QByteArray uploadId;
    Checksum sum;
    qint64 bytes = 0;
};

/// Sends files and folders over one connection: small ones without waiting for answers, large ones
/// from where the server has them. Blocks; one thread, but for close() of the connection.
class Uploader
{
public:
    /// `conversation` is logged in.
    /// `prefix`: of an earlier connection to this server.
    Uploader(ExtendedConversation &conversation, PrefixSum &prefix);

    /// False: the server takes no files, or is too old to.
    bool isOffered() const;

    /// The shares that take files. Errors end the connection.
    Result<QList<TakingShare>> shares();

    /// Sends what `source` gives, until it gives nothing and all is answered. An error ends the
    /// connection: what has not ended then is to be sent again, under the same IDs.
    Result<> send(UploadSource &source);

private:
    struct InFlight
    {
        UploadItem item;
        QByteArray sum; ///< of the content that was sent
        bool mayBeOld;  ///< the answer may be that to an earlier try
    };
    struct Turn
    {
        UploadItem item;
        bool renewed = false; ///< its ID is a new one
    };
    std::optional<Turn> next();
    Result<> sendFolder(const UploadItem &item);
    Result<> sendSmall(const UploadItem &item, bool renewed);
    Result<> sendLarge(UploadItem item);
    Result<> sendContent(const UploadItem &item, int fd, qint64 offset, Checksum &sum);
    Result<> sendPiece(const UploadItem &item, QByteArrayView piece);
    Result<ExtendedEvent> answerOf(quint64 row);
    Result<bool> hasSum(const UploadItem &item, int fd, qint64 bytes, const QByteArray &sum,
                        Checksum &mine);
    void expect(InFlight sent);
    void complete(InFlight sent);
    Result<> wait(qsizetype most);
    Result<> take(const ExtendedEvent &event);
    void fail(quint64 row, const Error &error);
    Result<> abort(quint64 row, bool drop, const Error &why);
    Result<> abortUnwanted(quint64 row);

    ExtendedConversation &m_conversation;
    PrefixSum &m_prefix;
    UploadSource *m_source = nullptr;
    std::deque<InFlight> m_inFlight; ///< sent to their end, and not answered
    qint64 m_bytesInFlight = 0;
    std::deque<UploadItem> m_again; ///< to be sent under the new IDs that they have
    QByteArray m_buffer;
};

} // namespace ferry::client
