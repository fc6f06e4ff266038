// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QHostAddress>
#include <QString>

namespace ferry {

/// May a `%interface` stand behind a link-local IPv6 address? Where one connects or listens it must
/// be possible; where an address only names somebody it has no meaning.
enum class Scope { Refused, Allowed };

/// An IP address as a person types it: IPv4 as four decimal numbers without leading zeros, IPv6 as
/// RFC 4291 writes it. QHostAddress and the system's resolver take `010.1.1.1` for 8.1.1.1 and
/// `10.1` for 10.0.0.1, which is not what was meant. Any thread. Invalid, with a sentence that says
/// what is expected.
Result<QHostAddress> parseIpAddress(const QString &text, Scope scope);

/// Whether a resolver would take this host for an IPv4 address, in whatever notation: its last part
/// is a number. Such a host is an address as above or nothing; no name ends in a number.
bool isMeantAsIpv4(const QString &host);

} // namespace ferry
