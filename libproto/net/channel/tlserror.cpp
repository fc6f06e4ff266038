// SPDX-License-Identifier: MIT
#include "net/channel/tlserror.h"

#include <openssl/err.h>

namespace ferry {

QString takeTlsError()
{
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char *reason = code ? ERR_reason_error_string(code) : nullptr;
    return reason ? QString::fromLatin1(reason) : QStringLiteral("unknown error");
}

} // namespace ferry
