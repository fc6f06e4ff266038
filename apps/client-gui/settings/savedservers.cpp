// SPDX-License-Identifier: MIT
#include "client-gui/settings/savedservers.h"

#include "client/connect/clientconfig.h"

#include <algorithm>

namespace ferry::gui::savedservers {

namespace {

/// No blank stands in an address, so the first one ends it.
SavedServer parseLine(const QString &line)
{
    const QString text = line.simplified();
    const qsizetype blank = text.indexOf(u' ');
    if (blank < 0)
        return {text, {}};
    return {text.first(blank), text.sliced(blank + 1).left(longestName)};
}

/// The oldest go first.
QList<SavedServer> bounded(QList<SavedServer> servers)
{
    qsizetype recent = 0;
    qsizetype named = 0;
    servers.removeIf([&](const SavedServer &server) {
        return server.name.isEmpty() ? ++recent > maxRecent : ++named > maxNamed;
    });
    return servers;
}

} // namespace

QList<SavedServer> parse(const QStringList &lines)
{
    QList<SavedServer> servers;
    for (const QString &line : lines) {
        const SavedServer server = parseLine(line);
        if (!server.address.isEmpty() && !find(servers, server.address))
            servers.append(server);
    }
    return bounded(servers);
}

QStringList lines(const QList<SavedServer> &servers)
{
    QStringList lines;
    lines.reserve(servers.size());
    for (const SavedServer &server : servers)
        lines.append(server.name.isEmpty() ? server.address
                                           : server.address + u' ' + server.name.simplified());
    return lines;
}

bool isSame(const QString &oneAddress, const QString &otherAddress)
{
    if (oneAddress == otherAddress)
        return true;
    const auto one = client::parseAddress(oneAddress);
    const auto other = client::parseAddress(otherAddress);
    return one && other && client::serverName(one.value()) == client::serverName(other.value());
}

const SavedServer *find(const QList<SavedServer> &servers, const QString &address)
{
    const auto found =
        std::find_if(servers.cbegin(), servers.cend(),
                     [&](const SavedServer &server) { return isSame(server.address, address); });
    return found == servers.cend() ? nullptr : &*found;
}

QList<SavedServer> withUsed(QList<SavedServer> servers, const SavedServer &used)
{
    SavedServer first = used;
    if (const SavedServer *before = find(servers, used.address))
        first.name = before->name;
    servers = without(std::move(servers), used.address);
    servers.prepend(first);
    return bounded(servers);
}

QList<SavedServer> withName(QList<SavedServer> servers, const QString &address, const QString &name)
{
    const QString clean = name.simplified().left(longestName);
    const auto found = std::find_if(servers.begin(), servers.end(), [&](const SavedServer &server) {
        return isSame(server.address, address);
    });
    if (found == servers.end())
        servers.append({address, clean});
    else
        found->name = clean;
    return bounded(servers);
}

QList<SavedServer> without(QList<SavedServer> servers, const QString &address)
{
    servers.removeIf([&](const SavedServer &server) { return isSame(server.address, address); });
    return servers;
}

} // namespace ferry::gui::savedservers
