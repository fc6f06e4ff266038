// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/queue/ratemeter.h"
#include "wire/bytesum.h"

#include <array>

namespace ferry::gui {

/// What a download is, for counting.
enum class QueueGroup {
    Waiting, ///< also asked for ahead, and received but not yet under its name
    Active,  ///< something comes, or should
    Failed,
    Done,
    Folder, ///< done, but no file: its files have rows of their own
    Cancelled,
};

QueueGroup groupOf(const client::Download &download);

/// Each download but a folder that is done is in All and in one of the others.
enum class QueueTab { All, Active, Waiting, Paused, Attention, Done };
inline constexpr int queueTabs = 6;

/// Attention: it failed, or a person is asked about it. Done: also what was cancelled.
QueueTab tabOf(const client::Download &download);

/// What a file costs besides its bytes, in bytes: a request, an answer, a name on the disk. With
/// small files that is most of the time, and their bytes alone say nothing about how long they
/// take.
inline constexpr qint64 fileWork = 64 * 1024;

/// Downloads in figures, kept up to date row by row and never counted anew.
struct QueueSummary
{
    qsizetype waiting = 0;
    qsizetype active = 0;
    qsizetype failed = 0;
    qsizetype done = 0;
    qsizetype folders = 0; ///< done ones
    qsizetype cancelled = 0;
    /// All rows, folders that are done as well.
    std::array<qsizetype, client::downloadStates> of{};
    qsizetype uploads = 0;     ///< of all files, whatever their state
    qsizetype sent = 0;        ///< of `done`: uploads
    qsizetype verified = 0;    ///< of `done`; also those that were here already, compared
    qint64 bytesPerSecond = 0; ///< of all together, lately
    qint64 workPerSecond = 0;  ///< the same, with fileWork for each file that was saved
    /// What is here and what remains of the downloads that have not ended, as far as sizes are
    /// known; and of how many it is not.
    ByteSum receivedBytes;
    ByteSum remainingBytes;
    ByteSum heldBytes; ///< of `remainingBytes`: what is paused, or asks a person
    qsizetype unknownSizes = 0;
    ByteSum doneBytes;

    /// `sign`: 1, or -1 for a row that is another one now or gone.
    void count(const client::Download &download, int sign);

    /// Files: folders that are done are none.
    qsizetype total() const { return waiting + active + failed + done + cancelled; }
    qsizetype ended() const { return failed + done + cancelled; }
    qsizetype in(client::DownloadState state) const { return of[size_t(state)]; }
    qsizetype saving() const { return in(client::DownloadState::Verifying); }
    qsizetype paused() const { return in(client::DownloadState::Paused); }
    qsizetype retrying() const { return in(client::DownloadState::Retrying); }
    qsizetype undecided() const { return in(client::DownloadState::NeedsDecision); }
    qsizetype in(QueueTab tab) const;
    /// Something may come without a person's doing.
    bool mayCome() const { return coming() > 0; }
    qsizetype coming() const { return waiting - paused() - undecided() + active; }
    /// Milliseconds until what comes without a person's doing is here, as fast as it comes now;
    /// -1: unknown.
    qint64 timeLeft() const;
    qint64 knownBytes() const { return qint64(doneBytes) + receivedBytes + remainingBytes; }
};

/// The speed of several downloads together. Small files come and go between two looks, so it is
/// that of the sum of what arrived.
class FlowMeter
{
public:
    using Clock = client::RateMeter::Clock;

    /// Since measure() was called last. `files`: that are complete now.
    void add(qint64 bytes, int files);
    bool isIdle() const { return !m_measuring && m_arrived == 0 && m_work == 0; }
    /// The speeds of `summary`, lately. Whether they are others now.
    bool measure(Clock::time_point now, QueueSummary *summary);

private:
    client::RateMeter m_byteRate;
    client::RateMeter m_workRate;
    qint64 m_arrived = 0;
    qint64 m_work = 0;
    bool m_measuring = false;
};

} // namespace ferry::gui
