// SPDX-License-Identifier: MIT
/// What shells offer behind a Tab, from the table that --help is made of.
#pragma once

#include <QByteArray>

namespace ferry::completions {

/// The file that the shell loads for `program`; empty if there is no such program.
QByteArray forBash(const QByteArray &program);
QByteArray forZsh(const QByteArray &program);
QByteArray forFish(const QByteArray &program);

} // namespace ferry::completions
