// SPDX-License-Identifier: MIT
#include "gui-common/parts/fields.h"

#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"

#include <QAction>
#include <QApplication>
#include <QCoreApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
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

QPushButton *pushButton(QLatin1StringView iconName, const QString &text, const QString &objectName,
                        QWidget *parent)
{
    auto *button = new QPushButton(iconName.isEmpty() ? QIcon() : icon(iconName), text, parent);
    button->setObjectName(objectName);
    button->setAutoDefault(false);
    return button;
}

QLineEdit *searchField(const QString &objectName, const QString &accessibleName,
                       const QString &placeholder, QWidget *parent)
{
    auto *field = new QLineEdit(parent);
    field->setObjectName(objectName);
    field->setAccessibleName(accessibleName);
    field->setPlaceholderText(placeholder);
    field->setClearButtonEnabled(true);
    field->addAction(icon(QLatin1StringView("search"), Tone::Quiet), QLineEdit::LeadingPosition);
    // Screen readers find a button for each of the two signs.
    const auto signs = field->findChildren<QToolButton *>();
    for (QToolButton *sign : signs) {
        const QAction *action = sign->defaultAction();
        const bool clears = action && action->objectName().startsWith(QLatin1StringView("_q_"));
        sign->setAccessibleName(clears ? QCoreApplication::translate("ferry::gui::Fields", "Clear")
                                       : accessibleName);
    }
    return field;
}

QLabel *plainLabel(const QString &text, QWidget *parent, bool wrapped)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    label->setWordWrap(wrapped);
    return label;
}

QLabel *namedLabel(const QString &objectName, QWidget *parent, bool wrapped)
{
    QLabel *label = plainLabel({}, parent, wrapped);
    label->setObjectName(objectName);
    return label;
}

void showAccent(QAbstractButton *button, QLatin1StringView iconName, bool accent)
{
    QPalette palette;
    QIcon picture = iconName.isEmpty() ? QIcon() : icon(iconName);
    if (accent) {
        const QPalette application = QApplication::palette();
        // Styles lighten a button; from a darker colour on, the text stays readable.
        palette.setColor(
            QPalette::Button,
            application.color(QPalette::Highlight).darker(isDark(application) ? 150 : 115));
        palette.setColor(QPalette::ButtonText, application.color(QPalette::HighlightedText));
        QIcon light;
        light.addPixmap(
            picture.pixmap(button->iconSize(), button->devicePixelRatioF(), QIcon::Selected));
        picture = light;
    }
    button->setPalette(palette);
    button->setIcon(picture);
}

QLabel *heading(const QString &text, QWidget *parent)
{
    QLabel *label = plainLabel(text, parent);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    return label;
}

} // namespace ferry::gui
