// SPDX-License-Identifier: MIT
#include "net/base/personname.h"

#include "net/base/displaytext.h"
#include "net/limits.h"

#include <QLatin1StringView>
#include <QList>
#include <QStringView>

#include <algorithm>
#include <array>
#include <utility>

namespace ferry {

namespace {

/// Marks on one letter: the Vietnamese have two, and Hebrew and Thai do with two as a rule.
constexpr int marksOnLetter = 2;

bool isMark(char32_t c)
{
    return QChar::isMark(c);
}

QString withFewerMarks(const QString &text)
{
    QString kept;
    int marks = 0;
    for (const char32_t c : text.toUcs4()) {
        marks = isMark(c) ? marks + 1 : 0;
        if (marks <= marksOnLetter)
            kept += QString::fromUcs4(&c, 1);
    }
    return kept;
}

/// What looks like one of the letters of the reserved words, once case and accents are gone.
constexpr std::array<std::pair<char32_t, char>, 45> lookAlikes = {{
    {U'0', 'o'},      {U'3', 'e'},      {U'4', 'a'},      {U'5', 's'},      {U'7', 't'},
    {U'@', 'a'},      {U'$', 's'},      {U'\u03BF', 'o'}, {U'\u03C3', 'o'}, {U'\u03C1', 'p'},
    {U'\u03B5', 'e'}, {U'\u03B1', 'a'}, {U'\u03C4', 't'}, {U'\u03BD', 'v'}, {U'\u03C5', 'y'},
    {U'\u03BC', 'm'}, {U'\u03B3', 'y'}, {U'\u043E', 'o'}, {U'\u0440', 'p'}, {U'\u0435', 'e'},
    {U'\u0433', 'r'}, {U'\u0430', 'a'}, {U'\u0442', 't'}, {U'\u0455', 's'}, {U'\u0475', 'v'},
    {U'\u0443', 'y'}, {U'\u04AF', 'y'}, {U'\u043C', 'm'}, {U'\u0454', 'e'}, {U'\u0585', 'o'},
    {U'\u0251', 'a'}, {U'\u0280', 'r'}, {U'\u1D0F', 'o'}, {U'\u1D18', 'p'}, {U'\u1D07', 'e'},
    {U'\u1D00', 'a'}, {U'\u1D1B', 't'}, {U'\uA731', 's'}, {U'\u1D20', 'v'}, {U'\u028F', 'y'},
    {U'\u1D0D', 'm'}, {U'\u2C9F', 'o'}, {U'\u2CA3', 'p'}, {U'\u2C81', 'a'}, {U'\u2CA7', 't'},
}};

/// Two texts that look alike have the same one, as far as the reserved words go.
QString skeleton(const QString &text)
{
    QString bare;
    for (const char32_t c :
         text.normalized(QString::NormalizationForm_KD).toCaseFolded().toUcs4()) {
        if (c == U'@' && bare.isEmpty())
            continue; // in front of a name it is no letter
        const auto *const known = std::find_if(lookAlikes.begin(), lookAlikes.end(),
                                               [c](const auto &pair) { return pair.first == c; });
        if (known != lookAlikes.end())
            bare += QLatin1Char(known->second);
        else if (QChar::isLetterOrNumber(c) && !isMark(c))
            bare += QString::fromUcs4(&c, 1);
    }
    return bare.replace(QLatin1StringView("rn"), QLatin1StringView("m"));
}

} // namespace

QString personName(QByteArrayView claimed)
{
    const QString text = QString::fromUtf8(claimed);
    if (isReservedName(text))
        return {};
    return displayText(withFewerMarks(text)).left(limits::personNameCharacters).trimmed();
}

bool isReservedName(const QString &name)
{
    const QString bare = skeleton(name);
    constexpr std::array<QLatin1StringView, 3> reserved = {
        QLatin1StringView("operator"), QLatin1StringView("server"), QLatin1StringView("system")};
    return std::find(reserved.begin(), reserved.end(), bare) != reserved.end();
}

} // namespace ferry
