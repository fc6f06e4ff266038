// SPDX-License-Identifier: MIT
#include "server/records/logfile.h"

#include "net/base/translate.h"

#include <QDateTime>
#include <QFile>

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::server {

namespace {

/// In the order of LogKind.
constexpr const char *kindNames[] = {"status", "command", "response", "warning", "error"};

} // namespace

/// Ten thousand small files are twenty thousand records within a second; to put the date together
/// for each costs more than all the rest of the line.
static void addTime(QByteArray &line, qint64 ms)
{
    thread_local qint64 second = -1;
    thread_local QByteArray text;
    if (ms / 1000 != second) {
        second = ms / 1000;
        text = QDateTime::fromSecsSinceEpoch(second)
                   .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss."))
                   .toLatin1();
    }
    line += text;
    for (const qint64 unit : {100, 10, 1})
        line += char('0' + ms / unit % 10);
}

QByteArray logLine(const LogRecord &record)
{
    constexpr qsizetype aroundMessage = 64; // time, session, kind
    QByteArray line;
    line.reserve(aroundMessage + record.message.size());
    addTime(line, record.timeMs);
    if (record.session > 0) {
        line += " #";
        line += QByteArray::number(record.session);
    }
    line += ' ';
    line += kindNames[int(record.kind)];
    line += ' ';
    line += record.message.toUtf8();
    return line;
}

LogFile::LogFile(Config config)
    : m_config(std::move(config))
{
}

LogFile::~LogFile() = default;

QByteArrayList LogFile::paths(const Config &config)
{
    QByteArrayList all{QFile::encodeName(config.path)};
    while (all.size() < config.files)
        all.append(all.first() + '.' + QByteArray::number(all.size()));
    return all;
}

void LogFile::write(QList<LogRecord> records)
{
    if (records.isEmpty())
        return;
    const qint64 count = records.size();
    const bool taken = m_thread.add(
        [this, records = std::move(records), dropped = m_dropped] { append(records, dropped); },
        limits::logBatches);
    m_dropped = taken ? 0 : m_dropped + count;
}

void LogFile::reopen()
{
    m_thread.add([this] {
        m_file = {};
        open();
    });
}

QString LogFile::takeProblem()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_problem, {});
}

void LogFile::fail(const QString &problem)
{
    m_file = {};
    if (std::exchange(m_failed, true))
        return;
    const std::lock_guard lock(m_mutex);
    m_problem = tr("The log cannot be written to %1: %2").arg(m_config.path, problem);
}

void LogFile::append(const QList<LogRecord> &records, qint64 dropped)
{
    QByteArray lines;
    const auto send = [&] {
        const bool done = lines.isEmpty() || put(lines);
        lines.clear();
        return done;
    };
    if (dropped > 0)
        lines = logLine({QDateTime::currentMSecsSinceEpoch(), 0, LogKind::Warning,
                         tr("%1 messages were not kept.").arg(dropped)}) +
                '\n';
    for (const LogRecord &record : records) {
        lines += logLine(record) + '\n';
        if (m_size + lines.size() >= m_config.maxBytes && !send())
            return;
    }
    send();
}

bool LogFile::open()
{
    if (m_file.valid())
        return true;
    m_file = FileDescriptor(::open(QFile::encodeName(m_config.path).constData(),
                                   O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600));
    struct stat status = {};
    if (!m_file.valid() || ::fstat(m_file.get(), &status) != 0) {
        fail(qt_error_string(errno));
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        fail(tr("it is not a file"));
        return false;
    }
    m_size = status.st_size;
    return true;
}

bool LogFile::put(const QByteArray &lines)
{
    if (!open())
        return false;
    for (qsizetype at = 0; at < lines.size();) {
        const ssize_t count =
            ::write(m_file.get(), lines.constData() + at, size_t(lines.size() - at));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            fail(qt_error_string(errno));
            return false;
        }
        at += count;
        m_size += count;
    }
    m_failed = false;
    if (m_size >= m_config.maxBytes)
        rotate();
    return true;
}

void LogFile::rotate()
{
    m_file = {};
    const QByteArrayList files = paths(m_config);
    if (files.size() == 1)
        ::unlink(files.first().constData());
    for (qsizetype number = files.size() - 1; number > 0; --number)
        ::rename(files.at(number - 1).constData(), files.at(number).constData());
    m_size = 0;
}

} // namespace ferry::server
