// SPDX-License-Identifier: MIT
#include "client-cli/listencommand.h"

#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/firstconnection.h"
#include "client-cli/jsonline.h"
#include "client-cli/jsonreport.h"
#include "client-cli/notetext.h"
#include "client-cli/report.h"
#include "client-cli/textreport.h"
#include "client/client.h"
#include "client/limits.h"
#include "client/people/keptbox.h"
#include "client/people/peopleconnection.h"
#include "common/terminationsignals.h"
#include "net/base/guarded.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFileInfo>
#include <QObject>
#include <QTimer>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace ferry::client {

namespace {

/// How often it looks whether anybody reads, and what became of files.
constexpr std::chrono::milliseconds lookInterval{200};

/// Fetches what is given, into one folder, over a connection of its own that is there while it is
/// needed.
class GiftTaker
{
public:
    GiftTaker(const Arguments &arguments, Report &report)
        : m_arguments(arguments)
        , m_report(report)
    {
        m_client.keepWarningsOnly();
        m_client.setClassic(false);
        QueueRules rules;
        rules.retries = limits::retries;
        m_client.queue().setRules(rules);
        m_arguments.config.reconnects = limits::retries;
        m_arguments.config.resume = true; // what the run before began
        // Whoever looks who is there need not see it any longer than it does something.
        QObject::connect(&m_client, &Client::queueFinished, &m_client, &Client::disconnect);
    }

    /// A server tells of a gift again when it has forgotten that it did. No two gifts have one
    /// path.
    void take(const extended::GiftPath &gift)
    {
        Client::Request request;
        request.remotePath = gift.path().toBytes();
        if (m_paths.contains(request.remotePath))
            return;
        request.folder = m_arguments.folder;
        request.existing = ExistingPolicy::Rename;
        request.file = true;
        m_paths.insert(request.remotePath);
        for (const quint64 id : m_client.add({request}))
            m_pathsById.emplace(id, request.remotePath);
    }

    /// Says what became of them.
    void look()
    {
        for (const LogRecord &record : m_client.takeConversation())
            m_report.warning(record.message);
        const DownloadQueue::Changes changes = m_client.queue().changesSince(m_revision);
        m_revision = changes.revision;
        for (const Download &download : changes.rows) {
            if (!hasEnded(download.state))
                continue;
            m_report.ended(download);
            // If it failed, the next time it is told of may be better.
            if (const auto path = m_pathsById.extract(download.id);
                path && download.state != DownloadState::Done)
                m_paths.erase(path.mapped());
        }
        m_report.output().flush();
        connectIfNeeded();
    }

    /// What is under way is given up.
    void end()
    {
        m_client.disconnectAndWait();
        look();
    }

private:
    void connectIfNeeded()
    {
        const ConnectionStatus status = m_client.connection();
        if (!m_client.queue().hasQueued())
            return;
        if (status.state == ConnectionState::Failed) {
            m_client.queue().failQueued(status.error);
            m_client.disconnect(); // the next one has its chance
        } else if (status.state == ConnectionState::Offline && !status.lost) {
            if (const auto begun = m_client.connectTo(m_arguments.config); !begun)
                m_client.queue().failQueued(begun.error());
        }
    }

    Arguments m_arguments;
    Report &m_report;
    Client m_client;
    quint64 m_revision = 0;
    std::set<QByteArray> m_paths; ///< of what is fetched, or was
    std::map<quint64, QByteArray> m_pathsById;
};

class Listening final : public QObject
{
public:
    explicit Listening(Arguments arguments)
        : m_arguments(std::move(arguments))
        , m_log(std::make_shared<LogQueue>())
        , m_derived(std::make_shared<sasl::SaltedPasswords>())
    {
        m_log->keepWarningsOnly();
        if (m_arguments.json)
            m_report = std::make_unique<JsonReport>();
        else
            m_report = std::make_unique<TextReport>(m_arguments.quiet, TextReport::Data::ToOutput);
    }

    int run();

protected:
    /// There is something new.
    void customEvent(QEvent *) override
    {
        static_cast<void>(guarded([this] { look(); }));
    }

private:
    void takeBox();
    void look();
    void print(const extended::Note &note);
    void sayLost(qint64 count);
    int end(int code) { return endOutput(m_report->output(), code); }

    Arguments m_arguments;
    const std::shared_ptr<LogQueue> m_log;
    const std::shared_ptr<sasl::SaltedPasswords> m_derived;
    std::unique_ptr<Report> m_report;
    KeptBox m_box;
    std::unique_ptr<GiftTaker> m_taker;
    std::unique_ptr<PeopleConnection> m_connection;
};

int Listening::run()
{
    auto first = connectFirst(m_arguments, m_log, m_derived,
                              [this](const QString &text) { m_report->warning(text); });
    if (!first) {
        m_report->connectionFailed(first.error());
        return end(exitCodeOfFirst(first.error()));
    }
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    QObject::connect(&signals, &TerminationSignals::received, this, &QCoreApplication::quit);
    // It was trusted; no other one is, whatever happens to the file of known servers.
    m_arguments.config.pin = first.value()->offered();
    takeBox();
    if (m_arguments.takesGifts)
        m_taker = std::make_unique<GiftTaker>(m_arguments, *m_report);
    m_connection = std::make_unique<PeopleConnection>(
        m_arguments.config, m_log, m_derived,
        [this] { QCoreApplication::postEvent(this, new QEvent(QEvent::User)); }, first.take());
    if (const auto started = m_connection->start(); !started) {
        m_report->connectionFailed(started.error());
        return end(exitCodeFor(started.error().code));
    }
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, this, [this] {
        static_cast<void>(guarded([this] { look(); }));
        if (!m_report->output().canBeWritten() || !m_report->output().intact())
            QCoreApplication::quit();
    });
    timer.start(lookInterval);
    if (TerminationSignals::first() == 0)
        QCoreApplication::exec();
    timer.stop();
    const ConnectionStatus status = m_connection->status();
    m_connection.reset();
    if (m_taker)
        m_taker->end();
    if (const int signal = TerminationSignals::first(); signal != 0)
        return end(TerminationSignals::exitBase + signal);
    if (status.state != ConnectionState::Failed) // nobody reads it
        return end(exitcode::success);
    m_report->connectionFailed(status.error);
    return end(exitCodeFor(status.error.code));
}

/// What it is told of, it may fetch over another connection, and in another run. A second one
/// beside it is a person of its own.
void Listening::takeBox()
{
    ClientConfig &config = m_arguments.config;
    auto kept =
        KeptBox::take(QFileInfo(config.knownServersFile).path(), config.pin, accountOf(config));
    if (kept)
        m_box = kept.take();
    else if (kept.error().code != ErrorCode::TimedOut)
        m_report->warning(kept.error().text);
    config.box = kept ? m_box.name() : newBox();
}

void Listening::look()
{
    if (!m_connection)
        return;
    // In this order: what came before the end is said.
    const bool failed = m_connection->status().state == ConnectionState::Failed;
    const PeopleChanges changes = m_connection->changes();
    QList<LogRecord> records = m_log->take();
    // The error that ends it is said once, at the end.
    records.removeIf([](const LogRecord &record) { return record.kind == LogKind::Error; });
    for (const LogRecord &record : std::as_const(records)) {
        if (!m_arguments.quiet || m_arguments.json)
            m_report->warning(record.message);
    }
    sayLost(changes.lost);
    for (const extended::Note &note : changes.notes)
        print(note);
    m_report->output().flush();
    if (m_taker)
        m_taker->look();
    if (failed)
        QCoreApplication::quit();
}

void Listening::print(const extended::Note &note)
{
    m_report->output().write(m_arguments.json ? jsonLine(QStringLiteral("note"), noteFields(note))
                                              : noteText(note).toLocal8Bit() + '\n');
    if (m_taker && note.kind == extended::Note::Kind::Gift)
        m_taker->take(*note.gift);
}

void Listening::sayLost(qint64 count)
{
    if (count == 0)
        return;
    if (m_arguments.json)
        m_report->output().write(
            jsonLine(QStringLiteral("lost"), {{QStringLiteral("notes"), count}}));
    else
        complain(
            QStringLiteral("messages that were not kept, because too many waited: %1").arg(count));
}

} // namespace

int runListen(Arguments arguments)
{
    return Listening(std::move(arguments)).run();
}

} // namespace ferry::client
