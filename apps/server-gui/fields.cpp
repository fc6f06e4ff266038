// SPDX-License-Identifier: MIT
#include "server-gui/fields.h"

#include "gui-common/icon.h"
#include "gui-common/theme.h"

#include <QLabel>
#include <QToolButton>

namespace ferry::gui {

QToolButton *iconButton(QLatin1StringView iconName, const QString &what, const QString &objectName,
                        QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(objectName);
    button->setIcon(icon(iconName));
    button->setToolTip(what);
    button->setAccessibleName(what);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

QLabel *plainLabel(const QString &objectName, QWidget *parent, bool wrapped)
{
    auto *label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(wrapped);
    return label;
}

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    return label;
}

} // namespace ferry::gui
