// SPDX-License-Identifier: MIT
/// Names of files as bytes: how one is made from another, and whether a disk takes it.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace ferry {

/// At most `most` bytes of it, without half a UTF-8 character.
QByteArrayView cutName(QByteArrayView name, qsizetype most);

/// `name (n).ext`, never longer than a file system takes.
QByteArray numberedFileName(QByteArrayView name, int n);

/// What names have in common that a disk without upper and lower case takes for the same.
QString foldedName(QByteArrayView name);

/// Does a disk that gives this errno for a new name in the open folder refuse the name? FAT does,
/// in several words, for `a:b` and `q?`.
bool isNameRefused(int folder, int errnoValue);

} // namespace ferry
