// SPDX-License-Identifier: MIT
#include "net/base/bytesize.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ferry {

std::optional<qint64> parseByteSize(QByteArrayView text)
{
    qint64 unit = 1;
    for (const auto &[letter, value] :
         {std::pair('k', 1'000), {'M', 1'000'000}, {'G', 1'000'000'000}}) {
        if (text.endsWith(letter)) {
            unit = value;
            text.chop(1);
            break;
        }
    }
    bool isNumber = false;
    const qint64 number = text.toLongLong(&isNumber);
    const bool onlyDigits =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!isNumber || !onlyDigits || number < 1 ||
        number > std::numeric_limits<qint64>::max() / unit)
        return std::nullopt;
    return number * unit;
}

} // namespace ferry
