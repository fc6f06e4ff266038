// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/queue/statetext.h"
#include "client/download.h"
#include "client/queue/ratemeter.h"
#include "gui-common/parts/columnmodel.h"
#include "wire/bytesum.h"

#include <QList>

#include <functional>

namespace ferry::client {
class DownloadQueue;
}

namespace ferry::gui {

/// Which tab a download belongs to.
enum class QueueGroup {
    Waiting, ///< also asked for ahead, and received but not yet under its name
    Active,  ///< something comes, or should
    Failed,
    Done,
    Folder, ///< done, but no file: its files have rows of their own
    Cancelled,
};

QueueGroup groupOf(const client::Download &download);

/// Something happens to it, or a person is asked about it: what the tab Active lists.
bool isUnderWay(const client::Download &download);

/// The queue in figures. Kept up to date row by row, never counted anew.
struct QueueSummary
{
    qsizetype waiting = 0;
    qsizetype active = 0;
    qsizetype failed = 0;
    qsizetype done = 0;
    qsizetype folders = 0; ///< done ones
    qsizetype cancelled = 0;
    // Of `waiting`:
    qsizetype saving = 0;
    qsizetype paused = 0;
    qsizetype retrying = 0;
    qsizetype undecided = 0;
    qint64 bytesPerSecond = 0; ///< of all together, lately
    /// What is here and what remains of the downloads that have not ended, as far as sizes are
    /// known; and of how many it is not.
    ByteSum receivedBytes;
    ByteSum remainingBytes;
    qsizetype unknownSizes = 0;
    ByteSum doneBytes;
    /// Sum of the fractions of what is under way, as far as sizes are known.
    double activeFraction = 0;

    /// Files: folders that are done are none.
    qsizetype total() const { return waiting + active + failed + done + cancelled; }
    qsizetype ended() const { return failed + done + cancelled; }
    /// As isUnderWay() says.
    qsizetype underWay() const { return active + saving + retrying + undecided; }
};

/// A DownloadQueue as a table. refresh() copies what changed since the last call and tells the
/// views about exactly those rows.
class QueueModel final : public ColumnModel
{
    Q_OBJECT
public:
    enum Column { Name, Size, Progress, Speed, State, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole, ///< quint64
        GroupRole,             ///< int(QueueGroup)
        ToneRole,              ///< int(Tone), of the State column
    };

    using Clock = client::RateMeter::Clock;

    explicit QueueModel(QObject *parent = nullptr,
                        std::function<Clock::time_point()> now = &Clock::now);

    void refresh(const client::DownloadQueue &queue);

    const client::Download &download(int row) const { return m_rows[row]; }
    const QueueSummary &summary() const { return m_summary; }
    const QueueFacts &facts() const { return m_facts; }
    /// The row of a download, or -1.
    int rowOf(quint64 id) const;

    QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    /// Once per refresh() at most.
    void summaryChanged();
    /// Why nothing new is begun, or that it is again.
    void heldChanged();

private:
    qsizetype rows() const override { return m_rows.size(); }
    void removeRowsOf(const QList<quint64> &ids);
    void updateRows(const QList<client::Download> &changed);
    void count(const client::Download &download, int sign);
    void learn(const client::DownloadQueue &queue);
    bool measure();
    QString text(const client::Download &download, int column) const;
    QString toolTip(const client::Download &download, int column) const;

    const std::function<Clock::time_point()> m_now;
    QList<client::Download> m_rows; ///< by id, ascending: later ones have greater ids
    quint64 m_revision = 0;
    QueueFacts m_facts;

    QueueSummary m_summary;
    /// Small files come and go between two looks, so the speed of the whole is that of the sum.
    client::RateMeter m_rate;
    qint64 m_arrived = 0; ///< bytes since m_rate was told last
    bool m_measuring = false;
};

} // namespace ferry::gui
