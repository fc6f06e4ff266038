// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/arguments.h"
#include "client-cli/report.h"
#include "client/client.h"

#include <QObject>
#include <QTimer>

namespace ferry::client {

/// `ferry get`: from the arguments to the exit code, on an event loop.
class GetCommand : public QObject
{
    Q_OBJECT
public:
    GetCommand(Arguments arguments, Report &report);

    void start(const QByteArray &password);

    /// Ends what is under way; partial files are gone when finished() comes.
    void interrupt(int signalNumber);

Q_SIGNALS:
    void finished(int exitCode);

private:
    void connectNow();
    bool mayAsk(const ConnectionThread::Link &link) const;
    void look();
    void lookAtLink();
    void finish();
    int exitCode();

    Arguments m_arguments;
    Report &m_report;
    Client m_client;
    QTimer m_timer;
    quint64 m_revision = 0;
    qsizetype m_ended = 0;
    int m_signal = 0;
    bool m_connectedSaid = false;
    bool m_finished = false;
};

} // namespace ferry::client
