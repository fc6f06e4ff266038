// SPDX-License-Identifier: MIT
#pragma once

#include <QAbstractItemModel>
#include <QByteArrayList>

#include <memory>
#include <vector>

class QMimeData;

namespace ferry::gui {

/// The folders of the server as a tree that is read on demand: expanding a folder emits wanted(),
/// and setFolders() is the answer. The top is `/` itself.
class RemoteTreeModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    explicit RemoteTreeModel(QObject *parent = nullptr);
    ~RemoteTreeModel() override;

    /// Forgets everything; `server`: what the top is called.
    void reset(const QString &server);

    /// The folders in `path`, in the order they shall have. Those that were there and are still
    /// stay as they are, with all below them. Ignored for a path that the tree does not know.
    void setFolders(const QByteArray &path, const QByteArrayList &names);
    /// They could not be read; expanding it asks again.
    void setUnread(const QByteArray &path);

    QByteArray pathOf(const QModelIndex &index) const;
    /// The deepest known folder on the way to `path`.
    QModelIndex nearest(const QByteArray &path) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;

Q_SIGNALS:
    void wanted(const QByteArray &path);

private:
    struct Node;
    Node *nodeOf(const QModelIndex &index) const;
    Node *find(const QByteArray &path) const;
    QModelIndex indexOf(Node *node) const;

    std::unique_ptr<Node> m_top;
    QString m_server;
};

} // namespace ferry::gui
