// SPDX-License-Identifier: MIT
/// What a row of the table of sessions says, by SessionModel::Column.
#pragma once

#include "gui-common/look/theme.h"
#include "server/pacing/sessioninfo.h"

#include <QString>
#include <QVariant>

namespace ferry::gui {

QString sessionText(const server::SessionInfo &s, int column);
QString sessionStateText(const server::SessionInfo &s);
QString sessionToolTip(const server::SessionInfo &s, int column);
/// The value behind the text.
QVariant sessionSortValue(const server::SessionInfo &s, int column);
Tone sessionTone(const server::SessionInfo &s, int column);

/// It has a file under way, even if paused or stalled.
bool isMovingFile(const server::SessionInfo &s);
/// It asks for a large file part by part, and has just got one.
bool isBetweenParts(const server::SessionInfo &s);
/// Everything arrived as it was sent, in both directions; of what was delivered the client said so.
bool isAllVerified(const server::SessionInfo &s);

} // namespace ferry::gui
