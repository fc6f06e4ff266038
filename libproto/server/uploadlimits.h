// SPDX-License-Identifier: MIT
#pragma once

#include "server/limits.h"

#include <QtGlobal>

namespace ferry::server {

/// How much may be put in. 0: no limit.
struct UploadLimits
{
    qint64 fileBytes = 0;                             ///< of one file
    qint64 accountBytes = 0;                          ///< of an account, in limits::uploadQuotaTime
    qint64 accountFiles = limits::uploadAccountFiles; ///< likewise, folders too
    qint64 stagedBytes = 0;                           ///< of all that is not complete
    qint64 diskReserve = limits::uploadDiskReserve;   ///< bytes that stay free on each disk
};

} // namespace ferry::server
