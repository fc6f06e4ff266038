// SPDX-License-Identifier: MIT
#include "server-gui/run/recorder.h"

#include "server/server.h"

namespace ferry::gui {

namespace {
constexpr qint64 megabyte = 1'000'000;
}

Recorder::Recorder(server::Server *server, const QString &dataFolder, QObject *parent)
    : QObject(parent)
    , m_dataFolder(dataFolder)
    , m_server(server)
    , m_history(std::make_unique<server::History>(dataFolder))
{
}

Recorder::~Recorder() = default;

QString Recorder::logPathIn(const QString &dataFolder)
{
    return dataFolder + QStringLiteral("/log.txt");
}

void Recorder::apply(const LimitSettings &settings)
{
    m_server->recordDeliveries(settings.keepHistory);
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

void Recorder::poll(const QList<LogRecord> &records)
{
    if (m_log) {
        m_log->write(records);
        if (const QString sentence = m_log->takeProblem(); !sentence.isEmpty())
            Q_EMIT problem(sentence);
    }
    m_history->add(m_server->takeDeliveries());
    const QStringList news = m_history->takeNews();
    for (const QString &sentence : news)
        Q_EMIT problem(sentence);
}

} // namespace ferry::gui
