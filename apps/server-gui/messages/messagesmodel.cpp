// SPDX-License-Identifier: MIT
#include "server-gui/messages/messagesmodel.h"

#include "gui-common/look/format.h"
#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"
#include "wire/limits.h"

#include <algorithm>

namespace ferry::gui {

namespace {

/// Of a whole message: each of its bytes may become an escape such as `\u202E`.
constexpr qsizetype messageCharacters = 6 * limits::messageBytes;

QStringList linesOf(QString text)
{
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n")).replace(u'\t', u' ');
    QStringList lines = text.split(u'\n');
    for (QString &line : lines)
        line = displayText(line.toUtf8(), messageCharacters);
    return lines;
}

} // namespace

MessagesModel::MessagesModel(QObject *parent)
    : ColumnModel({tr("When"), tr("Who"), tr("Message")}, {}, parent)
{
}

void MessagesModel::add(const QList<Row> &rows)
{
    const QList<Row> added = rows.last(std::min(rows.size(), maxRows));
    if (added.isEmpty())
        return;
    if (const qsizetype beyond = m_rows.size() + added.size() - maxRows; beyond > 0) {
        beginRemoveRows({}, 0, int(beyond) - 1);
        m_rows.remove(0, beyond);
        endRemoveRows();
    }
    beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + added.size()) - 1);
    m_rows += added;
    endInsertRows();
}

QString MessagesModel::wholeText(int row) const
{
    return linesOf(m_rows[row].text).join(u'\n');
}

QVariant MessagesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        return plainToolTip(index.column() == Text ? wholeText(index.row())
                                                   : text(row, index.column()));
    case Qt::TextAlignmentRole:
        return alignment(index.column());
    case ToneRole:
        return int(index.column() == Text && !row.who.isEmpty() ? Tone::Normal : Tone::Quiet);
    default:
        return {};
    }
}

QString MessagesModel::text(const Row &row, int column) const
{
    switch (column) {
    case When:
        return formatWhen(row.atMs);
    case Who:
        return row.who;
    case Text:
        return linesOf(row.text).join(QStringLiteral(" ↵ "));
    default:
        return {};
    }
}

} // namespace ferry::gui
