// SPDX-License-Identifier: MIT
#include "server/files/listing.h"

#include "net/base/filetime.h"
#include "net/limits.h"
#include "server/files/filefacts.h"
#include "server/files/folderreader.h"
#include "server/files/smallestnames.h"
#include "server/limits.h"
#include "wire/bytesum.h"
#include "wire/limits.h"

#include <algorithm>
#include <utility>

namespace ferry::server {

namespace {

using extended::Entry;

/// A link as what it leads to; nothing if that is not inside the share or cannot be seen.
std::optional<FolderEntry> followed(LoggedShares &shares, const VirtualPath &folder,
                                    FolderEntry entry)
{
    if (entry.kind != FolderEntry::Kind::Link)
        return entry;
    const auto path = VirtualPath::fromNames(folder.names() + QByteArrayList{entry.name});
    const auto node = path ? shares.open(*path) : Result<OpenNode>(OpenNode{});
    if (path && !node && node.error().code == ErrorCode::LocalFile) {
        entry.kind = FolderEntry::Kind::Unreadable;
        return entry;
    }
    if (!path || !node)
        return std::nullopt;
    const struct stat &status = node.value().status;
    entry.kind = node.value().isFolder() ? FolderEntry::Kind::Folder : FolderEntry::Kind::File;
    entry.size = node.value().isFolder() ? 0 : qint64(status.st_size);
    entry.mtimeNs = modifiedNs(status);
    entry.id = identityToken(status);
    return entry;
}

/// The token of why a listing does not have it; null if it does.
const char *reasonToSkip(const std::optional<FolderEntry> &followed)
{
    if (!followed)
        return "NOTFOUND";
    switch (followed->kind) {
    case FolderEntry::Kind::File:
    case FolderEntry::Kind::Folder:
        return nullptr;
    case FolderEntry::Kind::Unreadable:
        return "READ";
    case FolderEntry::Kind::Link:
    case FolderEntry::Kind::Other:
        break;
    }
    return "SPECIAL";
}

Entry toWire(const FolderEntry &entry, const QByteArray &prefix)
{
    return {entry.kind == FolderEntry::Kind::Folder, entry.size, entry.mtimeNs, entry.id,
            prefix + entry.name};
}

const char *refusalFor(const OpenNode &node, bool wantFolder)
{
    return node.isFolder() == wantFolder ? nullptr : wantFolder ? "NOTFOLDER" : "ISFOLDER";
}

/// A share in the list of shares: a folder, or a single file.
Result<Entry> shareEntry(LoggedShares &shares, const QByteArray &name)
{
    if (!shares.isFile(name)) {
        Entry entry{true, 0, 0, "-", name};
        entry.access = shares.access(name).value_or(extended::Access::Read);
        return entry;
    }
    const auto path = VirtualPath::parse(name);
    const auto node = path ? shares.open(*path) : Result<OpenNode>(OpenNode{});
    if (!node)
        return node.error();
    const struct stat &status = node.value().status;
    return Entry{false, status.st_size, modifiedNs(status), identityToken(status), name};
}

Result<> sendShares(const extended::Request &request, LoggedShares &shares, ReplyStream &stream,
                    bool withInboxes)
{
    qint64 count = 0;
    const auto names = shares.names(withInboxes);
    for (const QByteArray &name : names) {
        if (request.limit && name <= request.after)
            continue;
        if (request.limit && count == *request.limit)
            return stream.line(extended::listEnd(count, true));
        const auto entry = shareEntry(shares, name);
        if (!entry && !request.skipped)
            continue;
        const auto line = entry ? extended::entry(entry.value())
                                : extended::skipped(refusalToken(entry.error()), name);
        if (auto sent = stream.line(line); !sent)
            return sent;
        count += entry ? 1 : 0;
    }
    return stream.line(extended::listEnd(count, false));
}

Result<> refuse(ReplyStream &stream, const char *token)
{
    return stream.line(extended::refusal(token));
}

/// One name of a folder. Whether it counts as an entry.
Result<bool> sendOne(const extended::Request &request, const FolderEntry &found,
                     LoggedShares &shares, ReplyStream &stream)
{
    const auto entry = followed(shares, request.path, found);
    const char *const reason = reasonToSkip(entry);
    if (reason && !request.skipped)
        return false;
    const auto sent = stream.line(reason ? extended::skipped(reason, found.name)
                                         : extended::entry(toWire(*entry, {})));
    return sent ? Result<bool>(!reason) : sent.error();
}

/// All of a folder, as the disk has it.
Result<> sendAll(FolderReader &reader, const extended::Request &request, LoggedShares &shares,
                 ReplyStream &stream)
{
    for (qint64 count = 0;;) {
        auto next = reader.next();
        if (!next)
            return refuse(stream, "READ");
        if (!next.value())
            return stream.line(extended::listEnd(count, false));
        if (const auto end = stream.pulse(); !end || end.value())
            return end ? refuse(stream, "CANCELLED") : end.error();
        const auto counts = sendOne(request, *next.value(), shares, stream);
        if (!counts)
            return counts.error();
        count += counts.value() ? 1 : 0;
    }
}

/// A pulse for names that nothing is sent of: looking for a cancel costs more than reading one.
class Seldom
{
public:
    Result<bool> pulse(ReplyStream &stream)
    {
        constexpr int names = 256;
        return ++m_count % names == 0 ? stream.pulse() : Result<bool>(false);
    }

private:
    unsigned m_count = 0;
};

/// The `limit` smallest names behind `after`, in runs that fit into the memory for one.
Result<> sendPage(FolderReader &reader, const extended::Request &request, LoggedShares &shares,
                  ReplyStream &stream)
{
    const qint64 limit = std::min(*request.limit, limits::listPage);
    Seldom seldom;
    QByteArray after = request.after;
    qint64 count = 0;
    for (bool more = true; more;) {
        if (count == limit)
            return stream.line(extended::listEnd(count, true));
        SmallestNames run(after, limits::namesInMemory, limit - count);
        for (reader.rewind();;) {
            const Result<QByteArrayView> name = reader.nextName();
            if (!name)
                return refuse(stream, "READ");
            if (name.value().isEmpty())
                break;
            if (const auto end = seldom.pulse(stream); !end || end.value())
                return end ? refuse(stream, "CANCELLED") : end.error();
            run.add(name.value());
        }
        run.sort();
        more = run.more();
        while (!run.isEmpty()) {
            after = run.takeFirst();
            if (const auto end = stream.pulse(); !end || end.value())
                return end ? refuse(stream, "CANCELLED") : end.error();
            const auto found = reader.describe(after);
            if (!found)
                continue; // gone meanwhile
            const auto counts = sendOne(request, *found, shares, stream);
            if (!counts)
                return counts.error();
            count += counts.value() ? 1 : 0;
        }
    }
    return stream.line(extended::listEnd(count, false));
}

/// Walks a tree depth first. Holds one descriptor at a time, and of each level between the top
/// and where it is some names of folders that still wait: half of the room that is left. A folder
/// with more is read again when their turn comes.
class TreeWalk
{
public:
    TreeWalk(const VirtualPath &top, LoggedShares &shares, ReplyStream &stream)
        : m_top(top)
        , m_shares(shares)
        , m_stream(stream)
    {
    }

    Result<> run()
    {
        m_levels.emplace_back();
        if (auto read = m_top.isRoot() ? readShares() : readFolder(m_top); !read || m_ended)
            return read;
        while (!m_levels.empty()) {
            const SmallestNames &waiting = m_levels.back().waiting;
            if (waiting.isEmpty() && !waiting.more()) {
                m_held -= waiting.bytes();
                m_levels.pop_back();
                continue;
            }
            if (auto done = waiting.isEmpty() ? readAgain() : goDown(); !done || m_ended)
                return done;
        }
        return m_stream.line(extended::treeEnd(m_entries, m_bytes));
    }

private:
    struct Level
    {
        qsizetype prefixSize = 0; ///< of m_path: what the paths of its entries begin with
        SmallestNames waiting;    ///< folders to go down to
        QByteArray last;          ///< the folder gone down to before
    };

    Result<> send(const Entry &entry)
    {
        const QByteArray line = extended::entry(entry);
        // Deeper than a line can say; only where the jail goes down name by name.
        if (line.size() > limits::extendedLineBytes)
            return skip("DEPTH");
        ++m_entries;
        m_bytes += entry.size;
        return m_stream.line(line);
    }

    Result<> skip(const char *reason) { return skip(reason, m_path.chopped(!m_path.isEmpty())); }
    Result<> skip(const char *reason, const QByteArray &path)
    {
        return m_stream.line(extended::skipped(reason, path));
    }

    Result<> cancelled(const Result<bool> &end)
    {
        m_ended = true;
        return end ? refuse(m_stream, "CANCELLED") : end.error();
    }

    qsizetype room() const { return (limits::namesInMemory - m_held) / 2; }

    /// What the last level goes on with.
    void keep(SmallestNames folders)
    {
        folders.sort();
        m_held += folders.bytes();
        m_levels.back().waiting = std::move(folders);
    }

    Result<> readShares()
    {
        SmallestNames folders({}, limits::namesInMemory);
        for (const QByteArray &name : m_shares.names()) {
            const auto entry = shareEntry(m_shares, name);
            if (auto sent = entry ? send(entry.value()) : skip(refusalToken(entry.error()), name);
                !sent)
                return sent;
            if (!entry || !entry.value().folder)
                continue;
            folders.add(name);
        }
        keep(std::move(folders));
        return {};
    }

    Result<> goDown()
    {
        Level &level = m_levels.back();
        level.last = level.waiting.takeFirst();
        m_path.truncate(level.prefixSize);
        m_path += level.last + '/';
        m_levels.push_back({m_path.size(), {}, {}});
        const auto path = here();
        return path ? readFolder(*path) : Result<>();
    }

    /// The folder of the last level.
    std::optional<VirtualPath> here() const
    {
        if (m_path.isEmpty())
            return m_top;
        return VirtualPath::fromNames(m_top.names() + m_path.chopped(1).split('/'));
    }

    /// Nothing if it cannot be opened: then that was said.
    Result<std::optional<FolderReader>> open(const VirtualPath &path)
    {
        auto node = m_shares.open(path);
        if (node && node.value().isFolder())
            return std::optional(FolderReader(std::move(node.value().descriptor)));
        const auto said = skip(node ? "NOTFOUND" : refusalToken(node.error()));
        return said ? Result<std::optional<FolderReader>>(std::nullopt) : said.error();
    }

    /// Sends the entries of the folder `path`, which is the last level.
    Result<> readFolder(const VirtualPath &path)
    {
        if (m_levels.size() > size_t(limits::treeDepth))
            return skip("DEPTH");
        auto reader = open(path);
        if (!reader || !reader.value())
            return reader ? Result<>() : reader.error();
        SmallestNames folders({}, room());
        std::optional<qint64> modified = reader.value()->folderModifiedNs();
        for (;;) {
            auto next = reader.value()->next();
            if (!next || !next.value()) {
                keep(std::move(folders));
                return next ? Result<>() : skip("READ");
            }
            if (const auto end = m_stream.pulse(); !end || end.value())
                return cancelled(end);
            const FolderEntry found = std::move(*next.value());
            const auto entry = followed(m_shares, path, found);
            const bool circle = entry && entry->kind == FolderEntry::Kind::Folder &&
                                found.kind == FolderEntry::Kind::Link; // it could make one
            const char *const reason = circle ? "LINK" : reasonToSkip(entry);
            if (reason) {
                if (auto sent = skip(reason, m_path + found.name); !sent)
                    return sent;
                continue;
            }
            Entry line = toWire(*entry, m_path);
            line.folderMtimeNs = std::exchange(modified, {}); // once is enough
            if (auto sent = send(line); !sent)
                return sent;
            if (entry->kind == FolderEntry::Kind::Folder)
                folders.add(entry->name);
        }
    }

    /// The next folders of the last level, whose entries went out before.
    Result<> readAgain()
    {
        m_path.truncate(m_levels.back().prefixSize);
        m_held -= m_levels.back().waiting.bytes();
        m_levels.back().waiting = {};
        const auto path = here();
        auto reader = path ? open(*path) : Result<std::optional<FolderReader>>(std::nullopt);
        if (!reader || !reader.value())
            return reader ? Result<>() : reader.error();
        SmallestNames folders(m_levels.back().last, room());
        for (;;) {
            const Result<QByteArrayView> name = reader.value()->nextName();
            if (!name || name.value().isEmpty()) {
                keep(std::move(folders));
                return name ? Result<>() : skip("READ");
            }
            if (const auto end = m_seldom.pulse(m_stream); !end || end.value())
                return cancelled(end);
            if (folders.wants(name.value()) && reader.value()->isFolder())
                folders.add(name.value());
        }
    }

    const VirtualPath m_top;
    LoggedShares &m_shares;
    ReplyStream &m_stream;
    std::vector<Level> m_levels;
    QByteArray m_path;    ///< of the last level below the top, with a `/` at its end
    qsizetype m_held = 0; ///< bytes of all names that wait
    Seldom m_seldom;
    qint64 m_entries = 0;
    ByteSum m_bytes;
    bool m_ended = false;
};

} // namespace

Result<> answerList(const extended::Request &request, LoggedShares &shares, ReplyStream &stream,
                    bool withInboxes)
{
    if (request.path.isRoot())
        return sendShares(request, shares, stream, withInboxes);
    auto node = shares.open(request.path);
    if (!node)
        return refuse(stream, refusalToken(node.error()));
    if (const char *const token = refusalFor(node.value(), true))
        return refuse(stream, token);
    FolderReader reader(std::move(node.value().descriptor));
    return request.limit ? sendPage(reader, request, shares, stream)
                         : sendAll(reader, request, shares, stream);
}

Result<> answerTree(const extended::Request &request, LoggedShares &shares, ReplyStream &stream)
{
    if (!request.path.isRoot()) {
        const auto node = shares.open(request.path);
        if (!node)
            return refuse(stream, refusalToken(node.error()));
        if (!node.value().isFolder()) {
            const struct stat &status = node.value().status;
            const Entry entry{false, status.st_size, modifiedNs(status), identityToken(status),
                              request.path.names().last()};
            if (auto sent = stream.line(extended::entry(entry)); !sent)
                return sent;
            return stream.line(extended::treeEnd(1, entry.size));
        }
    }
    return TreeWalk(request.path, shares, stream).run();
}

} // namespace ferry::server
