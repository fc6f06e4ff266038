// SPDX-License-Identifier: MIT
#include "server-gui/dialogs/historymodel.h"

#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "net/base/displaytext.h"

namespace ferry::gui {

using How = server::Delivery::Outcome;

HistoryModel::HistoryModel(QObject *parent)
    : ColumnModel({tr("When"), tr("File"), tr("Outcome"), tr("Size"), tr("Address"), tr("Account"),
                   tr("Client")},
                  {Size}, parent)
{
}

void HistoryModel::setRows(const QList<server::Delivery> &rows)
{
    beginResetModel();
    m_rows = rows;
    // Made safe when it was recorded; the file may have been written by somebody else.
    for (server::Delivery &row : m_rows) {
        for (QString *field : {&row.file, &row.address, &row.account, &row.client, &row.why})
            *field = displayText(*field);
    }
    endResetModel();
}

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const server::Delivery &delivery = m_rows.at(index.row());
    const bool broken = delivery.outcome == How::BrokenOff;
    const bool verified = delivery.outcome == How::Verified;
    const Tone tone = broken ? Tone::Bad : verified ? Tone::Good : Tone::Quiet;
    switch (role) {
    case Qt::DisplayRole:
        return text(delivery, index.column());
    case Qt::ToolTipRole:
        return plainToolTip(text(delivery, index.column()));
    case Qt::TextAlignmentRole:
        return alignment(index.column());
    case Qt::DecorationRole:
        if (index.column() == File)
            return icon(QLatin1StringView(delivery.received ? "down" : "up"), Tone::Quiet);
        if (index.column() != Outcome)
            return {};
        return icon(QLatin1StringView(broken ? "error" : verified ? "ok" : "up"), tone);
    case Qt::AccessibleTextRole: // the arrow in words
        if (index.column() != File)
            return {};
        return delivery.received ? tr("%1, came in").arg(delivery.file)
                                 : tr("%1, went out").arg(delivery.file);
    case ToneRole:
        return int(index.column() == Outcome ? tone : Tone::Normal);
    default:
        return {};
    }
}

QString HistoryModel::text(const server::Delivery &delivery, int column) const
{
    switch (column) {
    case When:
        return formatWhen(delivery.endedMs);
    case File:
        return delivery.file;
    case Outcome:
        if (delivery.outcome == How::Verified)
            return tr("Verified");
        if (delivery.outcome == How::Unverified)
            return tr("Delivered, unverified");
        return delivery.size > 0 ? tr("Aborted at %1: %2")
                                       .arg(formatPercent(qMin(0.99, double(delivery.sent) /
                                                                         double(delivery.size))),
                                            delivery.why)
                                 : tr("Aborted: %1").arg(delivery.why);
    case Size:
        return formatSize(delivery.size);
    case Address:
        return delivery.address;
    case Account:
        return delivery.account;
    case Client:
        return delivery.client;
    default:
        return {};
    }
}

} // namespace ferry::gui
