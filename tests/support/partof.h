// SPDX-License-Identifier: MIT
#pragma once

#include "client/disk/localname.h"

#include <QString>

namespace ferry {

/// The name of a file that is not complete yet.
inline QString partOf(const QString &name, int n = 0)
{
    return client::localText(client::partName(name, n));
}

} // namespace ferry
