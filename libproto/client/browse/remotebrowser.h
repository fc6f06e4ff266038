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
#include <QString>

#include <functional>
#include <memory>

namespace ferry::client {

/// Lists folders for a window, and sends the commands that a person types: over a connection and a
/// thread of its own, so that it disturbs no transfer. One request at a time; folders that are
/// shown come first. It connects for the first request and disconnects after limits::browserRest.
/// If the server goes away, or the system gives no thread, the request fails and the next one tries
/// again.
///
/// To be called from one thread, the window's. Only the destructor waits, until the thread noticed.
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

    /// Asks for everything below a folder whose own name contains `text`, whatever its case. The
    /// names of entries are paths from the folder. At most limits::entriesFound; then tooLong.
    /// Folder by folder where the server has no TREE.
    quint64 search(const QByteArray &path, const QString &text);

    /// Asks for the beginning of a file, at most `most` bytes: in the last batch, once the checksum
    /// is right.
    quint64 read(const QByteArray &path, qint64 most);

    /// Sends one line of the extended dialect; the answer is in the conversation. The last batch
    /// has the error, if there is one.
    quint64 say(const QByteArray &line);

    /// No batch of it comes any more.
    void cancel(quint64 request);

    /// A part of an answer.
    struct Batch
    {
        quint64 request = 0;
        QList<RemoteEntry> entries;            ///< in natural order among themselves
        bool ended = false;                    ///< nothing more of this request
        bool tooLong = false;                  ///< ended, but there is more than is shown
        Error error{ErrorCode::Cancelled, {}}; ///< ended, and failed: with a text for people
        QByteArray content = {};               ///< ended, of read(): how the file begins
        qint64 size = 0;                       ///< and how long it is
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
