// SPDX-License-Identifier: MIT
#include "client-gui/browser/remotetreemodel.h"

#include "client-gui/browser/remotelistmodel.h"
#include "gui-common/look/fileicon.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"

#include <QIcon>
#include <QMimeData>
#include <QSet>

#include <algorithm>

namespace ferry::gui {

struct RemoteTreeModel::Node
{
    enum class State { Unread, Asked, Read };
    QByteArray name;
    Node *parent = nullptr;
    State state = State::Unread;
    std::vector<std::unique_ptr<Node>> children;

    int row() const
    {
        if (!parent)
            return 0;
        const auto &siblings = parent->children;
        const auto found = std::find_if(siblings.begin(), siblings.end(),
                                        [this](const auto &node) { return node.get() == this; });
        return int(found - siblings.begin());
    }
    QByteArray path() const { return parent ? joinedPath(parent->path(), name) : QByteArray("/"); }
};

RemoteTreeModel::RemoteTreeModel(QObject *parent)
    : QAbstractItemModel(parent)
    , m_top(std::make_unique<Node>())
{
}

RemoteTreeModel::~RemoteTreeModel() = default;

void RemoteTreeModel::reset(const QString &server)
{
    beginResetModel();
    m_server = server;
    m_top = std::make_unique<Node>();
    endResetModel();
}

void RemoteTreeModel::setFolders(const QByteArray &path, const QByteArrayList &names)
{
    Node *node = find(path);
    if (!node)
        return;
    const QModelIndex at = indexOf(node);
    const QSet<QByteArray> kept(names.begin(), names.end());
    auto &children = node->children;
    for (qsizetype row = qsizetype(children.size()) - 1; row >= 0; --row) {
        if (kept.contains(children[size_t(row)]->name))
            continue;
        beginRemoveRows(at, int(row), int(row));
        children.erase(children.begin() + row);
        endRemoveRows();
    }
    QSet<QByteArray> there;
    for (const auto &child : children)
        there.insert(child->name);
    // Runs of new ones between the old ones, each at once.
    size_t row = 0;
    for (qsizetype i = 0; i < names.size();) {
        if (there.contains(names[i])) {
            ++row;
            ++i;
            continue;
        }
        std::vector<std::unique_ptr<Node>> run;
        for (; i < names.size() && !there.contains(names[i]); ++i) {
            there.insert(names[i]); // a server may name one twice
            auto child = std::make_unique<Node>();
            child->name = names[i];
            child->parent = node;
            run.push_back(std::move(child));
        }
        row = std::min(row, children.size());
        beginInsertRows(at, int(row), int(row + run.size() - 1));
        children.insert(children.begin() + qsizetype(row), std::make_move_iterator(run.begin()),
                        std::make_move_iterator(run.end()));
        endInsertRows();
        row += run.size();
    }
    node->state = Node::State::Read;
    Q_EMIT dataChanged(at, at); // it may have lost the sign that it can be expanded
}

void RemoteTreeModel::setUnread(const QByteArray &path)
{
    if (Node *node = find(path); node && node->state == Node::State::Asked)
        node->state = Node::State::Unread;
}

RemoteTreeModel::Node *RemoteTreeModel::nodeOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Node *>(index.internalPointer()) : nullptr;
}

RemoteTreeModel::Node *RemoteTreeModel::find(const QByteArray &path) const
{
    const QModelIndex at = nearest(path);
    Node *node = nodeOf(at);
    return node->path() == path ? node : nullptr;
}

QModelIndex RemoteTreeModel::nearest(const QByteArray &path) const
{
    Node *node = m_top.get();
    const QByteArrayList names = path.split('/');
    for (const QByteArray &name : names) {
        if (name.isEmpty())
            continue;
        const auto found = std::find_if(node->children.begin(), node->children.end(),
                                        [&name](const auto &child) { return child->name == name; });
        if (found == node->children.end())
            break;
        node = found->get();
    }
    return indexOf(node);
}

QByteArray RemoteTreeModel::pathOf(const QModelIndex &index) const
{
    const Node *node = nodeOf(index);
    return node ? node->path() : QByteArray("/");
}

QModelIndex RemoteTreeModel::indexOf(Node *node) const
{
    return createIndex(node->row(), 0, node);
}

QModelIndex RemoteTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    const Node *node = nodeOf(parent);
    return createIndex(row, column, node ? node->children[size_t(row)].get() : m_top.get());
}

QModelIndex RemoteTreeModel::parent(const QModelIndex &index) const
{
    const Node *node = nodeOf(index);
    return node && node->parent ? indexOf(node->parent) : QModelIndex();
}

int RemoteTreeModel::rowCount(const QModelIndex &parent) const
{
    const Node *node = nodeOf(parent);
    return node ? int(node->children.size()) : 1;
}

int RemoteTreeModel::columnCount(const QModelIndex &) const
{
    return 1;
}

bool RemoteTreeModel::hasChildren(const QModelIndex &parent) const
{
    const Node *node = nodeOf(parent);
    return !node || node->state != Node::State::Read || !node->children.empty();
}

bool RemoteTreeModel::canFetchMore(const QModelIndex &parent) const
{
    const Node *node = nodeOf(parent);
    return node && node->state == Node::State::Unread;
}

void RemoteTreeModel::fetchMore(const QModelIndex &parent)
{
    Node *node = nodeOf(parent);
    if (!node || node->state != Node::State::Unread)
        return;
    node->state = Node::State::Asked;
    Q_EMIT wanted(node->path());
}

QVariant RemoteTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node *node = nodeOf(index);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return node->parent ? displayText(node->name) : m_server;
    case Qt::ToolTipRole:
        return plainToolTip(displayText(node->path()));
    case Qt::DecorationRole:
        return node->parent ? folderIcon() : icon(QLatin1StringView("server"), Tone::Quiet);
    default:
        return {};
    }
}

/// A share or a folder of it can be dragged to the queue; the server as a whole cannot.
Qt::ItemFlags RemoteTreeModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags usual = QAbstractItemModel::flags(index);
    return index.parent().isValid() ? usual | Qt::ItemIsDragEnabled : usual;
}

QStringList RemoteTreeModel::mimeTypes() const
{
    return {RemoteListModel::mimeType()};
}

QMimeData *RemoteTreeModel::mimeData(const QModelIndexList &indexes) const
{
    QList<RemoteItem> items;
    for (const QModelIndex &index : indexes)
        items.append({pathOf(index), true, -1});
    return RemoteListModel::mimeDataFor(items);
}

} // namespace ferry::gui
