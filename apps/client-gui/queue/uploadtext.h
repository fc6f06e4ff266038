// SPDX-License-Identifier: MIT
/// What only uploads are said to be, in words that say what happened and what to do.
#pragma once

#include "client/download.h"

#include <QString>

namespace ferry::gui {

/// "Sending, 3 s left", "Sent, verified". Empty for the states that a download has, too.
QString uploadStateText(const client::Download &upload);

/// "The server's disk is full".
QString uploadFailure(const Error &error);
QString uploadAdvice(const client::Download &upload);

} // namespace ferry::gui
