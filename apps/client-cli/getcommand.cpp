// SPDX-License-Identifier: MIT
#include "client-cli/getcommand.h"

#include "client-cli/exitcodes.h"
#include "client-cli/trust.h"

namespace ferry::client {

namespace {

/// Between two looks at the queue, and so between two progress events.
constexpr std::chrono::milliseconds lookInterval{200};

bool hasEnded(const Download &download)
{
    switch (download.state) {
    case DownloadState::Done:
    case DownloadState::Skipped:
    case DownloadState::Failed:
    case DownloadState::Cancelled:
        return true;
    default:
        return false;
    }
}

} // namespace

GetCommand::GetCommand(Arguments arguments, Report &report)
    : m_arguments(std::move(arguments))
    , m_report(report)
{
    connect(&m_client, &Client::linkChanged, this, &GetCommand::lookAtLink);
    connect(&m_client, &Client::queueFinished, this, &GetCommand::finish);
    connect(&m_timer, &QTimer::timeout, this, &GetCommand::look);
}

void GetCommand::start(const QByteArray &password)
{
    QList<Client::Request> requests;
    requests.reserve(m_arguments.paths.size());
    for (const QByteArray &path : m_arguments.paths)
        requests.append({path, m_arguments.folder, m_arguments.existing});
    m_client.setClassic(m_arguments.config.classic);
    m_client.queue().setFilesAtOnce(m_arguments.filesAtOnce);
    m_client.add(requests);
    m_timer.start(lookInterval);
    // Only refused names: no reason to disturb the server.
    if (m_client.queue().finished())
        return;

    m_arguments.config.password = password;
    m_arguments.config.knownServersFile = knownServersFile(m_arguments);
    connectNow();
}

void GetCommand::connectNow()
{
    if (const Result<> connecting =
            m_client.connectTo(m_arguments.config, m_arguments.allowUnencrypted);
        !connecting) {
        m_report.linkFailed(connecting.error());
        m_client.queue().failQueued(connecting.error());
        finish();
    }
}

void GetCommand::interrupt(int signalNumber)
{
    m_signal = signalNumber;
    finish();
}

void GetCommand::lookAtLink()
{
    if (m_finished)
        return;
    const ConnectionThread::Link link = m_client.link();
    if (link.state == LinkState::Online && !m_connectedSaid) {
        m_connectedSaid = true;
        ClientConfig config = m_arguments.config;
        if (config.port == 0)
            config.port = config.classic ? limits::classicPort : limits::tlsPort;
        m_report.connected(config, link);
    } else if (link.state == LinkState::Failed) {
        if (mayAsk(link) && askAboutServer(m_arguments.config.host, link.offered).value_or(false)) {
            m_arguments.config.accepted = link.offered;
            return connectNow();
        }
        // After a first connection every file has its own failure (see ConnectionThread). Before
        // that the reason is said once: the files never had a chance.
        look();
        if (m_client.queue().failQueued(link.error) > 0) {
            m_report.linkFailed(link.error);
            m_revision = m_client.queue().changesSince(m_revision).revision;
        }
        finish();
    }
}

/// A server that is met for the first time is a question; one that changed is none.
bool GetCommand::mayAsk(const ConnectionThread::Link &link) const
{
    return link.error.code == ErrorCode::NotTrusted && !link.offered.isEmpty() &&
           link.saved.isEmpty() && m_arguments.config.accepted.isEmpty();
}

/// Says what happened since the last look.
void GetCommand::look()
{
    const DownloadQueue::Changes changes = m_client.queue().changesSince(m_revision);
    m_revision = changes.revision;
    for (const Download &download : changes.rows) {
        if (hasEnded(download)) {
            ++m_ended;
            m_report.ended(download);
        }
    }
    for (const Download &download : changes.rows) {
        if (!hasEnded(download) && download.state != DownloadState::Queued)
            m_report.progress(download, m_ended, m_arguments.paths.size());
    }
}

void GetCommand::finish()
{
    if (m_finished)
        return;
    m_finished = true;
    m_timer.stop();
    // After this nothing changes any more: what was saved in the last moment is reported too.
    m_client.disconnectAndWait();
    look();
    const int code = exitCode();
    m_report.summary(m_client.queue().all(), code);
    Q_EMIT finished(code);
}

int GetCommand::exitCode()
{
    if (m_signal != 0)
        return exitcode::signalBase + m_signal;
    const int code = exitCodeFor(m_client.queue().all());
    if (code == exitcode::success && !m_report.outputIntact())
        return exitcode::localFile;
    return code;
}

} // namespace ferry::client
