// SPDX-License-Identifier: MIT
#pragma once

#include "server/files/share.h"
#include "server/uploads/foldernames.h"
#include "server/uploads/stagedfile.h"
#include "server/uploads/uploadledger.h"
#include "wire/extended/extended.h"
#include "wire/result.h"

#include <QByteArray>

#include <optional>
#include <vector>

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
