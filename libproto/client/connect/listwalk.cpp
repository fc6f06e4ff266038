// SPDX-License-Identifier: MIT
#include "client/connect/listwalk.h"

#include "client/limits.h"
#include "wire/limits.h"

#include <utility>

namespace ferry::client {

ListWalk::ListWalk(VirtualPath top)
    : m_top(std::move(top))
{
    m_waiting.emplace_back();
}

extended::Request ListWalk::next()
{
    m_current = std::move(m_waiting.front());
    m_waiting.pop_front();
    extended::Request request;
    request.verb = extended::Verb::List;
    request.skipped = true;
    request.path = m_top;
    if (!m_current.path.isEmpty())
        request.path = *VirtualPath::fromNames(m_top.names() + m_current.path.split('/'));
    return request;
}

QByteArray ListWalk::below(const QByteArray &name) const
{
    return m_current.path.isEmpty() ? name : m_current.path + '/' + name;
}

extended::Entry ListWalk::entry(extended::Entry entry)
{
    entry.path = below(entry.path);
    entry.folderMtimeNs = std::exchange(m_current.modifiedNs, {});
    if (entry.folder && !isTooDeep(entry.path))
        m_waiting.push_back(
            {entry.path, entry.id == "-" ? std::nullopt : std::optional(entry.mtimeNs)});
    return entry;
}

bool ListWalk::isTooDeep(const QByteArray &path) const
{
    return path.count('/') >= limits::folderDepth ||
           m_top.toBytes().size() + path.size() >= limits::pathBytes;
}

} // namespace ferry::client
