// SPDX-License-Identifier: MIT
#pragma once

#include "common/options.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayList>

#include <functional>

namespace ferry::servercli {

/// The options in the file `path`, as words of a command line. A line is `name = value`, where the
/// name is a long one of `command` that takes a value, without the two dashes, and the value is all
/// the rest without blanks around it; or it is empty, or a comment that begins with `#`. `check`
/// says what is wrong with the option in a word, by itself. Errors, with the number of the line:
/// LocalFile, Invalid (also if others can change the file or its folder).
Result<QByteArrayList> readConfigFile(const QByteArray &path, const Command &command,
                                      const std::function<Result<>(const QByteArray &word)> &check);

} // namespace ferry::servercli
