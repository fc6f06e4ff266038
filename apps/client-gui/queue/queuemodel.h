// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/queue/queuesummary.h"
#include "client-gui/queue/statetext.h"
#include "net/base/logqueue.h"

#include <QAbstractItemModel>
#include <QList>

#include <functional>
#include <map>
#include <utility>
#include <vector>

class QMimeData;

namespace ferry::client {
class DownloadQueue;
}

namespace ferry::gui {

/// A DownloadQueue as a tree: the files of a folder stand below its row, as long as it has one.
/// refresh() copies what changed since the last call and tells the views about exactly those rows.
class QueueModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { Name, Size, Progress, Speed, State, TimeLeft, SaveTo, Finished, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole, ///< quint64
        ToneRole,              ///< int(Tone), of the State column
    };

    using Clock = FlowMeter::Clock;
    using Test = std::function<bool(const client::Download &)>;

    explicit QueueModel(QObject *parent = nullptr,
                        std::function<Clock::time_point()> now = &Clock::now);

    void refresh(const client::DownloadQueue &queue);
    /// The same for some of the rows, so that the event loop is not held up. True: there are more,
    /// for the next call.
    bool refreshSome(const client::DownloadQueue &queue);

    const client::Download &download(const QModelIndex &index) const;
    const client::Download &download(int row) const { return m_rows[row]; } ///< without a parent
    const QueueSummary &summary() const { return m_summary; }
    /// Of a folder that has files; else null.
    const QueueSummary *folderSummary(const QModelIndex &index) const;
    /// A sentence for each file that was saved or skipped since the last call, for the log.
    QList<LogRecord> takeSentences() { return std::exchange(m_sentences, {}); }
    const QueueFacts &facts() const { return m_facts; }
    /// Where a download is, whatever its folder; invalid: it is not there.
    QModelIndex indexOf(quint64 id) const;
    /// Rows that have files below them.
    QModelIndexList folders() const;

    /// A row, and if it is a folder one of its files. With many files, by their states only.
    bool anyOf(const QModelIndex &index, const Test &test) const;
    /// A row and, if it is a folder, its files.
    void appendIds(const QModelIndex &index, const Test &test, QList<quint64> *ids) const;
    /// The same, as they stand in the queue.
    QList<quint64> idsInOrder(const QModelIndex &index) const;
    /// All rows, folders before their files; until `look` returns false.
    void each(const Test &look) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    /// What is saved can be dragged to a file manager, as the file or folder on this computer.
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    /// Once per refresh() at most.
    void summaryChanged();
    /// Why nothing new is begun, or that it is again.
    void heldChanged();

private:
    struct Folder
    {
        quint64 id = 0;                ///< of its row
        QList<client::Download> files; ///< by id, ascending
        QueueSummary summary;          ///< of the files
        FlowMeter flow;
    };

    bool isSaved(const QModelIndex &index) const;
    Folder *folderOf(const client::Download &download);
    const Folder *folderAt(const QModelIndex &index) const;
    QModelIndex indexOfFolder(quint64 id, int column = 0) const;
    bool fetch(const client::DownloadQueue &queue);
    bool apply(qsizetype count);
    void finish(bool changed);
    void removeRowsOf(QList<quint64> ids);
    void removeFiles(quint64 id, Folder *folder, const std::vector<int> &rows);
    void removeTops(const std::vector<int> &rows);
    void updateRows(const QList<client::Download> &changed);
    void update(client::Download *row, const client::Download &now, Folder *folder);
    void insert(const QList<client::Download> &added);
    void count(const client::Download &download, Folder *folder, int sign);
    void learn(const client::DownloadQueue &queue);
    bool measure();
    void tell(const QModelIndex &parent, std::vector<int> rows);

    const std::function<Clock::time_point()> m_now;
    /// Those without a parent that is here; by id, ascending: later ones have greater ids.
    QList<client::Download> m_rows;
    std::map<quint64, Folder> m_folders; ///< by the id of their row; only those with files
    QList<client::Download> m_pending;   ///< new or changed, by id: what the rows are to be
    quint64 m_revision = 0;
    QList<LogRecord> m_sentences;
    QueueFacts m_facts;

    QueueSummary m_summary;
    FlowMeter m_flow;
};

} // namespace ferry::gui
