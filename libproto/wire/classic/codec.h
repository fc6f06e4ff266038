// SPDX-License-Identifier: MIT
/// Lines to commands and replies to lines, and back. Grammar: docs/PROTOCOL.md.
#pragma once

#include "wire/classic/message.h"
#include "wire/extended/people.h"

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

inline const QByteArray greeting = QByteArrayLiteral("#Server Ready.\r\n");
inline const QByteArray loggedIn = QByteArrayLiteral("#You are logged in.\r\n");
inline const QByteArray badPassword = QByteArrayLiteral("!Bad password.\r\n");
inline const QByteArray notLoggedIn = QByteArrayLiteral("!You are not logged in.\r\n");
inline const QByteArray invalidCommand = QByteArrayLiteral("!Invalid command.\r\n");
inline const QByteArray lineTooLong = QByteArrayLiteral("!Line too long.\r\n");
inline const QByteArray lineHoldsNul = QByteArrayLiteral("!Line holds a NUL byte.\r\n");
inline const QByteArray tooMuchBeforeLogin = QByteArrayLiteral("!Too much before login.\r\n");
inline const QByteArray serverFull = QByteArrayLiteral("!Server is full.\r\n");
inline const QByteArray disconnected = QByteArrayLiteral("!Disconnected by the operator.\r\n");
inline const QByteArray banned = QByteArrayLiteral("!Blocked by the operator.\r\n");
inline const QByteArray serverStopping = QByteArrayLiteral("!Server is stopping.\r\n");
inline const QByteArray timedOut = QByteArrayLiteral("!Timed out.\r\n");
inline const QByteArray tooBusy = QByteArrayLiteral("!Too many logins at once.\r\n");
inline const QByteArray told = QByteArrayLiteral("#Message sent.\r\n");
inline const QByteArray notTold = QByteArrayLiteral("!Message could not be delivered.\r\n");
inline const QByteArray messageTooLong = QByteArrayLiteral("!Message too long.\r\n");
inline const QByteArray messageNotUtf8 = QByteArrayLiteral("!Message is not UTF-8.\r\n");
inline const QByteArray newsEnd = QByteArrayLiteral("#End of news.\r\n");
QByteArray tooManyMessages(qint64 seconds);
/// One line, whatever names and texts of others hold.
QByteArray note(const extended::Note &note);
QByteArray lostNotes(qint64 notes);
QByteArray mustWait(qint64 seconds);
QByteArray fileSent(QByteArrayView path);
QByteArray fileNotOpened(QByteArrayView path);

/// Can a client send `argument` (a password or a path) in a line so that the server reads the
/// same bytes? Not if it is empty, too long, or holds a byte that ends or spoils a line.
bool canBeSent(QByteArrayView argument);

/// What a client sends. The byte 0xFF goes out twice, as telnet has it (telnetfilter.h).
QByteArray auth(QByteArrayView password);
QByteArray file(QByteArrayView path);
inline const QByteArray quit = QByteArrayLiteral("QUIT\r\n");
} // namespace classic

} // namespace ferry
