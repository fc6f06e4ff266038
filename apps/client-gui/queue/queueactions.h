// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"

#include <QAbstractItemModel>
#include <QKeySequence>
#include <QList>
#include <QObject>

#include <functional>

class QAction;
class QMenu;

namespace ferry::gui {

class QueueModel;

/// What a person asks of the queue.
enum class QueueCommand {
    // Of some rows:
    Pause,
    Resume,
    Cancel,
    Retry,
    Remove,
    Arrange, ///< in the order that is given
    MoveToTop,
    MoveToBottom,
    HighPriority,
    NormalPriority,
    LowPriority,
    ForceStart,
    Limit,
    Decide,
    ChangeFolder,
    // Of all:
    PauseAll,
    ResumeAll,
    LimitAll,
    UndoRemove,
};

/// What can be done with the downloads of the queue: each action is in the toolbar, the context
/// menu and the menu bar at once, and enabled only when it can do something.
class QueueActions final : public QObject
{
    Q_OBJECT
public:
    /// What the actions have to know of the table.
    struct Table
    {
        /// Of the model, at most so many; no file whose folder is among them.
        std::function<QModelIndexList(int most)> selected;
        std::function<bool()> movable; ///< rows stand in the order of the queue
        /// Those that change places when the selected ones move up (-1) or down (1), in their new
        /// order; a list for each folder.
        std::function<QList<QList<quint64>>(int step)> moved;
    };

    QueueActions(const QueueModel *model, Table table, QObject *parent);

    /// After the selection or the queue changed.
    void refresh();

    /// Opens the file of a row if it is there; asks what is to be decided.
    void open(const QModelIndex &index);

    /// Of the selected ones; of all.
    void fillMenu(QMenu *menu) const;
    void fillMenuOfAll(QMenu *menu) const;
    /// Those with keys that mean something else outside of the table.
    QList<QAction *> withKeys() const;

    // Of the selected ones:
    QAction *openFile;
    QAction *openFolder;
    QAction *pause;
    QAction *resume;
    QAction *pauseOrResume; ///< by a key
    QAction *cancel;
    QAction *retry;
    QAction *remove;
    QAction *decide;
    QAction *changeFolder;
    QAction *moveUp;
    QAction *moveDown;
    QAction *moveToTop;
    QAction *moveToBottom;
    QAction *highPriority; ///< these three are checkable
    QAction *normalPriority;
    QAction *lowPriority;
    QAction *forceStart;
    QAction *limit;
    QAction *details;
    QAction *copyPath;
    QAction *copyLocalPath;
    QAction *copyChecksum;
    QAction *copyError;
    // Of all:
    QAction *pauseAll;
    QAction *resumeAll;
    QAction *retryFailed;
    QAction *clearDone;
    QAction *limitAll;
    QAction *undoRemove; ///< enabled by whoever knows whether it is possible

Q_SIGNALS:
    void requested(ferry::gui::QueueCommand command, const QList<quint64> &ids);
    /// A file or folder on this computer.
    void openRequested(const QString &path);
    /// Of a row of the model.
    void detailsRequested(const QModelIndex &row);

private:
    using Test = bool (*)(const client::Download &);
    struct OfRows
    {
        QAction *action;
        QueueCommand command;
        Test possible;
    };

    QAction *make(const char *name, QLatin1StringView iconName, const QString &text,
                  const QKeySequence &key = {});
    void describe();
    void connectRows();
    void connectOfAll();
    void connectCopies();
    void showPriority(const QModelIndexList &rows);
    QList<quint64> selectedIds(Test test) const;
    QList<quint64> failedIds() const;
    QList<quint64> doneIds() const;
    void copyOfSelected(const std::function<QString(const client::Download &)> &text) const;

    const QueueModel *m_model;
    Table m_table;
    QList<OfRows> m_ofRows;
};

} // namespace ferry::gui
