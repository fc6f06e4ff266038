// SPDX-License-Identifier: MIT
/// What happens when the final name of a file is taken: one rule for every way of saving.
#pragma once

#include "client/download.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>

#include <functional>

namespace ferry::client {

/// Names tried before a folder is taken to be beyond help.
inline constexpr int maxNumbers = 9999;

/// Says early what giveName() would say of what is there now. TargetExists if `existing` says so;
/// LocalFile.
Result<> checkTarget(int folder, const QString &name, ExistingPolicy existing);

/// Puts the file under the name `to`; 0 or an errno. Without `replace`, EEXIST if there is
/// anything of that name.
using PlaceFile = std::function<int(const QByteArray &to, bool replace)>;

/// The name that it got, which Rename may have changed. TargetExists, LocalFile.
Result<QString> giveName(const QString &name, ExistingPolicy existing, const PlaceFile &place);

} // namespace ferry::client
