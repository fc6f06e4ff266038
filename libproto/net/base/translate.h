// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>

namespace ferry {

/// A sentence of the library for a person; `count` stands for %n. Any thread.
inline QString tr(const char *text, const char *comment = nullptr, int count = -1)
{
    return QCoreApplication::translate("ferry", text, comment, count);
}

} // namespace ferry
