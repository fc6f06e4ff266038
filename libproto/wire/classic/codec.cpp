// SPDX-License-Identifier: MIT
#include "wire/classic/codec.h"

#include "wire/limits.h"

#include <QString>

#include <algorithm>

namespace ferry {

namespace {

struct VerbName
{
    const char *name;
    Verb verb;
};
constexpr VerbName verbNames[] = {
    {"AUTH", Verb::Auth}, {"FILE", Verb::File}, {"QUIT", Verb::Quit},
    {"TELL", Verb::Tell}, {"NEWS", Verb::News}, {"HELLO", Verb::Hello},
};

Verb verbOf(QByteArrayView word)
{
    for (const VerbName &entry : verbNames) {
        if (word.compare(QByteArrayView(entry.name), Qt::CaseInsensitive) == 0)
            return entry.verb;
    }
    return Verb::Unknown;
}

/// Who it is from: first what the server knows, and only behind it what they call themselves, so
/// that nobody's name looks like somebody else.
QByteArray sender(const extended::Note &note)
{
    const QByteArray who = extended::partyWord(note.from);
    return note.name.isEmpty() ? who : who + ' ' + note.name;
}

/// What would end the line, command a terminal or turn its text around.
bool isUnfit(QChar c)
{
    const ushort code = c.unicode();
    return c.category() == QChar::Other_Control || c.category() == QChar::Separator_Line ||
           c.category() == QChar::Separator_Paragraph || code == 0x061c || code == 0x200e ||
           code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
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

QByteArray tooManyMessages(qint64 seconds)
{
    return line("!Too many messages, wait " + QByteArray::number(seconds) + " s.");
}

QByteArray note(const extended::Note &note)
{
    using Kind = extended::Note::Kind;
    const QByteArray path = note.gift ? note.gift->path().toBytes() : QByteArray();
    QByteArray said = sender(note);
    switch (note.kind) {
    case Kind::Message:
        said += (note.toAll ? " to all: " : ": ") + note.text;
        break;
    case Kind::Gift:
        said = "Gift from " + said + ": " + path + ", " + QByteArray::number(note.size) + " bytes";
        break;
    case Kind::Taken:
        said = "Gift taken by " + said + ": " + path;
        break;
    case Kind::Notice:
        said += ": " + note.text;
        break;
    }
    QString text = QString::fromUtf8(said);
    std::replace_if(text.begin(), text.end(), isUnfit, QChar(u' '));
    return line('#' + text.toUtf8());
}

QByteArray lostNotes(qint64 notes)
{
    return line("#Lost notes: " + QByteArray::number(notes));
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
