// SPDX-License-Identifier: MIT
#pragma once

#include "server/files/filereply.h"
#include "server/files/loggedshares.h"
#include "server/files/replystream.h"
#include "server/people/gifts.h"
#include "server/session/servercontext.h"
#include "server/uploads/uploadreply.h"
#include "wire/extended/extended.h"

#include <memory>

namespace ferry::server {

/// The answers to whatever names the place of a gift (docs/PROTOCOL.md, "Gifts"), on a connection
/// that is logged in: at most one upload at a time. One thread.
///
/// Gifts are sent and received as all files are, by parts of their own that know nothing but the
/// folder of the gifts: no path of a peer's reaches them that was not looked up in the list.
///
/// The errors are those of UploadReply and FileReply.
class GiftReply
{
public:
    /// What they use outlives this.
    GiftReply(ConnectionParts &parts, std::shared_ptr<Gifts> gifts, ReplyStream &stream,
              const QByteArray &account, const LoggedShares::Log &warn,
              const UploadReply::Log &log);

    /// Whatever it is, it is in no share.
    static bool isPlace(const VirtualPath &path) { return path.share().startsWith('@'); }

    /// True if the content is awaited now.
    Result<bool> put(const extended::Request &request);
    /// For the content. Its answers are not held.
    UploadReply &upload() { return m_uploads; }
    /// END or ABORT.
    Result<> finish(const extended::Request &request);
    /// The upload was refused in the middle.
    void refused() { m_hold.release(false); }

    /// GET, SUM, RECEIPT or DROP.
    Result<> answer(const extended::Request &request);

    /// As those of FileReply.
    bool awaitsReceipts() const { return m_files.awaitsReceipts(); }
    bool isInParts() const { return m_files.isInParts(); }
    bool finishes(const extended::Request &request);

    void endRequest() { m_shares.endRequest(); }
    /// Gives memory and threads back.
    void rest() { m_uploads.rest(); }

private:
    Result<> refuse(const char *token) { return m_stream.line(extended::refusal(token)); }

    const std::shared_ptr<Gifts> m_gifts;
    People::Presence &m_who;
    ReplyStream &m_stream;
    LoggedShares m_shares;
    FileReply m_files;
    Gifts::Hold m_hold; ///< of the upload under way
    UploadReply m_uploads;
};

} // namespace ferry::server
