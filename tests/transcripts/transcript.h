// SPDX-License-Identifier: MIT
/// Conversations as text: documentation, tests and fuzz seeds at once. The files are *.txt here.
///
///     # A comment.
///     password WORD          the server's password
///     file PATH              a file of the server, by the path that a client sends;
///     | TEXT                 its content, as many such lines as it takes (no line end of its own)
///     C: TEXT                the client sends a line, CR LF at its end
///     C> TEXT                the client sends exactly this
///     C.                     the client closes its direction
///     S: TEXT                the server sends a line, CR LF at its end
///     S= PATH                the server sends the content of that file
///     S> TEXT                the server sends exactly this
///     S.                     the server closes
///
/// Those of the extended dialect are in extended/ and know more:
///
///     scram                  the door offers SCRAM
///     login BASE64 REPLY     what LOGIN or RESPONSE with these bytes leads to; else !DENIED
///     chunk N                bytes in one #DATA
///     folder PATH            a folder of the server; a path of one name is a share
///     as ID MTIME            identity token and time of the file or folder above
///     fails TOKEN N          an answer with the content of the file above breaks off after N bytes
///     waits N                … waits after N bytes until CANCEL comes
///     busy                   … takes long to begin
///     unreadable REASON      TREE leaves the folder above out
///     unlisted REASON        every listing leaves the file or folder above out
///     takes                  the server takes files; what was put there is there
///     room N                 … but has room for N bytes of each
///     people                 the server has places for notes
///     gifts                  … and for files from one person to another
///     receipts               the server takes receipts of runs
///     person FIELDS          somebody is there, as #PERSON says it
///     note FIELDS            this waits for the client, as #NOTE says it
///     lost N                 so many notes were dropped before these
///     burst N                so many messages are taken; the next is too soon
///     waiting                no note comes while NEWS waits; it goes on until CANCEL
///     timing                 the answers depend on when the client says what: no other cuts
///
/// Those of the classic dialect that need `people` are in people/.
///
/// In every PATH and TEXT, {0D 0A} stands for bytes in hexadecimal and {41*5000} for many of one.
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QList>
#include <QMap>
#include <QString>

namespace ferry::test {

struct TranscriptStep
{
    enum class Kind { ClientLine, ClientBytes, ClientEnd, Server, ServerEnd };
    Kind kind;
    QByteArray bytes; ///< of ClientLine without its end
};

/// What a server of the extended dialect knows about a file or a folder.
struct DiskEntry
{
    QByteArray path;
    bool folder = false;
    QByteArray id = "-";
    qint64 mtimeNs = 0;
    QByteArray failure; ///< token, after `reach` bytes
    qint64 reach = 0;
    QByteArray unlisted; ///< why a listing leaves it out
    bool waits = false;  ///< after `reach` bytes
    bool busy = false;
};

struct Transcript
{
    QByteArray password;
    QMap<QByteArray, QByteArray> files;

    // For the extended dialect:
    QList<DiskEntry> disk; ///< in the order of the disk; contents are in `files`
    QMap<QByteArray, QByteArray> logins;
    qint64 chunk = 1 << 20;
    bool scram = false;
    bool takes = false;
    qint64 room = 1 << 20; ///< bytes of an upload that the disk has room for
    bool people = false;
    bool gifts = false;
    bool receipts = false;
    QByteArrayList persons; ///< each a line, as the server says it
    QByteArrayList notes;   ///< likewise
    qint64 lost = 0;
    qint64 burst = 5;
    bool waiting = false;
    bool timing = false;

    QList<TranscriptStep> steps;
    QString fault; ///< not empty: the text is no transcript, and why

    /// Everything the client sends, each of its lines with `lineEnd`.
    QByteArray clientBytes(QByteArrayView lineEnd = "\r\n") const;
    QByteArray serverBytes() const;
    bool clientEnds() const;
    bool serverEnds() const;
};

Transcript parseTranscript(QByteArrayView text);

/// All transcripts of the source tree, by file name, that need nothing but files.
QMap<QString, Transcript> allTranscripts();

/// Those of the classic dialect whose server takes messages.
QMap<QString, Transcript> peopleTranscripts();

/// Those of the extended dialect.
QMap<QString, Transcript> extendedTranscripts();

} // namespace ferry::test
