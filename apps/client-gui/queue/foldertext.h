// SPDX-License-Identifier: MIT
/// What is said of a folder whose files have rows of their own.
#pragma once

#include "client-gui/queue/queuesummary.h"
#include "gui-common/look/theme.h"

#include <QLatin1StringView>
#include <QString>

namespace ferry::gui {

/// "Downloading, 12 of 300, 3 s left", "Verified, 300 files", "3 failed, 297 of 300 done".
/// `summary`: of its files. `reading`: more of them may come.
QString folderText(const QueueSummary &summary, bool reading);
Tone folderTone(const QueueSummary &summary);
QLatin1StringView folderSign(const QueueSummary &summary);

/// "1 file", "1,200 files".
QString filesText(qsizetype count);

} // namespace ferry::gui
