// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>
#include <QKeySequence>
#include <QList>
#include <QString>

class QAction;
class QMenuBar;

namespace ferry::gui {

/// A key that stands in no menu.
struct KeyHint
{
    QString what;
    QList<QKeySequence> keys;
};
KeyHint keyHint(const QAction *action);

/// What can be done by which keys: those of the menus, read from them, and the few that belong
/// to a view.
class KeysDialog final : public QDialog
{
    Q_OBJECT
public:
    KeysDialog(const QMenuBar *menus, const QList<KeyHint> &inLists, QWidget *parent = nullptr);
};

} // namespace ferry::gui
