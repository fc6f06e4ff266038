// SPDX-License-Identifier: MIT
/// States and errors of downloads in words that say what happened and what to do.
#pragma once

#include "client/download.h"
#include "client/limits.h"
#include "client/queue/diskspaceguard.h"
#include "gui-common/look/theme.h"

#include <QList>
#include <QString>

#include <chrono>

namespace ferry::gui {

/// What the words of a row depend on besides the row itself.
struct QueueFacts
{
    int retries = limits::retries;  ///< how often a file is tried again
    QList<client::SpaceHold> holds; ///< full disks
};

/// "Downloading, 3 s left", "Retry 2 of 5 in 4 s: timed out", "Not found on the server".
QString stateText(const client::Download &download, const QueueFacts &facts = {},
                  std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());
Tone stateTone(const client::Download &download);

/// The icon beside the words; empty for none.
QLatin1StringView stateIcon(const client::Download &download);

/// The whole story of a download that failed, waits for its next try or for a person: what happened
/// and what to do. Empty for all others.
QString failureText(const client::Download &download, const QueueFacts &facts = {});

/// "Received plan.pdf, 121 kB, verified", of a file that is saved or was skipped. Empty for all
/// others: the engine says why something failed.
QString sentenceOf(const client::Download &download);

/// "Not enough space in /tiny: needs 2.0 GB, 126 MB free."
QString spaceText(const client::SpaceHold &hold);

/// The name as it may be shown: where it is below the chosen folder, or the last part of the
/// remote path.
QString shownName(const client::Download &download);

/// The same of a file that stands below its folder, without what is the folder's.
QString nameInFolder(const client::Download &download);

/// Where it is, or will be, on this computer.
QString localPath(const client::Download &download);

} // namespace ferry::gui
