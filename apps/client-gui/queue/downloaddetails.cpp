// SPDX-License-Identifier: MIT
#include "client-gui/queue/downloaddetails.h"

#include "client-gui/queue/foldertext.h"
#include "client-gui/queue/queuemodel.h"
#include "client-gui/queue/statetext.h"
#include "client/disk/localname.h"
#include "gui-common/look/format.h"
#include "net/base/displaytext.h"

#include <QCoreApplication>
#include <QDir>
#include <QTimer>

namespace ferry::gui {

using client::Download;
using client::Priority;

namespace {

/// A retry counts its seconds, and nothing else tells of these.
constexpr int countdownMs = 1000;

struct DetailsText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::DownloadDetails)
};

QString priorityText(Priority priority)
{
    switch (priority) {
    case Priority::High:
        return DetailsText::tr("High");
    case Priority::Low:
        return DetailsText::tr("Low");
    case Priority::Normal:
        break;
    }
    return DetailsText::tr("Normal");
}

QString receivedText(const Download &download, const QueueSummary *files)
{
    if (!files)
        return download.kind == client::DownloadKind::Folder ? QString()
                                                             : formatSize(download.received);
    return DetailsText::tr("%1, %2", "files, size")
        .arg(DetailsText::tr("%1 of %2", "files")
                 .arg(formatCount(files->done), filesText(files->total())),
             formatSize(qint64(files->doneBytes) + files->receivedBytes));
}

} // namespace

Details downloadDetails(const QueueModel &model, const QModelIndex &row)
{
    const Download &download = model.download(row);
    const auto cell = [&row](int column) { return row.siblingAtColumn(column).data().toString(); };
    const QString failure = failureText(download, model.facts());
    const QString path = QDir::toNativeSeparators(localPath(download));
    return {
        {DetailsText::tr("State"), failure.isEmpty() ? cell(QueueModel::State) : failure},
        {DetailsText::tr("Server"), displayText(download.server)},
        {DetailsText::tr("On the server"), displayText(download.remotePath)},
        {download.isUpload() ? DetailsText::tr("On this computer") : DetailsText::tr("Saved to"),
         displayText(QByteArrayView(client::localBytes(path)))},
        {DetailsText::tr("Size"), cell(QueueModel::Size)},
        {download.isUpload() ? DetailsText::tr("Sent") : DetailsText::tr("Received"),
         receivedText(download, model.folderSummary(row))},
        {DetailsText::tr("Speed"), cell(QueueModel::Speed)},
        {DetailsText::tr("Time left"), cell(QueueModel::TimeLeft)},
        {DetailsText::tr("Speed limit"), download.rateLimit > 0
                                             ? formatSpeed(download.rateLimit)
                                             : DetailsText::tr("none of its own")},
        {DetailsText::tr("Priority"), priorityText(download.priority)},
        {DetailsText::tr("Checksum"), QString::fromLatin1(download.checksum)},
        {DetailsText::tr("Finished"), cell(QueueModel::Finished)},
    };
}

void showDownloadDetails(const QueueModel *model, const QModelIndex &row, QWidget *parent)
{
    const Download &download = model->download(row);
    auto *dialog = new DetailsDialog(DetailsText::tr("Details of %1").arg(shownName(download)),
                                     downloadDetails(*model, row), parent);
    dialog->setObjectName(QStringLiteral("downloadDetails"));
    const auto refresh = [model, dialog, id = download.id] {
        if (const QModelIndex now = model->indexOf(id); now.isValid())
            dialog->refresh(downloadDetails(*model, now));
    };
    QObject::connect(model, &QueueModel::summaryChanged, dialog, refresh);
    QObject::connect(model, &QueueModel::heldChanged, dialog, refresh);
    auto *countdown = new QTimer(dialog);
    QObject::connect(countdown, &QTimer::timeout, dialog, refresh);
    countdown->start(countdownMs);
    dialog->show();
}

} // namespace ferry::gui
