// SPDX-License-Identifier: MIT
#include "wire/classic/codec.h"

#include "wire/limits.h"

#include <algorithm>

namespace ferry {

namespace {

struct VerbName
{
    const char *name;
    Verb verb;
};
constexpr VerbName verbNames[] = {
    {"AUTH", Verb::Auth},
    {"FILE", Verb::File},
    {"QUIT", Verb::Quit},
    {"HELLO", Verb::Hello},
};

Verb verbOf(QByteArrayView word)
{
    for (const VerbName &entry : verbNames) {
        if (word.compare(QByteArrayView(entry.name), Qt::CaseInsensitive) == 0)
            return entry.verb;
    }
    return Verb::Unknown;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

QByteArray line(QByteArrayView text)
{
    return text.toByteArray() + classic::lineEnd;
}

/// A verb and its argument as a client sends them.
QByteArray request(QByteArrayView verb, QByteArrayView argument)
{
    return line(verb.toByteArray() + ' ' + argument.toByteArray().replace("\xFF", "\xFF\xFF"));
}

} // namespace

Command parseCommand(QByteArrayView line)
{
    const qsizetype space = line.indexOf(' ');
    if (space < 0)
        return {verbOf(line), std::nullopt};
    return {verbOf(line.first(space)), line.sliced(space + 1).toByteArray()};
}

bool looksLikeHttp(QByteArrayView line)
{
    constexpr QByteArrayView mark(" HTTP/");
    const qsizetype method = line.indexOf(' ');
    const qsizetype version = line.lastIndexOf(mark);
    return method > 0 && version > method &&
           std::all_of(line.begin(), line.begin() + method, isLetter) &&
           version + mark.size() < line.size() && isDigit(line[version + mark.size()]);
}

namespace classic {

QByteArray mustWait(qint64 seconds)
{
    return line("!Too many failed logins, wait " + QByteArray::number(seconds) + " s.");
}

QByteArray fileSent(QByteArrayView path)
{
    return line("#File " + path.toByteArray() + " sent successfully.");
}

QByteArray fileNotOpened(QByteArrayView path)
{
    return line("!File " + path.toByteArray() + " could not be opened.");
}

bool canBeSent(QByteArrayView argument)
{
    constexpr qsizetype verbAndSpace = 5;
    return !argument.isEmpty() && argument.size() <= limits::lineBytes - verbAndSpace &&
           !argument.contains('\n') && !argument.contains('\0') && !argument.endsWith('\r');
}

QByteArray auth(QByteArrayView password)
{
    return request("AUTH", password);
}

QByteArray file(QByteArrayView path)
{
    return request("FILE", path);
}

} // namespace classic

} // namespace ferry
