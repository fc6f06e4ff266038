// SPDX-License-Identifier: MIT
#include "client/people/peopleconnection.h"

#include "client/connect/refusal.h"
#include "client/limits.h"
#include "client/queue/retryplan.h"
#include "net/base/guarded.h"
#include "net/base/translate.h"

#include <QScopeGuard>

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace ferry::client {

using Kind = ExtendedEvent::Kind;
using namespace std::chrono_literals;

namespace {

/// How often it looks for what is to be said while nothing can wake it.
constexpr int lookMs = 100;

Error closedHere()
{
    return {ErrorCode::Cancelled, tr("Cancelled.")};
}

} // namespace

PeopleConnection::PeopleConnection(const ClientConfig &config, std::shared_ptr<LogQueue> log,
                                   std::shared_ptr<sasl::SaltedPasswords> derived, Notify notify,
                                   std::unique_ptr<EncryptedConnection> first)
    : m_config(config)
    , m_log(std::move(log))
    , m_derived(std::move(derived))
    , m_notify(std::move(notify))
    , m_cursor(config.box.isEmpty() ? newBox() : config.box)
    , m_connection(std::move(first))
    , m_thread("people", [this] { run(); })
{
}

PeopleConnection::~PeopleConnection()
{
    close();
}

void PeopleConnection::close()
{
    const std::lock_guard lock(m_mutex);
    m_closing = true;
    wake();
    // While it waits for news it looks here soon, and says goodbye.
    if (m_connection && !m_waiting)
        m_connection->close();
}

ConnectionStatus PeopleConnection::status() const
{
    const std::lock_guard lock(m_mutex);
    return m_status;
}

PeopleChanges PeopleConnection::changes()
{
    const std::lock_guard lock(m_mutex);
    m_noteBytes = 0;
    wake();
    return std::exchange(m_changes, {});
}

void PeopleConnection::setWatched(bool watched)
{
    const std::lock_guard lock(m_mutex);
    m_askWho = m_askWho || (watched && !m_watched);
    m_watched = watched;
    wake();
}

quint64 PeopleConnection::tell(const extended::Party &to, const QByteArray &text)
{
    Task task;
    task.to = to;
    task.text = text;
    return add(std::move(task));
}

quint64 PeopleConnection::drop(const extended::GiftPath &gift)
{
    Task task;
    task.drops = true;
    task.gift = gift;
    return add(std::move(task));
}

quint64 PeopleConnection::add(Task task)
{
    const std::lock_guard lock(m_mutex);
    const quint64 number = task.number = ++m_lastNumber;
    if (m_status.state == ConnectionState::Failed)
        m_changes.answers.append({number, m_status.error});
    else if (qsizetype(m_tasks.size()) >= limits::messagesWaiting)
        m_changes.answers.append(
            {number, Error{ErrorCode::OverLimit, tr("Too many messages wait to be sent.")}});
    else
        m_tasks.push_back(std::move(task));
    wake();
    return number;
}

void PeopleConnection::run()
{
    Result<> over = guarded([this] { return communicate(); });
    const bool closing = isClosing();
    static_cast<void>(guarded([&] {
        if (closing)
            setState(ConnectionState::Offline);
        else
            fail(over ? closedHere() : over.error());
    }));
    const std::lock_guard lock(m_mutex);
    m_connection.reset();
}

/// Until it is closed, or there is no use in coming back.
Result<> PeopleConnection::communicate()
{
    for (;;) {
        Result<> over = connect();
        if (over)
            over = converse(m_connection->conversation());
        {
            const std::lock_guard lock(m_mutex);
            m_waiting = false;
            m_connection.reset();
        }
        if (isClosing())
            return {};
        if (over || !isTemporary(over.error().code, 0))
            return over;
        if (!waitBefore(over.error()))
            return {};
    }
}

Result<> PeopleConnection::connect()
{
    bool isLoggedIn = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closing)
            return closedHere();
        isLoggedIn = m_connection != nullptr;
        if (!isLoggedIn)
            m_connection = std::make_unique<EncryptedConnection>(m_config, m_log, m_derived);
    }
    if (!isLoggedIn) {
        setState(ConnectionState::Connecting);
        if (auto connected = m_connection->connect(); !connected)
            return connected;
        const std::lock_guard lock(m_mutex);
        m_changes.loggedIn = true;
        m_changes.people.reset();
    }
    setState(ConnectionState::Online);
    return {};
}

/// What others want goes before what the server has.
Result<> PeopleConnection::converse(ExtendedConversation &conversation)
{
    PeopleRequests requests(conversation);
    if (!requests.isOffered())
        return hasNoPeople();
    {
        const std::lock_guard lock(m_mutex);
        m_status.gifts = requests.keepsGifts();
        m_askWho = m_askWho || m_watched; // others may be there than before
    }
    for (;;) {
        if (isClosing()) {
            conversation.quit();
            return {};
        }
        if (auto task = takeTask()) {
            if (auto done = doTask(requests, std::move(*task)); !done)
                return done;
            continue;
        }
        if (auto asked = askWho(requests); !asked)
            return asked;
        if (!hasRoom()) {
            rest(QDeadlineTimer(limits::newsRest));
            continue;
        }
        if (auto heard = askNews(conversation); !heard)
            return heard;
    }
}

Result<> PeopleConnection::doTask(PeopleRequests &requests, Task task)
{
    Result<PeopleRequests::Told> done = PeopleRequests::Told{};
    if (!task.drops) {
        done = requests.tell(task.to, task.text);
    } else if (auto dropped = requests.drop(task.gift); !dropped) {
        done = dropped.error();
    }
    if (!requests.isOpen()) {
        answer(task.number, Error{done.error().code,
                                  tr("%1 It may have arrived, or not.").arg(done.error().text)});
        return done.error();
    }
    m_tries = 0;
    if (!done) {
        answer(task.number, done.error());
    } else if (!done.value().later) {
        answer(task.number);
    } else if (*done.value().later > limits::messageDelay.count()) {
        answer(task.number, Error{ErrorCode::OverLimit, tr("That was one message too many.")});
    } else {
        task.due.setRemainingTime(std::max<qint64>(*done.value().later, 1) * 1000);
        requeue(std::move(task));
    }
    return {};
}

Result<> PeopleConnection::askWho(PeopleRequests &requests)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_askWho && !(m_watched && m_nextWho.hasExpired()))
            return {};
        m_askWho = false;
    }
    m_nextWho.setRemainingTime(std::chrono::milliseconds(limits::whoInterval).count());
    auto people = requests.who();
    if (!people)
        return requests.isOpen() ? Result<>() : people.error();
    {
        const std::lock_guard lock(m_mutex);
        m_changes.people = people.take();
    }
    m_notify();
    return {};
}

/// Until there are news, the time is over, or there is something else to ask: that has to wait for
/// the answer, so it is cut short.
Result<> PeopleConnection::askNews(ExtendedConversation &conversation)
{
    const auto time = std::chrono::duration_cast<std::chrono::seconds>(newsTime());
    const QDeadlineTimer soonest(limits::newsRest);
    conversation.send(m_cursor.request(time));
    if (auto sent = conversation.flush(); !sent)
        return sent;
    std::optional<Wakeup> wakeup;
    const auto listen = [&] { // whatever came before is seen by the look behind it
        const std::lock_guard lock(m_mutex);
        m_wakeup = &wakeup.emplace();
        m_waiting = true;
    };
    const QScopeGuard unlisten([this] {
        const std::lock_guard lock(m_mutex);
        m_wakeup = nullptr;
        m_waiting = false;
    });
    listen();
    const quint64 before = m_came;
    bool cancelled = false;
    for (QDeadlineTimer deadline(time + m_config.replyTime);;) {
        auto event = conversation.poll();
        if (!event)
            return event.error();
        if (event.value()) {
            const auto over = takeNews(*event.value(), cancelled);
            if (!over)
                return over.error();
            if (over.value())
                break;
            continue;
        }
        if (std::exchange(m_fresh, false))
            m_notify();
        if (isClosing())
            return {};
        if (!cancelled && hasWork()) {
            extended::Request cancel;
            cancel.verb = extended::Verb::Cancel;
            conversation.send(cancel);
            if (auto sent = conversation.flush(); !sent)
                return sent;
            cancelled = true;
            deadline.setRemainingTime(m_config.replyTime.count());
        }
        if (conversation.isPaused())
            deadline.setRemainingTime(m_config.replyTime.count());
        if (deadline.hasExpired())
            return Error{ErrorCode::TimedOut, tr("The other side did not answer in time.")};
        const QDeadlineTimer look = !wakeup->valid() ? QDeadlineTimer(lookMs)
                                    : cancelled      ? deadline
                                                     : qMin(deadline, nextTask());
        const auto there = conversation.hasBytes(look, &*wakeup);
        if (!there)
            return there.error();
        if (!there.value())
            listen();
    }
    if (std::exchange(m_fresh, false))
        m_notify();
    // A server that never waits, or has no end of news, is not asked as fast as it answers.
    if (!cancelled && before == m_came)
        rest(soonest);
    else if (m_inSecond > limits::newsPerSecond)
        rest(m_second);
    return {};
}

/// True: it is the end of the answer, and of that to CANCEL.
Result<bool> PeopleConnection::takeNews(const ExtendedEvent &event, bool cancelled)
{
    switch (event.kind) {
    case Kind::Note:
        m_tries = 0;
        m_cursor.took(*event.note);
        if (m_second.hasExpired()) {
            m_second.setRemainingTime(1000);
            m_inSecond = 0;
        }
        ++m_inSecond;
        ++m_came;
        {
            const std::lock_guard lock(m_mutex);
            m_changes.notes.append(*event.note);
            m_noteBytes += sizeOf(*event.note);
        }
        m_fresh = true;
        return false;
    case Kind::NewsEnd:
        m_tries = 0;
        m_cursor.took(extended::NewsEnd{event.number, event.lost});
        if (event.lost > 0) {
            const std::lock_guard lock(m_mutex);
            m_changes.lost +=
                std::min(event.lost, std::numeric_limits<qint64>::max() - m_changes.lost);
            m_fresh = true;
        }
        return !cancelled;
    case Kind::Refused:
        if (event.token == "CANCELLED" && cancelled)
            return false;
        return refusalError(event);
    case Kind::Cancelled:
        if (cancelled)
            return true;
        break;
    default:
        break;
    }
    return Error{ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
}

/// Before it comes back. False: it was closed meanwhile.
bool PeopleConnection::waitBefore(const Error &error)
{
    const auto pause = reconnectDelay(++m_tries, error.code, m_config.reconnects < 0);
    m_log->add(0, LogKind::Warning,
               tr("%1 Trying again in %2 s.")
                   .arg(error.text)
                   .arg(std::chrono::ceil<std::chrono::seconds>(pause).count()));
    {
        const std::lock_guard lock(m_mutex);
        m_status.retryAt = std::chrono::steady_clock::now() + pause;
    }
    setState(ConnectionState::Offline, error);
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, pause, [this] { return m_closing; });
    m_status.retryAt.reset();
    return !m_closing;
}

/// Also until there is something to do.
void PeopleConnection::rest(QDeadlineTimer until)
{
    while (!until.hasExpired() && !hasWork()) {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(
            lock, std::chrono::milliseconds(std::min<qint64>(until.remainingTime(), lookMs)));
    }
}

std::optional<PeopleConnection::Task> PeopleConnection::takeTask()
{
    const std::lock_guard lock(m_mutex);
    if (m_tasks.empty() || !m_tasks.front().due.hasExpired())
        return {};
    Task task = std::move(m_tasks.front());
    m_tasks.pop_front();
    return task;
}

/// In front: what is said keeps its order.
void PeopleConnection::requeue(Task task)
{
    const std::lock_guard lock(m_mutex);
    m_tasks.push_front(std::move(task));
}

void PeopleConnection::answer(quint64 number, const std::optional<Error> &error)
{
    {
        const std::lock_guard lock(m_mutex);
        m_changes.answers.append({number, error});
    }
    m_notify();
}

/// With the lock.
void PeopleConnection::wake()
{
    m_changed.notify_all();
    if (m_wakeup)
        m_wakeup->wake();
}

QDeadlineTimer PeopleConnection::nextTask()
{
    const std::lock_guard lock(m_mutex);
    return m_tasks.empty() ? QDeadlineTimer(QDeadlineTimer::Forever) : m_tasks.front().due;
}

bool PeopleConnection::hasWork()
{
    const std::lock_guard lock(m_mutex);
    return m_closing || m_askWho || (!m_tasks.empty() && m_tasks.front().due.hasExpired());
}

bool PeopleConnection::hasRoom()
{
    const std::lock_guard lock(m_mutex);
    return m_changes.notes.size() < limits::newsKept && m_noteBytes < limits::newsBytes;
}

bool PeopleConnection::isClosing()
{
    const std::lock_guard lock(m_mutex);
    return m_closing;
}

/// How long the server may wait for news.
std::chrono::milliseconds PeopleConnection::newsTime()
{
    // It is busy meanwhile, and the guard of busy servers must not see an end of it.
    std::chrono::milliseconds time =
        std::min<std::chrono::milliseconds>(limits::newsWait, m_config.busyTime / 2);
    const std::lock_guard lock(m_mutex);
    if (m_watched)
        time = std::min(time, std::chrono::milliseconds(m_nextWho.remainingTime()) + 999ms);
    return std::max<std::chrono::milliseconds>(time, 1s);
}

void PeopleConnection::setState(ConnectionState state, const std::optional<Error> &error)
{
    {
        const std::lock_guard lock(m_mutex);
        m_status.state = state;
        if (error) {
            m_status.error = *error;
            m_status.lost = *error;
        } else if (state == ConnectionState::Online || m_closing) {
            m_status.lost.reset();
        }
    }
    m_notify();
}

/// Nothing more is said.
void PeopleConnection::fail(const Error &error)
{
    m_log->add(0, LogKind::Error, error.text);
    {
        const std::lock_guard lock(m_mutex);
        for (const Task &task : m_tasks)
            m_changes.answers.append({task.number, error});
        m_tasks.clear();
        m_status.error = error;
        m_status.lost.reset();
        m_status.state = ConnectionState::Failed;
    }
    m_notify();
}

} // namespace ferry::client
