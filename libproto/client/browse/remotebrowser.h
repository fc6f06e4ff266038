// SPDX-License-Identifier: MIT
#pragma once

#include "client/browse/remoteentry.h"
#include "client/connect/clientconfig.h"
#include "client/limits.h"
#include "net/base/logqueue.h"
#include "net/login/sasl.h"
#include "wire/result.h"

#include <QByteArray>
#include <QList>

#include <functional>
#include <memory>

namespace ferry::client {

/// Lists folders for a window, and says the commands that a person types: over a connection and a
/// thread of its own, so that it disturbs no transfer. One thing at a time, in the order of
/// asking, what is looked at before what is not.
///
/// The connection is made when there is something to ask, and left after a rest. A request for
/// which the system gives no thread fails, and the next one tries again. If the server
/// goes away the request under way fails with its reason, and the next one connects anew.
///
/// All of it from one thread, that of the window; nothing but the destructor waits, and that only
/// until the thread noticed.
class RemoteBrowser
{
public:
    /// Called when take() has something, as a rule from the browser's thread.
    using Notify = std::function<void()>;

    /// `config`: of the extended dialect, with the pin of the server that is meant.
    RemoteBrowser(ClientConfig config, std::shared_ptr<LogQueue> conversation,
                  std::shared_ptr<sasl::SaltedPasswords> derived, Notify notify);
    ~RemoteBrowser();
    RemoteBrowser(const RemoteBrowser &) = delete;
    RemoteBrowser &operator=(const RemoteBrowser &) = delete;

    enum class What {
        Everything,  ///< before all that waits
        FoldersOnly, ///< for a tree
    };
    /// Asks for a folder, `/` for the shares, in pages. Returns the request's number.
    quint64 list(const QByteArray &path, What what);

    /// Says one line of the extended dialect; the answer is in the conversation. The batch that
    /// ends it has the error, if there is one.
    quint64 say(const QByteArray &line);

    /// No batch of it comes any more.
    void cancel(quint64 request);

    /// A part of an answer.
    struct Batch
    {
        quint64 request = 0;
        QList<RemoteEntry> entries; ///< in natural order among themselves
        bool ended = false;         ///< nothing more of this request
        bool tooLong = false;       ///< ended, but there is more than limits::entriesShown
        Error error{ErrorCode::Cancelled, {}}; ///< ended, and failed: with a text for people
        bool failed() const { return ended && !error.text.isEmpty(); }
    };
    /// The next part of what has come; nothing in it (request 0) if there is none. Parts that
    /// nobody takes make the server wait.
    Batch take();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace ferry::client
