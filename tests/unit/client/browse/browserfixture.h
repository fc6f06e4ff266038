// SPDX-License-Identifier: MIT
/// A RemoteBrowser with somebody who waits for it, and a server for it.
#pragma once

#include "client/browse/remotebrowser.h"
#include "net/login/passphrase.h"
#include "support/serverhost.h"

#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace ferry::client::test {

using ferry::test::ServerHost;
using What = RemoteBrowser::What;

inline constexpr std::chrono::seconds patience{20};

/// Of the kind that servers make up: its proof is cheap.
inline const QByteArray password = passphraseFor(20260106).toUtf8();

/// The encrypted door, which stays where it is from start to start.
class EncryptedHost
{
public:
    EncryptedHost()
    {
        m_host.config.password = password;
        m_host.config.dataFolder = m_data.path();
        m_host.config.tlsEnabled = true;
        m_host.config.loginFailureDelay = std::chrono::milliseconds(1);
    }
    bool start()
    {
        m_host.config.tlsPort = m_port;
        if (!m_host.start())
            return false;
        m_port = m_host.call([](server::Server &server) { return server.tlsEndpoint().port; });
        return true;
    }
    void stop()
    {
        m_host.call([](server::Server &server) { server.stop(); });
    }
    quint16 port() const { return m_port; }
    QString folder() const { return m_host.folder(); }
    bool write(const QString &name, const QByteArray &content)
    {
        return m_host.write(name, content);
    }
    int liveSessions() { return m_host.liveSessions(); }

private:
    QTemporaryDir m_data;
    ServerHost m_host;
    quint16 m_port = 0;
};

/// A browser, and somebody who waits for its answers.
class Browsing
{
public:
    explicit Browsing(quint16 port, const QByteArray &typed = password, const QByteArray &pin = {},
                      qint64 listingBytes = 0)
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = port;
        config.password = typed;
        config.pin = pin;
        config.listingBytes = listingBytes;
        config.trustNew = pin.isEmpty();
        config.stalledTime = std::chrono::milliseconds(100);
        config.replyTime = std::chrono::hours(1); // whoever waits for that is told by QTest
        browser = std::make_unique<RemoteBrowser>(
            config, log, std::make_shared<sasl::SaltedPasswords>(), [this] {
                const std::lock_guard lock(m_mutex);
                m_news = true;
                m_changed.notify_all();
            });
    }
    ~Browsing() { browser.reset(); }

    struct Answer
    {
        QList<RemoteEntry> entries;
        int batches = 0;
        bool ended = false;
        bool tooLong = false;
        QByteArray content;
        qint64 size = 0;
        Error error{ErrorCode::Cancelled, {}};
        QByteArrayList names() const
        {
            QByteArrayList list;
            for (const RemoteEntry &entry : entries)
                list.append(entry.name);
            std::sort(list.begin(), list.end());
            return list;
        }
    };

    /// Everything of `request`; what comes of others is dropped. Has patience for each batch, not
    /// for all of them: 200,000 entries take a busy machine long.
    Answer wait(quint64 request)
    {
        Answer answer;
        while (!answer.ended) {
            const RemoteBrowser::Batch batch = browser->take();
            if (batch.request == 0) {
                std::unique_lock lock(m_mutex);
                if (!m_changed.wait_for(lock, patience, [this] { return m_news; }))
                    return answer;
                m_news = false;
            } else if (batch.request == request) {
                ++answer.batches;
                answer.entries += batch.entries;
                answer.ended = batch.ended;
                answer.tooLong = batch.tooLong;
                answer.content = batch.content;
                answer.size = batch.size;
                answer.error = batch.error;
            }
        }
        return answer;
    }
    Answer list(const QByteArray &path) { return wait(browser->list(path, What::Everything)); }

    QString said()
    {
        QStringList lines;
        const QList<LogRecord> records = log->take();
        for (const LogRecord &record : records)
            lines.append(record.message);
        return lines.join(u'\n');
    }

    const std::shared_ptr<LogQueue> log = std::make_shared<LogQueue>();
    std::unique_ptr<RemoteBrowser> browser;

private:
    std::mutex m_mutex; ///< guards m_news
    std::condition_variable m_changed;
    bool m_news = false;
};

} // namespace ferry::client::test
