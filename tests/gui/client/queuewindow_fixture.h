// SPDX-License-Identifier: MIT
/// A client window whose queue is filled by hand.
#pragma once

#include "gui/client/client_fixture.h"

#include "client/download.h"

namespace ferry::gui::test {

using client::Download;
using client::DownloadState;

/// A window whose queue is filled by hand, and never connected.
class QueueWindow final : public ClientWindowFixture
{
public:
    QTreeView *table() const { return find<QTreeView>("queueTable"); }
    client::DownloadQueue &queue() const { return client->queue(); }

    QList<quint64> add(const QList<DownloadState> &states)
    {
        QList<Download> downloads;
        for (const DownloadState state : states) {
            Download download;
            const qsizetype number = downloads.size();
            download.remotePath = "/S/file" + QByteArray::number(number);
            download.localName = QStringLiteral("file%1").arg(number);
            download.folder = target();
            download.state = state;
            download.size = 1000 * (10 - number);
            downloads.append(download);
        }
        const QList<quint64> ids = queue().add(downloads);
        look();
        return ids;
    }
    /// A folder that is read, and its files.
    QList<quint64> addFolder(const QString &name, int count)
    {
        Download folder;
        folder.remotePath = "/S/" + name.toUtf8();
        folder.localName = name;
        folder.folder = target();
        folder.kind = client::DownloadKind::Folder;
        folder.state = DownloadState::Done;
        QList<quint64> ids = queue().add({folder});
        QList<Download> files(count, folder);
        for (int i = 0; i < count; ++i) {
            files[i].parent = ids.first();
            files[i].kind = client::DownloadKind::File;
            files[i].state = DownloadState::Queued;
            files[i].remotePath = folder.remotePath + '/' + QByteArray::number(i);
            files[i].subfolder = name;
            files[i].localName = QString::number(i);
        }
        ids += queue().add(files);
        look();
        return ids;
    }
    /// Does what the window does a few times a second.
    void look() const { window->addPaths({}); }
    void select(int first, int last = -1) const
    {
        auto *model = table()->model();
        table()->setCurrentIndex(model->index(first, 0));
        table()->selectionModel()->select(
            QItemSelection(model->index(first, 0), model->index(std::max(first, last), 4)),
            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    QAction *action(const char *name) const { return find<QAction>(name); }
    void trigger(const char *name) const
    {
        QVERIFY2(action(name)->isEnabled(), name);
        action(name)->trigger();
    }
    QStringList names() const
    {
        QStringList all;
        for (int row = 0; row < rows()->rowCount(); ++row)
            all.append(cell(row, 0));
        return all;
    }
    DownloadState stateOf(quint64 id) const { return queue().find(id)->state; }
};

inline QStringList split(const char *words)
{
    return QString::fromLatin1(words).split(u' ', Qt::SkipEmptyParts);
}

} // namespace ferry::gui::test
