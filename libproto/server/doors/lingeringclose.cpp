// SPDX-License-Identifier: MIT
#include "server/doors/lingeringclose.h"

#include "net/channel/socketops.h"
#include "server/limits.h"

namespace ferry::server {

namespace {

constexpr std::chrono::milliseconds pollInterval(50);

} // namespace

LingeringClose::LingeringClose()
{
    m_timer.setInterval(pollInterval);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { poll(); });
}

void LingeringClose::send(FileDescriptor socket, QByteArrayView line)
{
    socketops::sayLastLine(socket.get(), line);
    if (!socketops::discardInput(socket.get()))
        return;
    if (qsizetype(m_entries.size()) >= limits::lingeringRefusals)
        m_entries.pop_front();
    m_entries.push_back({std::move(socket), QDeadlineTimer(limits::lingerTime)});
    m_timer.start();
}

void LingeringClose::poll()
{
    std::erase_if(m_entries, [](const Entry &entry) {
        return entry.until.hasExpired() || !socketops::discardInput(entry.socket.get());
    });
    if (m_entries.empty())
        m_timer.stop();
}

void finish(Channel &channel, QDeadlineTimer deadline)
{
    channel.finishWriting();
    char bytes[4096];
    for (qint64 dropped = 0; dropped < limits::lingerBytes;) {
        const auto count = channel.read(bytes, sizeof bytes, deadline);
        if (!count || count.value() == 0)
            return;
        dropped += count.value();
    }
}

} // namespace ferry::server
