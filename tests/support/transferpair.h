// SPDX-License-Identifier: MIT
#pragma once

#include "support/program.h"

#include <QByteArray>
#include <QProcess>
#include <QTemporaryDir>

namespace ferry::test {

/// `ferryd` with one share `/pub` and `ferry` against it over the encrypted dialect, each with its
/// data folder, and a target folder. The client pins the server unless a test says otherwise.
class TransferPair
{
public:
    TransferPair();
    ~TransferPair();

    /// On the port of the last time, if there was one. False if ferryd does not get ready.
    bool startServer(const QStringList &more = {});
    void killServer(); ///< SIGKILL, and waits

    quint16 port() const { return m_port; }
    quint16 classicPort() const { return m_classicPort; }
    QByteArray fingerprint() const { return m_fingerprint; }
    QString address() const { return QStringLiteral("127.0.0.1:%1").arg(m_port); }
    qint64 serverPid() const { return m_server.processId(); }
    /// What ferryd said on stderr so far.
    QByteArray serverLog() const;

    QString root() const { return m_root.path(); }
    QString share() const { return m_root.filePath(QStringLiteral("pub")); }
    QString target() const { return m_root.filePath(QStringLiteral("target")); }
    QString clientData() const { return m_root.filePath(QStringLiteral("client")); }

    /// `ferry get` with the pin into the target folder.
    QStringList getArguments(const QStringList &paths) const;
    ProgramRun get(const QStringList &paths) const;
    /// `ferry` with just these arguments.
    ProgramRun run(const QStringList &arguments, const QByteArray &password = {}) const;
    void start(QProcess &process, const QStringList &arguments) const;

    static QByteArray password();

private:
    QTemporaryDir m_root;
    QProcess m_server;
    QByteArray m_fingerprint;
    quint16 m_port = 0;
    quint16 m_classicPort = 0;
};

bool writeFile(const QString &path, const QByteArray &bytes);
/// The content, or "(not there)".
QByteArray readFile(const QString &path);
/// Of all files right in a folder together, hidden ones included.
qint64 bytesIn(const QString &folder);

} // namespace ferry::test
