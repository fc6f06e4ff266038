// SPDX-License-Identifier: MIT
#include "server-cli/signals.h"

#include <cerrno>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

namespace ferry::servercli {

namespace {

/// Of the socket pair: all that the handler touches.
volatile sig_atomic_t writeEnd = -1;

void onSignal(int number)
{
    const int saved = errno;
    const auto byte = static_cast<unsigned char>(number);
    // If the buffer is full, there are thousands of signals in it already.
    [[maybe_unused]] const ssize_t written = ::write(writeEnd, &byte, 1);
    errno = saved;
}

} // namespace

TerminationSignals::TerminationSignals(QObject *parent)
    : QObject(parent)
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
        return;
    m_readEnd.reset(ends[0]);
    writeEnd = ends[1];
    m_notifier = std::make_unique<QSocketNotifier>(m_readEnd.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &TerminationSignals::readOne);

    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
}

TerminationSignals::~TerminationSignals()
{
    // Ignored, not back to the default: by now the program is on its way out anyway.
    ::signal(SIGTERM, SIG_IGN);
    ::signal(SIGINT, SIG_IGN);
    const int end = writeEnd;
    writeEnd = -1;
    ::close(end);
}

void TerminationSignals::readOne()
{
    unsigned char number = 0;
    if (::read(m_readEnd.get(), &number, 1) == 1)
        Q_EMIT received(number);
}

} // namespace ferry::servercli
