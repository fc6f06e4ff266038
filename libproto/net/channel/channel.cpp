// SPDX-License-Identifier: MIT
#include "net/channel/channel.h"

namespace ferry {

Result<qsizetype> Channel::writeSome(QByteArrayView bytes, QDeadlineTimer deadline)
{
    if (const Result<> written = write(bytes, deadline); !written)
        return written.error();
    return bytes.size();
}

} // namespace ferry
