// SPDX-License-Identifier: MIT
/// Requests and replies of the extended dialect. The input is one line, read as both.
///
/// Invariants: what was taken, printed and read again is the same, and so is what is printed
/// then; no name of a path is empty, `.` or `..`, holds a `/` or a NUL, or is longer than
/// limits::nameBytes; numbers are not negative (but for times), ranges do not overflow and lie in
/// the file; a request is printed as one line of printable ASCII; the words of a reply are the
/// line.
#include "fuzz/fuzz.h"

#include "wire/extended/extended.h"
#include "wire/extended/people.h"
#include "wire/limits.h"

#include <limits>

using namespace ferry;
using namespace ferry::extended;

namespace {

bool mayBeName(QByteArrayView name)
{
    return !name.isEmpty() && name != "." && name != ".." && !name.contains('/') &&
           !name.contains('\0') && name.size() <= limits::nameBytes;
}

bool isPrintable(QByteArrayView text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

bool isRange(qint64 offset, qint64 length, qint64 end)
{
    return offset >= 0 && length >= 0 && offset <= end && length <= end - offset;
}

bool same(const Request &a, const Request &b)
{
    return a.verb == b.verb && a.path.names() == b.path.names() && a.offset == b.offset &&
           a.length == b.length && a.most == b.most && a.limit == b.limit && a.after == b.after &&
           a.skipped == b.skipped && a.id == b.id && a.grown == b.grown && a.sum == b.sum &&
           a.text == b.text && a.base64 == b.base64 && a.size == b.size && a.mtimeNs == b.mtimeNs &&
           a.upload == b.upload && a.folder == b.folder && a.follows == b.follows &&
           a.drop == b.drop && a.to == b.to && a.since == b.since &&
           a.waitSeconds == b.waitSeconds && a.box == b.box && a.first == b.first &&
           a.count == b.count;
}

void checkRequest(QByteArrayView line)
{
    const ParsedRequest parsed = parseRequest(line);
    if (!parsed.request) {
        const QByteArrayView token(parsed.refusal);
        FUZZ_REQUIRE(token == "SYNTAX" || token == "UNKNOWN" || token == "VERSION");
        return;
    }
    const Request &request = *parsed.request;
    for (const QByteArray &name : request.path.names())
        FUZZ_REQUIRE(mayBeName(name));
    FUZZ_REQUIRE(
        isRange(request.offset, request.length.value_or(0), std::numeric_limits<qint64>::max()));
    FUZZ_REQUIRE(request.limit.value_or(1) >= 1);
    FUZZ_REQUIRE(request.after.isEmpty() || mayBeName(request.after));
    FUZZ_REQUIRE(request.id.isEmpty() || isId(request.id));
    FUZZ_REQUIRE(request.sum.isEmpty() || isSum(request.sum));
    FUZZ_REQUIRE(request.size >= 0 && request.size <= limits::maxFileBytes);
    FUZZ_REQUIRE(request.upload.isEmpty() || isId(request.upload));
    FUZZ_REQUIRE(!request.follows || request.size <= limits::uploadAtOnceBytes);
    FUZZ_REQUIRE(request.since >= 0 && request.waitSeconds >= 0 &&
                 request.waitSeconds <= limits::newsWaitSeconds);
    FUZZ_REQUIRE(request.box.isEmpty() || isId(request.box));
    FUZZ_REQUIRE(request.verb != Verb::Receipts ||
                 (request.first >= 1 && request.count >= 1 &&
                  isRange(request.first, request.count, std::numeric_limits<qint64>::max())));
    if (request.verb == Verb::Tell)
        FUZZ_REQUIRE(isMessage(request.text) && request.to.kind != Party::Kind::Server);
    if (request.verb == Verb::Drop)
        FUZZ_REQUIRE(giftPath(request.path).has_value());
    if (const auto gift = giftPath(request.path))
        FUZZ_REQUIRE(gift->path().names() == request.path.names());
    FUZZ_REQUIRE((request.verb == Verb::Data) == bytesBehind(line).has_value());

    const QByteArray printed = requestLine(request);
    const QByteArrayView content = QByteArrayView(printed).chopped(2);
    FUZZ_REQUIRE(printed.endsWith("\r\n") && isPrintable(content));
    const ParsedRequest again = parseRequest(content);
    FUZZ_REQUIRE(again.request && same(*again.request, request));
    FUZZ_REQUIRE(requestLine(*again.request) == printed);
}

void checkEntry(const Entry &entry)
{
    for (const QByteArray &name : entry.path.split('/'))
        FUZZ_REQUIRE(mayBeName(name));
    FUZZ_REQUIRE(entry.size >= 0 && isId(entry.id));
    const QByteArray printed = extended::entry(entry);
    FUZZ_REQUIRE(printed.endsWith("\r\n") && isPrintable(QByteArrayView(printed).chopped(2)));
    const auto reply = parseReply(QByteArrayView(printed).chopped(2));
    FUZZ_REQUIRE(reply && reply->success && reply->token == "ENTRY");
    const auto again = parseEntry(*reply);
    FUZZ_REQUIRE(again && again->folder == entry.folder && again->size == entry.size &&
                 again->mtimeNs == entry.mtimeNs && again->id == entry.id &&
                 again->path == entry.path && again->folderMtimeNs == entry.folderMtimeNs);
}

void checkSkipped(const char *reason, const QByteArray &path)
{
    if (!path.isEmpty()) {
        for (const QByteArray &name : path.split('/'))
            FUZZ_REQUIRE(mayBeName(name));
    }
    const QByteArray printed = skipped(reason, path);
    FUZZ_REQUIRE(printed.endsWith("\r\n") && isPrintable(QByteArrayView(printed).chopped(2)));
    const auto reply = parseReply(QByteArrayView(printed).chopped(2));
    FUZZ_REQUIRE(reply && reply->success && reply->token == "SKIPPED");
    FUZZ_REQUIRE(parseSkipped(*reply) == path);
}

void checkFacts(const FileFacts &facts)
{
    FUZZ_REQUIRE(facts.size >= 0 && isRange(facts.offset, facts.length, facts.size));
    FUZZ_REQUIRE(isId(facts.id));
    const QByteArray printed = file(facts);
    const auto reply = parseReply(QByteArrayView(printed).chopped(2));
    FUZZ_REQUIRE(reply && reply->success && reply->token == "FILE");
    const auto again = parseFacts(*reply);
    FUZZ_REQUIRE(again && again->size == facts.size && again->mtimeNs == facts.mtimeNs &&
                 again->id == facts.id && again->offset == facts.offset &&
                 again->length == facts.length && again->executable == facts.executable);
}

void checkStored(const Stored &known)
{
    FUZZ_REQUIRE(known.path.startsWith('/'));
    for (const QByteArray &name : known.path.sliced(1).split('/'))
        FUZZ_REQUIRE(mayBeName(name));
    FUZZ_REQUIRE(known.size >= 0);
    const QByteArray printed = stored(known);
    const auto reply = parseReply(QByteArrayView(printed).chopped(2));
    FUZZ_REQUIRE(reply && reply->success && reply->token == "STORED");
    const auto again = parseStored(*reply);
    FUZZ_REQUIRE(again && again->path == known.path && again->size == known.size &&
                 again->sum == known.sum && again->id == known.id);
}

/// What is printed for `value` reads as the same: printed once more, it is the same line.
template <typename Value>
void checkPrinted(const Value &value, QByteArray (*print)(const Value &),
                  std::optional<Value> (*parse)(const Reply &))
{
    const QByteArray printed = print(value);
    FUZZ_REQUIRE(printed.endsWith("\r\n") && isPrintable(QByteArrayView(printed).chopped(2)));
    const auto reply = parseReply(QByteArrayView(printed).chopped(2));
    FUZZ_REQUIRE(reply && reply->success);
    const auto again = parse(*reply);
    FUZZ_REQUIRE(again && print(*again) == printed);
}

void checkPeople(const Reply &reply)
{
    if (const auto person = parsePerson(reply)) {
        FUZZ_REQUIRE(person->session >= 1);
        checkPrinted<Person>(*person, extended::person, parsePerson);
    }
    if (const auto note = parseNote(reply)) {
        FUZZ_REQUIRE(note->id >= 0 && note->size >= 0 && note->from.kind != Party::Kind::All);
        FUZZ_REQUIRE(note->text.isEmpty() ? note->kind != Note::Kind::Message
                                          : isMessage(note->text));
        FUZZ_REQUIRE(!note->gift || mayBeName(note->gift->name));
        checkPrinted<Note>(*note, extended::note, parseNote);
    }
    if (const auto end = parseNewsEnd(reply)) {
        FUZZ_REQUIRE(end->next >= 0 && end->lost >= 0);
        checkPrinted<NewsEnd>(*end, newsEnd, parseNewsEnd);
    }
}

void checkReply(QByteArrayView line)
{
    const auto reply = parseReply(line);
    if (!reply)
        return;
    FUZZ_REQUIRE(reply->success == (line[0] == '#') && !reply->token.isEmpty());
    // The words lie in the line, in order, one space apart, to its end.
    QByteArrayView rest = line.sliced(1);
    FUZZ_REQUIRE(rest.startsWith(reply->token));
    rest = rest.sliced(reply->token.size());
    for (const QByteArrayView word : reply->words) {
        FUZZ_REQUIRE(rest.startsWith(' ') && rest.sliced(1).startsWith(word));
        rest = rest.sliced(1 + word.size());
    }
    FUZZ_REQUIRE(rest.isEmpty());
    if (const auto entry = parseEntry(*reply))
        checkEntry(*entry);
    if (const auto path = parseSkipped(*reply))
        checkSkipped("LINK", *path);
    if (const auto facts = parseFacts(*reply))
        checkFacts(*facts);
    if (const auto stored = parseStored(*reply))
        checkStored(*stored);
    checkPeople(*reply);
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView line = fuzz::view(data, size);
    if (line.contains('\n') || line.contains('\0')) // not in a line (fuzz_lines)
        return 0;
    checkRequest(line);
    checkReply(line);
    return 0;
}
