// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

namespace ferry::servercli {

/// What to do about `folder` (absolute) if a service manager hides it from this program, as
/// systemd's ProtectHome= and PrivateTmp= do; empty if it does not. What `takesFiles` has to be let
/// in for writing.
QString hiddenFolderHelp(const QByteArray &folder, bool takesFiles);

/// As the value of a path in a unit file.
QByteArray unitPath(const QByteArray &folder);

} // namespace ferry::servercli
