// SPDX-License-Identifier: MIT
#include "client-gui/queueactions.h"

#include "client-gui/queuemodel.h"
#include "client-gui/statetext.h"
#include "gui-common/icon.h"
#include "gui-common/theme.h"

#include <QAction>
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>

#include <algorithm>
#include <limits>

namespace ferry::gui {

using client::Download;
using client::DownloadState;

namespace {

// Enough to say what a selection allows; with 100,000 selected rows nobody looks at each.
constexpr int looked = 1000;
constexpr int allOfThem = std::numeric_limits<int>::max();

bool mayRetry(const Download &download)
{
    return download.state == DownloadState::Failed || download.state == DownloadState::Cancelled;
}

bool isLive(const Download &download)
{
    const QueueGroup group = groupOf(download);
    return group == QueueGroup::Waiting || group == QueueGroup::Active;
}

bool isSavedFile(const Download &download)
{
    return download.state == DownloadState::Done && download.kind != client::DownloadKind::Folder;
}

/// The one that the file is in, or the fetched one; while that may not be there yet, the one that
/// the person chose.
QString folderOf(const Download &download)
{
    if (download.state != DownloadState::Done)
        return download.folder;
    const QString path = localPath(download);
    return isSavedFile(download) ? QFileInfo(path).path() : path;
}

} // namespace

QueueActions::QueueActions(const QueueModel *model, Selected selected, QObject *parent)
    : QObject(parent)
    , openFile(make("openFileAction", QLatin1StringView("file"), tr("&Open file")))
    , openFolder(make("openFolderAction", QLatin1StringView("folder-open"), tr("Open &folder")))
    , cancel(make("cancelAction", QLatin1StringView("stop"), tr("&Cancel")))
    , retry(make("retryAction", QLatin1StringView("retry"), tr("Re&try")))
    , remove(make("removeAction", QLatin1StringView("remove"), tr("Re&move")))
    , copyPath(make("copyPathAction", QLatin1StringView("copy"), tr("Copy &path")))
    , copyError(make("copyErrorAction", QLatin1StringView("copy"), tr("Copy &error")))
    , retryFailed(make("retryFailedAction", QLatin1StringView("retry"), tr("&Retry failed")))
    , clearDone(make("clearDoneAction", QLatin1StringView("clear"), tr("C&lear done")))
    , m_model(model)
    , m_selected(std::move(selected))
{
    remove->setShortcut(QKeySequence(Qt::Key_Delete));
    remove->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    remove->setToolTip(tr("Take the selected downloads off the list. Saved files stay."));
    retryFailed->setToolTip(tr("Fetch all failed files again"));
    clearDone->setToolTip(tr("Take finished and cancelled downloads off the list. Saved files "
                             "stay."));

    connect(openFile, &QAction::triggered, this, [this] {
        for (const int row : m_selected(1))
            open(row);
    });
    connect(openFolder, &QAction::triggered, this, [this] {
        for (const int row : m_selected(1))
            Q_EMIT openRequested(folderOf(m_model->download(row)));
    });
    connect(cancel, &QAction::triggered, this, [this] { Q_EMIT cancelRequested(selectedIds()); });
    connect(retry, &QAction::triggered, this, [this] {
        QList<quint64> ids;
        for (const int row : m_selected(allOfThem)) {
            if (mayRetry(m_model->download(row)))
                ids.append(m_model->download(row).id);
        }
        Q_EMIT retryRequested(ids);
    });
    connect(remove, &QAction::triggered, this, [this] { Q_EMIT removeRequested(selectedIds()); });
    connect(copyPath, &QAction::triggered, this, [this] {
        copyOfSelected(
            [this](int row) { return QString::fromUtf8(m_model->download(row).remotePath); });
    });
    connect(copyError, &QAction::triggered, this, [this] {
        copyOfSelected([this](int row) {
            const Download &download = m_model->download(row);
            const QString failure = failureText(download);
            return failure.isEmpty()
                       ? QString()
                       : QString::fromUtf8(download.remotePath) + QLatin1String(": ") + failure;
        });
    });
    connect(retryFailed, &QAction::triggered, this,
            [this] { Q_EMIT retryRequested(idsOfGroups({int(QueueGroup::Failed)})); });
    connect(clearDone, &QAction::triggered, this, [this] {
        Q_EMIT removeRequested(idsOfGroups(
            {int(QueueGroup::Done), int(QueueGroup::Folder), int(QueueGroup::Cancelled)}));
    });
    refresh();
}

QAction *QueueActions::make(const char *name, QLatin1StringView iconName, const QString &text)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setObjectName(QString::fromLatin1(name));
    return action;
}

void QueueActions::refresh()
{
    const QList<int> rows = m_selected(looked);
    const auto any = [&](auto &&test) {
        return std::any_of(rows.begin(), rows.end(),
                           [&](int row) { return test(m_model->download(row)); });
    };
    openFile->setEnabled(rows.size() == 1 && any(isSavedFile));
    openFolder->setEnabled(rows.size() == 1);
    cancel->setEnabled(any(isLive));
    retry->setEnabled(any(mayRetry));
    remove->setEnabled(!rows.isEmpty());
    copyPath->setEnabled(!rows.isEmpty());
    copyError->setEnabled(any([](const Download &d) { return d.state == DownloadState::Failed; }));
    const QueueSummary &summary = m_model->summary();
    retryFailed->setEnabled(summary.failed > 0);
    clearDone->setEnabled(summary.done + summary.folders + summary.cancelled > 0);
}

void QueueActions::open(int row)
{
    const Download &download = m_model->download(row);
    if (download.state == DownloadState::Done)
        Q_EMIT openRequested(localPath(download)); // a folder too
}

void QueueActions::fillMenu(QMenu *menu) const
{
    menu->addActions({openFile, openFolder});
    menu->addSeparator();
    menu->addActions({cancel, retry, remove});
    menu->addSeparator();
    menu->addActions({copyPath, copyError});
}

void QueueActions::fillMenuOfAll(QMenu *menu) const
{
    menu->addActions({retryFailed, clearDone});
}

QList<quint64> QueueActions::selectedIds() const
{
    QList<quint64> ids;
    for (const int row : m_selected(allOfThem))
        ids.append(m_model->download(row).id);
    return ids;
}

QList<quint64> QueueActions::idsOfGroups(std::initializer_list<int> groups) const
{
    QList<quint64> ids;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const Download &download = m_model->download(row);
        if (std::find(groups.begin(), groups.end(), int(groupOf(download))) != groups.end())
            ids.append(download.id);
    }
    return ids;
}

void QueueActions::copyOfSelected(const std::function<QString(int row)> &text) const
{
    QStringList lines;
    for (const int row : m_selected(allOfThem)) {
        if (QString line = text(row); !line.isEmpty())
            lines.append(std::move(line));
    }
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace ferry::gui
