// SPDX-License-Identifier: MIT
#pragma once

#include "server/files/share.h"
#include "server/uploads/foldernames.h"
#include "server/uploads/stagedfile.h"
#include "server/uploads/uploadledger.h"
#include "wire/extended/extended.h"
#include "wire/result.h"

#include <QByteArray>

#include <chrono>
#include <optional>
#include <vector>

namespace ferry::limits {
using namespace std::chrono_literals;
/// Small uploads that are complete wait for each other, so that one wait for the disk is enough for
/// all of them: so many answers of a session (two for a file), so many bytes, so long after the
/// first; and so many uploads of all sessions, each with two descriptors, if there are as many.
inline constexpr size_t uploadAnswersHeld = 128;
inline constexpr qint64 uploadBytesHeld = 8 * 1024 * 1024;
inline constexpr std::chrono::milliseconds uploadHoldTime = 200ms;
inline constexpr int uploadsHeld = 256;
inline constexpr int descriptorsPerUpload = 2;

} // namespace ferry::limits

namespace ferry::server {

/// An upload that has come completely; all of it outlives the call of publish().
struct CompleteUpload
{
    const extended::Request *request = nullptr; ///< its PUT
    StagedFile *file = nullptr;
    QByteArray account; ///< as UploadLedger::Part::account
    QByteArray sum;     ///< of all of it, as it is told to the client
};

/// What became of it.
struct Publication
{
    extended::Stored answer;
    QByteArray where;           ///< the path that it got, which an inbox does not tell
    std::optional<Error> error; ///< it has no name, or nobody knows whether its name stays
};

/// Gives complete uploads their names, in their order: each is on the disk before, and its folder
/// before this returns. What fails with one does not concern the others. Several at once wait for
/// the disk hardly longer than one.
std::vector<Publication> publish(const std::vector<CompleteUpload> &uploads, const ShareSet &shares,
                                 UploadLedger &ledger, FolderNames &names);

} // namespace ferry::server
