// SPDX-License-Identifier: MIT
#include "client/transfer/extendedworker.h"

#include "client/limits.h"
#include "client/transfer/extendedtransfer.h"
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
        if (extras.dismissal())
            m_connection->close();
    });
    auto done = main.run();
    share(nullptr);
    extras.end();
    if (const auto dismissal = extras.dismissal(); dismissal && !done)
        done = *dismissal;
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

bool ExtendedWorker::isAlive()
{
    if (!m_connection)
        return true;
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
    }
    m_scheduler.changed();
}

} // namespace ferry::client
