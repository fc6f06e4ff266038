// SPDX-License-Identifier: MIT
/// Why a server takes no upload.
#pragma once

#include "wire/extended/extendedclientsession.h"
#include "wire/result.h"
#include "wire/virtualpath.h"

namespace ferry::client {

/// What is said where Uploader::isOffered() is false: NotTaken.
Error takesNoFiles();

/// What a refusal of an upload to `path` means.
Error uploadError(const ExtendedEvent &event, const VirtualPath &path);

} // namespace ferry::client
