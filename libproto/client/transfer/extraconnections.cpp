// SPDX-License-Identifier: MIT
#include "client/transfer/extraconnections.h"

#include "client/limits.h"
#include "net/base/guarded.h"

#include <algorithm>

namespace ferry::client {

namespace {

/// How often the number is thought about.
constexpr std::chrono::milliseconds lookInterval{20};

/// How long one that was dismissed may take to leave; the work is done, and nobody waits longer
/// for a goodbye.
constexpr std::chrono::milliseconds lingerPoll{500};

} // namespace

ExtraConnections::ExtraConnections(ClientConfig config, TransferContext context,
                                   std::shared_ptr<LogQueue> log,
                                   std::shared_ptr<sasl::SaltedPasswords> derived,
                                   ConnectionCount::Clock::duration cost)
    : m_config(std::move(config))
    , m_context(context)
    , m_log(std::move(log))
    , m_derived(std::move(derived))
    , m_count(std::min(context.queue.filesAtOnce(), limits::maxConnections), cost)
{
}

ExtraConnections::~ExtraConnections()
{
    end();
}

void ExtraConnections::end()
{
    {
        std::unique_lock lock(m_mutex);
        for (const std::unique_ptr<Extra> &extra : m_extras) {
            if (extra->transfer)
                extra->transfer->dismiss();
            else
                extra->connection->close();
        }
        m_context.scheduler.changed();
        // With a goodbye the server can tell a session that ended from one that broke.
        m_ended.wait_for(lock, lingerPoll, [this] {
            return m_closed || std::all_of(m_extras.begin(), m_extras.end(),
                                           [](const auto &extra) { return extra->over.load(); });
        });
    }
    close();
    for (const std::unique_ptr<Extra> &extra : m_extras)
        extra->thread.reset(); // waits
    const std::lock_guard lock(m_mutex);
    m_extras.clear();
}

void ExtraConnections::adjust()
{
    const auto now = ConnectionCount::Clock::now();
    if (now < m_nextLook)
        return;
    m_nextLook = now + lookInterval;
    dropEnded();
    // With a limit, one connection reaches it; with nothing large left, they end by themselves.
    const qint64 left = m_context.scheduler.untaken();
    if (m_refused || m_context.queue.rateLimiter()->rate() > 0 || left == 0)
        return m_count.interrupt();
    const auto isOpen = [](const std::unique_ptr<Extra> &extra) { return extra->open.load(); };
    const auto open = std::count_if(m_extras.begin(), m_extras.end(), isOpen);
    const int wanted =
        m_count.wanted(now, int(open) + 1, m_context.scheduler.receivedTotal(), left) - 1;
    if (wanted > int(m_extras.size())) {
        add();
    } else if (wanted < int(open)) {
        const std::lock_guard lock(m_mutex);
        const auto last = std::find_if(m_extras.rbegin(), m_extras.rend(), isOpen);
        if (last != m_extras.rend()) { // it may have ended since it was counted
            (*last)->transfer->dismiss();
            (*last)->open = false;
        }
    }
}

void ExtraConnections::add()
{
    auto extra = std::make_unique<Extra>();
    extra->connection = std::make_unique<EncryptedConnection>(m_config, m_log, m_derived);
    Extra &added = *extra;
    added.thread.emplace("extra", [this, &added] { work(added); });
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed)
            return;
        m_extras.push_back(std::move(extra));
    }
    if (!added.thread->start()) {
        m_refused = true; // it goes on with those that are there
        const std::lock_guard lock(m_mutex);
        m_extras.pop_back();
    }
}

void ExtraConnections::work(Extra &extra)
{
    if (!guarded([&] { fetch(extra); }))
        extra.refused = true; // the others go on
    extra.open = false;
    {
        const std::lock_guard lock(m_mutex);
        extra.over = true;
    }
    m_ended.notify_all();
}

void ExtraConnections::fetch(Extra &extra)
{
    if (extra.connection->connect()) {
        {
            const std::lock_guard lock(m_mutex);
            extra.transfer = std::make_unique<ExtendedTransfer>(
                extra.connection->conversation(), m_context, TransferScheduler::Role::Extra);
        }
        extra.open = true;
        if (const Result<> done = extra.transfer->run(); done) {
            extra.connection->conversation().quit();
        } else if (done.error().code == ErrorCode::Dismissed) {
            const std::lock_guard lock(m_mutex);
            m_dismissal = done.error();
        }
        extra.open = false;
    } else if (!m_context.closing) {
        extra.refused = true;
    }
}

std::optional<Error> ExtraConnections::dismissal()
{
    const std::lock_guard lock(m_mutex);
    return m_dismissal;
}

void ExtraConnections::dropEnded()
{
    for (const std::unique_ptr<Extra> &extra : m_extras) {
        if (!extra->over)
            continue;
        extra->thread.reset(); // waits
        m_refused = m_refused || extra->refused;
    }
    // The last words of a connection may take a second, and close() does not wait for them.
    std::vector<std::unique_ptr<Extra>> ended;
    const std::lock_guard lock(m_mutex);
    const auto live = std::stable_partition(m_extras.begin(), m_extras.end(),
                                            [](const auto &extra) { return !extra->thread; });
    ended.assign(std::make_move_iterator(m_extras.begin()), std::make_move_iterator(live));
    m_extras.erase(m_extras.begin(), live);
}

void ExtraConnections::close()
{
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    for (const std::unique_ptr<Extra> &extra : m_extras) {
        extra->connection->close();
        // One that waits for work does not look at its connection.
        if (extra->transfer)
            extra->transfer->dismiss();
    }
    m_context.scheduler.changed();
    m_ended.notify_all();
}

} // namespace ferry::client
