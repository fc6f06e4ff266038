// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QObject>

#include <functional>

class QAction;
class QMenu;

namespace ferry::gui {

class QueueModel;

/// What can be done with the downloads of the queue: each action is in the toolbar, the context
/// menu and the menu bar at once, and enabled only when it can do something.
class QueueActions final : public QObject
{
    Q_OBJECT
public:
    /// `selected`: rows of the model that are selected, at most so many.
    using Selected = std::function<QList<int>(int most)>;

    QueueActions(const QueueModel *model, Selected selected, QObject *parent);

    /// After the selection or the queue changed.
    void refresh();

    /// Opens the file of a row if it is there.
    void open(int row);

    /// Of the selected ones; of all.
    void fillMenu(QMenu *menu) const;
    void fillMenuOfAll(QMenu *menu) const;

    // Of the selected ones:
    QAction *openFile;
    QAction *openFolder;
    QAction *cancel;
    QAction *retry;
    QAction *remove;
    QAction *copyPath;
    QAction *copyError;
    // Of all:
    QAction *retryFailed;
    QAction *clearDone;

Q_SIGNALS:
    void cancelRequested(const QList<quint64> &ids);
    void retryRequested(const QList<quint64> &ids);
    void removeRequested(const QList<quint64> &ids);
    /// A file or folder on this computer.
    void openRequested(const QString &path);

private:
    QAction *make(const char *name, QLatin1StringView iconName, const QString &text);
    QList<quint64> selectedIds() const;
    QList<quint64> idsOfGroups(std::initializer_list<int> groups) const;
    void copyOfSelected(const std::function<QString(int row)> &text) const;

    const QueueModel *m_model;
    Selected m_selected;
};

} // namespace ferry::gui
