// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/extendedconversation.h"
#include "client/limits.h"
#include "net/base/logqueue.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>

namespace ferry::client {

/// Says one line that a person typed, over a connection that is logged in, and writes the answer
/// into the conversation: at most limits::entriesLogged entries of a listing, and of a file only
/// how many bytes came, which are thrown away. Invalid, with a sentence that is also in the
/// conversation, for what is no request or has no place here; what ends the connection.
Result<> sayCommand(ExtendedConversation &conversation, LogQueue &log, QByteArrayView line);

/// The line as it may be shown: without what may be a password.
QString shownCommand(QByteArrayView line);

} // namespace ferry::client
