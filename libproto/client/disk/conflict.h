// SPDX-License-Identifier: MIT
/// What becomes of a file whose name is taken by another one. Values only.
#pragma once

#include "client/download.h"

namespace ferry::client {

/// The file that is here.
struct LocalFacts
{
    qint64 size = 0;
    qint64 modifiedNs = 0;
};

enum class Conflict {
    Compare,  ///< it may be the same content: ask for the checksum
    Ask,      ///< a person
    Refuse,   ///< the file that is here is in the way
    Skip,     ///< it stays
    Fetch,    ///< and take its place, or another name
    Continue, ///< it is a part of what the server has
};

/// `differs`: their contents were compared.
Conflict decide(ExistingPolicy policy, const LocalFacts &here, const RemoteFacts &there,
                bool differs);

/// Is the server to be asked before `existing` can be followed? `resume`: an earlier try may have
/// saved the file already.
bool needsFacts(ExistingPolicy existing, bool resume);

/// How the file is saved after Conflict::Fetch or Continue.
ExistingPolicy policyAfter(ExistingPolicy existing);

} // namespace ferry::client
