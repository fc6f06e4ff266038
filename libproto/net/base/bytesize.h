// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <optional>

namespace ferry {

/// An amount of bytes as people type it: `500k`, `1.5M`, `10MB`, `2GiB`. The
/// units k, M, G and T are in thousands, with an i behind them in steps of 1024, in either case.
/// Nothing if it is none, less than 1, or too large for a qint64.
std::optional<qint64> parseByteSize(QByteArrayView text);

} // namespace ferry
