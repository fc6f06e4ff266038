// SPDX-License-Identifier: MIT
/// What stands in the cells of the queue.
#pragma once

#include "client-gui/queue/queuesummary.h"
#include "client-gui/queue/statetext.h"

#include <QVariant>

namespace ferry::gui {

/// A row of QueueModel.
struct QueueRow
{
    const client::Download &download;
    const QueueSummary *files; ///< of a folder that has some, else null
    const QueueFacts &facts;
    bool inFolder; ///< it stands below its folder
};

/// `column`: of QueueModel.
QVariant queueCell(const QueueRow &row, int column, int role);
QString queueColumnTitle(int column);
/// Figures are aligned right.
int queueColumnAlignment(int column);

} // namespace ferry::gui
