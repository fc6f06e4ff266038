// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

#include <optional>

namespace ferry {

/// A number from 1 on with an optional k, M or G behind it, in thousands, as people type an
/// amount of bytes. Nothing if it is none, or too large for a qint64.
std::optional<qint64> parseByteSize(QByteArrayView text);

} // namespace ferry
