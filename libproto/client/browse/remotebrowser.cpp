// SPDX-License-Identifier: MIT
#include "client/browse/remotebrowser.h"

#include "client/browse/remotecommand.h"
#include "client/browse/remotecontent.h"
#include "client/browse/remotesearch.h"
#include "client/connect/encryptedconnection.h"
#include "client/connect/listingbound.h"
#include "client/connect/refusal.h"
#include "client/limits.h"
#include "net/base/guarded.h"
#include "net/base/translate.h"
#include "net/base/workerthread.h"
#include "net/limits.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;

namespace {

struct Job
{
    quint64 request = 0;
    RemoteBrowser::What what = RemoteBrowser::What::Everything;
    QByteArray path;
    bool command = false; ///< `path` is a line to say
    QString wanted;       ///< not empty: a search, for what is called like this
    qint64 most = 0;      ///< not 0: so many bytes of the file, at most
};

/// Entries of a tree between two looks at whether anybody still waits for them.
constexpr qint64 entriesBetweenLooks = 1000;

/// What the connection survives.
bool isAnswer(const Error &error)
{
    return error.code == ErrorCode::NotFound || error.code == ErrorCode::Invalid;
}

} // namespace

class RemoteBrowser::Private
{
public:
    Private(ClientConfig settings, std::shared_ptr<LogQueue> conversation,
            std::shared_ptr<sasl::SaltedPasswords> keys, Notify tell)
        : config(std::move(settings))
        , log(std::move(conversation))
        , derived(std::move(keys))
        , notify(std::move(tell))
    {
    }
    ~Private();

    quint64 ask(Job job, bool first);
    Result<> start();

    // The browser's thread only:
    void run();
    void answer(const Job &job);
    std::optional<Job> nextJob(bool &rest);
    Result<> connect();
    void disconnect();
    Result<> perform(const Job &job);
    Result<> listPages(const Job &job, const VirtualPath &path);
    Result<> searchBelow(const Job &job, const VirtualPath &path);
    Result<> readFile(const Job &job, const VirtualPath &path);
    Result<> takeFound(const Job &job, const extended::Entry &entry);
    Result<bool> onePage(const Job &job, const VirtualPath &path, qint64 limit, QByteArray &after);
    void keep(const Job &job, const extended::Entry &entry);
    void deliver(const Job &job);
    void end(const Job &job, const Error &error);
    bool isWanted(quint64 request);
    void closeIfUnwanted(const Job &job);
    bool isClosing();
    void put(Batch batch);

    const ClientConfig config;
    const std::shared_ptr<LogQueue> log;
    const std::shared_ptr<sasl::SaltedPasswords> derived;
    const Notify notify;

    std::mutex mutex;                ///< guards all up to `connection`
    std::condition_variable changed; ///< jobs, room in the outbox, closing
    std::deque<Job> jobs;
    quint64 current = 0; ///< request under way, 0 if it was cancelled
    std::deque<Batch> out;
    qint64 entriesOut = 0;
    bool closing = false;
    quint64 lastRequest = 0;
    /// Changed by the browser's thread only; close() is for any.
    std::unique_ptr<EncryptedConnection> connection;

    // The browser's thread only:
    QList<RemoteEntry> gathered;
    qint64 entries = 0; ///< of the job under way
    ListingBound bound; ///< of what came for it, wanted or not
    bool tooLong = false;
    RemoteContent content; ///< of the job under way

    std::optional<WorkerThread> thread; ///< once there was something to ask
};

RemoteBrowser::RemoteBrowser(ClientConfig config, std::shared_ptr<LogQueue> conversation,
                             std::shared_ptr<sasl::SaltedPasswords> derived, Notify notify)
    : d(std::make_unique<Private>(std::move(config), std::move(conversation), std::move(derived),
                                  std::move(notify)))
{
}

RemoteBrowser::~RemoteBrowser() = default;

RemoteBrowser::Private::~Private()
{
    {
        const std::lock_guard lock(mutex);
        closing = true;
        if (connection)
            connection->close();
    }
    changed.notify_all();
    thread.reset(); // waits
}

quint64 RemoteBrowser::list(const QByteArray &path, What what)
{
    return d->ask({0, what, path, false, {}, 0}, what == What::Everything);
}

quint64 RemoteBrowser::search(const QByteArray &path, const QString &text)
{
    return d->ask({0, What::Everything, path, false, text, 0}, true);
}

quint64 RemoteBrowser::read(const QByteArray &path, qint64 most)
{
    return d->ask({0, What::Everything, path, false, {}, most}, true);
}

quint64 RemoteBrowser::say(const QByteArray &line)
{
    return d->ask({0, What::Everything, line, true, {}, 0}, false);
}

quint64 RemoteBrowser::Private::ask(Job job, bool first)
{
    const Result<> started = start();
    {
        const std::lock_guard lock(mutex);
        job.request = ++lastRequest;
        if (!started)
            out.push_back({job.request, {}, true, false, started.error()});
        else if (first)
            jobs.push_front(job);
        else
            jobs.push_back(job);
    }
    if (started)
        changed.notify_all();
    else
        notify();
    return job.request;
}

/// If the system gives no thread now, the next request tries again.
Result<> RemoteBrowser::Private::start()
{
    if (thread)
        return {};
    auto started = thread.emplace("browser", [this] { run(); }).start();
    if (!started)
        thread.reset();
    return started;
}

void RemoteBrowser::cancel(quint64 request)
{
    const std::lock_guard lock(d->mutex);
    std::erase_if(d->jobs, [request](const Job &job) { return job.request == request; });
    std::erase_if(d->out, [this, request](const Batch &batch) {
        if (batch.request != request)
            return false;
        d->entriesOut -= batch.entries.size();
        return true;
    });
    if (d->current == request)
        d->current = 0;
    d->changed.notify_all();
}

RemoteBrowser::Batch RemoteBrowser::take()
{
    const std::lock_guard lock(d->mutex);
    if (d->out.empty())
        return {};
    Batch batch = std::move(d->out.front());
    d->out.pop_front();
    d->entriesOut -= batch.entries.size();
    d->changed.notify_all();
    return batch;
}

bool RemoteBrowser::Private::isWanted(quint64 request)
{
    const std::lock_guard lock(mutex);
    return current == request && !closing;
}

/// Whoever waits for nothing need not wait for a server that says nothing.
void RemoteBrowser::Private::closeIfUnwanted(const Job &job)
{
    if (!isWanted(job.request))
        connection->close();
}

bool RemoteBrowser::Private::isClosing()
{
    const std::lock_guard lock(mutex);
    return closing;
}

/// `rest`: there was nothing to do for a while.
std::optional<Job> RemoteBrowser::Private::nextJob(bool &rest)
{
    std::unique_lock lock(mutex);
    current = 0;
    const auto some = [this] { return closing || !jobs.empty(); };
    rest = false;
    if (connection) {
        rest = !changed.wait_for(lock, limits::browserRest, some);
        if (rest)
            return std::nullopt;
    } else {
        changed.wait(lock, some);
    }
    if (closing)
        return std::nullopt;
    Job job = jobs.front();
    jobs.pop_front();
    current = job.request;
    return job;
}

void RemoteBrowser::Private::run()
{
    for (;;) {
        bool rest = false;
        const auto job = nextJob(rest);
        if (rest) {
            static_cast<void>(guarded([this] { connection->conversation().quit(); }));
            disconnect();
        } else if (job) {
            answer(*job);
        } else {
            break;
        }
    }
    disconnect();
}

void RemoteBrowser::Private::answer(const Job &job)
{
    entries = 0;
    tooLong = false;
    content = {};
    const bool used = connection != nullptr;
    auto done = perform(job);
    // A server ends a session that rests, or was started anew: that is nobody's concern.
    if (!done && used && !connection && entries == 0 && isWanted(job.request))
        done = perform(job);
    Error error = done ? Error{ErrorCode::Cancelled, {}} : done.error();
    guardedUntilDone(
        [&] {
            auto ended = guarded([&] { end(job, error); });
            if (!ended) {
                gathered.clear();
                error = ended.error();
            }
            return ended;
        },
        [this] { return isClosing(); });
}

Result<> RemoteBrowser::Private::connect()
{
    EncryptedConnection *made = nullptr;
    {
        const std::lock_guard lock(mutex);
        if (closing)
            return Error{ErrorCode::Cancelled, {}};
        connection = std::make_unique<EncryptedConnection>(config, log, derived);
        made = connection.get();
    }
    return made->connect();
}

void RemoteBrowser::Private::disconnect()
{
    std::unique_ptr<EncryptedConnection> old;
    const std::lock_guard lock(mutex);
    old = std::move(connection);
}

Result<> RemoteBrowser::Private::perform(const Job &job)
{
    auto done = guarded([&]() -> Result<> {
        gathered.clear();
        bound = ListingBound(config.listingBytes, listedCost);
        if (!connection) {
            if (auto connected = connect(); !connected) {
                disconnect();
                return connected;
            }
        }
        ExtendedConversation &conversation = connection->conversation();
        if (job.command)
            return sayCommand(conversation, *log, job.path);
        const auto path = VirtualPath::fromTyped(job.path);
        if (!path)
            return Error{ErrorCode::NotFound, tr("That is not a valid path.")};
        if (job.most > 0)
            return readFile(job, *path);
        if (!conversation.can(Verb::List))
            return notOffered(Verb::List);
        return job.wanted.isEmpty() ? listPages(job, *path) : searchBelow(job, *path);
    });
    if (!done && !isAnswer(done.error()))
        disconnect();
    return done;
}

Result<> RemoteBrowser::Private::listPages(const Job &job, const VirtualPath &path)
{
    QByteArray after;
    // The first one is short, so that there is something to look at soon.
    for (qint64 limit = limits::browserFirstPage;; limit = limits::listPage) {
        const auto more = onePage(job, path, limit, after);
        if (!more)
            return more.error();
        deliver(job);
        tooLong = more.value() && entries >= limits::entriesShown;
        if (!more.value() || tooLong || !isWanted(job.request))
            return {};
    }
}

/// Much may come that nobody asked for. Whoever waits no longer, or has enough, ends the
/// connection: that is quicker than to read the rest.
Result<> RemoteBrowser::Private::searchBelow(const Job &job, const VirtualPath &path)
{
    qint64 came = 0;
    TreeSink sink;
    sink.waiting = [&] { closeIfUnwanted(job); };
    sink.folderEnd = [&] {
        deliver(job);
        closeIfUnwanted(job);
    };
    sink.entry = [&](const extended::Entry &entry) -> Result<bool> {
        if (auto taken = takeFound(job, entry); !taken)
            return taken.error();
        if (++came % entriesBetweenLooks == 0)
            sink.folderEnd();
        tooLong = entries >= limits::entriesFound;
        return !tooLong;
    };
    auto searched = readTree(connection->conversation(), path, config.listingBytes, sink);
    if (tooLong)
        disconnect();
    return searched;
}

Result<> RemoteBrowser::Private::readFile(const Job &job, const VirtualPath &path)
{
    auto read =
        readBeginning(connection->conversation(), path, job.most, [&] { closeIfUnwanted(job); });
    if (!read)
        return read.error();
    content = std::move(read.value());
    return {};
}

Result<> RemoteBrowser::Private::takeFound(const Job &job, const extended::Entry &entry)
{
    const QByteArray name = entry.path.mid(entry.path.lastIndexOf('/') + 1);
    if (!QString::fromUtf8(name).contains(job.wanted, Qt::CaseInsensitive))
        return {};
    if (auto taken = bound.entry(entry); !taken)
        return taken;
    keep(job, entry);
    return {};
}

/// Whether there is another one, behind `after`.
Result<bool> RemoteBrowser::Private::onePage(const Job &job, const VirtualPath &path, qint64 limit,
                                             QByteArray &after)
{
    const Error broken{ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
    ExtendedConversation &conversation = connection->conversation();
    Request request;
    request.verb = Verb::List;
    request.path = path;
    // The list of shares is short and comes whole.
    if (!path.isRoot()) {
        request.limit = limit;
        request.after = after;
    }
    conversation.send(request);
    const QByteArray before = after;
    for (qint64 came = 0;;) {
        const auto event = conversation.next([&] { closeIfUnwanted(job); });
        if (!event)
            return event.error();
        switch (event.value().kind) {
        case Kind::Entry:
            if (auto taken = bound.entry(event.value().entry); !taken)
                return taken.error();
            if (++came > limits::entriesShown)
                return Error{ErrorCode::Protocol, tr("The server's listing does not end.")};
            after = std::max(after, event.value().entry.path);
            keep(job, event.value().entry);
            break;
        case Kind::Skipped:
            return broken; // no answer to LIST has it
        case Kind::ListEnd:
            // Pages that do not go on would have no end.
            if (event.value().yes && (after <= before || path.isRoot()))
                return broken;
            return event.value().yes;
        case Kind::Refused:
            return refusalError(event.value());
        default:
            return broken;
        }
    }
}

void RemoteBrowser::Private::keep(const Job &job, const extended::Entry &entry)
{
    if (job.what == What::FoldersOnly && !entry.folder)
        return;
    const bool usable = job.wanted.isEmpty() ? VirtualPath::fromNames({entry.path}).has_value()
                                             : VirtualPath::parse(entry.path).has_value();
    if (!usable)
        return; // nothing could be asked for by that name
    ++entries;
    gathered.append({entry.path, naturalKey(entry.path), entry.folder ? 0 : entry.size,
                     entry.mtimeNs, entry.folder, entry.access});
    if (gathered.size() >= limits::browserBatch)
        deliver(job);
}

void RemoteBrowser::Private::deliver(const Job &job)
{
    if (gathered.isEmpty())
        return;
    Batch batch;
    batch.request = job.request;
    batch.entries = std::exchange(gathered, {});
    std::sort(batch.entries.begin(), batch.entries.end(), naturallyBefore);
    put(std::move(batch));
}

void RemoteBrowser::Private::end(const Job &job, const Error &error)
{
    deliver(job);
    Batch batch;
    batch.request = job.request;
    batch.ended = true;
    batch.tooLong = tooLong;
    batch.error = error;
    batch.content = content.bytes;
    batch.size = content.size;
    put(std::move(batch));
}

void RemoteBrowser::Private::put(Batch batch)
{
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] {
            return closing || current != batch.request || entriesOut < limits::browserAhead;
        });
        if (closing || current != batch.request)
            return;
        entriesOut += batch.entries.size();
        out.push_back(std::move(batch));
    }
    guardedUntilDone(notify, [this] { return isClosing(); });
}

} // namespace ferry::client
