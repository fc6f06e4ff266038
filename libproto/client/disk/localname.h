// SPDX-License-Identifier: MIT
/// Names on this machine. A name on the disk is bytes; the queue and the windows keep it as text.
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringView>

namespace ferry::client {

/// The local name for a remote path: its last part, after `/` (in the classic dialect after `\`
/// too). Comes from what the user asked for, never from a reply. Invalid if nothing usable
/// remains: empty, `.`, `..`, with a NUL, or longer than a file name may be.
Result<QString> localName(QByteArrayView remotePath, bool classic);

/// The same in the extended dialect, where a path may be a folder's: a `/` at the end is ignored,
/// and the root, whose shares arrive side by side, has no name.
Result<QString> targetName(QByteArrayView remotePath);

/// `name (n).ext` for n = 1, 2, …; a dot at the start is no extension. Never longer than a file
/// name may be: the part before the extension is cut.
QString numberedName(const QString &name, int n);

/// The name of the file `name` until it is complete: `name.1a2b3c4d.part`, the same in every try,
/// and another one for n = 1, 2, … The digits come from the whole name and from this machine, so
/// that a payload of another one has no such name, and names with a long common start have
/// different ones. Short enough for file systems that take 143 bytes.
QByteArray partName(const QString &name, int n = 0);

/// Whether some file has this partName() here: a payload can hold what a download on this machine
/// left. True, too, for a name as long as one that was cut, whatever its digits.
bool isPartName(const QString &name);

/// Text for bytes of the file system, without loss: what is not UTF-8 becomes lone surrogates
/// (byte 0x80 is U+DC80, as in Python's PEP 383). Not for display: see net/base/displaytext.h.
QString localText(QByteArrayView bytes);

/// The bytes again. Every name goes to the disk through this.
QByteArray localBytes(QStringView text);

} // namespace ferry::client
