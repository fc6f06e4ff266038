// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extended.h"

#include <QByteArray>
#include <QByteArrayView>

namespace ferry::client {

/// One thing in a folder of the server, as a window lists it.
struct RemoteEntry
{
    QByteArray name; ///< bytes as they came; shown through net/base/displaytext.h only
    QByteArray key;  ///< of name: naturalKey()
    qint64 size = 0; ///< bytes; 0 for a folder
    qint64 mtimeNs = 0;
    bool folder = false;
    extended::Access access = extended::Access::Read; ///< of a share
};

/// Keys whose bytes compare as people sort names: without regard to case and accents, numbers by
/// their value ("a2" before "a10").
QByteArray naturalKey(QByteArrayView name);

/// Folders first, then by key; names that only differ in case or accents by their bytes.
bool naturallyBefore(const RemoteEntry &a, const RemoteEntry &b);

} // namespace ferry::client
