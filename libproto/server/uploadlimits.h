// SPDX-License-Identifier: MIT
#pragma once

#include "server/limits.h"

#include <QtGlobal>

#include <optional>

namespace ferry::server {

/// How much may be put in. 0: no limit.
struct UploadLimits
{
    qint64 fileBytes = 0;                             ///< of one file
    qint64 accountBytes = 0;                          ///< of an account, in limits::uploadQuotaTime
    qint64 accountFiles = limits::uploadAccountFiles; ///< likewise, folders too
    qint64 stagedBytes = 0;                           ///< of all that is not complete
    /// Bytes that stay free on each disk. Nothing: limits::uploadDiskReserve, or less of a small
    /// one.
    std::optional<qint64> diskReserve;
};

} // namespace ferry::server
