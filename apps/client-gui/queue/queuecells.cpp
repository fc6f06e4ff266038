// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuecells.h"

#include "client-gui/queue/foldertext.h"
#include "client-gui/queue/overallprogress.h"
#include "client-gui/queue/queuemodel.h"
#include "client/disk/localname.h"
#include "gui-common/look/fileicon.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/parts/progressdelegate.h"
#include "net/base/displaytext.h"

#include <QCoreApplication>
#include <QDir>
#include <QIcon>

#include <algorithm>

namespace ferry::gui {

using client::Download;
using client::DownloadKind;
using client::DownloadState;

namespace {

struct QueueCells
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::QueueCells)
};

bool isFolder(const QueueRow &row)
{
    return row.download.kind == DownloadKind::Folder;
}

/// The words of its own state say less than those of its files.
bool speaksForFiles(const QueueRow &row)
{
    return row.files && (row.download.state == DownloadState::Done ||
                         row.download.state == DownloadState::Connecting);
}

bool isRead(const QueueRow &row)
{
    return isFolder(row) && groupOf(row.download) == QueueGroup::Active;
}

/// A part of it is here, and it has not ended.
bool showsProgress(const QueueRow &row)
{
    if (row.files)
        return row.files->ended() < row.files->total();
    if (isFolder(row))
        return false;
    const QueueGroup group = groupOf(row.download);
    return group == QueueGroup::Active ||
           (group == QueueGroup::Waiting && row.download.received > 0 && row.download.size > 0);
}

double fractionOf(const QueueRow &row)
{
    if (row.files)
        return overallFraction(*row.files);
    const Download &download = row.download;
    const bool checking = download.state == client::DownloadState::Checking;
    return download.size > 0
               ? double(checking ? download.checked : download.received) / double(download.size)
               : -1.0;
}

Tone progressTone(const QueueRow &row)
{
    if (row.files)
        return row.files->active > 0 || row.files->saving() > 0 ? Tone::Accent : Tone::Quiet;
    switch (row.download.state) {
    case DownloadState::Stalled:
    case DownloadState::Retrying:
        return Tone::Caution;
    case DownloadState::Queued:
    case DownloadState::Paused:
    case DownloadState::NeedsDecision:
        return Tone::Quiet;
    default:
        return Tone::Accent;
    }
}

QString sizeText(const QueueRow &row)
{
    if (row.files)
        return formatSize(row.files->knownBytes());
    if (isFolder(row))
        return {};
    if (row.download.size >= 0)
        return formatSize(row.download.size);
    return groupOf(row.download) == QueueGroup::Done ? formatSize(row.download.received)
                                                     : QString();
}

QString progressText(const QueueRow &row)
{
    if (!showsProgress(row))
        return {};
    const double fraction = fractionOf(row);
    return fraction >= 0 ? formatPercent(fraction) : formatSize(row.download.received);
}

QString speedText(const QueueRow &row)
{
    if (row.files)
        return row.files->active > 0 || row.files->bytesPerSecond > 0
                   ? formatSpeed(row.files->bytesPerSecond)
                   : QString();
    return groupOf(row.download) == QueueGroup::Active && !isFolder(row)
               ? formatSpeed(row.download.bytesPerSecond)
               : QString();
}

QString stateOf(const QueueRow &row)
{
    return speaksForFiles(row)
               ? folderText(*row.files, row.download.state == DownloadState::Connecting)
               : stateText(row.download, row.facts);
}

QString timeLeftText(const QueueRow &row)
{
    if (row.files)
        return formatTimeLeft(row.files->timeLeft());
    return row.download.state == DownloadState::Downloading && row.download.size >= 0
               ? formatTimeLeft(timeLeft(row.download.size - row.download.received,
                                         row.download.bytesPerSecond))
               : QString();
}

QByteArray remoteFolderOf(const Download &upload)
{
    return upload.remotePath.first(std::max<qsizetype>(upload.remotePath.lastIndexOf('/'), 1));
}

QString text(const QueueRow &row, int column)
{
    switch (column) {
    case QueueModel::Name:
        return row.inFolder ? nameInFolder(row.download) : shownName(row.download);
    case QueueModel::Size:
        return sizeText(row);
    case QueueModel::Progress:
        return progressText(row);
    case QueueModel::Speed:
        return speedText(row);
    case QueueModel::State:
        return stateOf(row);
    case QueueModel::TimeLeft:
        return timeLeftText(row);
    case QueueModel::SaveTo:
        if (row.download.isUpload())
            return QueueCells::tr("%1 on the server", "folder")
                .arg(displayText(remoteFolderOf(row.download)));
        return displayText(
            QByteArrayView(client::localBytes(QDir::toNativeSeparators(row.download.folder))));
    case QueueModel::Finished:
        return row.download.endedMs > 0 && (!row.files || row.files->ended() == row.files->total())
                   ? formatWhen(row.download.endedMs)
                   : QString();
    default:
        return {};
    }
}

QString toolTip(const QueueRow &row, int column)
{
    const Download &download = row.download;
    if (column == QueueModel::State) {
        const QString failure = failureText(download, row.facts);
        if (!failure.isEmpty())
            return plainToolTip(failure);
        if (download.state == DownloadState::Done && !download.verified && !isFolder(row) &&
            !download.isUpload())
            return plainToolTip(
                QueueCells::tr("All of it arrived, as far as an unencrypted connection can tell. "
                               "It has no checksums, so the content was not compared."));
    }
    const QString target = localPath(download);
    QString text =
        QueueCells::tr("%1 on the server\nto %2")
            .arg(displayText(download.remotePath),
                 displayText(QByteArrayView(client::localBytes(QDir::toNativeSeparators(target)))));
    if (download.isUpload())
        text = QueueCells::tr("%1\nto %2 on the server")
                   .arg(displayText(QByteArrayView(client::localBytes(target))),
                        displayText(download.remotePath));
    if (!download.server.isEmpty())
        text += u'\n' + (download.isUpload() ? QueueCells::tr("on %1", "server")
                                             : QueueCells::tr("from %1", "server"))
                            .arg(displayText(download.server));
    if (download.rateLimit > 0)
        text += u'\n' + QueueCells::tr("at most %1", "speed").arg(formatSpeed(download.rateLimit));
    return plainToolTip(text);
}

QVariant picture(const QueueRow &row, int column)
{
    if (column == QueueModel::Name) {
        const QIcon plain = isFolder(row) ? folderIcon() : fileIcon(row.download.localName);
        return row.download.isUpload() ? sentIcon(plain) : plain;
    }
    if (column != QueueModel::State)
        return {};
    const bool ofFiles = speaksForFiles(row);
    const QLatin1StringView name = ofFiles ? folderSign(*row.files) : stateIcon(row.download);
    const Tone tone = ofFiles ? folderTone(*row.files) : stateTone(row.download);
    return name.isEmpty() ? QVariant() : QVariant(icon(name, tone));
}

} // namespace

QVariant queueCell(const QueueRow &row, int column, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::AccessibleTextRole:
        // A cell that says nothing by itself still has to say what it is about.
        if (column == QueueModel::Name)
            return (row.download.isUpload() ? QueueCells::tr("%1, upload, %2", "file name, state")
                                            : QueueCells::tr("%1, %2", "file name, state"))
                .arg(text(row, QueueModel::Name), stateOf(row));
        return text(row, column);
    case Qt::DecorationRole:
        return picture(row, column);
    case Qt::TextAlignmentRole:
        return queueColumnAlignment(column);
    case ProgressDelegate::Role:
        if (column != QueueModel::Progress || !(showsProgress(row) || isRead(row)))
            return {};
        return QVariant::fromValue(Progress{fractionOf(row), progressTone(row)});
    case QueueModel::IdRole:
        return row.download.id;
    case QueueModel::ToneRole:
        return int(speaksForFiles(row) ? folderTone(*row.files) : stateTone(row.download));
    default:
        return {};
    }
}

QString queueColumnTitle(int column)
{
    switch (column) {
    case QueueModel::Name:
        return QueueCells::tr("Name");
    case QueueModel::Size:
        return QueueCells::tr("Size");
    case QueueModel::Progress:
        return QueueCells::tr("Progress");
    case QueueModel::Speed:
        return QueueCells::tr("Speed");
    case QueueModel::State:
        return QueueCells::tr("State");
    case QueueModel::TimeLeft:
        return QueueCells::tr("Time left");
    case QueueModel::SaveTo:
        return QueueCells::tr("Saved to");
    case QueueModel::Finished:
        return QueueCells::tr("Finished");
    default:
        return {};
    }
}

int queueColumnAlignment(int column)
{
    const bool figures =
        column == QueueModel::Size || column == QueueModel::Speed || column == QueueModel::TimeLeft;
    return int(Qt::AlignVCenter | (figures ? Qt::AlignRight : Qt::AlignLeft));
}

} // namespace ferry::gui
