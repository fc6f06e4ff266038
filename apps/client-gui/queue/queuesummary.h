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
    qsizetype verified = 0;    ///< of `done`; also those that were here already, compared
    qint64 bytesPerSecond = 0; ///< of all together, lately
    /// What is here and what remains of the downloads that have not ended, as far as sizes are
    /// known; and of how many it is not.
    ByteSum receivedBytes;
    ByteSum remainingBytes;
    qsizetype unknownSizes = 0;
    ByteSum doneBytes;
    /// Sum of the fractions of what is under way, as far as sizes are known.
    double activeFraction = 0;

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
    bool mayCome() const { return waiting - paused() - undecided() + active > 0; }
    qint64 knownBytes() const { return qint64(doneBytes) + receivedBytes + remainingBytes; }
};

/// The speed of several downloads together. Small files come and go between two looks, so it is
/// that of the sum of what arrived.
class FlowMeter
{
public:
    using Clock = client::RateMeter::Clock;

    void add(qint64 bytes) { m_arrived += bytes; } ///< since measure() was called last
    bool isIdle() const { return !m_measuring && m_arrived == 0; }
    /// Bytes per second, lately.
    qint64 measure(Clock::time_point now, bool underWay);

private:
    client::RateMeter m_rate;
    qint64 m_arrived = 0;
    bool m_measuring = false;
};

} // namespace ferry::gui
