// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ferry {

/// What OpenSSL last complained about on this thread, for people; empties its error queue, which
/// otherwise would be blamed on the next call.
QString takeTlsError();

} // namespace ferry
