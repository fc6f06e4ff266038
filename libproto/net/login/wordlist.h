// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1StringView>

#include <array>

namespace ferry {

/// Words of a generated password: 2 to the power of wordBits, so that a word is whole bits.
inline constexpr int wordBits = 11;
inline constexpr int wordCount = 1 << wordBits;

/// Lower-case ASCII, three to six letters each, sorted.
extern const std::array<QLatin1StringView, wordCount> wordList;

} // namespace ferry
