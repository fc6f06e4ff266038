// SPDX-License-Identifier: MIT
#include "server/doors/farewell.h"

#include "net/channel/socketops.h"
#include "wire/limits.h"

namespace ferry::server {

namespace {

constexpr std::chrono::milliseconds lookInterval(50);

} // namespace

Farewell::Farewell()
{
    m_timer.setInterval(lookInterval);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
}

void Farewell::say(FileDescriptor socket, QByteArrayView line)
{
    socketops::sayLastLine(socket.get(), line);
    if (!socketops::discardInput(socket.get()))
        return;
    if (qsizetype(m_guests.size()) >= limits::lingeringRefusals)
        m_guests.pop_front();
    m_guests.push_back({std::move(socket), QDeadlineTimer(limits::lingerTime)});
    m_timer.start();
}

void Farewell::look()
{
    std::erase_if(m_guests, [](const Guest &guest) {
        return guest.until.hasExpired() || !socketops::discardInput(guest.socket.get());
    });
    if (m_guests.empty())
        m_timer.stop();
}

} // namespace ferry::server
