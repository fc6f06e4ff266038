// SPDX-License-Identifier: MIT
#include "client-gui/queue/foldertext.h"

#include "gui-common/look/format.h"

#include <QCoreApplication>

namespace ferry::gui {

using client::DownloadState;

namespace {

struct FolderText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::FolderText)
public:
    /// All of its files have ended.
    static QString ended(const QueueSummary &summary)
    {
        const QString files = filesText(summary.total());
        if (summary.cancelled == summary.total())
            return tr("Cancelled");
        if (summary.verified == summary.done && summary.cancelled == 0)
            return summary.sent > 0 ? tr("Sent, verified, %1", "files").arg(files)
                                    : tr("Verified, %1", "files").arg(files);
        return summary.cancelled > 0
                   ? tr("%1 of %2 done, %3 cancelled")
                         .arg(formatCount(summary.done), files, formatCount(summary.cancelled))
                   : tr("%1 saved, %2 verified", "files, how many")
                         .arg(files, formatCount(summary.verified));
    }
};

} // namespace

QString filesText(qsizetype count)
{
    return FolderText::tr("%Ln files", nullptr, int(count));
}

QString folderText(const QueueSummary &summary, bool reading)
{
    const qsizetype total = summary.total();
    const QString done =
        FolderText::tr("%1 of %2", "files").arg(formatCount(summary.done), formatCount(total));
    if (summary.active > 0 || summary.saving() > 0) {
        const qint64 left = reading ? -1 : summary.timeLeft();
        if (summary.uploads > 0)
            return left < 0 ? FolderText::tr("Sending, %1").arg(done)
                            : FolderText::tr("Sending, %1, %2").arg(done, formatTimeLeft(left));
        return left < 0 ? FolderText::tr("Downloading, %1").arg(done)
                        : FolderText::tr("Downloading, %1, %2").arg(done, formatTimeLeft(left));
    }
    if (reading)
        return FolderText::tr("Reading the folder, %1 so far").arg(filesText(total));
    if (summary.undecided() > 0)
        return FolderText::tr("Files exist: choose what to do, %1").arg(done);
    if (summary.ended() == total && summary.failed > 0)
        return FolderText::tr("%1 failed, %2 done").arg(formatCount(summary.failed), done);
    if (summary.ended() == total)
        return FolderText::ended(summary);
    if (summary.paused() + summary.ended() == total)
        return FolderText::tr("Paused, %1").arg(done);
    return FolderText::tr("Waiting, %1").arg(done);
}

Tone folderTone(const QueueSummary &summary)
{
    if (summary.active > 0 || summary.saving() > 0)
        return Tone::Normal;
    if (summary.undecided() > 0)
        return Tone::Accent;
    if (summary.failed > 0)
        return Tone::Bad;
    const bool whole = summary.verified == summary.total() && summary.total() > 0;
    return whole ? Tone::Good : Tone::Quiet;
}

QLatin1StringView folderSign(const QueueSummary &summary)
{
    const char *sign = "more";
    if (summary.active > 0 || summary.saving() > 0)
        sign = summary.uploads > 0 ? "up" : "down";
    else if (summary.undecided() > 0)
        sign = "info";
    else if (summary.failed > 0)
        sign = "error";
    else if (summary.verified == summary.total())
        sign = "ok";
    else if (summary.ended() == summary.total())
        sign = "save";
    else if (summary.paused() + summary.ended() == summary.total())
        sign = "pause";
    return QLatin1StringView(sign);
}

} // namespace ferry::gui
