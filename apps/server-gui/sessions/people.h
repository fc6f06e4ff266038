// SPDX-License-Identifier: MIT
#pragma once

#include "server/pacing/sessioninfo.h"

#include <QList>
#include <QString>

namespace ferry::gui {

/// Which person a session belongs to: a program may open several connections. Empty for one that
/// has not logged in, or never did.
QString personOf(const server::SessionInfo &session);

/// "2 people are connected and will be disconnected. 1 transfer is running."; empty while nobody
/// is logged in.
QString whoIsCutOff(const QList<server::SessionInfo> &sessions);

/// What to call who is there: the name that their program tells, or the address.
QString nameOf(const server::SessionInfo &session);

int runningTransfers(const QList<server::SessionInfo> &sessions);

} // namespace ferry::gui
