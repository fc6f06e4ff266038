// SPDX-License-Identifier: MIT
#include "server/doors/tlsrefusals.h"

#include "net/base/guarded.h"
#include "server/doors/lingeringclose.h"
#include "server/limits.h"

#include <utility>

namespace ferry::server {

TlsRefusals::TlsRefusals(std::shared_ptr<const TlsContext> context)
    : m_context(std::move(context))
{
}

TlsRefusals::~TlsRefusals()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        if (m_current)
            m_current->shutdown();
    }
    m_changed.notify_one();
}

void TlsRefusals::send(FileDescriptor socket, QByteArrayView line)
{
    {
        const std::lock_guard lock(m_mutex);
        if (qsizetype(m_waiting.size()) >= limits::lingeringRefusals)
            return;
        m_waiting.push_back({std::move(socket), line.toByteArray()});
        if (std::exchange(m_running, true))
            return m_changed.notify_one();
    }
    m_thread.emplace("refusals", [this] { run(); });
    if (!m_thread->start()) {
        m_waiting.clear();
        m_running = false;
    }
}

void TlsRefusals::run()
{
    for (;;) {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, limits::tlsRefusalTime,
                           [this] { return m_ending || !m_waiting.empty(); });
        if (m_ending || m_waiting.empty()) {
            m_running = false;
            return;
        }
        Entry entry = std::move(m_waiting.front());
        m_waiting.pop_front();
        static_cast<void>(guarded([&] {
            TlsChannel channel(std::move(entry.socket), m_context);
            m_current = &channel;
            lock.unlock();
            static_cast<void>(guarded([&] {
                const QDeadlineTimer deadline(limits::tlsRefusalTime);
                if (channel.handshake(deadline) && channel.write(entry.line, deadline))
                    finish(channel, deadline);
            }));
            lock.lock();
            m_current = nullptr;
        }));
    }
}

} // namespace ferry::server
