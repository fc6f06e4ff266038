// SPDX-License-Identifier: MIT
#include "client-gui/queue/statetext.h"

#include "client-gui/queue/uploadtext.h"
#include "client/disk/localname.h"
#include "gui-common/look/format.h"
#include "net/base/displaytext.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>
#include <cerrno>
#include <iterator>

namespace ferry::gui {

using client::Download;
using client::DownloadKind;
using client::DownloadState;

namespace {

struct Look
{
    Tone tone;
    const char *icon;
};

/// In the order of DownloadState.
constexpr Look looks[] = {
    {Tone::Quiet, "more"},      // Queued
    {Tone::Quiet, "more"},      // Connecting
    {Tone::Accent, "info"},     // NeedsDecision
    {Tone::Normal, "down"},     // Downloading
    {Tone::Caution, "warning"}, // Stalled
    {Tone::Normal, "save"},     // Verifying
    {Tone::Caution, "retry"},   // Retrying
    {Tone::Quiet, "pause"},     // Paused
    {Tone::Quiet, "save"},      // Done, not verified
    {Tone::Quiet, "forward"},   // Skipped
    {Tone::Bad, "error"},       // Failed
    {Tone::Quiet, "ban"},       // Cancelled
    {Tone::Normal, "more"},     // Checking
};
static_assert(std::size(looks) == client::downloadStates);

Look lookOf(const Download &download)
{
    const bool folder = download.kind == DownloadKind::Folder;
    const bool moves = download.state == DownloadState::Downloading ||
                       (folder && download.state == DownloadState::Connecting);
    if (moves)
        return {Tone::Normal, download.isUpload() ? "up" : "down"};
    if (folder && download.state == DownloadState::Done)
        return {Tone::Quiet, ""};
    if (download.state == DownloadState::Done && download.verified)
        return {Tone::Good, "ok"};
    if (download.state == DownloadState::Skipped && download.identical)
        return {Tone::Quiet, "ok"};
    return looks[int(download.state)];
}

struct FailureWords
{
    ErrorCode code;
    const char *failure;
};

constexpr FailureWords failures[] = {
    {ErrorCode::NotFound, QT_TR_NOOP("Not found on the server")},
    {ErrorCode::HostNotFound, QT_TR_NOOP("Can't find the server")},
    {ErrorCode::CannotConnect, QT_TR_NOOP("Can't reach the server")},
    {ErrorCode::Protocol, QT_TR_NOOP("Unexpected answer from the server")},
    {ErrorCode::Refused, QT_TR_NOOP("Refused by the server")},
    {ErrorCode::DiskFull, QT_TR_NOOP("The disk is full")},
    {ErrorCode::TargetExists, QT_TR_NOOP("File already exists")},
    {ErrorCode::CutShort, QT_TR_NOOP("Connection lost")},
    {ErrorCode::Dismissed, QT_TR_NOOP("Disconnected by the server")},
    {ErrorCode::TimedOut, QT_TR_NOOP("Timed out")},
    {ErrorCode::ChecksumMismatch, QT_TR_NOOP("Damaged in transit, not saved")},
    {ErrorCode::RemoteChanged, QT_TR_NOOP("Changed on the server during the download")},
    {ErrorCode::NotTrusted, QT_TR_NOOP("Server not trusted")},
    {ErrorCode::WrongPassword, QT_TR_NOOP("Wrong password")},
    {ErrorCode::Cancelled, QT_TR_NOOP("Cancelled")},
};

struct StateText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::StateText)
public:
    static QString failure(const Download &download)
    {
        const Error &error = download.error;
        if (download.isUpload())
            return uploadFailure(error);
        if (error.code == ErrorCode::LocalFile)
            return localFailure(error.systemError);
        for (const FailureWords &words : failures) {
            if (words.code == error.code)
                return tr(words.failure);
        }
        return tr("Can't be downloaded");
    }

    static QString retrying(const Download &download, const QueueFacts &facts,
                            std::chrono::steady_clock::time_point now)
    {
        using namespace std::chrono;
        const QString reason = failure(download);
        const qint64 ms = duration_cast<milliseconds>(download.retryAt - now).count();
        const int most = std::max(facts.retries, download.tries);
        if (ms <= 0)
            return tr("%1, retrying now (%2 of %3)", "reason, number, most")
                .arg(reason)
                .arg(download.tries)
                .arg(most);
        const qint64 wholeSeconds = (ms + 999) / 1000 * 1000;
        return tr("%1, retrying in %2 (%3 of %4)", "reason, time, number, most")
            .arg(reason, formatDuration(wholeSeconds))
            .arg(download.tries)
            .arg(most);
    }

    /// Null: it does not wait for space.
    static const client::SpaceHold *holdOf(const Download &download, const QueueFacts &facts)
    {
        const auto hold =
            std::find_if(facts.holds.cbegin(), facts.holds.cend(),
                         [&](const client::SpaceHold &each) { return each.holds(download); });
        return hold == facts.holds.cend() ? nullptr : &*hold;
    }

    static QString waiting(const Download &download, const QueueFacts &facts)
    {
        if (holdOf(download, facts))
            return tr("Not enough disk space");
        if (download.forced)
            return tr("Waiting, starts next");
        switch (download.priority) {
        case client::Priority::High:
            return tr("Waiting, high priority");
        case client::Priority::Low:
            return tr("Waiting, low priority");
        case client::Priority::Normal:
            break;
        }
        return tr("Waiting");
    }

    static QString localFailure(int systemError)
    {
        switch (systemError) {
        case EACCES:
        case EPERM:
            return tr("No permission to save here");
        case EROFS:
            return tr("The folder is read-only");
        default:
            return tr("Cannot be saved here");
        }
    }

    /// What to do about a download that failed.
    static QString advice(const Download &download)
    {
        if (download.isUpload())
            return uploadAdvice(download);
        switch (download.error.code) {
        case ErrorCode::NotFound:
            return tr("Check the path: it begins with the name of the share, e.g. /Photos/a.raw. "
                      "Then add it again.");
        case ErrorCode::CutShort:
        case ErrorCode::TimedOut:
        case ErrorCode::CannotConnect:
        case ErrorCode::Protocol:
            return download.begun
                       ? tr("What has arrived is kept. Retry continues from there.")
                       : tr("Nothing was saved. Retry downloads the file from the beginning.");
        case ErrorCode::HostNotFound:
            return tr("Check the address above and press Communicate, then retry.");
        case ErrorCode::Refused:
        case ErrorCode::Dismissed:
            return tr("Ask the person at the server, or retry later.");
        case ErrorCode::WrongPassword:
            return tr("Correct the password above and press Communicate, then retry.");
        case ErrorCode::NotTrusted:
            return tr("Nothing was sent to it. Press Communicate to see the reason.");
        case ErrorCode::LocalFile:
        case ErrorCode::DiskFull:
            return tr("Check the free space and the permissions of the folder, then retry.");
        case ErrorCode::TargetExists:
            return tr("Choose another folder, or move the file that is there, then retry.");
        case ErrorCode::ChecksumMismatch:
        case ErrorCode::RemoteChanged:
            return tr("Nothing was saved. Retry downloads the file again.");
        case ErrorCode::Invalid:
            return tr("Its name is not possible for a file here. Download the folder that "
                      "contains it, or have it renamed on the server.");
        case ErrorCode::CannotBind:
        case ErrorCode::Cancelled:
        case ErrorCode::Damaged:
        case ErrorCode::InUse:
        case ErrorCode::NotTaken:
        case ErrorCode::OverLimit:
        case ErrorCode::NoRoom:
            break;
        }
        return tr("Retry downloads it again.");
    }
};

} // namespace

QString stateText(const Download &download, const QueueFacts &facts,
                  std::chrono::steady_clock::time_point now)
{
    if (download.kind == DownloadKind::Folder) {
        if (download.state == DownloadState::Connecting)
            return StateText::tr("Reading the folder");
        if (download.state == DownloadState::Done)
            return StateText::tr("Folder");
    }
    if (const QString text = download.isUpload() ? uploadStateText(download) : QString();
        !text.isEmpty())
        return text;
    switch (download.state) {
    case DownloadState::Queued:
        return StateText::waiting(download, facts);
    case DownloadState::Connecting:
        return StateText::tr("Requested");
    case DownloadState::Downloading: {
        const qint64 left = download.size < 0 ? -1
                                              : timeLeft(download.size - download.received,
                                                         download.bytesPerSecond);
        return left < 0 ? StateText::tr("Downloading")
                        : StateText::tr("Downloading, %1").arg(formatTimeLeft(left));
    }
    case DownloadState::Stalled:
        return download.heldThere ? StateText::tr("Paused by the server")
                                  : StateText::tr("Stalled: no data is arriving");
    case DownloadState::Verifying:
        return StateText::tr("Saving");
    case DownloadState::NeedsDecision:
        return StateText::tr("File exists: choose what to do");
    case DownloadState::Retrying:
        return StateText::retrying(download, facts, now);
    case DownloadState::Paused:
        return StateText::tr("Paused");
    case DownloadState::Done:
        if (download.grown)
            return StateText::tr("Verified; longer on the server by now");
        return download.verified ? StateText::tr("Verified")
                                 : StateText::tr("Saved (not verified)");
    case DownloadState::Skipped:
        return download.identical ? StateText::tr("Already up to date")
                                  : StateText::tr("Skipped, file exists");
    case DownloadState::Failed:
        return StateText::failure(download);
    case DownloadState::Cancelled:
        return StateText::tr("Cancelled");
    case DownloadState::Checking:
        return StateText::tr("Checking what is here");
    }
    return {};
}

Tone stateTone(const Download &download)
{
    return lookOf(download).tone;
}

QLatin1StringView stateIcon(const Download &download)
{
    return QLatin1StringView(lookOf(download).icon);
}

QString failureText(const Download &download, const QueueFacts &facts)
{
    QString text = stateText(download, facts);
    QString advice;
    switch (download.state) {
    case DownloadState::Failed:
        advice = StateText::advice(download);
        break;
    case DownloadState::Retrying:
        advice = StateText::tr("Ferry retries automatically. Retry does it now.");
        break;
    case DownloadState::NeedsDecision:
        return text + u'\n' +
               StateText::tr(
                   "A different file with this name already exists. Choose Decide… to say "
                   "what to do. Other downloads continue.");
    case DownloadState::Queued:
        if (const client::SpaceHold *const hold = StateText::holdOf(download, facts))
            return text + u'\n' + spaceText(*hold) + u'\n' +
                   StateText::tr("It continues as soon as there is space.");
        return {};
    default:
        return {};
    }
    // The engine's sentence, unless it only repeats ours.
    const QString detail = displayText(download.error.text);
    if (!detail.isEmpty() && detail != text && detail != text + u'.')
        text = StateText::tr("%1: %2", "failure: detail").arg(text, detail);
    return text + u'\n' + advice;
}

QString sentenceOf(const Download &download)
{
    if (download.kind == client::DownloadKind::Folder)
        return {};
    const QString name = shownName(download);
    const QString size = formatSize(std::max(download.size, download.received));
    if (download.state == DownloadState::Skipped)
        return StateText::tr("%1: %2", "file, state").arg(name, stateText(download));
    if (download.state != DownloadState::Done)
        return {};
    if (download.isUpload())
        return StateText::tr("Sent %1, %2, verified").arg(name, size);
    return download.verified ? StateText::tr("Received %1, %2, verified").arg(name, size)
                             : StateText::tr("Received %1, %2").arg(name, size);
}

QString spaceText(const client::SpaceHold &hold)
{
    const QString folder = displayText(hold.folder);
    if (hold.free > hold.needed)
        return StateText::tr("Not enough space in %1: needs %2, %3 free, and %4 are kept free.")
            .arg(folder, formatSize(hold.needed), formatSize(hold.free), formatSize(hold.reserve));
    return StateText::tr("Not enough space in %1: needs %2, %3 free.")
        .arg(folder, formatSize(hold.needed), formatSize(std::max<qint64>(hold.free, 0)));
}

QString shownName(const Download &download)
{
    if (!download.localName.isEmpty())
        return displayText(QByteArrayView(client::localBytes(download.target())));
    const qsizetype slash = download.remotePath.lastIndexOf('/');
    const QByteArrayView last = QByteArrayView(download.remotePath).sliced(slash + 1);
    return displayText(last.isEmpty() ? QByteArrayView(download.remotePath) : last);
}

QString nameInFolder(const Download &download)
{
    // The first name is that of the folder, which may be called otherwise meanwhile.
    const QString below = download.subfolder.section(u'/', 1);
    const QString name =
        below.isEmpty() ? download.localName : below + QLatin1Char('/') + download.localName;
    return name.isEmpty() ? shownName(download)
                          : displayText(QByteArrayView(client::localBytes(name)));
}

QString localPath(const Download &download)
{
    return download.localName.isEmpty() ? download.folder
                                        : QDir(download.folder).filePath(download.target());
}

} // namespace ferry::gui
