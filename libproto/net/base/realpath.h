// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace ferry {

/// The absolute path without links; empty if there is no such thing.
QByteArray realPath(const QByteArray &path);

/// Is `path` the folder or below it? Both as from realPath().
bool isWithin(const QByteArray &folder, const QByteArray &path);

} // namespace ferry
