// SPDX-License-Identifier: MIT
/// Small helpers for the parts of the windows.
#pragma once

#include <QLatin1StringView>
#include <QString>

class QAbstractButton;
class QAction;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;
class QWidget;

namespace ferry::gui {

/// A button that shows an icon alone. `what` is its tooltip and its name for screen readers.
QToolButton *iconButton(QLatin1StringView iconName, const QString &what, const QString &objectName,
                        QWidget *parent);

/// A button with words that Return does not press by itself. `iconName` may be empty.
QPushButton *pushButton(QLatin1StringView iconName, const QString &text, const QString &objectName,
                        QWidget *parent);

/// A line to type into what a list is searched for.
QLineEdit *searchField(const QString &objectName, const QString &accessibleName,
                       const QString &placeholder, QWidget *parent);

/// A label that shows any text as it is, wrapped if asked for.
QLabel *plainLabel(const QString &text, QWidget *parent, bool wrapped = false);

/// The same, still empty.
QLabel *namedLabel(const QString &objectName, QWidget *parent, bool wrapped = false);

/// Paints a button in the accent colour, with its icon in the text's colour: the next step.
/// `iconName` may be empty. To be called again when the palette changes.
void showAccent(QAbstractButton *button, QLatin1StringView iconName, bool accent);

/// The heading of a part of the window.
QLabel *heading(const QString &text, QWidget *parent);

/// A layout for a part of a window, or with margins for a dialog.
template <typename Layout>
Layout *tightLayout(QWidget *owner, int spacing, int margin = 0)
{
    auto *layout = new Layout(owner);
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(spacing);
    return layout;
}

} // namespace ferry::gui
