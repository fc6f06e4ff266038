// SPDX-License-Identifier: MIT
#pragma once

#include "client/client.h"
#include "support/process.h"
#include "support/tutorialserver.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace ferry::test {

/// A client engine with a folder to save into, for the test programs that are one.
class ClientHost
{
protected:
    /// A new engine and an empty folder.
    void renew()
    {
        m_client = std::make_unique<client::Client>();
        m_dir = std::make_unique<QTemporaryDir>();
        QVERIFY(m_dir->isValid());
    }

    static client::ClientConfig config(const TutorialServer &server)
    {
        client::ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = server.port();
        config.password = "passwd";
        config.classic = true;
        return config;
    }

    QList<quint64> add(const QByteArrayList &paths)
    {
        QList<client::Client::Request> requests;
        for (const QByteArray &path : paths)
            requests.append({path, m_dir->path(), client::ExistingPolicy::Fail});
        return m_client->add(requests);
    }

    bool waitForQueue()
    {
        return QTest::qWaitFor([this] { return m_client->queue().finished(); }, patienceMs);
    }

    client::Download row(quint64 id) const
    {
        for (const client::Download &download : m_client->queue().all()) {
            if (download.id == id)
                return download;
        }
        return {};
    }

    /// The content, or "(not there)".
    QByteArray saved(const QString &name) const
    {
        QFile file(m_dir->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
    }

    /// All that is in the folder, hidden files included.
    QStringList names() const
    {
        return QDir(m_dir->path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<client::Client> m_client;
};

} // namespace ferry::test
