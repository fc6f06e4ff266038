// SPDX-License-Identifier: MIT
#include "common/standardoutput.h"

#include "common/terminationsignals.h"

#include <cerrno>
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace ferry {

namespace {

constexpr qsizetype pieceBytes = 64 * 1024;

} // namespace

StandardOutput::StandardOutput()
{
    open(QIODevice::WriteOnly | QIODevice::Unbuffered);
}

qint64 StandardOutput::writeData(const char *bytes, qint64 size)
{
    if (!intact())
        return -1;
    m_waiting.append(bytes, size);
    return m_waiting.size() < pieceBytes || flush() ? size : -1;
}

bool StandardOutput::flush()
{
    const char *next = m_waiting.constData();
    const char *const end = next + m_waiting.size();
    while (intact() && next < end) {
        const ssize_t written = ::write(STDOUT_FILENO, next, size_t(end - next));
        if (written >= 0) {
            next += written;
        } else if (errno == EAGAIN) { // shared with a program that made it so
            pollfd waiting = {STDOUT_FILENO, POLLOUT, 0};
            ::poll(&waiting, 1, -1);
        } else if (errno != EINTR) {
            m_error = errno;
        }
    }
    m_waiting.clear();
    return intact();
}

bool StandardOutput::canBeWritten()
{
    pollfd output = {STDOUT_FILENO, 0, 0};
    if (intact() && (::fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY)
        m_error = EBADF;
    else if (intact() && ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0)
        m_error = EPIPE;
    return intact();
}

QString StandardOutput::problem() const
{
    if (intact() || m_error == EPIPE)
        return {};
    return QStringLiteral("standard output cannot be written: %1").arg(qt_error_string(m_error));
}

int StandardOutput::end(const char *program, int code, int failure)
{
    flush();
    if (const QString text = problem(); !text.isEmpty())
        std::fprintf(stderr, "%s: %s\n", program, text.toLocal8Bit().constData());
    if (code != 0 || intact())
        return code;
    return m_error == EPIPE ? TerminationSignals::exitBase + SIGPIPE : failure;
}

} // namespace ferry
