// SPDX-License-Identifier: MIT
#include "wire/extended/party.h"

#include "wire/extended/extendedwords.h"
#include "wire/limits.h"

#include <array>

namespace ferry::extended {

namespace {

struct Word
{
    QByteArrayView text;
    Party::Kind kind;
};
constexpr std::array<Word, 3> words = {{
    {"operator", Party::Kind::Operator},
    {"server", Party::Kind::Server},
    {"all", Party::Kind::All},
}};

/// 1 and up: what sessions and gifts are called.
std::optional<qint64> parseCounted(QByteArrayView digits)
{
    const auto value = parseNumber(digits);
    return value && *value >= 1 ? value : std::nullopt;
}

} // namespace

std::optional<Party> parseParty(QByteArrayView word)
{
    for (const Word &known : words) {
        if (known.text == word)
            return Party{known.kind, 0};
    }
    const auto session = parseCounted(word);
    return session ? std::optional(Party{Party::Kind::Session, *session}) : std::nullopt;
}

QByteArray partyWord(const Party &party)
{
    for (const Word &known : words) {
        if (known.kind == party.kind)
            return known.text.toByteArray();
    }
    return number(party.session);
}

VirtualPath GiftPath::path() const
{
    QByteArrayList names{session ? '@' + extended::number(*session) : QByteArray("@me")};
    if (number)
        names.append(extended::number(*number));
    names.append(name);
    return VirtualPath::fromNames(names).value_or(VirtualPath::root());
}

std::optional<GiftPath> giftPath(const VirtualPath &path)
{
    const QByteArrayList &names = path.names();
    const QByteArray who = path.share();
    if (names.size() < 2 || names.size() > 3 || !who.startsWith('@'))
        return std::nullopt;
    GiftPath gift;
    gift.name = names.last();
    if (who != "@me") {
        gift.session = parseCounted(QByteArrayView(who).sliced(1));
        if (!gift.session)
            return std::nullopt;
    }
    if (names.size() == 3) {
        gift.number = parseCounted(names[1]);
        if (!gift.number)
            return std::nullopt;
    }
    // Nobody puts anything into a place of their own.
    return gift.session || gift.number ? std::optional(gift) : std::nullopt;
}

bool isMessage(QByteArrayView text)
{
    return !text.isEmpty() && text.size() <= limits::messageBytes && !text.contains('\0') &&
           text.isValidUtf8();
}

} // namespace ferry::extended
