// SPDX-License-Identifier: MIT
// What a view may do with the rows: unfold some, and drag what is saved to a file manager.
#include "client-gui/queue/queuemodel.h"

#include "client-gui/queue/statetext.h"

#include <QMimeData>
#include <QSet>
#include <QUrl>

namespace ferry::gui {

using client::DownloadState;

/// It is on this computer under its name, and nothing more comes of it.
bool QueueModel::isSaved(const QModelIndex &index) const
{
    const DownloadState state = download(index).state;
    if (state != DownloadState::Done && state != DownloadState::Skipped)
        return false;
    const QueueSummary *files = folderSummary(index);
    return !files || files->ended() == files->total();
}

Qt::ItemFlags QueueModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return QAbstractItemModel::flags(index);
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    // A view asks each row for its files whenever it lays out the list, unless this says no.
    if (index.internalId() != 0 || download(index).kind == client::DownloadKind::File)
        flags |= Qt::ItemNeverHasChildren;
    return isSaved(index) ? flags | Qt::ItemIsDragEnabled : flags;
}

QStringList QueueModel::mimeTypes() const
{
    return {QStringLiteral("text/uri-list")};
}

QMimeData *QueueModel::mimeData(const QModelIndexList &indexes) const
{
    // A file of a folder that goes with it would be there twice.
    QSet<const void *> withFolder;
    for (const QModelIndex &index : indexes) {
        if (const Folder *folder = index.column() == Name ? folderAt(index) : nullptr)
            withFolder.insert(folder);
    }
    QList<QUrl> urls;
    for (const QModelIndex &index : indexes) {
        if (index.column() == Name && isSaved(index) &&
            !withFolder.contains(index.constInternalPointer()))
            urls.append(QUrl::fromLocalFile(localPath(download(index))));
    }
    if (urls.isEmpty())
        return nullptr;
    auto *data = new QMimeData;
    data->setUrls(urls);
    return data;
}

} // namespace ferry::gui
