// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/dialogs/detailsdialog.h"

class QModelIndex;

namespace ferry::gui {

class QueueModel;

/// All that is known of a row of the queue. Always the same lines.
Details downloadDetails(const QueueModel &model, const QModelIndex &row);

/// Shows them, and keeps them true for as long as the row is there.
void showDownloadDetails(const QueueModel *model, const QModelIndex &row, QWidget *parent);

} // namespace ferry::gui
