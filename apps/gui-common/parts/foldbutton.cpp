// SPDX-License-Identifier: MIT
#include "gui-common/parts/foldbutton.h"

#include "gui-common/look/theme.h"

#include <QAction>
#include <QToolButton>

namespace ferry::gui {

QToolButton *makeFoldButton(QAction *action, const QString &text, QWidget *parent)
{
    auto *fold = new QToolButton(parent);
    fold->setAutoRaise(true);
    fold->setFocusPolicy(Qt::StrongFocus);
    fold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    fold->setText(text);
    fold->setToolTip(plainToolTip(action->statusTip()));
    fold->setCheckable(true);
    const auto show = [fold](bool shown) {
        fold->setChecked(shown);
        fold->setArrowType(shown ? Qt::DownArrow : Qt::RightArrow);
    };
    show(action->isChecked());
    QObject::connect(fold, &QToolButton::toggled, action, &QAction::setChecked);
    QObject::connect(action, &QAction::toggled, fold, show);
    return fold;
}

} // namespace ferry::gui
