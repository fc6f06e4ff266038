// SPDX-License-Identifier: MIT
#include "support/serverhost.h"

#include "support/rawpeer.h"

#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QRandomGenerator>

#include <algorithm>

namespace ferry::test {

ServerHost::ServerHost()
{
    QDir(m_folder.path()).mkdir(QStringLiteral("pub"));
    write(QStringLiteral("hello.txt"), "hello\n");
    config.shares = {{"pub", QFile::encodeName(folder())}};
    config.password = "passwd";
    config.tlsAddress = QHostAddress(QHostAddress::LocalHost);
    config.tlsPort = 0;
    config.classicAddress = QHostAddress(QHostAddress::LocalHost);
    config.classicPort = 0;
    config.loginFailureDelay = std::chrono::milliseconds(1);
    m_thread = std::thread([this] { serve(); });
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_server != nullptr; });
}

ServerHost::~ServerHost()
{
    runThere([this] {
        m_server->stop();
        m_dispatcher = nullptr;
    });
    m_thread.join();
}

/// The façade's thread: an event loop that also takes tasks.
void ServerHost::serve()
{
    QEventLoop loop;
    server::Server server;
    std::unique_lock lock(m_mutex);
    m_server = &server;
    m_dispatcher = QAbstractEventDispatcher::instance();
    m_changed.notify_all();
    while (m_dispatcher) {
        if (m_task) {
            m_task();
            m_task = nullptr;
            m_changed.notify_all();
            continue;
        }
        lock.unlock();
        loop.processEvents(QEventLoop::WaitForMoreEvents);
        lock.lock();
    }
}

void ServerHost::runThere(std::function<void()> task)
{
    std::unique_lock lock(m_mutex);
    m_task = std::move(task);
    m_dispatcher->wakeUp();
    m_changed.wait(lock, [this] { return !m_task; });
}

Result<> ServerHost::start()
{
    auto started = call([this](server::Server &server) { return server.start(config); });
    m_port = call([](server::Server &server) { return server.classicEndpoint().port; });
    return started;
}

QList<server::SessionInfo> ServerHost::sessions()
{
    return call([](server::Server &server) { return server.sessions(); });
}

int ServerHost::liveSessions()
{
    return call([](server::Server &server) { return server.liveSessions(); });
}

void ServerHost::stop()
{
    call([](server::Server &server) { server.stop(); });
}

server::SessionInfo ServerHost::waitForEnded(qsizetype before)
{
    server::SessionInfo latest;
    waitUntil([&] {
        QList<server::SessionInfo> ended = sessions();
        erase_if(ended, [](const server::SessionInfo &info) {
            return info.state != server::SessionState::Ended;
        });
        if (ended.size() <= before)
            return false;
        // Those that still take leave are listed among the live ones, so not by place.
        latest = *std::max_element(
            ended.begin(), ended.end(),
            [](const server::SessionInfo &a, const server::SessionInfo &b) { return a.id < b.id; });
        return true;
    });
    return latest;
}

bool ServerHost::write(const QString &name, const QByteArray &content)
{
    QFile file(folder() + u'/' + name);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() && file.flush();
}

bool ServerHost::servesSomebodyNew()
{
    RawPeer peer(m_port);
    return peer.login("passwd") && peer.fetch("/pub/hello.txt", 6) == "hello\n" &&
           peer.send("QUIT\r\n") && peer.readToEnd() == QByteArray();
}

QByteArray noise(qsizetype size, quint32 seed)
{
    QRandomGenerator generator(seed);
    QByteArray bytes((size + 3) & ~qsizetype(3), Qt::Uninitialized);
    generator.fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
    bytes.truncate(size);
    return bytes;
}

} // namespace ferry::test
