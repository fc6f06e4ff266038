// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/keysdialog.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/pagearea.h"

#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QKeySequence>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {

constexpr QSize usualSize(460, 480);

QString keysText(const QList<QKeySequence> &keys)
{
    QStringList words;
    for (const QKeySequence &key : keys)
        words.append(key.toString(QKeySequence::NativeText));
    return words.join(QStringLiteral(", "));
}

void addRow(QTreeWidgetItem *group, const KeyHint &hint)
{
    new QTreeWidgetItem(group, {hint.what, keysText(hint.keys)});
}

void addKeysOf(QTreeWidgetItem *group, const QList<QAction *> &actions)
{
    for (const QAction *action : actions) {
        if (action->menu())
            addKeysOf(group, action->menu()->actions());
        else if (!action->shortcuts().isEmpty())
            addRow(group, keyHint(action));
    }
}

} // namespace

KeyHint keyHint(const QAction *action)
{
    return {QString(action->text()).remove(u'&').remove(QChar(0x2026)), action->shortcuts()};
}

KeysDialog::KeysDialog(const QMenuBar *menus, const QList<KeyHint> &inLists, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("keysDialog"));
    setWindowTitle(tr("Keyboard Shortcuts"));
    resize(firstSize(this, usualSize));
    auto *list = new QTreeWidget(this);
    list->setObjectName(QStringLiteral("keysList"));
    list->setAccessibleName(tr("Keyboard Shortcuts"));
    list->setHeaderLabels({tr("Action"), tr("Keys")});
    list->setRootIsDecorated(false);
    tidyTable(list);
    const auto group = [list](const QString &title) {
        auto *item = new QTreeWidgetItem(list, {title});
        QFont font = item->font(0);
        font.setBold(true);
        item->setFont(0, font);
        item->setFirstColumnSpanned(true);
        return item;
    };
    const QList<QAction *> bar = menus->actions();
    for (const QAction *menu : bar) {
        auto *item = group(QString(menu->text()).remove(u'&'));
        addKeysOf(item, menu->menu()->actions());
        if (item->childCount() == 0)
            delete item;
    }
    auto *views = group(tr("In lists"));
    for (const KeyHint &hint : inLists)
        addRow(views, hint);
    addRow(views, {tr("From column to column, row to row"),
                   {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down}});
    list->expandAll();
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    list->header()->setStretchLastSection(false);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm, 2 * rhythm);
    layout->addWidget(list, 1);
    layout->addWidget(buttons);
}

} // namespace ferry::gui
