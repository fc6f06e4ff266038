// SPDX-License-Identifier: MIT
#include "server-cli/servicestate.h"

#include "net/base/translate.h"

#include <chrono>

#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <time.h>

namespace ferry::servercli {

namespace {

using namespace std::chrono_literals;

/// How often the status is looked at, and while transfers end, the manager's patience renewed.
constexpr auto interval = 5s;

/// Longer than the interval, also on a machine that is busy; short enough for one that hangs.
constexpr std::chrono::microseconds patience = 60s;

QByteArray oneLine(const QString &text)
{
    return text.toUtf8().replace('\n', ' ');
}

/// For who looks at the service; not as a member, whose tr() is another one.
QByteArray statusOf(const server::Server &server)
{
    const int count = server.liveSessions();
    return (server.state() == server::ServerState::Draining
                ? tr("Waiting for the files of %Ln clients", nullptr, count)
                : tr("%Ln clients are connected", nullptr, count))
        .toUtf8();
}

void notify(const QByteArray &lines)
{
    ::sd_notify(0, lines.constData());
}

} // namespace

ServiceState::ServiceState(const server::Server &server)
    : m_server(server)
{
    connect(&m_timer, &QTimer::timeout, this, &ServiceState::tell);
    connect(&server, &server::Server::stateChanged, this, &ServiceState::tell);
}

void ServiceState::ready(const QString &problem)
{
    notify("READY=1");
    m_problem = oneLine(problem);
    m_timer.start(interval);
    tell();
}

void ServiceState::reloading()
{
    timespec now = {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const qint64 microseconds = qint64(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
    notify("RELOADING=1\nMONOTONIC_USEC=" + QByteArray::number(microseconds));
}

void ServiceState::failed(const QString &problem)
{
    notify("STATUS=" + oneLine(problem));
}

void ServiceState::tell()
{
    QByteArray status = statusOf(m_server);
    switch (m_server.state()) {
    case server::ServerState::Listening:
        if (!m_problem.isEmpty())
            status = m_problem;
        break;
    case server::ServerState::Draining:
        notify("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + QByteArray::number(qint64(patience.count())));
        break;
    case server::ServerState::Stopped:
        notify("STOPPING=1");
        return;
    case server::ServerState::Starting:
    case server::ServerState::Error:
        return;
    }
    if (status != m_status)
        notify("STATUS=" + status);
    m_status = status;
}

bool ServiceState::isJournal(int descriptor)
{
    struct stat status = {};
    return ::fstat(descriptor, &status) == 0 &&
           qgetenv("JOURNAL_STREAM") == QByteArray::number(qulonglong(status.st_dev)) + ':' +
                                            QByteArray::number(qulonglong(status.st_ino));
}

} // namespace ferry::servercli
