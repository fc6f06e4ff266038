// SPDX-License-Identifier: MIT
/// The history of deliveries as a CSV file: a header, and a line for each delivery.
#pragma once

#include "server/records/deliveryledger.h"

#include <QByteArray>
#include <QString>

namespace ferry::server {

/// With the line end, like a line.
QByteArray csvHeader();
QByteArray csvLine(const Delivery &delivery);

/// A field: quoted where it has to be, and never a formula for a spreadsheet that opens the file.
QByteArray csvField(const QString &text);

} // namespace ferry::server
