// SPDX-License-Identifier: MIT
#include "client/upload/uploadconnection.h"

#include "client/limits.h"
#include "client/upload/queueuploads.h"
#include "client/upload/uploader.h"
#include "net/base/guarded.h"

#include <QDeadlineTimer>

#include <utility>

namespace ferry::client {

namespace {
/// How often it looks for what nobody has told it of, such as a retry that is due.
constexpr int lookMs = 100;
} // namespace

UploadConnection::UploadConnection(const ClientConfig &config, std::shared_ptr<DownloadQueue> queue,
                                   std::shared_ptr<LogQueue> log,
                                   std::shared_ptr<sasl::SaltedPasswords> derived,
                                   PrefixSum &prefix)
    : m_queue(std::move(queue))
    , m_log(std::move(log))
    , m_connection(config, m_log, std::move(derived))
    , m_prefix(prefix)
    , m_thread("upload", [this] { run(); })
{
}

UploadConnection::~UploadConnection()
{
    close();
}

void UploadConnection::close()
{
    m_closing = true;
    m_connection.close();
    m_queue->wakeAll();
}

void UploadConnection::run()
{
    QueueUploads uploads(*m_queue, *m_log, m_closing);
    auto done = guarded([&]() -> Result<> {
        if (auto connected = m_connection.connect(); !connected) {
            refuse(connected.error());
            return connected;
        }
        m_wasConnected = true;
        Uploader uploader(m_connection.conversation(), m_prefix);
        do {
            if (auto sent = uploader.send(uploads); !sent)
                return sent;
        } while (waitForWork());
        m_connection.conversation().quit();
        return {};
    });
    if (!done) {
        uploads.lost(done.error());
        if (!m_closing)
            m_error = done.error();
    }
    m_over = true;
    m_queue->wakeAll();
}

/// Nobody can be asked to take the next one. It fails, so that no server is called for ever.
void UploadConnection::refuse(const Error &error)
{
    const auto row = m_closing ? std::nullopt : m_queue->takeNext(DownloadQueue::Take::Upload);
    if (row)
        guardedUntilDone([&] { m_queue->fail(row->id, error); },
                         [this] { return m_closing.load(); });
}

/// False: there is none for so long that the connection is not worth keeping.
bool UploadConnection::waitForWork()
{
    const QDeadlineTimer idle(limits::extraIdle);
    while (!m_closing && !idle.hasExpired()) {
        if (m_queue->hasQueued(DownloadQueue::Take::Upload))
            return true;
        m_queue->waitForWake(lookMs);
    }
    return false;
}

} // namespace ferry::client
