// SPDX-License-Identifier: MIT
/// Which names a peer may give what it puts into a share: only such as mean the same to everybody
/// who sees them later, on whatever system, and that no program takes for an order.
#pragma once

#include <QByteArrayView>

namespace ferry::server {

/// One name of a path (wire/names.h). Not: what is no UTF-8; names with a dot at their start, with
/// a dot or space at their end, or with control or bidirectional characters; those that Windows
/// keeps for devices, and those that folders are set up with.
bool mayBePut(QByteArrayView name);

} // namespace ferry::server
