// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "net/channel/channel.h"
#include "server/limits.h"

#include <QDeadlineTimer>
#include <QTimer>

#include <deque>

namespace ferry::server {

/// Sends refused connections away so that they see why: writes the line, then keeps the socket
/// until the peer has left, limits::lingerTime is over, or too many wait. No thread is spent on
/// them; never blocks. Belongs to the thread that makes it.
class LingeringClose
{
public:
    LingeringClose();

    void send(FileDescriptor socket, QByteArrayView line);

private:
    void poll();

    struct Entry
    {
        FileDescriptor socket;
        QDeadlineTimer until;
    };
    std::deque<Entry> m_entries; ///< oldest first
    QTimer m_timer;
};

/// The same for a channel, on its thread: what was written last is not lost with the connection.
void finish(Channel &channel, QDeadlineTimer deadline = QDeadlineTimer(limits::lingerTime));

} // namespace ferry::server
