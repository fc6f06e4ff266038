// SPDX-License-Identifier: MIT
#include "wire/extended/extendedfields.h"

#include <algorithm>
#include <array>

namespace ferry::extended {

namespace {

bool isAscii(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return uchar(c) < 0x80; });
}

constexpr unsigned in(Verb verb)
{
    return 1u << unsigned(verb);
}

/// All fields of ferry/1, and the requests that have them. In another request a field is no unknown
/// one, which is passed over, but a wish that would not be granted.
struct KnownField
{
    QByteArrayView key;
    unsigned verbs;
};
constexpr std::array<KnownField, 25> knownFields = {{
    {"agent", in(Verb::Hello)},
    {"name", in(Verb::Hello)},
    {"can", in(Verb::Hello)},
    {"limit", in(Verb::List)},
    {"after", in(Verb::List)},
    {"skipped", in(Verb::List)},
    {"offset", in(Verb::Get) | in(Verb::Sum)},
    {"length", in(Verb::Get) | in(Verb::Sum)},
    {"most", in(Verb::Get)},
    {"grown", in(Verb::Get) | in(Verb::Sum)},
    {"id", in(Verb::Get) | in(Verb::Sum) | in(Verb::Receipt)},
    {"sum", in(Verb::Receipt) | in(Verb::Receipts) | in(Verb::End)},
    {"first", in(Verb::Receipts)},
    {"count", in(Verb::Receipts)},
    {"size", in(Verb::Put)},
    {"mtime", in(Verb::Put)},
    {"upload", in(Verb::Put)},
    {"kind", in(Verb::Put)},
    {"follows", in(Verb::Put)},
    {"drop", in(Verb::Abort)},
    {"to", in(Verb::Tell)},
    {"text", in(Verb::Tell)},
    {"since", in(Verb::News)},
    {"wait", in(Verb::News)},
    {"box", in(Verb::Hello) | in(Verb::News)},
}};

bool belongsTo(QByteArrayView key, Verb verb)
{
    const auto known = std::find_if(knownFields.begin(), knownFields.end(),
                                    [key](const KnownField &field) { return field.key == key; });
    return known == knownFields.end() || (known->verbs & in(verb)) != 0;
}

} // namespace

Fields::Fields(const Words &words, qsizetype from, Verb verb)
{
    for (qsizetype i = from; i < words.size(); ++i) {
        const qsizetype equals = words[i].indexOf('=');
        const QByteArrayView key = words[i].first(std::max<qsizetype>(equals, 0));
        const bool lower =
            std::all_of(key.begin(), key.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        const QByteArrayView value = words[i].sliced(equals + 1);
        // A name, or a message, may hold bytes from 80 on.
        const bool mayBeRaw = key == "after" || key == "text";
        if (key.isEmpty() || !lower || find(key) || !belongsTo(key, verb) ||
            !(isAscii(value) || mayBeRaw))
            m_valid = false;
        else
            m_fields.append({key, value});
    }
}

std::optional<QByteArrayView> Fields::find(QByteArrayView key) const
{
    for (const auto &[name, value] : m_fields) {
        if (name == key)
            return value;
    }
    return std::nullopt;
}

bool Fields::readNumber(QByteArrayView key, std::optional<qint64> &into) const
{
    const auto value = find(key);
    if (!value)
        return true;
    into = parseNumber(*value);
    return into.has_value();
}

bool Fields::readYes(QByteArrayView key, bool &into) const
{
    const QByteArrayView value = find(key).value_or("no");
    into = value == "yes";
    return into || value == "no";
}

} // namespace ferry::extended
