// SPDX-License-Identifier: MIT
#include "server-gui/run/recorder.h"

#include "gui-common/look/format.h"
#include "server/server.h"

#include <QCoreApplication>

#include <algorithm>
#include <optional>
#include <utility>

namespace ferry::gui {

namespace {

constexpr qint64 megabyte = 1'000'000;

struct Sentences
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::Recorder)
};

/// What a person wants to know of it; nothing of the parts of a file that is still to be confirmed.
std::optional<LogRecord> sentenceOf(const server::DeliveryEvent &event)
{
    using Kind = server::DeliveryEvent::Kind;
    const QString size = formatSize(event.size);
    const auto record = [&event](LogKind kind, const QString &text) {
        return LogRecord{event.timeMs, event.to->session, kind, text};
    };
    switch (event.kind) {
    case Kind::Confirmed:
        if (event.received) // the server has said so
            return std::nullopt;
        return record(LogKind::Status,
                      Sentences::tr("Sent %1, %2, verified").arg(event.file, size));
    case Kind::Sent:
        if (!event.last)
            return std::nullopt;
        return record(LogKind::Status, Sentences::tr("Sent %1, %2").arg(event.file, size));
    case Kind::BrokenOff:
        if (event.received)
            return record(LogKind::Warning,
                          event.why.isEmpty()
                              ? Sentences::tr("%1 was not received completely").arg(event.file)
                              : Sentences::tr("%1 was not received completely: %2")
                                    .arg(event.file, event.why));
        return record(LogKind::Warning,
                      Sentences::tr("%1 was not sent completely: %2").arg(event.file, event.why));
    case Kind::SessionEnded:
        break;
    }
    return std::nullopt;
}

} // namespace

Recorder::Recorder(server::Server *server, const QString &dataFolder, QObject *parent)
    : QObject(parent)
    , m_dataFolder(dataFolder)
    , m_server(server)
    , m_history(std::make_unique<server::History>(dataFolder))
{
    m_server->recordDeliveries(true);
    m_history->findReceived(receivedFound); // before anything is added
}

Recorder::~Recorder() = default;

QString Recorder::logPathIn(const QString &dataFolder)
{
    return dataFolder + QStringLiteral("/log.txt");
}

void Recorder::apply(const LimitSettings &settings)
{
    m_keepHistory = settings.keepHistory;
    const server::LogFile::Config wanted{logPathIn(m_dataFolder), settings.logMegabytes * megabyte,
                                         settings.logFiles};
    if (!settings.logToFile) {
        m_log.reset();
        return;
    }
    const bool same = m_log && m_log->config().maxBytes == wanted.maxBytes &&
                      m_log->config().files == wanted.files;
    if (!same) {
        m_log.reset(); // what waits is written first
        m_log = std::make_unique<server::LogFile>(wanted);
    }
}

QList<LogRecord> Recorder::poll()
{
    server::DeliveryQueue::Taken taken = m_server->takeDeliveries();
    QList<LogRecord> records;
    for (const server::DeliveryEvent &event : std::as_const(taken.events)) {
        if (const auto record = sentenceOf(event))
            records.append(*record);
        if (event.received && event.kind == server::DeliveryEvent::Kind::Confirmed)
            Q_EMIT received({event.timeMs,
                             event.timeMs,
                             event.to->address,
                             event.to->account,
                             event.to->client,
                             event.to->encrypted,
                             event.file,
                             event.size,
                             event.size,
                             server::Delivery::Outcome::Verified,
                             {},
                             true});
    }
    // A file comes before what is said of its session.
    records += m_server->takeLog();
    std::stable_sort(records.begin(), records.end(),
                     [](const LogRecord &a, const LogRecord &b) { return a.timeMs < b.timeMs; });
    if (m_log) {
        m_log->write(records);
        if (const QString sentence = m_log->takeProblem(); !sentence.isEmpty())
            Q_EMIT problem(sentence);
    }
    if (const auto earlier = m_history->takeReceived())
        Q_EMIT foundReceived(*earlier);
    if (m_keepHistory)
        m_history->add(std::move(taken));
    const QStringList news = m_history->takeNews();
    for (const QString &sentence : news)
        Q_EMIT problem(sentence);
    return records;
}

} // namespace ferry::gui
