// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <vector>

#include <sys/socket.h>

namespace ferry::test {

/// A socket of a unit: on the loopback interface, at a free port.
struct UnitSocket
{
    explicit UnitSocket(int type = SOCK_STREAM);
    QByteArray endpoint() const { return "127.0.0.1:" + QByteArray::number(port); }

    FileDescriptor descriptor;
    quint16 port = 0;
};

/// What a service manager hears (sd_notify(3)).
class NotifySocket
{
public:
    explicit NotifySocket(const QString &path);

    /// How often a line that starts so was said.
    qsizetype count(const QByteArray &start);
    bool hears(const QByteArray &start, qsizetype times = 1);

private:
    FileDescriptor m_socket;
    QByteArrayList m_lines;
};

/// ferryd as a service manager runs it, in a folder of its own.
class ServiceRun
{
public:
    ServiceRun();
    ~ServiceRun() { stop(); }

    /// With `sockets` under `names` (`a:b`), at free ports of the loopback interface otherwise.
    /// `wrapper`: what starts it.
    void start(const std::vector<const UnitSocket *> &sockets, const char *names,
               const QStringList &arguments, const QStringList &wrapper = {});
    void stop();

    QByteArray readLine(); ///< of standard output, without the line end; empty: no more comes
    bool waitUntilReady();
    QByteArray errors();
    bool says(const QByteArray &text); ///< sooner or later, on standard error
    int exitCode();
    void signal(int number) const;

    QString path(const char *name) const { return m_dir.filePath(QLatin1StringView(name)); }

    /// A folder with a file, both of that name, as `--share` takes it.
    QByteArray makeShare(const char *name);
    /// `--share` of the folder `pub`, and `--data-dir`.
    QStringList sharing();
    /// `--config` and `--data-dir`.
    QStringList configured() const;
    /// The file that configured() names.
    void writeConfig(const QByteArray &text);

    QByteArray password = "passwd"; ///< empty: it makes up its own

private:
    QTemporaryDir m_dir;

public:
    NotifySocket manager;
    std::unique_ptr<QProcess> process;

private:
    QByteArray m_errors;
};

} // namespace ferry::test
