// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

class QMenuBar;

namespace ferry::gui {

/// What can be done by which keys: those of the menus, read from them, and the few that belong
/// to a view.
class KeysDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit KeysDialog(const QMenuBar *menus, QWidget *parent = nullptr);
};

} // namespace ferry::gui
