// SPDX-License-Identifier: MIT
#include "support/serverhost.h"

#include "support/rawpeer.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>

#include <algorithm>

namespace ferry::test {

ServerHost::ServerHost()
    : m_server(new server::Server)
{
    QDir(m_folder.path()).mkdir(QStringLiteral("pub"));
    write(QStringLiteral("hello.txt"), "hello\n");
    config.shares = {{"pub", QFile::encodeName(folder())}};
    config.password = "passwd";
    config.classicAddress = QHostAddress(QHostAddress::LocalHost);
    config.classicPort = 0;
    config.loginFailureDelay = std::chrono::milliseconds(1);
    m_server->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_server, &QObject::deleteLater);
    m_thread.start();
}

ServerHost::~ServerHost()
{
    stop();
    m_thread.quit();
    m_thread.wait();
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
