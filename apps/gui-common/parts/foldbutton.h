// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QAction;
class QToolButton;
class QWidget;

namespace ferry::gui {

/// A line that folds something out and in: an arrow and words. `action` is checkable, and both
/// follow each other.
QToolButton *makeFoldButton(QAction *action, const QString &text, QWidget *parent);

} // namespace ferry::gui
