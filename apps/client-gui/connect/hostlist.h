// SPDX-License-Identifier: MIT
/// The list below the host field.
#pragma once

#include "client-gui/settings/savedservers.h"

#include <QList>

class QComboBox;

namespace ferry::gui {

/// Once for each field: its list shows the names of servers, too.
void showNamesInList(QComboBox *field);

/// The items are addresses, which is what the field takes. What is typed stays, and nothing is
/// signalled.
void fillHostList(QComboBox *field, const QList<SavedServer> &servers);

} // namespace ferry::gui
