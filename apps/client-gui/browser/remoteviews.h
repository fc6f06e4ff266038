// SPDX-License-Identifier: MIT
/// How the two views of the browser look and behave, and what is said of what they show.
#pragma once

#include "client-gui/browser/foldernavigator.h"
#include "client-gui/browser/remotelistmodel.h"

class QTreeView;

namespace ferry::gui {

class TableColumns;

void setUpRemoteTree(QTreeView *tree);
/// The list shows its model already.
TableColumns *setUpRemoteList(QTreeView *list);

/// Is the folder that is looked at in a share that only takes files?
bool isInbox(const FolderNavigator &navigator);

/// What stands in the place of a list without rows; empty while there is nothing to say.
QString emptyListText(const FolderNavigator &navigator, const RemoteListModel &entries);

/// "214 files, 3 folders, 88 GB; 2 selected, 1.2 GB": below the list. `selected`: rows.
QString footerText(const FolderNavigator &navigator, const RemoteListModel &entries,
                   const QList<int> &selected);

} // namespace ferry::gui
