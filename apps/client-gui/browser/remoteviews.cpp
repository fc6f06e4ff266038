// SPDX-License-Identifier: MIT
#include "client-gui/browser/remoteviews.h"

#include "gui-common/look/format.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/tidytable.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QTreeView>

namespace ferry::gui {

namespace {

struct RemoteViews
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::RemoteViews)
};

/// "214 files, 3 folders, 88 GB".
QString totalsText(const RemoteListModel::Totals &totals)
{
    QStringList parts;
    if (totals.files > 0 || totals.folders == 0)
        parts.append(totals.files == 1
                         ? RemoteViews::tr("1 file")
                         : RemoteViews::tr("%1 files").arg(formatCount(totals.files)));
    if (totals.folders > 0)
        parts.append(totals.folders == 1
                         ? RemoteViews::tr("1 folder")
                         : RemoteViews::tr("%1 folders").arg(formatCount(totals.folders)));
    if (totals.files > 0)
        parts.append(formatSize(totals.bytes));
    return parts.join(QStringLiteral(", "));
}

} // namespace

void setUpRemoteTree(QTreeView *tree)
{
    tree->setObjectName(QStringLiteral("remoteTree"));
    tree->setAccessibleName(RemoteViews::tr("Folders on the server"));
    tree->setHeaderHidden(true);
    tree->setContextMenuPolicy(Qt::CustomContextMenu);
    tree->setDragEnabled(true);
    tree->setDragDropMode(QAbstractItemView::DragOnly);
    tree->setUniformRowHeights(true);
    tree->setTextElideMode(Qt::ElideMiddle);
    tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree->setMinimumWidth(120);
    tree->setTabKeyNavigation(false);
}

TableColumns *setUpRemoteList(QTreeView *list)
{
    list->setObjectName(QStringLiteral("remoteList"));
    list->setAccessibleName(RemoteViews::tr("Files on the server"));
    list->setFrameShape(QFrame::NoFrame);
    tidyTable(list);
    list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    list->setContextMenuPolicy(Qt::CustomContextMenu);
    list->setDragEnabled(true);
    list->setDragDropMode(QAbstractItemView::DragOnly);
    list->setSortingEnabled(true);
    QHeaderView *header = list->header();
    header->setSortIndicator(RemoteListModel::Name, Qt::AscendingOrder);
    using Column = TableColumns::Column;
    const auto sample = [](const char *text) { return QString::fromLatin1(text); };
    QList<Column> columns(RemoteListModel::ColumnCount);
    columns[RemoteListModel::Name] = {sample("Holiday pictures 2026.tar"), 4, true};
    columns[RemoteListModel::Size] = {sample("000 MB")};
    columns[RemoteListModel::Kind] = {sample("OpenDocument Text"), 1, false, 1};
    columns[RemoteListModel::Modified] = {sample("yesterday 00:00")};
    return new TableColumns(list, columns);
}

bool isInbox(const FolderNavigator &navigator)
{
    return navigator.path() != "/" &&
           navigator.accessTo(navigator.path()) == extended::Access::Inbox;
}

QString emptyListText(const FolderNavigator &navigator, const RemoteListModel &entries)
{
    using State = FolderNavigator::State;
    if (isInbox(navigator))
        return RemoteViews::tr(
            "This is an inbox: you can put files in, and nobody sees what others "
            "put in. Drop files here, or choose Send.");
    if (navigator.state() == State::Failed)
        return RemoteViews::tr("%1\nF5 tries again.").arg(navigator.error());
    if (navigator.state() == State::Loading || entries.rowCount() > 0)
        return {};
    if (navigator.isSearching() && entries.count() == 0)
        return RemoteViews::tr("Nothing below this folder is called like that.");
    if (entries.count() > 0 && !entries.filter().isEmpty())
        return RemoteViews::tr("Nothing matches the filter.");
    if (entries.count() > 0)
        return RemoteViews::tr("Only hidden files are here. Ctrl+H shows them.");
    if (navigator.path() == "/")
        return RemoteViews::tr("This server shares nothing yet. Add a folder in the Ferry Server "
                               "window, then press F5.");
    if (navigator.accessTo(navigator.path()) == extended::Access::Add)
        return RemoteViews::tr("This folder is empty. Drop files here, or choose Send.");
    return RemoteViews::tr("This folder is empty.");
}

QString footerText(const FolderNavigator &navigator, const RemoteListModel &entries,
                   const QList<int> &selected)
{
    using State = FolderNavigator::State;
    QString text = totalsText(entries.totals());
    if (navigator.state() == State::Failed)
        text.clear();
    else if (navigator.state() == State::Loading)
        text = RemoteViews::tr("%1 so far…", "files and folders").arg(text);
    else if (navigator.state() == State::TooLong)
        text = RemoteViews::tr("The first %1; there are more", "files and folders").arg(text);
    if (selected.isEmpty())
        return text;
    RemoteListModel::Totals totals;
    for (const int row : selected)
        totals.add(entries.entry(row));
    const QString count = formatCount(selected.size());
    return totals.folders > 0 || totals.files == 0
               ? RemoteViews::tr("%1; %2 selected").arg(text, count)
               : RemoteViews::tr("%1; %2 selected, %3").arg(text, count, formatSize(totals.bytes));
}

} // namespace ferry::gui
