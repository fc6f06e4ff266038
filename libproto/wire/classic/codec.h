// SPDX-License-Identifier: MIT
/// Lines to commands and replies to lines, and back. Grammar: docs/PROTOCOL.md.
#pragma once

#include "wire/classic/message.h"

#include <QByteArray>
#include <QByteArrayView>

namespace ferry {

/// One line without its end: a verb in any case, alone or followed by one space and its argument.
/// Whatever begins otherwise is Verb::Unknown.
Command parseCommand(QByteArrayView line);

/// A request line of HTTP, such as `GET / HTTP/1.1`: sent by browsers that were pointed at the
/// port, and by web pages that try to make them speak to it.
bool looksLikeHttp(QByteArrayView line);

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
QByteArray tooMuchBeforeLogin();
QByteArray serverFull();
QByteArray serverStopping();
QByteArray timedOut();
QByteArray tooBusy();
QByteArray mustWait(qint64 seconds);
QByteArray fileSent(QByteArrayView path);
QByteArray fileNotOpened(QByteArrayView path);

/// Can a client send `argument` (a password or a path) in a line so that the server reads the
/// same bytes? Not if it is empty, too long, or holds a byte that ends or spoils a line.
bool canBeSent(QByteArrayView argument);

/// What a client sends. The byte 0xFF goes out twice, as telnet has it (telnetfilter.h).
QByteArray auth(QByteArrayView password);
QByteArray file(QByteArrayView path);
QByteArray quit();
} // namespace classic

} // namespace ferry
