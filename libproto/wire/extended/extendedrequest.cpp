// SPDX-License-Identifier: MIT
// Lines are made of many pieces, several for every file: each in one go instead of piece by piece.
#define QT_USE_QSTRINGBUILDER
#include "wire/extended/extended.h"

#include "wire/extended/extendedfields.h"
#include "wire/extended/extendedwords.h"
#include "wire/limits.h"
#include "wire/names.h"

#include <algorithm>
#include <array>
#include <limits>

namespace ferry::extended {

namespace {

/// What stands raw in no line: 01 to 1F, 7F. (The space is between words, a NUL in no line at all.)
bool hasControls(QByteArrayView line)
{
    return std::any_of(line.begin(), line.end(),
                       [](char c) { return uchar(c) < 0x20 || c == 0x7f; });
}

bool isPrintable(QByteArrayView word)
{
    return !word.isEmpty() &&
           std::all_of(word.begin(), word.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

bool isBase64(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               c == '+' || c == '/' || c == '=';
    });
}

bool readPath(const Words &words, Request &request)
{
    if (words.size() < 2)
        return false;
    const auto path = VirtualPath::parseEncoded(words[1]);
    if (path)
        request.path = *path;
    return path.has_value();
}

bool readRange(const Fields &fields, Request &request)
{
    std::optional<qint64> offset;
    if (!fields.readNumber("offset", offset) || !fields.readNumber("length", request.length))
        return false;
    request.offset = offset.value_or(0);
    const qint64 rest = std::numeric_limits<qint64>::max() - request.offset;
    if (request.length && *request.length > rest)
        return false;
    if (!fields.readYes("grown", request.grown))
        return false;
    if (const auto id = fields.find("id")) {
        request.id = id->toByteArray();
        return isId(*id);
    }
    return true;
}

bool readBox(const Fields &fields, Request &request)
{
    const auto box = fields.find("box");
    request.box = box.value_or(QByteArrayView()).toByteArray();
    return !box || isId(*box);
}

bool readHello(const Words &words, Request &request)
{
    const Fields fields(words, 2, request.verb);
    const auto agent = percentDecode(fields.find("agent").value_or(QByteArrayView()));
    const auto name = percentDecode(fields.find("name").value_or(QByteArrayView()));
    if (!agent || !name)
        return false;
    request.text = *agent;
    request.name = *name;
    request.can = fields.find("can").value_or(QByteArrayView()).toByteArray();
    return fields.valid() && readBox(fields, request);
}

bool readLogin(const Words &words, Request &request)
{
    if (words.size() < 3 || !isPrintable(words[1]) || !isBase64(words[2]))
        return false;
    request.text = words[1].toByteArray();
    request.base64 = words[2].toByteArray();
    return Fields(words, 3, request.verb).valid();
}

bool readResponse(const Words &words, Request &request)
{
    if (words.size() < 2 || (words[1] != "*" && !isBase64(words[1])))
        return false;
    request.base64 = words[1].toByteArray();
    return Fields(words, 2, request.verb).valid();
}

bool readList(const Words &words, Request &request)
{
    const Fields fields(words, 2, request.verb);
    if (!readPath(words, request) || !fields.valid() || !fields.readNumber("limit", request.limit))
        return false;
    if (request.limit && *request.limit < 1)
        return false;
    if (const auto after = fields.find("after")) {
        const auto name = percentDecode(*after);
        if (!name || !isName(*name))
            return false;
        request.after = *name;
    }
    return (request.limit || request.after.isEmpty()) && fields.readYes("skipped", request.skipped);
}

bool readTree(const Words &words, Request &request)
{
    return readPath(words, request) && Fields(words, 2, request.verb).valid();
}

bool readSum(const Words &words, Request &request)
{
    const Fields fields(words, 2, request.verb);
    return readPath(words, request) && fields.valid() && readRange(fields, request);
}

bool readGet(const Words &words, Request &request)
{
    const Fields fields(words, 2, request.verb);
    return readPath(words, request) && fields.valid() && readRange(fields, request) &&
           fields.readNumber("most", request.most) && !(request.most && request.length);
}

bool readReceipt(const Words &words, Request &request)
{
    const Fields fields(words, 2, request.verb);
    const QByteArrayView id = fields.find("id").value_or(QByteArrayView());
    const QByteArrayView sum = fields.find("sum").value_or(QByteArrayView());
    if (!readPath(words, request) || !fields.valid() || !isId(id) || !isSum(sum))
        return false;
    request.id = id.toByteArray();
    request.sum = sum.toByteArray();
    return true;
}

/// The last of the files has a number, too.
bool readReceipts(const Words &words, Request &request)
{
    const Fields fields(words, 1, request.verb);
    std::optional<qint64> first;
    std::optional<qint64> count;
    const QByteArrayView sum = fields.find("sum").value_or(QByteArrayView());
    if (!fields.valid() || !fields.readNumber("first", first) ||
        !fields.readNumber("count", count) || !isSum(sum))
        return false;
    request.first = first.value_or(0);
    request.count = count.value_or(0);
    request.sum = sum.toByteArray();
    return request.first >= 1 && request.count >= 1 &&
           request.count <= std::numeric_limits<qint64>::max() - request.first;
}

/// `PUT path kind=d`, or a file with its size and the ID of this upload.
bool readPut(const Words &words, Request &request)
{
    const Fields fields(words, 2, request.verb);
    if (!readPath(words, request) || !fields.valid())
        return false;
    if (const auto mtime = fields.find("mtime")) {
        request.mtimeNs = parseSigned(*mtime);
        if (!request.mtimeNs)
            return false;
    }
    const auto kind = fields.find("kind");
    request.folder = kind == QByteArrayView("d");
    if (request.folder)
        return true;
    const auto size = parseSize(fields.find("size").value_or(QByteArrayView()));
    const QByteArrayView upload = fields.find("upload").value_or(QByteArrayView());
    request.size = size.value_or(0);
    request.upload = upload.toByteArray();
    return size && fields.readYes("follows", request.follows) && isId(upload) &&
           (!kind || kind == QByteArrayView("f")) &&
           !(request.follows && *size > limits::uploadAtOnceBytes);
}

/// Nothing else stands in the line, so that whoever looks for its end finds it in one way only.
bool readData(const Words &words, Request &request)
{
    if (words.size() != 2)
        return false;
    request.length = parseNumber(words[1]);
    return request.length && *request.length >= 1 && *request.length <= limits::uploadChunkBytes;
}

bool readEnd(const Words &words, Request &request)
{
    const Fields fields(words, 1, request.verb);
    const QByteArrayView sum = fields.find("sum").value_or(QByteArrayView());
    request.sum = sum.toByteArray();
    return fields.valid() && isSum(sum);
}

bool readAbort(const Words &words, Request &request)
{
    const Fields fields(words, 1, request.verb);
    return fields.valid() && fields.readYes("drop", request.drop);
}

/// The text comes back in a reply line, so nothing may be in it that has no place in one.
bool readPing(const Words &words, Request &request)
{
    if (words.size() == 1)
        return true;
    request.text = words[1].toByteArray();
    return words.size() == 2 && isPrintable(words[1]) && words[1].size() <= limits::pingTextBytes;
}

bool readWho(const Words &words, Request &request)
{
    return Fields(words, 1, request.verb).valid();
}

bool readTell(const Words &words, Request &request)
{
    const Fields fields(words, 1, request.verb);
    const auto to = parseParty(fields.find("to").value_or(QByteArrayView()));
    const auto text = percentDecode(fields.find("text").value_or(QByteArrayView()));
    if (!fields.valid() || !to || to->kind == Party::Kind::Server || !text || !isMessage(*text))
        return false;
    request.to = *to;
    request.text = *text;
    return true;
}

bool readNews(const Words &words, Request &request)
{
    const Fields fields(words, 1, request.verb);
    std::optional<qint64> since;
    std::optional<qint64> wait;
    if (!fields.valid() || !fields.readNumber("since", since) || !since ||
        !fields.readNumber("wait", wait) || wait.value_or(0) > limits::newsWaitSeconds)
        return false;
    request.since = *since;
    request.waitSeconds = wait.value_or(0);
    return readBox(fields, request);
}

/// Only a gift that is there has a number.
bool readDrop(const Words &words, Request &request)
{
    if (!readPath(words, request) || !Fields(words, 2, request.verb).valid())
        return false;
    const auto gift = giftPath(request.path);
    return gift && gift->number;
}

bool readAlone(const Words &words, Request &)
{
    return words.size() == 1;
}

struct Rule
{
    QByteArrayView name;
    Verb verb;
    bool (*read)(const Words &, Request &);
};
constexpr std::array<Rule, 20> rules = {{
    {"HELLO", Verb::Hello, readHello},
    {"LOGIN", Verb::Login, readLogin},
    {"RESPONSE", Verb::Response, readResponse},
    {"LIST", Verb::List, readList},
    {"TREE", Verb::Tree, readTree},
    {"GET", Verb::Get, readGet},
    {"SUM", Verb::Sum, readSum},
    {"RECEIPT", Verb::Receipt, readReceipt},
    {"RECEIPTS", Verb::Receipts, readReceipts},
    {"PUT", Verb::Put, readPut},
    {"DATA", Verb::Data, readData},
    {"END", Verb::End, readEnd},
    {"ABORT", Verb::Abort, readAbort},
    {"WHO", Verb::Who, readWho},
    {"TELL", Verb::Tell, readTell},
    {"NEWS", Verb::News, readNews},
    {"DROP", Verb::Drop, readDrop},
    {"PING", Verb::Ping, readPing},
    {"CANCEL", Verb::Cancel, readAlone},
    {"QUIT", Verb::Quit, readAlone},
}};

bool sameVerb(QByteArrayView word, QByteArrayView name)
{
    return word.compare(name, Qt::CaseInsensitive) == 0;
}

auto ruleFor(QByteArrayView word)
{
    return std::find_if(rules.begin(), rules.end(),
                        [word](const Rule &rule) { return sameVerb(word, rule.name); });
}

} // namespace

ParsedRequest parseRequest(QByteArrayView line)
{
    const Words words = split(line);
    const auto rule = ruleFor(words[0]);
    if (rule == rules.end())
        return {std::nullopt, "UNKNOWN"};
    if (rule->verb == Verb::Hello && (words.size() < 2 || words[1] != versionName))
        return {std::nullopt, words.size() < 2 ? "SYNTAX" : "VERSION"};
    Request request;
    request.verb = rule->verb;
    if (hasControls(line) || !rule->read(words, request))
        return {std::nullopt, "SYNTAX"};
    return {request, nullptr};
}

std::optional<qint64> bytesBehind(QByteArrayView line)
{
    Request request;
    const Words words = split(line);
    return sameVerb(words[0], "DATA") && readData(words, request) ? request.length : std::nullopt;
}

std::optional<Verb> verbNamed(QByteArrayView word)
{
    const auto rule = ruleFor(word);
    return rule == rules.end() ? std::nullopt : std::optional(rule->verb);
}

QByteArrayView verbName(Verb verb)
{
    return std::find_if(rules.begin(), rules.end(),
                        [verb](const Rule &r) { return r.verb == verb; })
        ->name;
}

QByteArray requestLine(const Request &request)
{
    QByteArray line = verbName(request.verb).toByteArray();
    const auto field = [&line](const char *key, const QByteArray &value) {
        line += ' ';
        line += key;
        line += '=';
        line += value;
    };
    switch (request.verb) {
    case Verb::Hello:
        line += ' ' + versionName.toByteArray();
        if (!request.text.isEmpty())
            field("agent", percentEncode(request.text));
        if (!request.name.isEmpty())
            field("name", percentEncode(request.name));
        if (!request.can.isEmpty())
            field("can", request.can);
        if (!request.box.isEmpty())
            field("box", request.box);
        break;
    case Verb::Login:
        line += ' ' + request.text + ' ' + request.base64;
        break;
    case Verb::Response:
        line += ' ' + request.base64;
        break;
    case Verb::Ping:
        if (!request.text.isEmpty())
            line += ' ' + request.text;
        break;
    case Verb::Who:
    case Verb::Cancel:
    case Verb::Quit:
        break;
    case Verb::Tell:
        field("to", partyWord(request.to));
        field("text", percentEncode(request.text));
        break;
    case Verb::News:
        field("since", number(request.since));
        if (request.waitSeconds > 0)
            field("wait", number(request.waitSeconds));
        if (!request.box.isEmpty())
            field("box", request.box);
        break;
    case Verb::Put:
        line += ' ' + percentEncode(request.path.toBytes());
        if (request.folder)
            field("kind", "d");
        else
            field("size", number(request.size));
        if (request.mtimeNs)
            field("mtime", number(*request.mtimeNs));
        if (!request.folder)
            field("upload", request.upload);
        if (request.follows)
            field("follows", "yes");
        break;
    case Verb::Data:
        line += ' ' + number(request.length.value_or(0));
        break;
    case Verb::Receipts:
        field("first", number(request.first));
        field("count", number(request.count));
        field("sum", request.sum);
        break;
    case Verb::End:
        field("sum", request.sum);
        break;
    case Verb::Abort:
        if (request.drop)
            field("drop", "yes");
        break;
    case Verb::List:
    case Verb::Tree:
    case Verb::Get:
    case Verb::Sum:
    case Verb::Receipt:
    case Verb::Drop:
        line += ' ' + percentEncode(request.path.toBytes());
        if (request.offset > 0)
            field("offset", number(request.offset));
        if (request.length)
            field("length", number(*request.length));
        if (request.most)
            field("most", number(*request.most));
        if (request.limit)
            field("limit", number(*request.limit));
        if (!request.after.isEmpty())
            field("after", percentEncode(request.after));
        if (request.skipped)
            field("skipped", "yes");
        if (!request.id.isEmpty())
            field("id", request.id);
        if (request.grown)
            field("grown", "yes");
        if (!request.sum.isEmpty())
            field("sum", request.sum);
        break;
    }
    return line + "\r\n";
}

QByteArray loggableLine(const Request &request)
{
    switch (request.verb) {
    case Verb::Login:
        return "LOGIN " + request.text + " ***";
    case Verb::Response:
        return "RESPONSE ***";
    case Verb::Tell: // how much was said, never what
        return "TELL to=" + partyWord(request.to) + " bytes=" + number(request.text.size());
    case Verb::Hello:
    case Verb::News: { // whoever knows its name reads what is in a box
        Request shown = request;
        shown.box.clear();
        return requestLine(shown).chopped(2);
    }
    default:
        return requestLine(request).chopped(2);
    }
}

} // namespace ferry::extended
