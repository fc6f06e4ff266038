// SPDX-License-Identifier: MIT
#include "client-gui/browser/remotelistmodel.h"

#include "gui-common/look/fileicon.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"

#include <QDateTime>
#include <QHash>
#include <QMimeData>
#include <QSet>

#include <algorithm>
#include <utility>

namespace ferry::gui {

using client::RemoteEntry;

namespace {

/// What is longer is no kind, but part of a name.
constexpr qsizetype longestSuffix = 8;

QByteArrayView suffixOf(const RemoteEntry &entry)
{
    const QByteArrayView path = entry.name;
    const QByteArrayView name = path.sliced(path.lastIndexOf('/') + 1);
    const qsizetype dot = name.lastIndexOf('.');
    if (entry.folder || dot <= 0 || name.size() - dot - 1 > longestSuffix)
        return {};
    return name.sliced(dot + 1);
}

QDateTime modified(const RemoteEntry &entry)
{
    return QDateTime::fromMSecsSinceEpoch(entry.mtimeNs / 1'000'000);
}

} // namespace

QByteArray joinedPath(const QByteArray &folder, const QByteArray &name)
{
    return folder.endsWith('/') ? folder + name : folder + '/' + name;
}

QString kindText(const RemoteEntry &entry)
{
    if (entry.folder)
        return RemoteListModel::tr("Folder");
    if (const QString known = fileKind(QString::fromUtf8(entry.name)); !known.isEmpty())
        return known;
    const QByteArrayView suffix = suffixOf(entry);
    return suffix.isEmpty() ? RemoteListModel::tr("File")
                            : RemoteListModel::tr("%1 file", "kind of a file, by its suffix")
                                  .arg(displayText(suffix).toUpper());
}

void RemoteListModel::Totals::add(const RemoteEntry &entry)
{
    ++(entry.folder ? folders : files);
    bytes += entry.size;
}

RemoteListModel::RemoteListModel(QObject *parent)
    : ColumnModel({tr("Name"), tr("Size"), tr("Kind"), tr("Modified")}, {Size}, parent)
{
}

QString RemoteListModel::mimeType()
{
    return QStringLiteral("application/x-ferry-remote-paths");
}

QMimeData *RemoteListModel::mimeDataFor(const QList<RemoteItem> &items)
{
    // Each: kind, size, a blank, the path, a NUL.
    QByteArray records;
    for (const RemoteItem &item : items)
        records +=
            (item.folder ? 'd' : 'f') + QByteArray::number(item.size) + ' ' + item.path + '\0';
    auto *data = new QMimeData;
    data->setData(mimeType(), records);
    return data;
}

QList<RemoteItem> RemoteListModel::itemsIn(const QMimeData *data)
{
    QList<RemoteItem> items;
    const QByteArrayList records = data->data(mimeType()).split('\0');
    for (const QByteArray &record : records) {
        const qsizetype blank = record.indexOf(' ');
        if (blank < 2)
            continue;
        items.append(
            {record.mid(blank + 1), record.startsWith('d'), record.mid(1, blank - 1).toLongLong()});
    }
    return items;
}

void RemoteListModel::begin(const QByteArray &path)
{
    beginResetModel();
    m_path = path;
    m_entries.clear();
    m_entries.shrink_to_fit();
    m_rows.clear();
    m_totals = {};
    endResetModel();
}

void RemoteListModel::append(const QList<RemoteEntry> &entries)
{
    Rows fresh;
    m_entries.reserve(std::max(m_entries.capacity(), m_entries.size() + size_t(entries.size())));
    for (const RemoteEntry &entry : entries) {
        m_entries.push_back(entry);
        if (accepts(entry)) {
            fresh.push_back(quint32(m_entries.size() - 1));
            m_totals.add(entry);
        }
    }
    if (fresh.empty())
        return;
    const auto order = [this](quint32 a, quint32 b) { return before(a, b); };
    if (m_sortColumn != Name || m_sortOrder != Qt::AscendingOrder)
        std::sort(fresh.begin(), fresh.end(), order);
    const size_t old = m_rows.size();
    const bool inOrder = old == 0 || before(m_rows.back(), fresh.front());
    beginInsertRows({}, int(old), int(old + fresh.size() - 1));
    m_rows.insert(m_rows.end(), fresh.begin(), fresh.end());
    endInsertRows();
    if (inOrder)
        return;
    Rows merged = m_rows;
    std::inplace_merge(merged.begin(), merged.begin() + qsizetype(old), merged.end(), order);
    reorder(std::move(merged));
}

template <typename Condition>
bool RemoteListModel::removeIf(Condition isGone)
{
    for (int row = int(m_rows.size()) - 1; row >= 0; --row) {
        if (!isGone(entry(row)))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
    std::vector<quint32> place(m_entries.size());
    quint32 kept = 0;
    for (size_t at = 0; at < m_entries.size(); ++at) {
        place[at] = kept;
        if (isGone(m_entries[at]))
            continue;
        if (kept != at)
            m_entries[kept] = std::move(m_entries[at]);
        ++kept;
    }
    const bool any = kept != m_entries.size();
    m_entries.resize(kept);
    for (quint32 &row : m_rows)
        row = place[row];
    return any;
}

bool RemoteListModel::update(const QList<RemoteEntry> &entries)
{
    QHash<QByteArrayView, const RemoteEntry *> now;
    now.reserve(entries.size());
    for (const RemoteEntry &entry : entries)
        now.insert(entry.name, &entry);
    // A file that became a folder is another thing of the same name.
    const bool removed = removeIf([&now](const RemoteEntry &old) {
        const RemoteEntry *entry = now.value(old.name);
        return !entry || entry->folder != old.folder;
    });
    bool changed = false;
    QSet<QByteArrayView> known;
    for (RemoteEntry &old : m_entries) {
        const RemoteEntry *entry = now.value(old.name);
        changed = changed || entry->size != old.size || entry->mtimeNs != old.mtimeNs;
        old.size = entry->size;
        old.mtimeNs = entry->mtimeNs;
        known.insert(entry->name);
    }
    if (changed && !m_rows.empty()) {
        Q_EMIT dataChanged(index(0, 0), index(int(m_rows.size()) - 1, ColumnCount - 1));
        resort();
    }
    addUp();
    QList<RemoteEntry> fresh;
    for (const RemoteEntry &entry : entries) {
        if (!known.contains(entry.name))
            fresh.append(entry);
    }
    std::sort(fresh.begin(), fresh.end(), client::naturallyBefore);
    append(fresh);
    return removed || changed || !fresh.isEmpty();
}

void RemoteListModel::addUp()
{
    m_totals = {};
    for (const quint32 at : m_rows)
        m_totals.add(m_entries[at]);
}

bool RemoteListModel::accepts(const RemoteEntry &entry) const
{
    // Of what a search found, the folders on the way count, too.
    if (!m_hiddenShown && (entry.name.startsWith('.') || entry.name.contains("/.")))
        return false;
    return m_filter.isEmpty() ||
           QString::fromUtf8(entry.name).contains(m_filter, Qt::CaseInsensitive);
}

/// Folders first whatever is sorted by, and what is equal in natural order.
bool RemoteListModel::before(quint32 left, quint32 right) const
{
    const RemoteEntry &a = m_entries[left];
    const RemoteEntry &b = m_entries[right];
    if (a.folder != b.folder)
        return a.folder;
    const bool up = m_sortOrder == Qt::AscendingOrder;
    switch (m_sortColumn) {
    case Size:
        if (a.size != b.size)
            return (a.size < b.size) == up;
        break;
    case Modified:
        if (a.mtimeNs != b.mtimeNs)
            return (a.mtimeNs < b.mtimeNs) == up;
        break;
    case Kind:
        if (const int order = suffixOf(a).compare(suffixOf(b), Qt::CaseInsensitive); order != 0)
            return (order < 0) == up;
        break;
    default:
        return up ? naturallyBefore(a, b) : naturallyBefore(b, a);
    }
    return naturallyBefore(a, b);
}

void RemoteListModel::setFilter(const QString &text)
{
    if (text == m_filter)
        return;
    m_filter = text;
    refill();
}

void RemoteListModel::setHiddenShown(bool shown)
{
    if (shown == m_hiddenShown)
        return;
    m_hiddenShown = shown;
    refill();
}

void RemoteListModel::refill()
{
    beginResetModel();
    m_rows.clear();
    for (size_t at = 0; at < m_entries.size(); ++at) {
        if (accepts(m_entries[at]))
            m_rows.push_back(quint32(at));
    }
    addUp();
    std::sort(m_rows.begin(), m_rows.end(), [this](quint32 a, quint32 b) { return before(a, b); });
    endResetModel();
}

/// The same rows in another order; what is selected stays so.
void RemoteListModel::reorder(Rows rows)
{
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    std::vector<int> place(m_entries.size(), -1);
    for (size_t row = 0; row < rows.size(); ++row)
        place[rows[row]] = int(row);
    const QModelIndexList from = persistentIndexList();
    QModelIndexList to;
    to.reserve(from.size());
    for (const QModelIndex &index : from)
        to.append(createIndex(place[m_rows[size_t(index.row())]], index.column()));
    m_rows = std::move(rows);
    changePersistentIndexList(from, to);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void RemoteListModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount || (column == m_sortColumn && order == m_sortOrder))
        return;
    m_sortColumn = column;
    m_sortOrder = order;
    resort();
}

void RemoteListModel::resort()
{
    Rows rows = m_rows;
    std::sort(rows.begin(), rows.end(), [this](quint32 a, quint32 b) { return before(a, b); });
    reorder(std::move(rows));
}

QByteArray RemoteListModel::pathOf(int row) const
{
    return joinedPath(m_path, entry(row).name);
}

RemoteItem RemoteListModel::item(int row) const
{
    const RemoteEntry &it = entry(row);
    return {pathOf(row), it.folder, it.folder ? -1 : it.size};
}

int RemoteListModel::rowOf(QByteArrayView name) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [&](quint32 at) { return m_entries[at].name == name; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

QByteArrayList RemoteListModel::folders() const
{
    std::vector<const RemoteEntry *> found;
    for (const RemoteEntry &entry : m_entries) {
        if (entry.folder)
            found.push_back(&entry);
    }
    std::sort(found.begin(), found.end(),
              [](const RemoteEntry *a, const RemoteEntry *b) { return naturallyBefore(*a, *b); });
    QByteArrayList names;
    names.reserve(qsizetype(found.size()));
    for (const RemoteEntry *entry : found)
        names.append(entry->name);
    return names;
}

QString RemoteListModel::text(const RemoteEntry &entry, int column) const
{
    switch (column) {
    case Name:
        return displayText(entry.name);
    case Size:
        return entry.folder ? QString() : formatSize(entry.size);
    case Kind:
        return kindText(entry);
    case Modified:
        return entry.mtimeNs == 0 ? QString() : formatWhen(entry.mtimeNs / 1'000'000);
    default:
        return {};
    }
}

QVariant RemoteListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RemoteEntry &it = entry(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(it, column);
    case Qt::AccessibleTextRole:
        return column == Name && it.folder ? tr("%1, folder").arg(text(it, Name))
                                           : text(it, column);
    case Qt::ToolTipRole:
        return column == Modified && it.mtimeNs != 0
                   ? plainToolTip(QLocale().toString(modified(it), QLocale::LongFormat))
                   : plainToolTip(displayText(pathOf(index.row())));
    case Qt::DecorationRole:
        if (column == Name)
            return it.folder ? folderIcon() : fileIcon(QString::fromUtf8(it.name));
        return {};
    case Qt::TextAlignmentRole:
        return alignment(column);
    default:
        return {};
    }
}

Qt::ItemFlags RemoteListModel::flags(const QModelIndex &index) const
{
    return index.isValid()
               ? ColumnModel::flags(index) | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren
               : Qt::NoItemFlags;
}

QStringList RemoteListModel::mimeTypes() const
{
    return {mimeType()};
}

QMimeData *RemoteListModel::mimeData(const QModelIndexList &indexes) const
{
    QList<RemoteItem> items;
    for (const QModelIndex &index : indexes) {
        if (index.column() == Name)
            items.append(item(index.row()));
    }
    return mimeDataFor(items);
}

} // namespace ferry::gui
