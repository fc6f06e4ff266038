// SPDX-License-Identifier: MIT
#include "client-gui/connect/hostlist.h"

#include "net/base/displaytext.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QSignalBlocker>
#include <QStyle>
#include <QStyledItemDelegate>

#include <algorithm>

namespace ferry::gui {

namespace {

constexpr int widestList = 480;

/// What stands in the host field's list, where the field itself takes the address.
constexpr int ShownRole = Qt::UserRole;

QString listedAs(const SavedServer &server)
{
    return server.name.isEmpty()
               ? server.address
               : displayText(server.name) + QStringLiteral(" – ") + server.address;
}

class ServerDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->text = index.data(ShownRole).toString();
        option->textElideMode = Qt::ElideMiddle;
    }
};

} // namespace

void showNamesInList(QComboBox *field)
{
    field->setItemDelegate(new ServerDelegate(field));
}

void fillHostList(QComboBox *field, const QList<SavedServer> &servers)
{
    const QString typed = field->currentText();
    const QSignalBlocker quiet(field);
    field->clear();
    for (const SavedServer &server : servers) {
        field->addItem(server.address);
        const int row = field->count() - 1;
        const QString shown = listedAs(server);
        field->setItemData(row, shown, ShownRole);
        field->setItemData(row, shown, Qt::AccessibleTextRole);
    }
    field->setCurrentIndex(-1);
    field->setEditText(typed);
    QAbstractItemView *list = field->view();
    const int wanted =
        list->sizeHintForColumn(0) + field->style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    list->setMinimumWidth(std::min(wanted, widestList));
}

} // namespace ferry::gui
