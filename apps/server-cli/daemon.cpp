// SPDX-License-Identifier: MIT
#include "server-cli/daemon.h"

#include "common/passwordtext.h"
#include "common/standardoutput.h"
#include "common/terminal.h"
#include "net/base/displaytext.h"
#include "net/base/endpointtext.h"
#include "server-cli/passwordsource.h"

#include <QCoreApplication>
#include <QFile>

#include <csignal>
#include <utility>

#include <unistd.h>

namespace ferry::servercli {

namespace {

constexpr int logIntervalMs = 100;

server::LogFile::Config logOf(const Options &options)
{
    return {QFile::decodeName(options.logFile), options.logFileBytes, options.logFiles};
}

/// The log may hold a generated password, and goes where standard error goes if no file is named.
QByteArrayList ownFiles(const Options &options)
{
    QByteArrayList own = server::defaultDataFolders();
    own += {options.passwordFile, options.classicPasswordFile, options.configFile,
            "/proc/self/fd/1", "/proc/self/fd/2"};
    if (!options.logFile.isEmpty())
        own += server::LogFile::paths(logOf(options));
    return own;
}

int descriptorOf(const InheritedSockets::Socket *socket)
{
    return socket ? socket->descriptor.get() : -1;
}

} // namespace

Daemon::Daemon(const Options &options, const QByteArrayList &arguments)
    : m_options(options)
    , m_arguments(arguments)
    , m_startedAtTerminal(hasTerminal())
    , m_errors(STDERR_FILENO)
{
    m_logTimer.setInterval(logIntervalMs);
    connect(&m_logTimer, &QTimer::timeout, this, &Daemon::printLog);
    connect(&m_signals, &TerminationSignals::received, this, &Daemon::onSignal);
}

Daemon::~Daemon()
{
    m_server.stop();
    printLog();
}

void Daemon::complain(const QString &text)
{
    m_errors.write("ferryd: " + text.toUtf8());
}

Result<> Daemon::takeSockets()
{
    if (auto taken = m_sockets.take({"tls", "classic"}); !taken)
        return taken;
    useSockets(m_options);
    if (m_sockets.find("classic") && !m_options.classic)
        complain(QStringLiteral("the inherited socket “classic” is not used: classic is off"));
    for (const QByteArray &name : m_sockets.unknown())
        complain(QStringLiteral("the inherited socket “%1” is not used").arg(displayText(name)));
    return {};
}

/// A door that a service manager has opened already is where it says.
void Daemon::useSockets(Options &options) const
{
    if (const auto *tls = m_sockets.find("tls")) {
        options.tlsAddress = tls->address;
        options.tlsPort = tls->port;
    }
    if (const auto *classic = m_sockets.find("classic")) {
        options.classicAddress = classic->address;
        options.classicPort = classic->port;
    }
}

/// Once, when it was generated. Of the journal there are more readers than of a terminal.
void Daemon::tellPassword(const char *of, const QByteArray &password, const QString &dataFolder,
                          const char *file)
{
    const QByteArray start = "ferryd: the password" + QByteArray(of);
    if (ServiceState::isJournal(STDERR_FILENO))
        m_errors.write(start + " is in " +
                       displayText(dataFolder + QLatin1StringView(file)).toUtf8());
    else
        m_errors.write(start + " is " + password);
}

Result<server::ServerConfig> Daemon::makeConfig()
{
    server::ServerConfig config;
    config.shares = m_options.shares;
    config.ownFiles = ownFiles(m_options);
    config.tlsEnabled = true;
    config.tlsAddress = addressToBind(m_options.tlsAddress);
    config.tlsPort = m_options.tlsPort;
    config.tlsSocket = descriptorOf(m_sockets.find("tls"));
    config.classicEnabled = m_options.classic;
    config.classicAddress = addressToBind(m_options.classicAddress);
    config.classicPort = m_options.classicPort;
    config.classicSocket = descriptorOf(m_sockets.find("classic"));
    if (m_options.maxSessions)
        config.maxSessions = *m_options.maxSessions;
    config.rateLimit = m_options.rateLimit;
    config.uploads = m_options.uploads;
    config.members = m_options.members;

    const QString dataFolder = m_options.dataFolder.isEmpty()
                                   ? defaultDataFolder()
                                   : QFile::decodeName(m_options.dataFolder);
    const auto password = findPassword(m_options.passwordFile, m_environmentPassword, dataFolder);
    if (!password)
        return password.error();
    if (password.value().exposed)
        m_errors.write("ferryd: others can read or write the file " +
                       displayText(m_options.passwordFile).toUtf8());
    config.dataFolder = dataFolder;
    if (config.classicEnabled &&
        (!config.classicAddress.isLoopback() || !m_options.classicPasswordFile.isEmpty())) {
        const auto own = findClassicPassword(m_options.classicPasswordFile, dataFolder);
        if (!own)
            return own.error();
        config.classicPassword = own.value().bytes;
        if (own.value().isNew)
            tellPassword(" for unencrypted connections", own.value().bytes, dataFolder,
                         "/classic-password");
    }
    if (hasOuterBlank(QString::fromUtf8(password.value().bytes)))
        complain(outerBlankRemark());
    // Children and core dumps need not carry it about.
    qunsetenv("FERRY_PASSWORD");
    config.password = password.value().bytes;
    if (password.value().isNew)
        tellPassword("", config.password, dataFolder, "/password");
    return config;
}

std::optional<int> Daemon::start()
{
    const auto taken = takeSockets();
    auto config = taken ? makeConfig() : taken.error();
    if (!config)
        return failed(config.error());
    if (!m_options.logFile.isEmpty())
        m_logFile = std::make_unique<server::LogFile>(logOf(m_options));
    if (m_options.history) {
        m_history = std::make_unique<server::History>(config.value().dataFolder);
        m_server.recordDeliveries(true);
    }
    if (const auto started = m_server.start(config.value()); !started) {
        // The engine's own record of the same error would only say it twice.
        static_cast<void>(m_server.takeLog());
        return failed(started.error());
    }
    connect(&m_server, &server::Server::stateChanged, this, [this](server::ServerState state) {
        if (state == server::ServerState::Stopped)
            QCoreApplication::exit(m_exitCode);
    });
    m_logTimer.start();
    StandardOutput output;
    printDoors(output);
    output.write("ready\n");
    output.flush();
    if (const QString problem = output.problem(); !problem.isEmpty())
        complain(problem);
    m_service.ready();
    watchEscapeKey();
    return {};
}

int Daemon::failed(const Error &error)
{
    complain(error.text);
    m_service.failed(error.text);
    return error.code == ErrorCode::CannotBind ? ExitCannotBind : ExitUsage;
}

void Daemon::watchEscapeKey()
{
    if (!EscapeKey::isThere())
        return;
    m_errors.write("Press ESCAPE to terminate program");
    m_escapeKey = std::make_unique<EscapeKey>();
    connect(m_escapeKey.get(), &EscapeKey::pressed, this, [this] { onSignal(SIGINT); });
}

void Daemon::printDoors(QIODevice &output)
{
    output.write("fingerprint " + m_server.fingerprint() + '\n');
    const auto print = [&output](const char *door, const QHostAddress &given, const auto &real) {
        // Of both families Qt names one; somebody who gave [::] reads that.
        const QHostAddress &address = addressToBind(given) == given ? real.address : given;
        output.write("listening " + QByteArray(door) + ' ' +
                     endpointText(address.toString(), real.port).toUtf8() + '\n');
    };
    print("tls", m_options.tlsAddress, m_server.tlsEndpoint());
    if (m_server.classicEndpoint().port != 0)
        print("classic", m_options.classicAddress, m_server.classicEndpoint());
}

void Daemon::printLog()
{
    // Nobody reads them here. The log says who wrote, and how much.
    static_cast<void>(m_server.takeMessages());
    const QList<LogRecord> records = m_server.takeLog();
    if (!m_logFile) {
        QByteArrayList lines;
        lines.reserve(records.size());
        for (const LogRecord &record : records)
            lines.append(server::logLine(record));
        if (!lines.isEmpty())
            m_errors.write(lines);
    } else {
        m_logFile->write(records);
        if (const QString problem = m_logFile->takeProblem(); !problem.isEmpty())
            complain(problem);
    }
    if (!m_history)
        return;
    m_history->add(m_server.takeDeliveries());
    for (const QString &sentence : m_history->takeNews())
        complain(sentence);
}

/// What can change while it runs; sessions that are there stay.
void Daemon::reload()
{
    m_service.reloading();
    const auto done = readAgain();
    const QString problem = done ? QString() : done.error().text;
    if (!done)
        complain(problem);
    m_service.ready(problem);
}

/// The configuration and the passwords as their files have them now; after an error, all is as it
/// was before.
Result<> Daemon::readAgain()
{
    auto options = parseOptions(m_arguments);
    if (!options)
        return options.error();
    Options before = std::exchange(m_options, options.take());
    useSockets(m_options);
    if (m_options.fixedAtStart() != before.fixedAtStart()) {
        complain(QStringLiteral(
            "addresses, data folder, log file and history change at the next start"));
        m_options.fixedAtStart() = before.fixedAtStart();
    }
    auto config = makeConfig();
    const auto taken = config ? m_server.reconfigure(config.value()) : config.error();
    if (!taken)
        m_options = std::move(before);
    return taken;
}

void Daemon::onSignal(int number)
{
    // Of a daemon it is a wish for a new log file; of a program at a terminal, the end of that.
    if (number == SIGHUP && (!m_startedAtTerminal || hasTerminal())) {
        reload();
        if (m_logFile)
            m_logFile->reopen();
        return;
    }
    if (m_server.state() == server::ServerState::Listening) {
        m_server.drain();
        return;
    }
    m_exitCode = TerminationSignals::exitBase + number;
    m_server.stop();
}

} // namespace ferry::servercli
