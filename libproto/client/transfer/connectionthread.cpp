// SPDX-License-Identifier: MIT
#include "client/transfer/connectionthread.h"

#include "client/queue/retryplan.h"
#include "client/transfer/classicworker.h"
#include "client/transfer/extendedworker.h"
#include "net/base/displaytext.h"
#include "net/base/guarded.h"
#include "net/base/translate.h"

#include <QDeadlineTimer>
#include <QMutexLocker>

#include <algorithm>
#include <utility>

namespace ferry::client {

namespace {

/// How often an idle connection is looked at for the server's goodbye, and the wait for a server.
/// New work and close() wake it at once.
constexpr int idleLookMs = 200;

std::unique_ptr<ConnectionWorker> workerFor(ConnectionWorker::Context context,
                                            std::shared_ptr<sasl::SaltedPasswords> derived)
{
    if (context.config.classic)
        return std::make_unique<ClassicWorker>(std::move(context));
    return std::make_unique<ExtendedWorker>(std::move(context), std::move(derived));
}

} // namespace

ConnectionThread::ConnectionThread(ClientConfig config, std::shared_ptr<DownloadQueue> queue,
                                   std::shared_ptr<LogQueue> conversation,
                                   std::shared_ptr<sasl::SaltedPasswords> derived, Notify notify)
    : m_config(std::move(config))
    , m_queue(std::move(queue))
    , m_log(std::move(conversation))
    , m_notify(std::move(notify))
    , m_worker(workerFor({m_config, m_queue, m_log, m_closing}, std::move(derived)))
    , m_thread("connection", [this] { run(); })
{
}

ConnectionThread::~ConnectionThread()
{
    close();
}

void ConnectionThread::close()
{
    m_closing = true;
    {
        const QMutexLocker lock(&m_mutex);
        if (m_activity != Activity::Idle)
            m_worker->interrupt();
    }
    m_queue->wakeAll();
}

void ConnectionThread::retryNow()
{
    m_retryNow = true;
    m_queue->wakeAll();
}

ConnectionStatus ConnectionThread::status() const
{
    const QMutexLocker lock(&m_mutex);
    return m_status;
}

bool ConnectionThread::busy() const
{
    const QMutexLocker lock(&m_mutex);
    return m_activity == Activity::Transferring;
}

void ConnectionThread::run()
{
    if (const Result<> done = guarded([this] { communicate(); }); !done)
        static_cast<void>(guarded([&] { breakDown(done.error()); }));
    setActivity(Activity::Idle);
    // Here and not with the object: its owner's thread does not wait for a disk.
    m_worker->finish();
    m_leaving = true;
    guardedUntilDone(m_notify, [this] { return m_closing.load(); });
}

/// What is left when not even the error of a step could be dealt with.
void ConnectionThread::breakDown(const Error &error)
{
    m_worker->disconnect();
    setFailed(error);
}

void ConnectionThread::communicate()
{
    if (const Result<> connected = connect(); !connected && !m_closing)
        return setFailed(connected.error());
    bool finishedBefore = true;
    while (!m_closing && !m_givenUp) {
        // The last file may get its name when the connection that brought it is lost already.
        const bool finished = m_queue->finished();
        if (finished && !finishedBefore)
            m_notify();
        finishedBefore = finished;
        m_queue->lookForSpace();
        m_worker->lookAtUploads();
        if (m_queue->hasQueued() || m_worker->wantsConnection())
            work();
        else
            waitForWork();
    }
    m_worker->quit();
    m_worker->disconnect();
    if (m_givenUp)
        return;
    {
        const QMutexLocker lock(&m_mutex);
        m_status.lost.reset();
    }
    setState(ConnectionState::Offline);
}

Result<> ConnectionThread::connect()
{
    m_worker->disconnect();
    setActivity(Activity::Connecting);
    setState(ConnectionState::Connecting);
    m_log->add(0, LogKind::Status,
               tr("Connecting to %1, port %2")
                   .arg(displayText(m_config.host), QString::number(m_config.port)));
    auto connected = guarded([this] {
        return m_worker->connect([this](const QString &description) { loggingIn(description); });
    });
    {
        const QMutexLocker lock(&m_mutex);
        m_status.offered = m_worker->offered();
        m_status.saved = m_worker->saved();
    }
    if (!connected) {
        m_worker->disconnect();
        return connected;
    }
    m_reconnectAtOnce = false;
    m_reconnects = 0;
    m_queue->loggedIn();
    {
        const QMutexLocker lock(&m_mutex);
        m_status.lost.reset();
        m_status.people = m_worker->knowsPeople();
    }
    setState(ConnectionState::Online);
    return {};
}

void ConnectionThread::loggingIn(const QString &description)
{
    {
        const QMutexLocker lock(&m_mutex);
        m_status.description = description;
    }
    m_log->add(0, LogKind::Status, tr("Connected, %1").arg(description));
    setState(ConnectionState::LoggingIn);
}

/// The one policy for a server that is gone: look for it as long as that may help.
void ConnectionThread::reconnect()
{
    if (const Result<> connected = connect();
        !connected && !m_closing && !waitForServer(connected.error()))
        giveUp(connected.error());
}

/// Before the next look for a server that is gone. False: it is not looked for any more.
bool ConnectionThread::waitForServer(const Error &error)
{
    const bool any = m_config.reconnects < 0 || m_reconnects < m_config.reconnects;
    if (!any || !isTemporary(error.code, 0))
        return false;
    const auto pause = reconnectDelay(++m_reconnects, error.code, m_config.reconnects < 0);
    const QDeadlineTimer until(pause);
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(pause).count();
    m_log->add(0, LogKind::Warning, tr("%1 Trying again in %2 s.").arg(error.text).arg(seconds));
    {
        const QMutexLocker lock(&m_mutex);
        m_status.state = ConnectionState::Offline;
        m_status.error = error;
        if (!m_status.lost)
            m_status.lost = error;
        m_status.description.clear();
        m_status.retryAt = std::chrono::steady_clock::now() + pause;
    }
    m_notify();
    while (!m_closing && !m_retryNow.exchange(false) && !until.hasExpired())
        m_queue->waitForWake(int(std::min<qint64>(until.remainingTime(), idleLookMs)));
    m_reconnectAtOnce = m_config.stayConnected;
    const QMutexLocker lock(&m_mutex);
    m_status.retryAt.reset();
    return true;
}

/// It is offline, and nobody here wanted that.
void ConnectionThread::lost()
{
    m_worker->disconnect();
    const auto loss = m_worker->takeLoss();
    // Who was sent away comes back when a person wants it.
    if (loss && loss->code == ErrorCode::Dismissed && !m_closing)
        return giveUp(*loss);
    if (loss) {
        m_reconnectAtOnce =
            m_reconnectAtOnce || (m_config.stayConnected && m_config.reconnects != 0);
        const QMutexLocker lock(&m_mutex);
        m_status.error = *loss;
        if (m_reconnectAtOnce)
            m_status.lost = *loss;
    }
    if (!m_closing)
        setState(ConnectionState::Offline);
}

void ConnectionThread::giveUp(const Error &error)
{
    m_givenUp = true;
    m_queue->failQueued(error);
    setFailed(error);
}

void ConnectionThread::work()
{
    using Outcome = ConnectionWorker::Outcome;
    setActivity(Activity::Transferring);
    if (m_closing) // it came before the line above, and interrupted nothing
        return;
    const Result<Outcome> outcome = m_worker->work();
    // Before anybody is told that the queue is finished, and calls close().
    const bool kept = outcome && outcome.value() == Outcome::Done;
    setActivity(kept ? Activity::Idle : Activity::Connecting);
    if (!outcome)
        return giveUp(outcome.error());
    if (outcome.value() == Outcome::Offline)
        return reconnect();
    if (outcome.value() == Outcome::Lost) {
        m_reconnectAtOnce = true;
        lost();
    }
    if (m_queue->finished())
        m_notify();
}

void ConnectionThread::waitForWork()
{
    if (std::exchange(m_reconnectAtOnce, false))
        return reconnect();
    setActivity(Activity::Idle);
    // After a close() that came before the line above, the channel is shut down and the wait
    // would only be late by one look.
    if (!m_closing)
        m_queue->waitForWork(idleLookMs);
    setActivity(Activity::Connecting);
    if (m_closing || m_worker->isAlive())
        return;
    lost();
}

void ConnectionThread::setActivity(Activity activity)
{
    const QMutexLocker lock(&m_mutex);
    m_activity = activity;
}

void ConnectionThread::setState(ConnectionState state)
{
    {
        const QMutexLocker lock(&m_mutex);
        if (m_status.state == state)
            return;
        m_status.state = state;
        if (state == ConnectionState::Offline)
            m_status.description.clear();
    }
    m_notify();
}

void ConnectionThread::setFailed(const Error &error)
{
    m_log->add(0, LogKind::Error, error.text);
    {
        const QMutexLocker lock(&m_mutex);
        m_status.state = ConnectionState::Failed;
        m_status.error = error;
        m_status.lost.reset();
        m_status.description.clear();
    }
    m_notify();
}

} // namespace ferry::client
