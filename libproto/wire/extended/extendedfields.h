// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extended.h"
#include "wire/extended/extendedwords.h"

#include <QByteArrayView>
#include <QVarLengthArray>

#include <optional>
#include <utility>

namespace ferry::extended {

/// The fields at the end of a request: each at most once, unknown ones are nobody's business.
/// Views into the words it was made from.
class Fields
{
public:
    /// `words` from `from` on.
    Fields(const Words &words, qsizetype from, Verb verb);

    /// False if one of them is no field, is there twice, or belongs to other requests.
    bool valid() const { return m_valid; }

    std::optional<QByteArrayView> find(QByteArrayView key) const;

    /// False if the field is there and is no number.
    bool readNumber(QByteArrayView key, std::optional<qint64> &into) const;

    /// `key=yes` or `key=no`, which is what goes without saying. False if it says something else.
    bool readYes(QByteArrayView key, bool &into) const;

private:
    QVarLengthArray<std::pair<QByteArrayView, QByteArrayView>, 8> m_fields;
    bool m_valid = true;
};

} // namespace ferry::extended
