// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "net/base/logqueue.h"
#include "net/base/taskthread.h"
#include "server/limits.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QString>

#include <mutex>

namespace ferry::server {

/// `2026-11-21 14:02:07.123 #3 command FILE pub/x`, without a line end; without the number if it
/// is about no session.
QByteArray logLine(const LogRecord &record);

/// The log in a file, written by a thread of its own. When the file is full it becomes `path.1`,
/// that one `path.2`, and so on; the oldest goes. What was there before is continued. Only its
/// owner may read it.
///
/// When the disk is slower than the log, records are counted instead of kept, and the file says
/// so. When it cannot be written, takeProblem() says why, once, and it is tried again later.
class LogFile
{
public:
    struct Config
    {
        QString path; ///< the folder has to be there
        qint64 maxBytes = limits::logFileBytes;
        int files = limits::logFiles; ///< in all, 1 at least
    };
    explicit LogFile(Config config);

    /// Of the file and of those that were full, as the disk has them.
    static QByteArrayList paths(const Config &config);

    /// Writes what waits.
    ~LogFile();

    /// Hands them over and returns at once. One thread.
    void write(QList<LogRecord> records);

    /// What follows goes to the file that has the name then: somebody moved the old one away.
    void reopen();

    /// Waits until all of it is in the file.
    void flush() { m_thread.flush(); }

    /// A sentence, once; empty if all is well. Any thread.
    QString takeProblem();

    const Config &config() const { return m_config; }

private:
    void append(const QList<LogRecord> &records, qint64 dropped);
    bool open();
    bool put(const QByteArray &lines);
    void rotate();
    void fail(const QString &problem);

    const Config m_config;
    qint64 m_dropped = 0; ///< of the thread that calls write()

    std::mutex m_mutex; ///< guards m_problem
    QString m_problem;

    // The thread that writes:
    FileDescriptor m_file;
    qint64 m_size = 0;
    bool m_failed = false; ///< told already

    TaskThread m_thread{"log"}; ///< last: it ends before the rest goes
};

} // namespace ferry::server
