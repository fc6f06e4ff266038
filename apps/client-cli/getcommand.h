// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/arguments.h"
#include "client-cli/report.h"
#include "client/client.h"

#include <QObject>
#include <QSet>
#include <QTimer>

#include <optional>

namespace ferry::client {

/// `ferry get` and `ferry queue run`: from the arguments to the exit code, on an event loop.
class GetCommand : public QObject
{
    Q_OBJECT
public:
    GetCommand(Arguments arguments, Report &report);

    void start();

    /// Ends what is under way; partial files are gone when finished() comes.
    void interrupt(int signalNumber);

Q_SIGNALS:
    void finished(int exitCode);

private:
    bool runsQueue() const { return m_arguments.command == Arguments::Command::Queue; }
    Result<> openSaved();
    void addRequests();
    QList<Download> ofThisRun();
    bool isOfThisRun(const Download &download) const;
    void connectNow();
    bool mayAsk(const ConnectionStatus &status) const;
    void look();
    void lookAtConnection();
    void finish();
    int exitCode(const QList<Download> &downloads) const;

    Arguments m_arguments;
    Report &m_report;
    Client m_client;
    QTimer m_timer;
    quint64 m_revision = 0;
    quint64 m_firstId = 1;    ///< of what was added by this run
    QSet<quint64> m_fromFile; ///< what waited in the saved queue
    QSet<quint64> m_files;    ///< of this run, as far as folders are listed
    std::optional<Error> m_noWay;
    qsizetype m_ended = 0;
    int m_signal = 0;
    bool m_connectedSaid = false;
    bool m_finished = false;
};

} // namespace ferry::client
