// SPDX-License-Identifier: MIT
/// Lines to commands and replies to lines, and back. Grammar: docs/PROTOCOL.md.
#pragma once

#include "wire/message.h"

#include <QByteArray>
#include <QByteArrayView>

namespace ferry {

/// One line without its end. Verbs in any case; whatever is no command is Verb::Unknown.
Command parseCommand(QByteArrayView line);

/// The replies of the classic dialect, byte for byte, each with its CR LF.
namespace classic {
inline constexpr char lineEnd[] = "\r\n";

QByteArray greeting();
QByteArray loggedIn();
QByteArray badPassword();
QByteArray notLoggedIn();
QByteArray invalidCommand();
QByteArray lineTooLong();
QByteArray lineHoldsNul();
QByteArray serverFull();
QByteArray timedOut();
QByteArray fileSent(QByteArrayView path);
QByteArray fileNotOpened(QByteArrayView path);

/// What a client sends.
QByteArray auth(QByteArrayView password);
QByteArray file(QByteArrayView path);
QByteArray quit();
} // namespace classic

} // namespace ferry
