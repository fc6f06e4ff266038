// SPDX-License-Identifier: MIT
/// People and notes as lines of text, safe to show, and as fields of JSON.
#pragma once

#include "wire/extended/people.h"

#include <QJsonObject>
#include <QString>

namespace ferry::client {

/// `* 12  window   2026-11-30T14:02:11  ferry@192.168.1.31  Studio laptop`; the star is who asks.
/// What others chose comes last, so that it cannot pass for anything else.
QString personText(const extended::Person &person);
QJsonObject personFields(const extended::Person &person);

/// `2026-11-30T14:02:11  12  Studio laptop: hello`. What comes behind the second word is remote
/// text; that word is the server's: `operator`, `server`, or the number of a session.
QString noteText(const extended::Note &note);
QJsonObject noteFields(const extended::Note &note);

} // namespace ferry::client
