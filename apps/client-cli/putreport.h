// SPDX-License-Identifier: MIT
#pragma once

#include "client/upload/uploaditem.h"
#include "common/standardoutput.h"
#include "wire/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

namespace ferry::client {

/// How far an upload is.
struct UploadProgress
{
    QByteArray shownName;
    qint64 size = 0; ///< bytes
    qint64 sent = 0;
    qint64 bytesPerSecond = 0;
    qsizetype ended = 0; ///< files that are over
    qsizetype total = 0;
};

/// What `ferry put` says while it works: lines, or objects (--json). Main thread.
class PutReport
{
public:
    PutReport(bool json, bool quiet);
    ~PutReport();

    void progress(const UploadProgress &progress);
    void ended(const UploadItem &item, const UploadResult &result);
    /// Of what cannot be sent at all.
    void leftOut(const QByteArray &shownName, const Error &why);
    /// There is no way to the server, or nothing there that takes files.
    void failed(const Error &error, int code);
    void warning(const QString &text);
    void retrying(const Error &error, int seconds);
    /// By a signal; `saved` files are in the saved queue, or why they are not.
    void interrupted(const Result<qsizetype> &saved);
    void summary(int exitCode);

    StandardOutput &output() { return m_output; }

private:
    void notSent(const QByteArray &shownName, const Error &why);
    void write(const QString &event, const QJsonObject &fields);
    void errorLine(const QString &text);
    void clearBar();

    const bool m_json;
    const bool m_quiet;
    const bool m_outputIsTerminal;
    const bool m_bar; ///< a live line on standard error
    bool m_barShown = false;
    qint64 m_sent = 0; ///< files
    qint64 m_failed = 0;
    qint64 m_bytes = 0;
    StandardOutput m_output;
};

} // namespace ferry::client
