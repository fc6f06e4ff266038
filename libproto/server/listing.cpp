// SPDX-License-Identifier: MIT
#include "server/listing.h"

#include "server/filefacts.h"
#include "server/folderreader.h"

#include <algorithm>
#include <queue>

namespace ferry::server {

namespace {

using extended::Entry;

/// Whether a listing of one folder has it: no line says that something is there and no more.
bool isListed(const std::optional<FolderEntry> &entry)
{
    return entry && entry->kind != FolderEntry::Kind::Unreadable;
}

/// A link as what it leads to, if that is inside the share and a file or a folder.
std::optional<FolderEntry> followed(const ShareSet &shares, const VirtualPath &folder,
                                    FolderEntry entry)
{
    if (entry.kind == FolderEntry::Kind::Other)
        return std::nullopt;
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

Entry toWire(const FolderEntry &entry, const QByteArray &prefix)
{
    return {entry.kind == FolderEntry::Kind::Folder, entry.size, entry.mtimeNs, entry.id,
            prefix + entry.name};
}

const char *refusalFor(const OpenNode &node, bool wantFolder)
{
    return node.isFolder() == wantFolder ? nullptr : wantFolder ? "NOTFOLDER" : "ISFOLDER";
}

Result<> sendShares(const ShareSet &shares, ReplyStream &stream)
{
    qint64 count = 0;
    const auto names = shares.names();
    for (const QByteArray &name : names) {
        if (auto sent = stream.line(extended::entry({true, 0, 0, "-", name})); !sent)
            return sent;
        ++count;
    }
    return stream.line(extended::listEnd(count, false));
}

Result<> refuse(ReplyStream &stream, const char *token)
{
    return stream.line(extended::refusal(token));
}

/// All of a folder, as the disk has it.
Result<> sendAll(FolderReader &reader, const VirtualPath &folder, const ShareSet &shares,
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
        const auto entry = followed(shares, folder, std::move(*next.value()));
        if (!isListed(entry))
            continue;
        if (auto sent = stream.line(extended::entry(toWire(*entry, {}))); !sent)
            return sent;
        ++count;
    }
}

/// The `limit` smallest names behind `after`: one pass over the folder, memory for one page.
Result<> sendPage(FolderReader &reader, const extended::Request &request, const ShareSet &shares,
                  ReplyStream &stream)
{
    const auto smaller = [](const FolderEntry &a, const FolderEntry &b) { return a.name < b.name; };
    std::priority_queue<FolderEntry, std::vector<FolderEntry>, decltype(smaller)> page(smaller);
    const auto limit = size_t(std::min(*request.limit, limits::listPage));
    bool more = false;
    for (;;) {
        auto next = reader.next();
        if (!next)
            return refuse(stream, "READ");
        if (!next.value())
            break;
        if (const auto end = stream.pulse(); !end || end.value())
            return end ? refuse(stream, "CANCELLED") : end.error();
        if (next.value()->name <= request.after)
            continue;
        if (page.size() == limit && !smaller(*next.value(), page.top())) {
            more = true;
            continue;
        }
        auto entry = followed(shares, request.path, std::move(*next.value()));
        if (!isListed(entry))
            continue;
        page.push(std::move(*entry));
        if (page.size() > limit) {
            page.pop();
            more = true;
        }
    }
    std::vector<FolderEntry> sorted;
    sorted.reserve(page.size());
    for (; !page.empty(); page.pop())
        sorted.push_back(page.top());
    std::reverse(sorted.begin(), sorted.end());
    for (const FolderEntry &entry : sorted) {
        if (auto sent = stream.line(extended::entry(toWire(entry, {}))); !sent)
            return sent;
    }
    return stream.line(extended::listEnd(qint64(sorted.size()), more));
}

/// Walks a tree depth first. Holds one descriptor at a time, and of each level between the top
/// and where it is, the names of the folders that still wait.
class TreeWalk
{
public:
    TreeWalk(const ShareSet &shares, ReplyStream &stream)
        : m_shares(shares)
        , m_stream(stream)
    {
    }

    Result<> run(const VirtualPath &top)
    {
        m_levels.push_back({{}, {}});
        if (top.isRoot()) {
            for (const QByteArray &name : m_shares.names()) {
                if (auto sent = send({true, 0, 0, "-", name}); !sent)
                    return sent;
                m_levels.back().waiting.append(name);
            }
            std::reverse(m_levels.back().waiting.begin(), m_levels.back().waiting.end());
        } else if (auto read = readFolder(top); !read || m_ended) {
            return read;
        }
        while (!m_levels.empty()) {
            Level &level = m_levels.back();
            if (level.waiting.isEmpty()) {
                m_levels.pop_back();
                continue;
            }
            const QByteArray below = level.prefix + level.waiting.takeLast();
            const auto path = VirtualPath::fromNames(top.names() + below.split('/'));
            m_levels.push_back({below + '/', {}});
            if (!path)
                continue;
            if (auto read = readFolder(*path); !read || m_ended)
                return read;
        }
        return m_stream.line(extended::treeEnd(m_entries, m_bytes));
    }

private:
    struct Level
    {
        QByteArray prefix; ///< what its entries' paths begin with
        QByteArrayList waiting;
    };

    Result<> send(const Entry &entry)
    {
        const QByteArray line = extended::entry(entry);
        // Deeper than a line can say; only where the jail goes down name by name.
        if (line.size() > limits::extendedLineBytes)
            return skip("DEPTH", m_levels.back().prefix);
        ++m_entries;
        m_bytes += entry.size;
        return m_stream.line(line);
    }

    Result<> skip(const char *reason, const QByteArray &prefix)
    {
        return m_stream.line(extended::skipped(reason, prefix.isEmpty() ? "." : prefix.chopped(1)));
    }

    /// The entries of the folder `path`, which is the last level.
    Result<> readFolder(const VirtualPath &path)
    {
        const QByteArray prefix = m_levels.back().prefix;
        if (m_levels.size() > size_t(limits::treeDepth))
            return skip("DEPTH", prefix);
        auto node = m_shares.open(path);
        if (!node || !node.value().isFolder())
            return skip(node ? "NOTFOUND" : refusalToken(node.error()), prefix);
        FolderReader reader(std::move(node.value().descriptor));
        for (;;) {
            auto next = reader.next();
            if (!next)
                return skip("READ", prefix);
            if (!next.value())
                return {};
            if (const auto end = m_stream.pulse(); !end || end.value()) {
                m_ended = true;
                return end ? refuse(m_stream, "CANCELLED") : end.error();
            }
            const bool wasLink = next.value()->kind == FolderEntry::Kind::Link;
            const auto entry = followed(m_shares, path, std::move(*next.value()));
            const bool folder = entry && entry->kind == FolderEntry::Kind::Folder;
            if (!entry || (folder && wasLink)) // a link to a folder could make a circle
                continue;
            if (entry->kind == FolderEntry::Kind::Unreadable) {
                if (auto sent = skip("READ", prefix + entry->name + '/'); !sent)
                    return sent;
                continue;
            }
            if (auto sent = send(toWire(*entry, prefix)); !sent)
                return sent;
            if (folder)
                m_levels.back().waiting.append(entry->name);
        }
    }

    const ShareSet &m_shares;
    ReplyStream &m_stream;
    std::vector<Level> m_levels;
    qint64 m_entries = 0;
    qint64 m_bytes = 0;
    bool m_ended = false;
};

} // namespace

Result<> answerList(const extended::Request &request, const ShareSet &shares, ReplyStream &stream)
{
    if (request.path.isRoot())
        return sendShares(shares, stream);
    auto node = shares.open(request.path);
    if (!node)
        return refuse(stream, refusalToken(node.error()));
    if (const char *const token = refusalFor(node.value(), true))
        return refuse(stream, token);
    FolderReader reader(std::move(node.value().descriptor));
    return request.limit ? sendPage(reader, request, shares, stream)
                         : sendAll(reader, request.path, shares, stream);
}

Result<> answerTree(const extended::Request &request, const ShareSet &shares, ReplyStream &stream)
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
    return TreeWalk(shares, stream).run(request.path);
}

} // namespace ferry::server
