// SPDX-License-Identifier: MIT
#include "client-cli/getcommand.h"
#include "net/limits.h"

#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/password.h"
#include "client-cli/savedqueue.h"
#include "client-cli/trust.h"
#include "common/terminationsignals.h"
#include "net/base/guarded.h"

namespace ferry::client {

namespace {

/// Between two looks at the queue, and so between two progress events.
constexpr std::chrono::milliseconds lookInterval{200};

} // namespace

GetCommand::GetCommand(Arguments arguments, Report &report)
    : m_arguments(std::move(arguments))
    , m_report(report)
{
    m_client.keepWarningsOnly();
    connect(&m_client, &Client::connectionChanged, this, &GetCommand::lookAtConnection);
    connect(&m_client, &Client::queueFinished, this, &GetCommand::finish);
    // What cannot be told for want of memory is told the next time.
    connect(&m_timer, &QTimer::timeout, this,
            [this] { static_cast<void>(guarded([this] { look(); })); });
}

void GetCommand::start()
{
    m_client.setClassic(m_arguments.config.classic);
    DownloadQueue &queue = m_client.queue();
    queue.setFilesAtOnce(m_arguments.filesAtOnce);
    queue.rateLimiter()->setRate(m_arguments.rateLimit);
    QueueRules rules;
    rules.retries = m_arguments.retries;
    rules.keepWaiting = runsQueue();
    rules.executable = m_arguments.executable;
    rules.encodeNames = m_arguments.encodeNames;
    queue.setRules(rules);
    m_arguments.config.reconnects = m_arguments.retries;
    if (!runsQueue()) {
        addRequests();
    } else if (const auto opened = openSaved(); !opened) {
        m_report.connectionFailed(opened.error());
        m_noWay = opened.error();
        return finish();
    }
    m_timer.start(lookInterval);
    // Only refused names: no reason to disturb the server.
    if (queue.finished())
        return runsQueue() ? finish() : void();

    m_arguments.config.knownServersFile = knownServersFile(m_arguments);
    connectNow();
}

void GetCommand::addRequests()
{
    QList<Client::Request> requests;
    requests.reserve(m_arguments.paths.size());
    for (const QByteArray &path : m_arguments.paths) {
        Client::Request request{path, m_arguments.folder, m_arguments.existing};
        request.localName = m_arguments.outputName;
        request.file = m_arguments.toStandardOutput;
        requests.append(request);
    }
    for (const auto &[path, why] : m_arguments.leftOut) {
        Client::Request request{path, m_arguments.folder, m_arguments.existing};
        request.failure = why;
        requests.append(request);
    }
    m_client.add(requests);
}

/// What waits for this server is to be fetched; what a person paused, too, since he asks for it.
Result<> GetCommand::openSaved()
{
    if (auto opened = m_client.openQueue(savedQueueFile(m_arguments)); !opened)
        return opened;
    DownloadQueue &queue = m_client.queue();
    queue.setServer(serverName(m_arguments.config));
    queue.resumeAll();
    const QString server = serverName(m_arguments.config);
    QSet<quint64> batches;
    for (const Download &download : queue.all()) {
        m_firstId = std::max(m_firstId, download.id + 1);
        if (download.server != server || hasEnded(download.state))
            continue;
        m_fromFile.insert(download.id);
        if (download.kind != DownloadKind::Folder)
            m_files.insert(download.id);
        batches.insert(download.batch);
    }
    // There is nobody to ask.
    for (const quint64 batch : batches)
        queue.decideBatch(batch, m_arguments.existing);
    m_revision = queue.changesSince(0).revision;
    return {};
}

/// Without the history of a saved queue and what it has of other servers.
QList<Download> GetCommand::ofThisRun()
{
    QList<Download> all = m_client.queue().all();
    if (runsQueue())
        all.removeIf([this](const Download &download) { return !isOfThisRun(download); });
    return all;
}

bool GetCommand::isOfThisRun(const Download &download) const
{
    return !runsQueue() || download.id >= m_firstId || m_fromFile.contains(download.id);
}

void GetCommand::connectNow()
{
    if (const Result<> connecting =
            m_client.connectTo(m_arguments.config, m_arguments.allowUnencrypted);
        !connecting) {
        m_report.connectionFailed(connecting.error());
        m_client.queue().failQueued(connecting.error());
        m_noWay = connecting.error();
        finish();
    }
}

void GetCommand::interrupt(int signalNumber)
{
    m_signal = signalNumber;
    finish();
}

void GetCommand::lookAtConnection()
{
    if (m_finished)
        return;
    const ConnectionStatus status = m_client.connection();
    if (status.state == ConnectionState::Online && !m_connectedSaid) {
        m_connectedSaid = true;
        ClientConfig config = m_arguments.config;
        if (config.port == 0)
            config.port = config.classic ? limits::classicPort : limits::tlsPort;
        m_report.connected(config, status);
    } else if (status.state == ConnectionState::Failed) {
        if (mayAsk(status)) {
            const auto trusted = askAboutServer(m_arguments, status.offered);
            if (!trusted)
                return interrupt(TerminationSignals::first());
            if (trusted.value()) {
                m_arguments.config.accepted = status.offered;
                return connectNow();
            }
        }
        const Error error = namingWayOut(
            namingOuterBlank(status.error, m_arguments.config.password), m_arguments, status.saved);
        // After a first connection every file has its own failure (see ConnectionThread). Before
        // that the reason is said once: the files never had a chance.
        look();
        m_noWay = error;
        if (m_client.queue().failQueued(error) > 0 || runsQueue()) {
            m_report.connectionFailed(error);
            m_revision = m_client.queue().changesSince(m_revision).revision;
        }
        finish();
    }
}

/// The first connection to a server is a question; a server that changed is none.
bool GetCommand::mayAsk(const ConnectionStatus &status) const
{
    return status.error.code == ErrorCode::NotTrusted && !status.offered.isEmpty() &&
           status.saved.isEmpty() && m_arguments.config.accepted.isEmpty();
}

/// Says what happened since the last look.
void GetCommand::look()
{
    for (const LogRecord &record : m_client.takeConversation())
        m_report.warning(record.message);
    const DownloadQueue::Changes changes = m_client.queue().changesSince(m_revision);
    m_revision = changes.revision;
    for (const Download &download : changes.rows) {
        // A folder is no file, and what it has in it comes to be known by and by.
        const bool isFile = download.kind != DownloadKind::Folder;
        if (isFile && isOfThisRun(download))
            m_files.insert(download.id);
        else
            m_files.remove(download.id);
        if (hasEnded(download.state)) {
            m_ended += isFile ? 1 : 0;
            m_report.ended(download);
        }
    }
    m_report.output().flush(); // before the live line, which would stand in front of it
    for (const Download &download : changes.rows) {
        if (!hasEnded(download.state) && download.state != DownloadState::Queued)
            m_report.progress(download, m_ended, m_files.size());
    }
    m_report.output().flush();
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
    if (runsQueue()) {
        m_client.flushQueue();
        if (m_signal != 0)
            m_report.interrupted(m_client.queue().counts().active());
    } else if (m_signal != 0) {
        // A later run would have no standard output to write to.
        m_report.interrupted(m_arguments.toStandardOutput
                                 ? Result<qsizetype>(0)
                                 : saveQueue(m_arguments, m_client.queue().all()));
    }
    const QList<Download> downloads = ofThisRun();
    const int code = exitCode(downloads);
    m_report.summary(downloads, code);
    Q_EMIT finished(endOutput(m_report.output(), code));
}

int GetCommand::exitCode(const QList<Download> &downloads) const
{
    if (m_signal != 0)
        return TerminationSignals::exitBase + m_signal;
    // What waits still was given no chance.
    if (runsQueue() && m_noWay)
        return exitCodeFor(m_noWay->code == ErrorCode::Cancelled ? ErrorCode::CannotConnect
                                                                 : m_noWay->code);
    return exitCodeFor(downloads);
}

} // namespace ferry::client
