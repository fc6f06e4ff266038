// SPDX-License-Identifier: MIT
#pragma once

#include "client/browse/remotebrowser.h"

#include <QObject>

#include <atomic>
#include <memory>

namespace ferry::gui {

/// The client::RemoteBrowser of the window: brings what it finds to the window's thread, a piece
/// per turn of the event loop, so that a long folder never blocks the window.
class RemoteSession final : public QObject
{
    Q_OBJECT
public:
    explicit RemoteSession(QObject *parent = nullptr);
    ~RemoteSession() override;

    /// To a server that the window is connected to; `config` with its pin.
    void open(const client::ClientConfig &config,
              std::shared_ptr<sasl::SaltedPasswords> derivedKeys);
    void close();
    bool isOpen() const { return m_browser != nullptr; }

    /// Numbers of client::RemoteBrowser, 0 while it is closed.
    quint64 list(const QByteArray &path, client::RemoteBrowser::What what);
    quint64 search(const QByteArray &path, const QString &text);
    quint64 read(const QByteArray &path, qint64 most);
    quint64 say(const QByteArray &line);
    void cancel(quint64 request);

    QList<LogRecord> takeConversation() { return m_log->take(); }

Q_SIGNALS:
    void arrived(const ferry::client::RemoteBrowser::Batch &batch);
    /// No answer comes to what was asked before.
    void closed();

private:
    void takeNext();

    std::shared_ptr<LogQueue> m_log = std::make_shared<LogQueue>();
    std::atomic_bool m_told = false; ///< takeNext() is on its way
    std::unique_ptr<client::RemoteBrowser> m_browser;
};

} // namespace ferry::gui
