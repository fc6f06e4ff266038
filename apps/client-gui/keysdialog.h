// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

class QAction;
class QMenuBar;

namespace ferry::gui {

/// What can be done by which keys: those of the menus, read from them, and the few that belong
/// to a view.
class KeysDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `others`: actions with keys that stand in no menu.
    KeysDialog(const QMenuBar *menus, const QList<QAction *> &others, QWidget *parent = nullptr);
};

} // namespace ferry::gui
