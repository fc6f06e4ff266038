// SPDX-License-Identifier: MIT
/// What people are called and what they say, made safe to show.
#pragma once

#include "wire/extended/people.h"

#include <QByteArray>
#include <QString>

namespace ferry::gui {

/// A whole message, line by line.
QString shownText(const QByteArray &text);

/// "Anna (12)": the number is the server's word, what stands before it is not.
QString shownPerson(qint64 session, const QByteArray &name, const QByteArray &account);

/// Who a note is from.
QString shownSender(const extended::Note &note);

/// What a note says that has no card: of a message its text.
QString shownNote(const extended::Note &note);

} // namespace ferry::gui
