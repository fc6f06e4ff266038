// SPDX-License-Identifier: MIT
/// What counts as one address where somebody is kept out: an IPv4 address as such, and of IPv6
/// the network of 64 bits, which is what one customer has. IPv4 that comes through an IPv6 socket
/// is IPv4; `::1` and the like count alone.
#pragma once

#include "wire/result.h"

#include <QHostAddress>
#include <QString>

#include <unordered_map>

namespace ferry::server {

/// IPv4 as such, otherwise the first address of the network, without a scope.
QHostAddress blockOf(const QHostAddress &address);

/// Bits of blockOf() that matter: 32, 64 or 128.
int prefixOf(const QHostAddress &block);

/// 127.0.0.1 and ::1, where the machine's own users and proxies meet. Not the rest of 127.0.0.0/8:
/// an exemption for all of it would be one for 16 million addresses.
bool isLocalHost(const QHostAddress &address);

/// For a table by block. Not a QHash: without memory its insert() ends the program.
struct BlockHash
{
    size_t operator()(const QHostAddress &block) const noexcept { return qHash(block); }
};
template <typename Value>
using BlockTable = std::unordered_map<QHostAddress, Value, BlockHash>;

/// "192.168.1.44" or "2001:db8:1:2::/64".
QString blockText(const QHostAddress &block);

/// What a person types: an address in the block, or the block as blockText() writes it. Invalid,
/// with a sentence that says what is expected.
Result<QHostAddress> parseBlock(const QString &text);

} // namespace ferry::server
