// SPDX-License-Identifier: MIT
#include "support/transferpair.h"

#include "net/login/passphrase.h"
#include "support/process.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <csignal>

namespace ferry::test {

TransferPair::TransferPair()
{
    QDir(root()).mkdir(QStringLiteral("pub"));
    QDir(root()).mkdir(QStringLiteral("target"));
}

TransferPair::~TransferPair()
{
    killServer();
}

QByteArray TransferPair::password()
{
    static const QByteArray password = generatePassphrase().toUtf8();
    return password;
}

bool TransferPair::startServer(const QStringList &more)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("FERRY_PASSWORD"), QString::fromUtf8(password()));
    m_server.setProcessEnvironment(environment);
    // Into a file: nobody reads a pipe while a test waits for something else, and a full one would
    // stop the server.
    m_server.setStandardErrorFile(m_root.filePath(QStringLiteral("server.log")), QIODevice::Append);
    m_server.start(programPath(QStringLiteral("ferryd")),
                   QStringList{QStringLiteral("--share"), share(), QStringLiteral("--listen"),
                               QStringLiteral("127.0.0.1:%1").arg(m_port),
                               QStringLiteral("--classic"), QStringLiteral("127.0.0.1:0"),
                               QStringLiteral("--data-dir"),
                               m_root.filePath(QStringLiteral("server"))} +
                       more);
    for (;;) {
        while (!m_server.canReadLine()) {
            if (!m_server.waitForReadyRead(patienceMs))
                return false;
        }
        const QByteArray line = m_server.readLine().trimmed();
        const QByteArray port = line.mid(line.lastIndexOf(':') + 1);
        if (line.startsWith("fingerprint "))
            m_fingerprint = line.mid(qsizetype(sizeof "fingerprint"));
        else if (line.startsWith("listening tls "))
            m_port = port.toUShort();
        else if (line.startsWith("listening classic "))
            m_classicPort = port.toUShort();
        else
            return line == "ready";
    }
}

void TransferPair::killServer()
{
    if (m_server.state() == QProcess::NotRunning)
        return;
    m_server.kill();
    m_server.waitForFinished(patienceMs);
}

QByteArray TransferPair::serverLog() const
{
    return readFile(m_root.filePath(QStringLiteral("server.log")));
}

QStringList TransferPair::getArguments(const QStringList &paths) const
{
    return QStringList{QStringLiteral("get"),
                       QStringLiteral("--pin"),
                       QString::fromLatin1(m_fingerprint),
                       QStringLiteral("--data-dir"),
                       clientData(),
                       QStringLiteral("-d"),
                       target(),
                       address()} +
           paths;
}

ProgramRun TransferPair::get(const QStringList &paths) const
{
    return run(getArguments(paths));
}

ProgramRun TransferPair::run(const QStringList &arguments, const QByteArray &otherPassword) const
{
    ProgramSettings settings;
    settings.password = otherPassword.isEmpty() ? password() : otherPassword;
    settings.folder = root();
    return runProgram(QStringLiteral("ferry"), arguments, settings);
}

void TransferPair::start(QProcess &process, const QStringList &arguments) const
{
    ProgramSettings settings;
    settings.password = password();
    settings.folder = root();
    prepareProcess(process, settings);
    process.start(programPath(QStringLiteral("ferry")), arguments);
}

bool writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
           file.write(bytes) == bytes.size() && file.flush();
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
}

qint64 bytesIn(const QString &folder)
{
    qint64 bytes = 0;
    for (const QFileInfo &file : QDir(folder).entryInfoList(QDir::Files | QDir::Hidden))
        bytes += file.size();
    return bytes;
}

} // namespace ferry::test
