// SPDX-License-Identifier: MIT
#include "server-gui/received/receivedmodel.h"

#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"
#include "server/login/accounts.h"

#include <QIcon>

namespace ferry::gui {

namespace {

/// Made safe when it was recorded; the file may have been written by somebody else.
server::Delivery shown(server::Delivery file)
{
    for (QString *field : {&file.file, &file.address, &file.account})
        *field = displayText(*field);
    return file;
}

} // namespace

ReceivedModel::ReceivedModel(QObject *parent)
    : ColumnModel({tr("When"), tr("File"), tr("Size"), tr("From"), tr("State")}, {Size}, parent)
{
}

void ReceivedModel::add(const server::Delivery &file)
{
    if (m_rows.size() == maxRows) {
        beginRemoveRows({}, int(maxRows) - 1, int(maxRows) - 1);
        m_rows.removeLast();
        endRemoveRows();
    }
    beginInsertRows({}, 0, 0);
    m_rows.prepend(shown(file));
    endInsertRows();
}

void ReceivedModel::addEarlier(const QList<server::Delivery> &files)
{
    const qsizetype count = qMin(files.size(), maxRows - m_rows.size());
    if (count <= 0)
        return;
    const int first = int(m_rows.size());
    beginInsertRows({}, first, first + int(count) - 1);
    for (const server::Delivery &file : files.first(count))
        m_rows.append(shown(file));
    endInsertRows();
}

QVariant ReceivedModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const server::Delivery &file = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return text(file, index.column());
    case Qt::ToolTipRole:
        return plainToolTip(text(file, index.column()));
    case Qt::TextAlignmentRole:
        return alignment(index.column());
    case Qt::DecorationRole:
        if (index.column() == State)
            return icon(QLatin1StringView("ok"), Tone::Good);
        return index.column() == File ? icon(QLatin1StringView("down"), Tone::Quiet) : QIcon();
    case ToneRole:
        return int(index.column() == State ? Tone::Good : Tone::Normal);
    default:
        return {};
    }
}

QString ReceivedModel::text(const server::Delivery &file, int column) const
{
    switch (column) {
    case When:
        return formatWhen(file.endedMs);
    case File:
        return file.file;
    case Size:
        return formatSize(file.size);
    case From:
        return file.account == QLatin1StringView(server::defaultAccount)
                   ? file.address
                   : tr("%1 (%2)").arg(file.account, file.address);
    case State:
        return tr("Verified");
    default:
        return {};
    }
}

} // namespace ferry::gui
