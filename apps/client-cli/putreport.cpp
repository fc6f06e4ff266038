// SPDX-License-Identifier: MIT
#include "client-cli/putreport.h"

#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/jsonline.h"
#include "client-cli/textreport.h"
#include "client/disk/localname.h"
#include "client/download.h"
#include "net/base/displaytext.h"

#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

namespace ferry::client {

namespace {

QString shown(const QByteArray &bytes)
{
    return displayText(QByteArrayView(bytes));
}

QByteArray lastName(const QByteArray &path)
{
    return path.sliced(path.lastIndexOf('/') + 1);
}

} // namespace

PutReport::PutReport(bool json, bool quiet)
    : m_json(json)
    , m_quiet(quiet)
    , m_outputIsTerminal(::isatty(STDOUT_FILENO) == 1)
    , m_bar(!json && !quiet && ::isatty(STDERR_FILENO) == 1)
{
}

PutReport::~PutReport()
{
    clearBar();
}

void PutReport::progress(const UploadProgress &progress)
{
    if (m_json) {
        QJsonObject fields{{QStringLiteral("bytes"), progress.sent},
                           {QStringLiteral("size"), progress.size},
                           {QStringLiteral("bytesPerSecond"), progress.bytesPerSecond}};
        addBytes(fields, QStringLiteral("name"), progress.shownName);
        return write(QStringLiteral("progress"), fields);
    }
    if (!m_bar)
        return;
    Download row;
    row.localName = localText(progress.shownName);
    row.size = progress.size;
    row.received = progress.sent;
    row.bytesPerSecond = progress.bytesPerSecond;
    row.state = DownloadState::Downloading;
    winsize terminal = {};
    const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &terminal) == 0 && terminal.ws_col > 0;
    const QString line =
        progressLine(row, progress.ended, progress.total, (known ? terminal.ws_col : 80) - 1);
    std::fprintf(stderr, "\r\x1b[K%s", line.toLocal8Bit().constData());
    m_barShown = true;
}

void PutReport::ended(const UploadItem &item, const UploadResult &result)
{
    if (result.error)
        return notSent(item.shownName, *result.error);
    m_sent += item.folder ? 0 : 1;
    m_bytes += result.size;
    if (m_json) {
        if (item.folder)
            return write(QStringLiteral("folder"),
                         sentFolderFields(item.shownName, result.storedPath));
        return write(QStringLiteral("sent"),
                     sentFields(item.shownName, result.storedPath, result.size));
    }
    if (item.folder) // its files have their own lines
        return;
    clearBar();
    const auto printed = [this](const QByteArray &name) {
        return m_outputIsTerminal ? shown(name).toLocal8Bit() : name;
    };
    const QByteArray name = lastName(result.storedPath);
    const bool other = name != item.remotePath.names().last();
    m_output.write(printed(item.shownName) + " has been sent" +
                   (other ? " as " + printed(name) : QByteArray()) + ".\n");
    m_output.flush();
}

void PutReport::leftOut(const QByteArray &shownName, const Error &why)
{
    notSent(shownName, why);
}

void PutReport::notSent(const QByteArray &shownName, const Error &why)
{
    ++m_failed;
    if (!m_json)
        return errorLine(QStringLiteral("%1: %2").arg(shown(shownName), why.text));
    write(QStringLiteral("failed"), failedUploadFields(shownName, why));
}

void PutReport::failed(const Error &error, int code)
{
    if (!m_json)
        return errorLine(error.text);
    write(QStringLiteral("error"),
          {{QStringLiteral("error"), error.text}, {QStringLiteral("code"), code}});
}

void PutReport::warning(const QString &text)
{
    if (m_json)
        write(QStringLiteral("warning"), {{QStringLiteral("warning"), text}});
    else
        errorLine(text);
}

void PutReport::retrying(const Error &error, int seconds)
{
    if (m_json)
        return write(QStringLiteral("retry"),
                     {{QStringLiteral("error"), error.text}, {QStringLiteral("seconds"), seconds}});
    if (!m_quiet)
        errorLine(QStringLiteral("%1 Trying again in %2 s.").arg(error.text).arg(seconds));
}

void PutReport::interrupted(const Result<qsizetype> &saved)
{
    if (m_json)
        write(QStringLiteral("interrupted"), interruptedFields(saved));
    else
        errorLine(interruptedText(saved));
}

void PutReport::summary(int exitCode)
{
    clearBar();
    if (m_json)
        write(QStringLiteral("summary"), {{QStringLiteral("sent"), m_sent},
                                          {QStringLiteral("failed"), m_failed},
                                          {QStringLiteral("bytes"), m_bytes},
                                          {QStringLiteral("exit"), exitCode}});
}

void PutReport::write(const QString &event, const QJsonObject &fields)
{
    m_output.write(jsonLine(event, fields));
    m_output.flush();
}

void PutReport::errorLine(const QString &text)
{
    clearBar();
    complain(text);
}

void PutReport::clearBar()
{
    if (m_barShown)
        std::fputs("\r\x1b[K", stderr);
    m_barShown = false;
}

} // namespace ferry::client
