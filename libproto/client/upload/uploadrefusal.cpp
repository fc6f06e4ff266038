// SPDX-License-Identifier: MIT
#include "client/upload/uploadrefusal.h"

#include "client/connect/refusal.h"
#include "client/people/peoplerequests.h"
#include "net/base/translate.h"

namespace ferry::client {

namespace {

constexpr Meaning meanings[] = {
    {"READONLY", ErrorCode::NotTaken,
     QT_TRANSLATE_NOOP("ferry", "The server takes nothing there.")},
    {"NOTFOUND", ErrorCode::NotFound,
     QT_TRANSLATE_NOOP("ferry", "There is no such share on the server.")},
    {"EXISTS", ErrorCode::TargetExists,
     QT_TRANSLATE_NOOP(
         "ferry", "There is a folder in the place of the file, or a file in that of a folder.")},
    {"NAME", ErrorCode::NotTaken,
     QT_TRANSLATE_NOOP("ferry", "The server does not take a file of this name.")},
    {"TOOLARGE", ErrorCode::OverLimit,
     QT_TRANSLATE_NOOP("ferry", "It is larger than the server takes.")},
    {"QUOTA", ErrorCode::OverLimit,
     QT_TRANSLATE_NOOP("ferry", "The server takes no more from you today.")},
    {"NOROOM", ErrorCode::NoRoom, QT_TRANSLATE_NOOP("ferry", "The server's disk is full.")},
    {"MISMATCH", ErrorCode::ChecksumMismatch,
     QT_TRANSLATE_NOOP("ferry", "It did not arrive as it was sent.")},
    {"READ", ErrorCode::CutShort, QT_TRANSLATE_NOOP("ferry", "The server's disk failed.")},
    {"CANCELLED", ErrorCode::Cancelled, QT_TRANSLATE_NOOP("ferry", "Cancelled.")},
};

} // namespace

Error takesNoFiles()
{
    return {ErrorCode::NotTaken,
            tr("This server takes no files: none of its shares is for that, or "
               "it is older than Ferry 0.2.")};
}

Error uploadError(const ExtendedEvent &event, const VirtualPath &path)
{
    if (event.token == "NOTFOUND" && extended::giftPath(path))
        return nobodyThere();
    if (event.token == "QUOTA" && extended::giftPath(path))
        return {ErrorCode::OverLimit,
                tr("The server keeps no more gifts from you until one is taken, or a day has "
                   "passed.")};
    return refusalError(event, meanings);
}

} // namespace ferry::client
