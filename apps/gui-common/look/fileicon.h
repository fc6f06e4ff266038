// SPDX-License-Identifier: MIT
#pragma once

#include <QIcon>
#include <QStringView>

namespace ferry::gui {

/// The desktop's icon for files of that name, ours where it has none. By the name alone: the file
/// may be on another computer.
QIcon fileIcon(QStringView name);

/// What the desktop calls files of that name, e.g. "PNG image"; empty if nobody knows.
QString fileKind(QStringView name);

/// The icon of folders, in the same family.
QIcon folderIcon();
/// The same with an arrow upwards: it goes to a server.
QIcon sentIcon(const QIcon &icon);

} // namespace ferry::gui
