// SPDX-License-Identifier: MIT
#include "client/disk/conflict.h"

namespace ferry::client {

Conflict decide(ExistingPolicy policy, const LocalFacts &here, const RemoteFacts &there,
                bool differs)
{
    if (!differs && here.size == there.size)
        return Conflict::Compare;
    switch (policy) {
    case ExistingPolicy::Fail:
        return Conflict::Refuse;
    case ExistingPolicy::Ask:
        return Conflict::Ask;
    case ExistingPolicy::Skip:
        return Conflict::Skip;
    case ExistingPolicy::Overwrite:
    case ExistingPolicy::Rename:
        return Conflict::Fetch;
    case ExistingPolicy::OverwriteIfNewer:
        return there.modifiedNs > here.modifiedNs ? Conflict::Fetch : Conflict::Skip;
    case ExistingPolicy::OverwriteIfSizeDiffers:
        return there.size != here.size ? Conflict::Fetch : Conflict::Skip;
    case ExistingPolicy::Resume:
        return Conflict::Continue;
    }
    return Conflict::Refuse;
}

bool needsFacts(ExistingPolicy existing, bool resume)
{
    switch (existing) {
    case ExistingPolicy::Skip:
        return false;
    case ExistingPolicy::Fail:
    case ExistingPolicy::Overwrite:
    case ExistingPolicy::Rename:
        return resume;
    default:
        return true;
    }
}

ExistingPolicy policyAfter(ExistingPolicy existing)
{
    return existing == ExistingPolicy::Rename ? existing : ExistingPolicy::Overwrite;
}

} // namespace ferry::client
