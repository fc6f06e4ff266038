// SPDX-License-Identifier: MIT
#include "unit/wire/scripteddisk.h"

#include <xxhash.h>

#include <algorithm>

namespace ferry::test {

using extended::Request;
using extended::Verb;

namespace {

/// Is `path` below `folder` (`/a`, or `` for the root), and directly?
bool isBelow(const QByteArray &path, const QByteArray &folder)
{
    return path.startsWith(folder + '/');
}

bool isIn(const QByteArray &path, const QByteArray &folder)
{
    return isBelow(path, folder) && path.indexOf('/', folder.size() + 1) < 0;
}

QByteArray bytesOf(const VirtualPath &path)
{
    return path.isRoot() ? QByteArray() : path.toBytes();
}

QByteArray receiptKey(const Request &request, const QByteArray &id)
{
    return request.path.toBytes() + '\0' + id;
}

} // namespace

QByteArray checksumOf(QByteArrayView bytes)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical,
                             XXH3_128bits(bytes.data(), static_cast<size_t>(bytes.size())));
    const auto *digest = reinterpret_cast<const char *>(canonical.digest);
    return "xxh3:" + QByteArray(digest, sizeof canonical.digest).toHex();
}

ScriptedDisk::Answer ScriptedDisk::answer(const Request &request)
{
    switch (request.verb) {
    case Verb::List:
        return {list(request)};
    case Verb::Tree:
        return {tree(request)};
    case Verb::Get:
    case Verb::Sum:
        return file(request);
    case Verb::Receipt:
        return {confirm(request)};
    case Verb::Receipts:
        return {confirmRun(request)};
    default:
        qFatal("this is no work for a disk");
    }
}

QByteArray ScriptedDisk::confirm(const Request &request)
{
    const QByteArray key = receiptKey(request, request.id);
    const auto sent = std::find_if(m_sent.begin(), m_sent.end(),
                                   [&key](const Sent &known) { return known.key == key; });
    if (sent == m_sent.end())
        return extended::refusal("NOTFOUND");
    m_sent.erase(sent);
    return extended::success("RECEIPT");
}

QByteArray ScriptedDisk::confirmRun(const Request &request)
{
    const auto isOfRun = [&request](const Sent &sent) {
        return sent.number >= request.first && sent.number - request.first < request.count;
    };
    QByteArray sums;
    qint64 count = 0;
    for (const Sent &sent : m_sent) {
        sums += isOfRun(sent) ? sent.sum : QByteArray();
        count += isOfRun(sent) ? 1 : 0;
    }
    if (count != request.count)
        return extended::refusal("NOTFOUND");
    if (request.sum != checksumOf(sums))
        return extended::refusal("MISMATCH");
    m_sent.removeIf(isOfRun);
    return extended::success("RECEIPTS");
}

const DiskEntry *ScriptedDisk::find(const VirtualPath &path) const
{
    const QByteArray bytes = path.toBytes();
    const auto found =
        std::find_if(m_transcript.disk.begin(), m_transcript.disk.end(),
                     [&bytes](const DiskEntry &entry) { return entry.path == bytes; });
    return found == m_transcript.disk.end() ? nullptr : &*found;
}

/// `prefix`: how much of the path was asked for, `/` included.
extended::Entry ScriptedDisk::wireEntry(const DiskEntry &entry, qsizetype prefix) const
{
    return {entry.folder, m_transcript.files.value(entry.path).size(), entry.mtimeNs, entry.id,
            entry.path.sliced(prefix)};
}

QByteArray ScriptedDisk::list(const Request &request) const
{
    const DiskEntry *asked = find(request.path);
    if (!request.path.isRoot() && !asked)
        return extended::refusal("NOTFOUND");
    if (asked && !asked->folder)
        return extended::refusal("NOTFOLDER");
    const QByteArray folder = bytesOf(request.path);
    QList<DiskEntry> entries;
    std::copy_if(m_transcript.disk.begin(), m_transcript.disk.end(), std::back_inserter(entries),
                 [&folder](const DiskEntry &entry) { return isIn(entry.path, folder); });
    QByteArray lines = asked && asked->busy ? extended::success("BUSY") : QByteArray();
    entries.removeIf([&](const DiskEntry &entry) {
        if (request.skipped && !entry.unlisted.isEmpty())
            lines +=
                extended::skipped(entry.unlisted.constData(), entry.path.sliced(folder.size() + 1));
        return !entry.unlisted.isEmpty();
    });
    bool more = false;
    if (request.limit) {
        std::sort(entries.begin(), entries.end(),
                  [](const DiskEntry &a, const DiskEntry &b) { return a.path < b.path; });
        const QByteArray after = folder + '/' + request.after;
        entries.removeIf([&after](const DiskEntry &entry) { return entry.path <= after; });
        more = entries.size() > *request.limit;
        entries = entries.first(std::min<qsizetype>(entries.size(), *request.limit));
    }
    for (const DiskEntry &entry : entries)
        lines += extended::entry(wireEntry(entry, folder.size() + 1));
    return lines + extended::listEnd(entries.size(), more);
}

QByteArray ScriptedDisk::tree(const Request &request) const
{
    const DiskEntry *asked = find(request.path);
    if (!request.path.isRoot() && !asked)
        return extended::refusal("NOTFOUND");
    if (asked && !asked->folder) {
        const extended::Entry entry = wireEntry(*asked, asked->path.lastIndexOf('/') + 1);
        return extended::entry(entry) + extended::treeEnd(1, entry.size);
    }
    const QByteArray folder = bytesOf(request.path);
    QByteArray lines;
    qint64 count = 0;
    qint64 bytes = 0;
    for (const DiskEntry &entry : m_transcript.disk) {
        if (!isBelow(entry.path, folder))
            continue;
        const extended::Entry onWire = wireEntry(entry, folder.size() + 1);
        if (!entry.unlisted.isEmpty()) {
            lines += extended::skipped(entry.unlisted.constData(), onWire.path);
            continue;
        }
        lines += extended::entry(onWire);
        ++count;
        bytes += onWire.size;
        if (entry.folder && !entry.failure.isEmpty())
            lines += extended::skipped(entry.failure.constData(), onWire.path);
    }
    return lines + extended::treeEnd(count, bytes);
}

ScriptedDisk::Answer ScriptedDisk::file(const Request &request)
{
    const DiskEntry *entry = find(request.path);
    if (!request.path.isRoot() && !entry)
        return {extended::refusal("NOTFOUND")};
    if (!entry || entry->folder)
        return {extended::refusal("ISFOLDER")};
    const QByteArray content = m_transcript.files.value(entry->path);
    const qint64 size = content.size();
    if (!request.id.isEmpty() && request.id != entry->id)
        return {extended::refusal("CHANGED", size, entry->id)};
    if (request.offset > size || request.length.value_or(0) > size - request.offset)
        return {extended::refusal("RANGE", size, entry->id)};
    const extended::FileFacts facts{
        size, entry->mtimeNs, entry->id, request.offset,
        request.length.value_or(std::min(size - request.offset, request.most.value_or(size)))};
    Answer answer;
    if (entry->busy)
        answer.bytes = extended::success("BUSY");
    if (request.verb == Verb::Sum) {
        answer.bytes += extended::sum(facts, checksumOf(content.mid(facts.offset, facts.length)));
        return answer;
    }
    answer.bytes += extended::file(facts);
    addBody(*entry, facts, answer);
    if (!answer.waits && entry->failure.isEmpty())
        m_sent.append({receiptKey(request, facts.id),
                       extended::isNumbered(request.path, facts) ? ++m_numbered : 0,
                       checksumOf(content.mid(facts.offset, facts.length)).sliced(5)});
    return answer;
}

void ScriptedDisk::addBody(const DiskEntry &entry, const extended::FileFacts &facts, Answer &answer)
{
    const QByteArray body = m_transcript.files.value(entry.path).mid(facts.offset, facts.length);
    const bool breaks = entry.waits || !entry.failure.isEmpty();
    const qint64 end = breaks ? std::min<qint64>(entry.reach, body.size()) : body.size();
    for (qint64 at = 0; at < end;) {
        const qint64 size = std::min(m_transcript.chunk, end - at);
        answer.bytes += extended::data(size) + body.sliced(at, size);
        at += size;
    }
    answer.waits = entry.waits;
    if (!entry.failure.isEmpty())
        answer.bytes += extended::refusal(entry.failure.constData());
    else if (!entry.waits)
        answer.bytes += extended::done(body.size(), checksumOf(body));
}

} // namespace ferry::test
