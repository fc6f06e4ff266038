// SPDX-License-Identifier: MIT
/// Who is on a server and what there is for them: the replies to WHO, TELL, NEWS and DROP as
/// values, both ways. Grammar and meaning: docs/PROTOCOL.md, "People".
#pragma once

#include "wire/extended/extended.h"
#include "wire/extended/party.h"

#include <QByteArray>

#include <optional>

namespace ferry::extended {

/// Somebody who is logged in.
struct Person
{
    enum class Kind { Window, Program, Telnet };

    qint64 session = 0; ///< at least 1
    QByteArray account;
    QByteArray name; ///< what they call themselves; remote text, may be empty
    QByteArray address;
    Kind kind = Kind::Program;
    qint64 sinceNs = 0; ///< since the epoch
    bool self = false;  ///< it is who asks
};

/// Something that waits for a person until they ask for news.
struct Note
{
    enum class Kind {
        Message,
        Gift,   ///< a file is there for them: `gift`, `size`
        Taken,  ///< somebody took what they gave: `gift`
        Notice, ///< the server has to say something; a gift that is no more: `gift`, `why`
    };

    qint64 id = 0; ///< later notes have higher ones
    Kind kind = Kind::Message;
    Party from;         ///< neither All nor anybody's own word
    QByteArray account; ///< of a session; empty otherwise
    QByteArray name;    ///< likewise what they call themselves; remote text
    bool toAll = false; ///< others were sent it as well
    qint64 atNs = 0;    ///< since the epoch
    QByteArray text;    ///< remote text, UTF-8; a message has one
    std::optional<GiftPath> gift;
    qint64 size = 0; ///< bytes of the gift
    QByteArray why;  ///< `declined`, `withdrawn`, `expired`, or a word of a later version
};

/// Behind the notes of one answer.
struct NewsEnd
{
    qint64 next = 0; ///< what to ask for next
    qint64 lost = 0; ///< notes that were dropped before those that came
};

QByteArray person(const Person &person);
QByteArray peopleEnd();
/// The message has its place; `id` is the note's.
QByteArray told(qint64 id);
QByteArray note(const Note &note);
QByteArray newsEnd(const NewsEnd &end);
QByteArray dropped();
/// Too many messages: the next one may come after so many seconds.
QByteArray slower(qint64 seconds);

std::optional<Person> parsePerson(const Reply &reply);
std::optional<qint64> parseTold(const Reply &reply);
/// A kind that this version does not know is a notice.
std::optional<Note> parseNote(const Reply &reply);
std::optional<NewsEnd> parseNewsEnd(const Reply &reply);

} // namespace ferry::extended
