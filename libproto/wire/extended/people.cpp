// SPDX-License-Identifier: MIT
#include "wire/extended/people.h"

#include "wire/extended/extendedwords.h"
#include "wire/names.h"

#include <algorithm>
#include <array>

namespace ferry::extended {

namespace {

template <typename Kind>
struct KindWord
{
    QByteArrayView text;
    Kind kind;
};
constexpr std::array<KindWord<Person::Kind>, 3> personKinds = {{
    {"window", Person::Kind::Window},
    {"program", Person::Kind::Program},
    {"telnet", Person::Kind::Telnet},
}};
constexpr std::array<KindWord<Note::Kind>, 4> noteKinds = {{
    {"message", Note::Kind::Message},
    {"gift", Note::Kind::Gift},
    {"taken", Note::Kind::Taken},
    {"notice", Note::Kind::Notice},
}};

template <typename Table>
QByteArray wordOf(const Table &table, decltype(table[0].kind) kind)
{
    return std::find_if(table.begin(), table.end(),
                        [kind](const auto &word) { return word.kind == kind; })
        ->text.toByteArray();
}

/// What the word says, or, for one of a later version, `otherwise`.
template <typename Table, typename Kind>
Kind kindOf(const Table &table, QByteArrayView text, Kind otherwise)
{
    const auto found = std::find_if(table.begin(), table.end(),
                                    [text](const auto &word) { return word.text == text; });
    return found == table.end() ? otherwise : found->kind;
}

void addText(QByteArray &line, const char *key, const QByteArray &text)
{
    if (!text.isEmpty())
        line += ' ' + QByteArray(key) + '=' + percentEncode(text);
}

/// The decoded value of a field, empty where it is missing. False if it cannot be decoded.
bool readText(const Reply &reply, QByteArrayView key, QByteArray &into)
{
    const auto text = percentDecode(reply.field(key).value_or(QByteArrayView()));
    into = text.value_or(QByteArray());
    return text.has_value();
}

std::optional<qint64> time(const Reply &reply, QByteArrayView key)
{
    return parseSigned(reply.field(key).value_or(QByteArrayView()));
}

/// Does the note say what one of its kind must say?
bool isWhole(const Note &note)
{
    switch (note.kind) {
    case Note::Kind::Message:
        return isMessage(note.text);
    case Note::Kind::Gift:
        return note.gift && !note.gift->session;
    case Note::Kind::Taken:
        return note.gift && note.gift->session && note.gift->number;
    case Note::Kind::Notice:
        break;
    }
    return true;
}

} // namespace

QByteArray person(const Person &person)
{
    QByteArray line = "#PERSON session=" + number(person.session);
    addText(line, "account", person.account);
    addText(line, "name", person.name);
    addText(line, "address", person.address);
    line += " kind=" + wordOf(personKinds, person.kind) + " since=" + number(person.sinceNs);
    return line + (person.self ? " self=yes" : "") + "\r\n";
}

QByteArray peopleEnd()
{
    return success("END");
}

QByteArray told(qint64 id)
{
    return "#TOLD id=" + number(id) + "\r\n";
}

QByteArray note(const Note &note)
{
    QByteArray line = "#NOTE id=" + number(note.id) + " kind=" + wordOf(noteKinds, note.kind) +
                      " from=" + partyWord(note.from);
    addText(line, "account", note.account);
    addText(line, "name", note.name);
    if (note.toAll)
        line += " to=all";
    line += " at=" + number(note.atNs);
    addText(line, "text", note.text);
    if (note.gift)
        addText(line, "path", note.gift->path().toBytes());
    if (note.kind == Note::Kind::Gift)
        line += " size=" + number(note.size);
    addText(line, "why", note.why);
    return line + "\r\n";
}

QByteArray newsEnd(const NewsEnd &end)
{
    return "#END next=" + number(end.next) + " lost=" + number(end.lost) + "\r\n";
}

QByteArray dropped()
{
    return success("DROPPED");
}

QByteArray slower(qint64 seconds)
{
    return "!SLOWER seconds=" + number(seconds) + "\r\n";
}

std::optional<Person> parsePerson(const Reply &reply)
{
    Person person;
    const auto session = reply.number("session");
    const auto since = time(reply, "since");
    if (reply.token != "PERSON" || !session || *session < 1 || !since ||
        !readText(reply, "account", person.account) || !readText(reply, "name", person.name) ||
        !readText(reply, "address", person.address))
        return std::nullopt;
    person.session = *session;
    person.kind =
        kindOf(personKinds, reply.field("kind").value_or(QByteArrayView()), Person::Kind::Program);
    person.sinceNs = *since;
    person.self = reply.field("self") == QByteArrayView("yes");
    return person;
}

std::optional<qint64> parseTold(const Reply &reply)
{
    return reply.token == "TOLD" ? reply.number("id") : std::nullopt;
}

std::optional<Note> parseNote(const Reply &reply)
{
    Note note;
    const auto id = reply.number("id");
    const auto kind = reply.field("kind");
    const auto from = parseParty(reply.field("from").value_or(QByteArrayView()));
    const auto at = time(reply, "at");
    if (reply.token != "NOTE" || !id || !kind || !from || from->kind == Party::Kind::All || !at ||
        !readText(reply, "account", note.account) || !readText(reply, "name", note.name) ||
        !readText(reply, "text", note.text) || !readText(reply, "why", note.why))
        return std::nullopt;
    note.id = *id;
    note.kind = kindOf(noteKinds, *kind, Note::Kind::Notice);
    note.from = *from;
    note.toAll = reply.field("to") == QByteArrayView("all");
    note.atNs = *at;
    if (const auto encoded = reply.field("path")) {
        const auto path = VirtualPath::parseEncoded(*encoded);
        note.gift = path ? giftPath(*path) : std::nullopt;
        if (!note.gift)
            return std::nullopt;
    }
    if (note.kind == Note::Kind::Gift) {
        const auto size = parseSize(reply.field("size").value_or(QByteArrayView()));
        if (!size)
            return std::nullopt;
        note.size = *size;
    }
    // A text that is too long, or no text, is nothing that anybody could have said.
    const bool sayable = note.text.isEmpty() || isMessage(note.text);
    return sayable && isWhole(note) ? std::optional(note) : std::nullopt;
}

std::optional<NewsEnd> parseNewsEnd(const Reply &reply)
{
    const auto next = reply.number("next");
    const auto lost = reply.number("lost");
    return reply.token == "END" && next && lost ? std::optional(NewsEnd{*next, *lost})
                                                : std::nullopt;
}

} // namespace ferry::extended
