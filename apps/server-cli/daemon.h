// SPDX-License-Identifier: MIT
#pragma once

#include "common/terminationsignals.h"
#include "server-cli/escapekey.h"
#include "server-cli/inheritedsockets.h"
#include "server-cli/linewriter.h"
#include "server-cli/options.h"
#include "server-cli/servicestate.h"
#include "server/records/history.h"
#include "server/records/logfile.h"
#include "server/server.h"

#include <QTimer>

#include <memory>

namespace ferry::servercli {

/// As ferryd(1) has them; ended at once by a signal: TerminationSignals::exitBase and its number.
enum ExitCode { ExitClean = 0, ExitFailure = 1, ExitUsage = 2, ExitCannotBind = 98 };

/// The engine with stdout, stderr and signals for its window.
class Daemon final : public QObject
{
    Q_OBJECT
public:
    /// `arguments` are what `options` were parsed from, and are parsed again at SIGHUP.
    Daemon(const Options &options, const QByteArrayList &arguments);
    ~Daemon() override;

    /// Listens and says so; then the event loop is the caller's to run. An exit code if it failed.
    std::optional<int> start();

private:
    Result<server::ServerConfig> makeConfig();
    Result<> takeSockets();
    void useSockets(Options &options) const;
    void tellPassword(const char *of, const QByteArray &password, const QString &dataFolder,
                      const char *file);
    void complain(const QString &text);
    int failed(const Error &error);
    void printDoors(QIODevice &output);
    void printLog();
    void onSignal(int number);
    void reload();
    Result<> readAgain();
    void watchEscapeKey();

    Options m_options;
    const QByteArrayList m_arguments;
    const QByteArray m_environmentPassword = qgetenv("FERRY_PASSWORD");
    const bool m_startedAtTerminal;
    LineWriter m_errors;
    InheritedSockets m_sockets;
    server::Server m_server;
    ServiceState m_service{m_server};
    TerminationSignals m_signals{TerminationSignals::Repeated::Reported};
    QTimer m_logTimer;
    std::unique_ptr<server::LogFile> m_logFile; ///< null: the log goes to stderr
    std::unique_ptr<server::History> m_history; ///< null: none is kept
    std::unique_ptr<EscapeKey> m_escapeKey;     ///< null: nobody sits there
    int m_exitCode = ExitClean;
};

} // namespace ferry::servercli
