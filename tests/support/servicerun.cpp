// SPDX-License-Identifier: MIT
#include "support/servicerun.h"

#include "support/process.h"
#include "support/program.h"

#include <QDir>
#include <QFile>
#include <QProcessEnvironment>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>
#include <unistd.h>

namespace ferry::test {

namespace {

/// Where a child process puts together what it inherits, without stepping on its own toes.
constexpr int outOfTheWay = 100;

FileDescriptor openSocket(int family, int type)
{
    return FileDescriptor(::socket(family, type | SOCK_CLOEXEC, 0));
}

} // namespace

UnitSocket::UnitSocket(int type)
    : descriptor(openSocket(AF_INET, type))
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *const generic = reinterpret_cast<sockaddr *>(&address);
    if (::bind(descriptor.get(), generic, size) != 0 ||
        (type == SOCK_STREAM && ::listen(descriptor.get(), 128) != 0) ||
        ::getsockname(descriptor.get(), generic, &size) != 0)
        qFatal("no socket on the loopback interface");
    port = ntohs(address.sin_port);
}

NotifySocket::NotifySocket(const QString &path)
    : m_socket(openSocket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK))
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const QByteArray bytes = QFile::encodeName(path);
    if (size_t(bytes.size()) >= sizeof address.sun_path)
        qFatal("the path of the temporary folder is too long for a socket");
    std::copy(bytes.begin(), bytes.end(), address.sun_path);
    if (::bind(m_socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        qFatal("no notify socket");
}

qsizetype NotifySocket::count(const QByteArray &start)
{
    char bytes[4096];
    for (ssize_t size = 0; (size = ::recv(m_socket.get(), bytes, sizeof bytes, 0)) > 0;)
        m_lines += QByteArray(bytes, size).split('\n');
    return std::count_if(m_lines.begin(), m_lines.end(),
                         [&](const QByteArray &line) { return line.startsWith(start); });
}

bool NotifySocket::hears(const QByteArray &start, qsizetype times)
{
    return waitUntil([&] { return count(start) >= times; });
}

ServiceRun::ServiceRun()
    : manager(path("notify"))
{
}

void ServiceRun::stop()
{
    if (!process)
        return;
    process->kill();
    process->waitForFinished(patienceMs);
    process.reset();
}

QByteArray ServiceRun::makeShare(const char *name)
{
    const QString folder = path(name);
    QFile file(folder + u'/' + QLatin1StringView(name));
    if (!QDir().mkpath(folder) || !file.open(QIODevice::WriteOnly) || file.write(name) < 0)
        qFatal("no folder to share");
    return QFile::encodeName(folder);
}

QStringList ServiceRun::sharing()
{
    return {QStringLiteral("--share"), QString::fromUtf8(makeShare("pub")),
            QStringLiteral("--data-dir"), path("data")};
}

QStringList ServiceRun::configured() const
{
    return {QStringLiteral("--config"), path("ferryd.conf"), QStringLiteral("--data-dir"),
            path("data")};
}

/// Whole, as an editor does it.
void ServiceRun::writeConfig(const QByteArray &text)
{
    const QString made = path("ferryd.conf.new");
    QFile file(made);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) < 0)
        qFatal("the configuration cannot be written");
    file.close();
    if (std::rename(QFile::encodeName(made).constData(),
                    QFile::encodeName(path("ferryd.conf")).constData()) != 0)
        qFatal("the configuration cannot be replaced");
}

void ServiceRun::start(const std::vector<const UnitSocket *> &sockets, const char *names,
                       const QStringList &arguments, const QStringList &wrapper)
{
    stop();
    m_errors.clear();
    process = std::make_unique<QProcess>();
    ProgramSettings settings;
    settings.password = password;
    std::vector<int> given;
    for (const UnitSocket *socket : sockets)
        given.push_back(socket->descriptor.get());
    settings.inChild = [given] {
        for (size_t i = 0; i < given.size(); ++i)
            ::dup2(given[i], outOfTheWay + int(i));
        for (size_t i = 0; i < given.size(); ++i) {
            ::dup2(outOfTheWay + int(i), 3 + int(i));
            ::close(outOfTheWay + int(i));
        }
    };
    prepareProcess(*process, settings);
    QProcessEnvironment environment = process->processEnvironment();
    environment.insert(QStringLiteral("NOTIFY_SOCKET"), path("notify"));
    if (!sockets.empty()) {
        environment.insert(QStringLiteral("LISTEN_FDS"), QString::number(sockets.size()));
        environment.insert(QStringLiteral("LISTEN_FDNAMES"), QLatin1StringView(names));
    }
    process->setProcessEnvironment(environment);
    QStringList command = wrapper;
    // The shell becomes ferryd, so its number is what the manager writes there.
    command << QStringLiteral("sh") << QStringLiteral("-c")
            << QStringLiteral("LISTEN_PID=$$ exec \"$@\"") << QStringLiteral("sh")
            << programPath(QStringLiteral("ferryd")) << QStringLiteral("--listen")
            << QStringLiteral("127.0.0.1:0") << QStringLiteral("--classic")
            << QStringLiteral("127.0.0.1:0") << arguments;
    process->start(command.takeFirst(), command);
    if (!process->waitForStarted(patienceMs))
        qFatal("ferryd cannot be started");
}

QByteArray ServiceRun::readLine()
{
    while (!process->canReadLine() && process->waitForReadyRead(patienceMs)) {
    }
    return process->readLine().trimmed();
}

bool ServiceRun::waitUntilReady()
{
    for (QByteArray line = readLine(); !line.isEmpty(); line = readLine()) {
        if (line == "ready")
            return true;
    }
    return false;
}

QByteArray ServiceRun::errors()
{
    return m_errors += process->readAllStandardError();
}

bool ServiceRun::says(const QByteArray &text)
{
    return waitUntil([&] {
        process->waitForReadyRead(1);
        return errors().contains(text);
    });
}

int ServiceRun::exitCode()
{
    if (process->state() != QProcess::NotRunning && !process->waitForFinished(patienceMs))
        return -1;
    return process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -2;
}

void ServiceRun::signal(int number) const
{
    ::kill(pid_t(process->processId()), number);
}

} // namespace ferry::test
