// SPDX-License-Identifier: MIT
#include "client-cli/notetext.h"

#include "client-cli/jsonline.h"
#include "net/base/displaytext.h"
#include "wire/limits.h"

#include <QDateTime>
#include <QLocale>

namespace ferry::client {

using extended::Note;
using extended::Person;

namespace {

/// Characters of a whole message: each of its bytes may become an escape such as `\x0A`.
constexpr qsizetype messageCharacters = 4 * limits::messageBytes;

QString timeText(qint64 ns)
{
    return QDateTime::fromMSecsSinceEpoch(ns / 1'000'000).toString(Qt::ISODate);
}

const char *kindWord(Person::Kind kind)
{
    switch (kind) {
    case Person::Kind::Window:
        return "window";
    case Person::Kind::Program:
        return "program";
    case Person::Kind::Telnet:
        return "telnet";
    }
    return "";
}

const char *kindWord(Note::Kind kind)
{
    switch (kind) {
    case Note::Kind::Message:
        return "message";
    case Note::Kind::Gift:
        return "gift";
    case Note::Kind::Taken:
        return "taken";
    case Note::Kind::Notice:
        return "notice";
    }
    return "";
}

QString partyText(const extended::Party &party)
{
    return QString::fromLatin1(extended::partyWord(party));
}

/// The account, which is the server's word, in front of what they call themselves: that may be as
/// somebody else does.
QString nameOf(const Note &note)
{
    const QString account = displayText(note.account);
    const QString name = displayText(note.name);
    return account.isEmpty() || name.isEmpty() ? account + name
                                               : account + QStringLiteral("  ") + name;
}

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

/// What the note says, whoever it is from.
QString contentOf(const Note &note)
{
    const QString text = displayText(note.text, messageCharacters);
    const QString file = note.gift ? displayText(note.gift->name) : QString();
    switch (note.kind) {
    case Note::Kind::Message:
        return text;
    case Note::Kind::Gift:
        return QStringLiteral("offers %1, %2, at %3")
            .arg(file, sizeText(note.size), displayText(note.gift->path().toBytes()));
    case Note::Kind::Taken:
        return QStringLiteral("has taken %1").arg(file);
    case Note::Kind::Notice:
        break;
    }
    if (!note.gift)
        return text;
    return file + u' ' +
           (note.why == "declined"    ? QStringLiteral("was declined")
            : note.why == "withdrawn" ? QStringLiteral("was withdrawn")
            : note.why == "expired"   ? QStringLiteral("has expired")
                                      : QStringLiteral("is no longer there"));
}

} // namespace

QString personText(const Person &person)
{
    QString line = QStringLiteral("%1 %2  %3  %4  %5@%6")
                       .arg(QLatin1StringView(person.self ? "*" : " "))
                       .arg(person.session, 3)
                       .arg(QLatin1StringView(kindWord(person.kind)), -7)
                       .arg(timeText(person.sinceNs), displayText(person.account),
                            displayText(person.address));
    if (!person.name.isEmpty())
        line += QStringLiteral("  ") + displayText(person.name);
    return line;
}

QJsonObject personFields(const Person &person)
{
    QJsonObject fields{{QStringLiteral("session"), person.session},
                       {QStringLiteral("kind"), QLatin1StringView(kindWord(person.kind))},
                       {QStringLiteral("sinceNs"), QString::number(person.sinceNs)},
                       {QStringLiteral("self"), person.self}};
    addBytes(fields, QStringLiteral("account"), person.account);
    addBytes(fields, QStringLiteral("name"), person.name);
    addBytes(fields, QStringLiteral("address"), person.address);
    return fields;
}

QString noteText(const Note &note)
{
    QString line = timeText(note.atNs) + QStringLiteral("  ") + partyText(note.from) +
                   (note.toAll ? QStringLiteral(" to all") : QString()) + QStringLiteral("  ");
    const bool says = note.kind == Note::Kind::Message;
    if (const QString name = nameOf(note); !name.isEmpty())
        line += name + (says ? QStringLiteral(": ") : QStringLiteral(" "));
    return line + contentOf(note);
}

QJsonObject noteFields(const Note &note)
{
    // As text: a number of JSON is exact to 2^53 only.
    QJsonObject fields{{QStringLiteral("id"), QString::number(note.id)},
                       {QStringLiteral("kind"), QLatin1StringView(kindWord(note.kind))},
                       {QStringLiteral("from"), partyText(note.from)},
                       {QStringLiteral("toAll"), note.toAll},
                       {QStringLiteral("atNs"), QString::number(note.atNs)}};
    const auto add = [&fields](const char *key, const QByteArray &bytes) {
        if (!bytes.isEmpty())
            addBytes(fields, QLatin1StringView(key), bytes);
    };
    add("account", note.account);
    add("name", note.name);
    add("text", note.text);
    add("why", note.why);
    if (note.gift)
        add("path", note.gift->path().toBytes());
    if (note.kind == Note::Kind::Gift)
        fields.insert(QStringLiteral("size"), note.size);
    return fields;
}

} // namespace ferry::client
