// SPDX-License-Identifier: MIT
#include "client/transfer/extendedworker.h"

#include "client/limits.h"
#include "client/people/peoplerequests.h"
#include "client/queue/retryplan.h"
#include "client/transfer/extendedtransfer.h"
#include "client/upload/uploadrefusal.h"
#include "net/base/guarded.h"
#include "net/base/translate.h"

#include <QScopeGuard>

namespace ferry::client {

ExtendedWorker::ExtendedWorker(Context context, std::shared_ptr<sasl::SaltedPasswords> derived)
    : ConnectionWorker(std::move(context))
    , m_derived(std::move(derived))
    , m_saver(m_queue, m_log, m_config.resume)
    , m_scheduler(m_queue)
{
}

Result<> ExtendedWorker::connect(const LoggingIn &loggingIn)
{
    const auto began = std::chrono::steady_clock::now();
    m_nextUploads.setRemainingTime(0);
    m_uploadTries = 0;
    m_uploadsDismissed.reset();
    {
        const std::lock_guard lock(m_mutex);
        m_connection = std::make_unique<EncryptedConnection>(m_config, m_log, m_derived);
        // interrupt() looks for it after the flag was set; here it is the other way round.
        if (m_closing)
            m_connection->close();
    }
    auto connected = m_connection->connect([&] {
        // The login of a further connection takes as many round trips, and no derivation of keys.
        m_connectCost = 2 * (std::chrono::steady_clock::now() - began);
        loggingIn(m_connection->description());
    });
    if (connected && m_config.trustNew)
        m_config.pin = offered(); // new it was once, whether or not it could be stored
    m_nextPing.setRemainingTime(limits::pingInterval.count());
    return connected;
}

QByteArray ExtendedWorker::offered() const
{
    return m_connection ? m_connection->offered() : QByteArray();
}

bool ExtendedWorker::knowsPeople() const
{
    return m_connection && PeopleRequests(m_connection->conversation()).isOffered();
}

QByteArray ExtendedWorker::saved() const
{
    return m_connection ? m_connection->saved() : QByteArray();
}

/// Everything that waits, over one connection; the next one takes up what is left.
Result<ExtendedWorker::Outcome> ExtendedWorker::work()
{
    if (!m_connection)
        return Outcome::Offline;
    if (!m_saving) {
        if (const Result<> started = m_saver.start(); !started)
            return started.error();
        m_saving = true;
    }
    const Result<> done = guarded([this] { return transfer(); });
    m_nextPing.setRemainingTime(limits::pingInterval.count());
    if (done)
        return Outcome::Done;
    m_loss = done.error();
    return Outcome::Lost;
}

Result<> ExtendedWorker::transfer()
{
    const TransferContext context{*m_queue, m_scheduler, m_saver, m_config, *m_log, m_closing};
    // The others may speak to this server only; it is stored, if it is to be, already.
    ClientConfig config = m_config;
    config.pin = offered();
    config.knownServersFile.clear();
    ExtraConnections extras(config, context, m_log, m_derived, m_connectCost);
    share(&extras);
    // Before they go, however this function is left.
    const auto unshare = qScopeGuard([this] { share(nullptr); });
    ExtendedTransfer main(m_connection->conversation(), context, TransferScheduler::Role::Main);
    main.setTick([&] {
        extras.adjust();
        lookAtUploads();
        if (extras.dismissal() || m_uploadsDismissed)
            m_connection->close();
    });
    auto done = main.run();
    share(nullptr);
    extras.end();
    if (const auto dismissal = extras.dismissal(); dismissal && !done)
        done = *dismissal;
    if (m_uploadsDismissed && !done)
        done = *m_uploadsDismissed;
    giveUpParts(); // those that a further connection had begun and nobody goes on with
    return done;
}

/// Large files under way that no connection brings any more go back to the queue.
void ExtendedWorker::giveUpParts()
{
    for (const std::shared_ptr<PartedFile> &file : m_scheduler.takeAll()) {
        const quint64 id = file->download().id;
        if (file->lose(m_queue->canBeSaved(id)))
            guardedUntilDone([&] { m_queue->requeue(id); }, [this] { return m_closing.load(); });
    }
}

void ExtendedWorker::share(ExtraConnections *extras)
{
    const std::lock_guard lock(m_mutex);
    m_extras = extras;
}

/// What there is no memory for now is done the next time.
void ExtendedWorker::lookAtUploads()
{
    static_cast<void>(guarded([this] { sendUploads(); }));
}

void ExtendedWorker::sendUploads()
{
    if (m_uploads && m_uploads->isOver()) {
        const auto error = m_uploads->error();
        if (!error || m_uploads->wasConnected())
            m_uploadTries = 0;
        endUploads();
        if (error && error->code == ErrorCode::Dismissed)
            m_uploadsDismissed = error;
        if (error) {
            m_nextUploads.setRemainingTime(
                reconnectDelay(++m_uploadTries, error->code, false).count());
            m_nextPing.setRemainingTime(0); // is the server still there?
        }
    }
    if (m_uploads || !m_connection || m_closing || m_uploadsDismissed ||
        !m_nextUploads.hasExpired() || !m_queue->hasQueued(DownloadQueue::Take::Upload))
        return;
    // Where no share takes files, the server may keep them for people.
    const ExtendedConversation &conversation = m_connection->conversation();
    if (conversation.can(extended::Verb::Put) || conversation.can(extended::Verb::Drop))
        return startUploads();
    failUploads(takesNoFiles());
}

void ExtendedWorker::startUploads()
{
    // To this server only; it is stored, if it is to be, already.
    ClientConfig config = m_config;
    config.pin = offered();
    config.knownServersFile.clear();
    {
        const std::lock_guard lock(m_mutex);
        m_uploads = std::make_unique<UploadConnection>(config, m_queue, m_log, m_derived, m_prefix);
        // interrupt() looks for it after the flag was set; here it is the other way round.
        if (m_closing)
            m_uploads->close();
    }
    const auto started = m_uploads->start();
    if (started)
        return;
    endUploads();
    m_nextUploads.setRemainingTime(
        reconnectDelay(++m_uploadTries, started.error().code, false).count());
}

void ExtendedWorker::endUploads()
{
    std::unique_ptr<UploadConnection> old;
    {
        const std::lock_guard lock(m_mutex);
        old = std::move(m_uploads);
    }
    old.reset(); // waits, which nobody else should
}

bool ExtendedWorker::wantsConnection() const
{
    return !m_connection && m_queue->hasQueued(DownloadQueue::Take::Upload);
}

bool ExtendedWorker::isAlive()
{
    if (!m_connection)
        return true;
    if (m_uploadsDismissed) {
        m_loss = m_uploadsDismissed;
        return false;
    }
    const Result<bool> said = m_connection->conversation().hasBytes();
    if (said && !said.value() && !m_nextPing.hasExpired())
        return true;
    m_nextPing.setRemainingTime(limits::pingInterval.count());
    const Result<> pong = m_connection->conversation().ping();
    if (pong)
        return true;
    m_loss = pong.error();
    m_log->add(0, LogKind::Status, m_loss->text);
    return false;
}

void ExtendedWorker::quit()
{
    if (m_connection)
        m_connection->conversation().quit();
}

void ExtendedWorker::disconnect()
{
    giveUpParts();
    endUploads();
    std::unique_ptr<EncryptedConnection> old;
    const std::lock_guard lock(m_mutex);
    old = std::move(m_connection);
}

void ExtendedWorker::finish()
{
    m_saver.end();
}

void ExtendedWorker::interrupt()
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_connection)
            m_connection->close();
        if (m_extras)
            m_extras->close();
        if (m_uploads)
            m_uploads->close();
    }
    m_scheduler.changed();
}

} // namespace ferry::client
