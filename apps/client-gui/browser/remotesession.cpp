// SPDX-License-Identifier: MIT
#include "client-gui/browser/remotesession.h"

#include <QTimer>

namespace ferry::gui {

using client::RemoteBrowser;

RemoteSession::RemoteSession(QObject *parent)
    : QObject(parent)
{
}

RemoteSession::~RemoteSession() = default;

void RemoteSession::open(const client::ClientConfig &config,
                         std::shared_ptr<sasl::SaltedPasswords> derivedKeys)
{
    close();
    // Runs on the browser's thread.
    const auto tell = [this] {
        if (!m_told.exchange(true))
            QMetaObject::invokeMethod(this, &RemoteSession::takeNext, Qt::QueuedConnection);
    };
    m_browser = std::make_unique<RemoteBrowser>(config, m_log, std::move(derivedKeys), tell);
}

void RemoteSession::close()
{
    if (!m_browser)
        return;
    m_browser.reset();
    Q_EMIT closed();
}

quint64 RemoteSession::list(const QByteArray &path, RemoteBrowser::What what)
{
    return m_browser ? m_browser->list(path, what) : 0;
}

quint64 RemoteSession::search(const QByteArray &path, const QString &text)
{
    return m_browser ? m_browser->search(path, text) : 0;
}

quint64 RemoteSession::read(const QByteArray &path, qint64 most)
{
    return m_browser ? m_browser->read(path, most) : 0;
}

quint64 RemoteSession::say(const QByteArray &line)
{
    return m_browser ? m_browser->say(line) : 0;
}

void RemoteSession::cancel(quint64 request)
{
    if (m_browser)
        m_browser->cancel(request);
}

void RemoteSession::takeNext()
{
    // Before the look, so that whatever comes after it is told of.
    m_told = false;
    if (!m_browser)
        return;
    const RemoteBrowser::Batch batch = m_browser->take();
    if (batch.request == 0)
        return;
    // The rest in another turn, after the mouse and the keys.
    if (!m_told.exchange(true))
        QTimer::singleShot(0, this, &RemoteSession::takeNext);
    Q_EMIT arrived(batch);
}

} // namespace ferry::gui
