// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/current.h"
#include "server/files/share.h"

#include <functional>
#include <memory>
#include <optional>

namespace ferry::server {

/// The shares of the moment, as one session uses them: what a peer is told to be missing, and why
/// it is not given out, stands in the operator's log. One thread.
class LoggedShares
{
public:
    using Log = std::function<void(const QString &)>;
    LoggedShares(const Current<ShareSet> &shares, Log log)
        : m_shares(shares)
        , m_log(std::move(log))
    {
    }

    /// As those of ShareSet.
    Result<OpenFile> openFile(const VirtualPath &path);
    Result<OpenNode> open(const VirtualPath &path);
    QByteArrayList names(bool inboxes = false) const { return m_shares.get()->names(inboxes); }
    std::optional<extended::Access> access(const QByteArray &share) const
    {
        return m_shares.get()->access(share);
    }
    std::shared_ptr<const ShareSet> current() const { return m_shares.get(); }
    bool isFile(const QByteArray &name) const { return m_shares.get()->isFile(name); }

    /// Of a listing with many only the first are logged; this tells how many more there were.
    void endRequest();

private:
    void note(const VirtualPath &path, const Error &error);

    const Current<ShareSet> &m_shares;
    const Log m_log;
    qint64 m_refused = 0; ///< in this request
};

} // namespace ferry::server
