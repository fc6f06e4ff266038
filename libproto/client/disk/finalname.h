// SPDX-License-Identifier: MIT
/// How a file gets its final name, and what happens when that is taken: one rule for every way of
/// saving. What gives an int gives 0 or an errno, and works inside one held folder.
#pragma once

#include "client/download.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>

#include <functional>

#include <sys/types.h>

namespace ferry::client {

/// Names tried before a folder is taken to be beyond help.
inline constexpr int maxNumbers = 9999;

/// Says early what giveName() would say of what is there now. TargetExists if `existing` says so,
/// or for a device, a FIFO or a socket, which no policy replaces; LocalFile.
Result<> checkTarget(int folder, const QString &name, ExistingPolicy existing);

/// Puts the file under the name `to`; 0 or an errno. Without `replace`, EEXIST if there is
/// anything of that name.
using PlaceFile = std::function<int(const QByteArray &to, bool replace)>;

/// The name that it got in `folder`, which Rename may have changed. TargetExists, LocalFile.
Result<QString> giveName(int folder, const QString &name, ExistingPolicy existing,
                         const PlaceFile &place);

struct NewName
{
    QString name;
    bool metPart = false; ///< a part of this name was there already, perhaps left by an earlier try
};

/// giveName() for a file without a name (createUnnamed()). It gets the name of a partial file first
/// and is renamed then: whoever watches the folder sees a complete file moved in. `mode` is the
/// file's: with the mark of a partial file, which it loses here.
Result<NewName> nameUnnamed(int fd, int folder, const QString &name, ExistingPolicy existing,
                            mode_t mode);

} // namespace ferry::client
