// SPDX-License-Identifier: MIT
/// Names of files as bytes: how one is made from another.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace ferry {

/// At most `most` bytes of it, without half a UTF-8 character.
QByteArrayView cutName(QByteArrayView name, qsizetype most);

/// `name (n).ext`, never longer than a file system takes.
QByteArray numberedFileName(QByteArrayView name, int n);

} // namespace ferry
