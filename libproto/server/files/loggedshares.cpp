// SPDX-License-Identifier: MIT
#include "server/files/loggedshares.h"

#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "server/limits.h"

#include <utility>

namespace ferry::server {

Result<OpenFile> LoggedShares::openFile(const VirtualPath &path)
{
    auto file = m_shares.get()->openFile(path);
    if (!file)
        note(path, file.error());
    return file;
}

Result<OpenNode> LoggedShares::open(const VirtualPath &path)
{
    auto node = m_shares.get()->open(path);
    if (!node)
        note(path, node.error());
    return node;
}

void LoggedShares::note(const VirtualPath &path, const Error &error)
{
    if (error.code != ErrorCode::NotFound && ++m_refused <= limits::refusalsLogged)
        m_log(displayText(path.toBytes()) + QStringLiteral(": ") + error.text);
}

void LoggedShares::endRequest()
{
    const qint64 more = std::exchange(m_refused, 0) - limits::refusalsLogged;
    if (more > 0)
        m_log(tr("%1 more were refused.").arg(more));
}

} // namespace ferry::server
