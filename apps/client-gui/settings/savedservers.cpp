// SPDX-License-Identifier: MIT
#include "client-gui/settings/savedservers.h"

#include "client/connect/clientconfig.h"

#include <algorithm>
#include <utility>

namespace ferry::gui::savedservers {

namespace {

/// No blank stands in an address, so the first one ends it.
std::pair<QString, QString> parted(const QString &line)
{
    const qsizetype blank = line.indexOf(u' ');
    if (blank < 0)
        return {line, {}};
    return {line.first(blank), line.sliced(blank + 1)};
}

/// The oldest go first.
QList<SavedServer> bounded(QList<SavedServer> servers)
{
    qsizetype recent = 0;
    qsizetype kept = 0;
    servers.removeIf([&](const SavedServer &server) {
        return server.isKept() ? ++kept > maxKept : ++recent > maxRecent;
    });
    return servers;
}

/// Of this list; put behind the others if it is not there yet.
SavedServer *findOrAdd(QList<SavedServer> *servers, const QString &address)
{
    for (SavedServer &server : *servers) {
        if (isSame(server.address, address))
            return &server;
    }
    servers->append({address, {}});
    return &servers->last();
}

} // namespace

QList<SavedServer> parse(const QStringList &lines, const QStringList &folderLines)
{
    QList<SavedServer> servers;
    for (const QString &line : lines) {
        const auto [address, name] = parted(line.simplified());
        if (!address.isEmpty() && !find(servers, address))
            servers.append({address, name.left(longestName)});
    }
    for (const QString &line : folderLines) {
        const auto [address, folder] = parted(line);
        for (SavedServer &server : servers) {
            if (server.address == address)
                server.folder = folder;
        }
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

QStringList folderLines(const QList<SavedServer> &servers)
{
    QStringList lines;
    for (const SavedServer &server : servers) {
        if (!server.folder.isEmpty())
            lines.append(server.address + u' ' + server.folder);
    }
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
        first = {used.address, before->name, before->folder};
    servers = without(std::move(servers), used.address);
    servers.prepend(first);
    return bounded(servers);
}

QList<SavedServer> withName(QList<SavedServer> servers, const QString &address, const QString &name)
{
    findOrAdd(&servers, address)->name = name.simplified().left(longestName);
    return bounded(servers);
}

QList<SavedServer> withFolder(QList<SavedServer> servers, const QString &address,
                              const QString &folder)
{
    findOrAdd(&servers, address)->folder = folder;
    return bounded(servers);
}

QList<SavedServer> without(QList<SavedServer> servers, const QString &address)
{
    servers.removeIf([&](const SavedServer &server) { return isSame(server.address, address); });
    return servers;
}

} // namespace ferry::gui::savedservers
