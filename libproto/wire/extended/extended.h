// SPDX-License-Identifier: MIT
/// The lines of the extended dialect, ferry/1, as values: requests and replies, both ways.
/// Grammar and meaning: docs/PROTOCOL.md.
#pragma once

#include "wire/extended/extendedwords.h"
#include "wire/extended/party.h"
#include "wire/virtualpath.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace ferry::extended {

enum class Verb {
    Hello,
    Login,
    Response,
    List,
    Tree,
    Get,
    Sum,
    Receipt,
    Receipts, ///< of a run of whole files
    Put,      ///< begins an upload, or makes a folder
    Data,     ///< a piece of the upload under way; its bytes follow the line
    End,      ///< of the upload: all of it was sent
    Abort,    ///< the upload under way is given up
    Who,      ///< who else is there?
    Tell,     ///< a message to somebody
    News,     ///< the notes that wait for this person
    Drop,     ///< a gift is not wanted any more, by who gave it or who was given it
    Ping,
    Cancel,
    Quit
};

/// In `can=` of HELLO: the client understands why a session is paused or ended.
inline constexpr QByteArrayView reasons = "REASONS";

/// Likewise: it knows shares that only take files. A server says so if it has a share that takes.
inline constexpr QByteArrayView givesFiles = "PUT";

/// Likewise: a person sits before a window there, rather than a command line.
inline constexpr QByteArrayView hasWindow = "WINDOW";

/// The name and version of the dialect, as HELLO gives them.
inline constexpr QByteArrayView versionName = "ferry/1";

/// One request. Which members mean something depends on the verb.
struct Request
{
    Verb verb = Verb::Quit;
    VirtualPath path = VirtualPath::root(); ///< LIST TREE GET SUM RECEIPT PUT DROP
    qint64 offset = 0;                      ///< GET SUM, bytes
    std::optional<qint64> length;           ///< GET SUM DATA, bytes; nothing: to the end
    std::optional<qint64> most;             ///< GET without length: fewer if the file is shorter
    std::optional<qint64> limit;            ///< LIST: entries, at least 1; nothing: all
    QByteArray after;                       ///< LIST: a name, decoded
    bool skipped = false;                   ///< LIST: say what is left out, as TREE does
    QByteArray id;                          ///< GET SUM RECEIPT: identity token, may be empty
    bool grown = false;                     ///< GET SUM: the file may have become longer since
    QByteArray sum;                         ///< RECEIPT RECEIPTS END
    qint64 first = 0;                       ///< RECEIPTS: the number of a file, at least 1
    qint64 count = 0;                       ///< RECEIPTS: so many from that one on, at least 1
    qint64 size = 0;                        ///< PUT: bytes of the whole file
    std::optional<qint64> mtimeNs;          ///< PUT: since the epoch
    QByteArray upload;                      ///< PUT: which upload it is, chosen by the client
    bool folder = false;                    ///< PUT: makes a folder, and nothing follows
    bool follows = false;                   ///< PUT: the content comes right behind, from its start
    bool drop = false;                      ///< ABORT: what came is not kept
    QByteArray text;                        ///< HELLO: agent; PING TELL: text; LOGIN: mechanism
    QByteArray name;                        ///< HELLO: what the person calls themselves; UTF-8
    QByteArray can;                         ///< HELLO: what the client understands, with commas
    QByteArray base64;                      ///< LOGIN RESPONSE
    Party to;                               ///< TELL: never Server
    qint64 since = 0;                       ///< NEWS: the first note that is wanted
    qint64 waitSeconds = 0;                 ///< NEWS: how long, if there is none yet
    QByteArray box;                         ///< HELLO: whose connection it is; NEWS: where the
                                            ///< notes wait, over connections
};

/// A request, or the token of the refusal (`UNKNOWN`, `SYNTAX`, `VERSION`).
struct ParsedRequest
{
    std::optional<Request> request;
    const char *refusal = nullptr;
};
ParsedRequest parseRequest(QByteArrayView line);

/// The bytes that follow a DATA line; nothing if it is none. Such a line has nothing else in it.
std::optional<qint64> bytesBehind(QByteArrayView line);

/// The request that begins with `word`, in any case.
std::optional<Verb> verbNamed(QByteArrayView word);

/// Its word in a request and in `can=`.
QByteArrayView verbName(Verb verb);

/// The line, with its CR LF, as a client sends it.
QByteArray requestLine(const Request &request);

/// The line as it may stand in a log: without its end, what belongs to a login, and what
/// people write. Remote text.
QByteArray loggableLine(const Request &request);

/// What a file is at one moment, as `#FILE` and `#SUM` say it, with the range that follows.
struct FileFacts
{
    qint64 size = 0;    ///< bytes
    qint64 mtimeNs = 0; ///< since the epoch
    QByteArray id;
    qint64 offset = 0;
    qint64 length = 0;
    bool executable = false; ///< by its owner, and not set-id
};

/// Whether a GET of `path` that is answered so gets a number, by which RECEIPTS names it: the whole
/// of a file in a share. Both ends count them, from 1 on each connection, in the order of the
/// answers, those alone that came to their `#DONE`.
bool isNumbered(const VirtualPath &path, const FileFacts &facts);

/// What a peer may do in a share.
enum class Access {
    Read,
    Add,   ///< also put new files and folders in
    Inbox, ///< nothing but put in: neither list nor read
};

/// One line of a listing.
struct Entry
{
    bool folder = false;
    qint64 size = 0;
    qint64 mtimeNs = 0;
    QByteArray id;                            ///< `-` where there is none
    QByteArray path;                          ///< decoded; relative; names joined by `/`
    std::optional<qint64> folderMtimeNs = {}; ///< TREE: of the folder that it is in, if said
    Access access = Access::Read;             ///< LIST: of a share
};

// --- What a server sends, each line with its CR LF
// ------------------------------------------------

/// What not every server does.
struct Abilities
{
    bool takesFiles = false;     ///< PUT: there is a share that takes files
    bool people = false;         ///< WHO, TELL, NEWS
    bool gifts = false;          ///< DROP, and PUT for one person
    bool receiptsOfRuns = false; ///< RECEIPTS
};
QByteArray hello(bool loggedIn, QByteArrayView mechanisms, QByteArrayView agent,
                 const Abilities &abilities = {});
QByteArray challenge(QByteArrayView base64);
QByteArray loggedIn(QByteArrayView account, QByteArrayView base64);
QByteArray wait(qint64 seconds);
QByteArray entry(const Entry &entry);
QByteArray skipped(const char *reason, QByteArrayView path);
QByteArray listEnd(qint64 entries, bool more);
QByteArray treeEnd(qint64 entries, qint64 bytes);
QByteArray file(const FileFacts &facts);
QByteArray data(qint64 bytes);
/// `grown`: the file has become longer since it was as the facts say; this one and the next.
QByteArray done(qint64 bytes, QByteArrayView sum, bool grown = false);
QByteArray sum(const FileFacts &facts, QByteArrayView sum, bool grown = false);
/// The first `offset` bytes of the upload are here; `sum` is theirs.
QByteArray sendFrom(qint64 offset, QByteArrayView sum);
/// What an upload became, under which path. Of a folder the path alone.
struct Stored
{
    QByteArray path; ///< decoded, with its `/` at the start
    qint64 size = 0; ///< bytes
    QByteArray sum;  ///< empty: a folder
    QByteArray id;   ///< identity token; empty: a folder, or a share that does not tell
};
QByteArray stored(const Stored &stored);
QByteArray pong(QByteArrayView text);
/// `paused`: by the operator, for a client that understands reasons.
QByteArray busy(bool paused);
/// `#TOKEN` alone.
QByteArray success(const char *token);
/// `!TOKEN` alone. VERSION is followed by the version that this server speaks.
QByteArray refusal(const char *token);
/// `!TOKEN size=… id=…` for CHANGED and RANGE.
QByteArray refusal(const char *token, qint64 size, QByteArrayView id);

// --- What a client receives
// -----------------------------------------------------------------------

/// A reply line cut into words; views into the line it was made from.
struct Reply
{
    bool success = false;
    QByteArrayView token;
    Words words; ///< what follows the token, fields included

    /// The value of `key=value`, or nothing. The first `from` words are none, whatever they hold.
    std::optional<QByteArrayView> field(QByteArrayView key, qsizetype from = 0) const;
    /// The value of a field as a number without sign, or nothing.
    std::optional<qint64> number(QByteArrayView key) const;
};

/// Nothing if the line is no reply of this dialect.
std::optional<Reply> parseReply(QByteArrayView line);
std::optional<Entry> parseEntry(const Reply &reply);
/// The path of `#SKIPPED`: decoded; empty for the folder itself, which is `.` on the wire.
std::optional<QByteArray> parseSkipped(const Reply &reply);
std::optional<FileFacts> parseFacts(const Reply &reply);
std::optional<Stored> parseStored(const Reply &reply);

} // namespace ferry::extended
