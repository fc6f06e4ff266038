// SPDX-License-Identifier: MIT
#include "client-cli/textreport.h"

#include "client-cli/console.h"
#include "client/disk/localname.h"
#include "client/upload/queueuploads.h"
#include "net/base/displaytext.h"

#include <QLocale>

#include <algorithm>
#include <cstdio>
#include <cwchar>
#include <numeric>

#include <sys/ioctl.h>
#include <unistd.h>

namespace ferry::client {

namespace {

constexpr int barCells = 20;

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

int terminalColumns()
{
    winsize size = {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// Cells of a terminal: none for a mark on the letter before, two for a Chinese character.
int cellsOf(char32_t character)
{
    return std::max(::wcwidth(wchar_t(character)), 0);
}

/// As much of `text` as has room, with a sign where it is cut.
QString cutToCells(const QString &text, int cells)
{
    const QList<uint> characters = text.toUcs4();
    int used = 0;
    qsizetype fitting = 0; // with room for the sign
    for (qsizetype i = 0; i < characters.size(); ++i) {
        used += cellsOf(characters.at(i));
        if (used > cells)
            return QString::fromUcs4(reinterpret_cast<const char32_t *>(characters.constData()),
                                     fitting) +
                   u'…';
        if (used < cells)
            fitting = i + 1;
    }
    return text;
}

int cellsOf(const QString &text)
{
    const QList<uint> characters = text.toUcs4();
    return std::accumulate(characters.begin(), characters.end(), 0,
                           [](int sum, uint c) { return sum + cellsOf(char32_t(c)); });
}

} // namespace

TextReport::TextReport(bool quiet, Data data)
    : m_quiet(quiet)
    , m_data(data)
    , m_dataIsForTerminal(::isatty(data == Data::ToOutput ? STDOUT_FILENO : STDERR_FILENO) == 1)
    , m_bar(!quiet && ::isatty(STDERR_FILENO) == 1)
{
}

TextReport::~TextReport()
{
    clearBar();
}

void TextReport::connected(const ClientConfig &config, const ConnectionStatus &)
{
    if (!m_quiet && config.classic && !config.user.isEmpty())
        errorLine(QStringLiteral("the classic protocol has no user names; %1 is not sent")
                      .arg(displayText(config.user)));
}

void TextReport::progress(const Download &download, qsizetype ended, qsizetype total)
{
    if (!m_bar)
        return;
    const QString line = progressLine(download, ended, total, terminalColumns() - 1);
    std::fprintf(stderr, "\r\x1b[K%s", line.toLocal8Bit().constData());
    m_barShown = true;
}

/// As `ferry put` says it.
void TextReport::uploadEnded(const Download &upload)
{
    const QByteArray name = localBytes(upload.target());
    if (upload.state == DownloadState::Failed)
        return errorLine(
            QStringLiteral("%1: %2").arg(displayText(QByteArrayView(name)), upload.error.text));
    if (upload.state != DownloadState::Done || upload.kind == DownloadKind::Folder)
        return;
    const QByteArray stored = otherName(upload);
    outputLine({}, name,
               " has been sent" + (stored.isEmpty() ? QByteArray() : " as " + shownBytes(stored)) +
                   '.');
}

void TextReport::ended(const Download &download)
{
    if (download.isUpload())
        return uploadEnded(download);
    const QByteArray name = localBytes(download.target());
    switch (download.state) {
    case DownloadState::Done:
        if (download.kind == DownloadKind::Folder || // its files have their own lines
            (m_quiet && m_data == Data::ToErrors))
            return;
        outputLine({}, name, " has been saved.");
        if (download.grown && !m_quiet)
            errorLine(QStringLiteral("%1 is longer on the server by now; saved as it was: %2")
                          .arg(displayText(QByteArrayView(name)), sizeText(download.size)));
        return;
    case DownloadState::Skipped:
        if (!m_quiet)
            errorLine((download.identical
                           ? QStringLiteral("%1: skipped, already up to date")
                           : QStringLiteral("%1: skipped, a file of that name exists"))
                          .arg(displayText(QByteArrayView(name))));
        return;
    case DownloadState::Failed:
        if (download.error.code == ErrorCode::NotFound)
            return outputLine("File ", download.remotePath, " not found on server");
        return errorLine(QStringLiteral("%1: %2").arg(
            displayText(QByteArrayView(download.remotePath)), download.error.text));
    default:
        return;
    }
}

void TextReport::connectionFailed(const Error &error)
{
    errorLine(error.text);
}

void TextReport::warning(const QString &text)
{
    errorLine(text);
}

QString interruptedText(const Result<qsizetype> &saved)
{
    if (!saved)
        return QStringLiteral("interrupted, queue not saved: %1").arg(saved.error().text);
    return saved.value() == 0
               ? QStringLiteral("interrupted")
               : QStringLiteral("interrupted, queue saved: \"ferry queue run\" resumes it");
}

void TextReport::interrupted(const Result<qsizetype> &saved)
{
    errorLine(interruptedText(saved));
}

void TextReport::summary(const QList<Download> &downloads, int)
{
    clearBar();
    const auto unverified =
        std::count_if(downloads.begin(), downloads.end(), [](const Download &download) {
            return download.state == DownloadState::Done && !download.verified &&
                   !download.isUpload();
        });
    if (!m_quiet && unverified > 0)
        errorLine(QStringLiteral("saved, but not verified (the classic protocol has no "
                                 "checksums): %1 of %2")
                      .arg(unverified)
                      .arg(downloads.size()));
}

QByteArray TextReport::shownBytes(const QByteArray &name) const
{
    return m_dataIsForTerminal ? displayText(QByteArrayView(name)).toLocal8Bit() : name;
}

void TextReport::outputLine(const QByteArray &before, const QByteArray &name,
                            const QByteArray &after)
{
    clearBar();
    const QByteArray line = before + shownBytes(name) + after + '\n';
    if (m_data == Data::ToErrors) {
        std::fwrite(line.constData(), 1, size_t(line.size()), stderr);
        return;
    }
    m_output.write(line);
}

void TextReport::errorLine(const QString &text)
{
    m_output.flush(); // what was said before stands before it, where both go to one place
    clearBar();
    complain(text);
}

void TextReport::clearBar()
{
    if (m_barShown)
        std::fputs("\r\x1b[K", stderr);
    m_barShown = false;
}

QString progressLine(const Download &download, qsizetype ended, qsizetype total, int columns)
{
    const bool checking = download.state == DownloadState::Checking;
    const qint64 bytes = checking ? download.checked : download.received;
    QString figures = sizeText(bytes);
    if (download.size > 0) {
        const int cells = int(std::clamp<qint64>(bytes * barCells / download.size, 0, barCells));
        figures = QStringLiteral("[%1%2] %3 of %4")
                      .arg(QString(cells, u'#'), QString(barCells - cells, u'.'), figures,
                           sizeText(download.size));
    }
    if (download.state == DownloadState::Stalled)
        figures += QStringLiteral("  stalled");
    else if (checking)
        figures += QStringLiteral("  checking");
    else if (download.state == DownloadState::Connecting)
        figures += QStringLiteral("  connecting");
    else
        figures += QStringLiteral("  %1/s").arg(sizeText(download.bytesPerSecond));
    const QString count = QStringLiteral("%1 of %2").arg(std::min(ended + 1, total)).arg(total);
    const QString tail = QStringLiteral("  %1  %2").arg(figures, count);
    const QString name = cutToCells(displayText(QByteArrayView(localBytes(download.target()))),
                                    std::max(columns - cellsOf(tail), 8));
    return cutToCells(name + tail, std::max(columns, 1));
}

} // namespace ferry::client
