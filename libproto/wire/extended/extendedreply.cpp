// SPDX-License-Identifier: MIT
// Lines are made of many pieces, several for every file: each in one go instead of piece by piece.
#define QT_USE_QSTRINGBUILDER
#include "wire/extended/extended.h"

#include "wire/extended/extendedwords.h"
#include "wire/names.h"

#include <algorithm>

namespace ferry::extended {

namespace {

QByteArray factsFields(const FileFacts &facts)
{
    return " size=" + number(facts.size) + " id=" + facts.id + " mtime=" + number(facts.mtimeNs) +
           " offset=" + number(facts.offset) + " length=" + number(facts.length) +
           (facts.executable ? " exec=yes" : "");
}

} // namespace

QByteArray hello(bool loggedIn, QByteArrayView mechanisms, QByteArrayView agent,
                 const Abilities &abilities)
{
    QByteArray line = "#HELLO " + versionName.toByteArray() + " server=" + percentEncode(agent) +
                      " login=" + (loggedIn ? "yes" : "no");
    if (!mechanisms.isEmpty())
        line += " auth=" + mechanisms.toByteArray();
    return line + " can=LIST,TREE,GET,SUM,RECEIPT" + (abilities.takesFiles ? ",PUT" : "") +
           (abilities.people ? ",WHO,TELL,NEWS" : "") + (abilities.gifts ? ",DROP" : "") +
           (abilities.receiptsOfRuns ? ",RECEIPTS" : "") + "\r\n";
}

QByteArray busy(bool paused)
{
    return paused ? "#BUSY why=paused\r\n" : "#BUSY\r\n";
}

QByteArray challenge(QByteArrayView base64)
{
    return "#CHALLENGE " + base64.toByteArray() + "\r\n";
}

QByteArray loggedIn(QByteArrayView account, QByteArrayView base64)
{
    return "#LOGIN account=" + percentEncode(account) + " final=" + base64.toByteArray() + "\r\n";
}

QByteArray wait(qint64 seconds)
{
    return "!WAIT seconds=" + number(seconds) + "\r\n";
}

QByteArray entry(const Entry &entry)
{
    QByteArray line = QByteArray("#ENTRY ") + (entry.folder ? "d " : "f ") + number(entry.size) +
                      ' ' + number(entry.mtimeNs) + ' ' + entry.id + ' ' +
                      percentEncode(entry.path);
    if (entry.folderMtimeNs)
        line += " in=" + number(*entry.folderMtimeNs);
    if (entry.access != Access::Read)
        line += QByteArray(" access=") + (entry.access == Access::Add ? "add" : "inbox");
    return line + "\r\n";
}

QByteArray skipped(const char *reason, QByteArrayView path)
{
    return QByteArray("#SKIPPED ") + reason + ' ' +
           (path.isEmpty() ? QByteArray(".") : percentEncode(path)) + "\r\n";
}

QByteArray listEnd(qint64 entries, bool more)
{
    return "#END entries=" + number(entries) + " more=" + (more ? "yes" : "no") + "\r\n";
}

QByteArray treeEnd(qint64 entries, qint64 bytes)
{
    return "#END entries=" + number(entries) + " bytes=" + number(bytes) + "\r\n";
}

QByteArray file(const FileFacts &facts)
{
    return "#FILE" + factsFields(facts) + "\r\n";
}

bool isNumbered(const VirtualPath &path, const FileFacts &facts)
{
    return facts.length == facts.size && !path.isRoot() && !path.names().first().startsWith('@');
}

QByteArray data(qint64 bytes)
{
    return "#DATA " + number(bytes) + "\r\n";
}

QByteArray done(qint64 bytes, QByteArrayView sum, bool grown)
{
    return "#DONE bytes=" + number(bytes) + " sum=" + sum.toByteArray() +
           (grown ? " grown=yes" : "") + "\r\n";
}

QByteArray sum(const FileFacts &facts, QByteArrayView sum, bool grown)
{
    return "#SUM" + factsFields(facts) + " sum=" + sum.toByteArray() + (grown ? " grown=yes" : "") +
           "\r\n";
}

QByteArray sendFrom(qint64 offset, QByteArrayView sum)
{
    const QByteArray line = "#SEND offset=" + number(offset);
    return (offset > 0 ? line + " sum=" + sum.toByteArray() : line) + "\r\n";
}

QByteArray stored(const Stored &stored)
{
    QByteArray line = "#STORED path=" + percentEncode(stored.path);
    if (!stored.sum.isEmpty())
        line += " size=" + number(stored.size) + " sum=" + stored.sum;
    if (!stored.id.isEmpty())
        line += " id=" + stored.id;
    return line + "\r\n";
}

QByteArray pong(QByteArrayView text)
{
    return text.isEmpty() ? QByteArray("#PONG\r\n") : "#PONG " + text.toByteArray() + "\r\n";
}

QByteArray success(const char *token)
{
    return QByteArray("#") + token + "\r\n";
}

QByteArray refusal(const char *token)
{
    const QByteArray line = QByteArray("!") + token;
    return (line == "!VERSION" ? line + ' ' + versionName.toByteArray() : line) + "\r\n";
}

QByteArray refusal(const char *token, qint64 size, QByteArrayView id)
{
    return QByteArray("!") + token + " size=" + number(size) + " id=" + id.toByteArray() + "\r\n";
}

std::optional<QByteArrayView> Reply::field(QByteArrayView key, qsizetype from) const
{
    for (qsizetype i = from; i < words.size(); ++i) {
        const QByteArrayView word = words[i];
        if (word.size() > key.size() && word[key.size()] == '=' && word.startsWith(key))
            return word.sliced(key.size() + 1);
    }
    return std::nullopt;
}

std::optional<qint64> Reply::number(QByteArrayView key) const
{
    const auto value = field(key);
    return value ? parseNumber(*value) : std::nullopt;
}

std::optional<Reply> parseReply(QByteArrayView line)
{
    if (line.size() < 2 || (line[0] != '#' && line[0] != '!'))
        return std::nullopt;
    Reply reply;
    reply.success = line[0] == '#';
    reply.words = split(line.sliced(1));
    reply.token = reply.words[0];
    reply.words.remove(0);
    const bool upper = std::all_of(reply.token.begin(), reply.token.end(),
                                   [](char c) { return c >= 'A' && c <= 'Z'; });
    if (reply.token.isEmpty() || !upper)
        return std::nullopt;
    return reply;
}

std::optional<Entry> parseEntry(const Reply &reply)
{
    if (reply.words.size() < 5)
        return std::nullopt;
    const QByteArrayView kind = reply.words[0];
    const auto size = parseSize(reply.words[1]);
    const auto mtime = parseSigned(reply.words[2]);
    const auto names = decodeNames(reply.words[4]);
    if ((kind != "d" && kind != "f") || !size || !mtime || !isId(reply.words[3]) || !names)
        return std::nullopt;
    const auto folderMtime = reply.field("in", 5);
    const auto access = reply.field("access", 5);
    return Entry{kind == "d",
                 *size,
                 *mtime,
                 reply.words[3].toByteArray(),
                 names->join('/'),
                 folderMtime ? parseSigned(*folderMtime) : std::nullopt,
                 access == QByteArrayView("add")     ? Access::Add
                 : access == QByteArrayView("inbox") ? Access::Inbox
                                                     : Access::Read};
}

std::optional<QByteArray> parseSkipped(const Reply &reply)
{
    if (reply.words.size() < 2 || reply.words[0].isEmpty())
        return std::nullopt;
    if (reply.words[1] == ".")
        return QByteArray();
    const auto names = decodeNames(reply.words[1]);
    return names ? std::optional(names->join('/')) : std::nullopt;
}

std::optional<FileFacts> parseFacts(const Reply &reply)
{
    const auto size = parseSize(reply.field("size").value_or(QByteArrayView()));
    const auto mtime = parseSigned(reply.field("mtime").value_or(QByteArrayView()));
    const auto offset = reply.number("offset");
    const auto length = reply.number("length");
    const auto id = reply.field("id");
    if (!size || !mtime || !offset || !length || !id || !isId(*id))
        return std::nullopt;
    if (*offset > *size || *length > *size - *offset)
        return std::nullopt;
    return FileFacts{*size,   *mtime,  id->toByteArray(),
                     *offset, *length, reply.field("exec") == QByteArrayView("yes")};
}

std::optional<Stored> parseStored(const Reply &reply)
{
    const auto path = VirtualPath::parseEncoded(reply.field("path").value_or(QByteArrayView()));
    const auto sum = reply.field("sum");
    const auto id = reply.field("id");
    if (reply.token != "STORED" || !path || path->isRoot() || (id && !isId(*id)))
        return std::nullopt;
    Stored stored{path->toBytes(), 0, {}, id.value_or(QByteArrayView()).toByteArray()};
    if (!sum)
        return stored;
    const auto size = parseSize(reply.field("size").value_or(QByteArrayView()));
    if (!size || !isSum(*sum))
        return std::nullopt;
    stored.size = *size;
    stored.sum = sum->toByteArray();
    return stored;
}

} // namespace ferry::extended
