// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

class QWidget;

namespace ferry::gui {

/// The program's name, what it is for, its licence. Returns when it is closed.
void showAbout(QWidget *window, const QString &program, const QString &purpose);

} // namespace ferry::gui
