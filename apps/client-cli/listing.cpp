// SPDX-License-Identifier: MIT
#include "client-cli/listing.h"

#include "client-cli/console.h"
#include "client-cli/firstconnection.h"
#include "client-cli/wildcards.h"
#include "wire/virtualpath.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <utility>
#include <vector>

namespace ferry::client {

Result<std::unique_ptr<Lister>> connectLister(Arguments &arguments)
{
    const auto log = std::make_shared<LogQueue>();
    log->keepWarningsOnly();
    return connectFirst<Lister>(arguments, log, std::make_shared<sasl::SaltedPasswords>(),
                                complain);
}

Result<QList<MeantPath>> expandPaths(const QByteArrayList &paths, Lister &lister)
{
    QHash<QByteArray, Error> leftOut;
    const auto list = [&](const QByteArray &folder) -> Result<std::vector<ListedName>> {
        std::vector<ListedName> names;
        const auto listed = lister.list(
            folder, false,
            [&names](const extended::Entry &entry) {
                names.push_back({entry.path, entry.folder});
            },
            [&](const QByteArray &path, const Error &why) {
                leftOut.insert(path, why);
                names.push_back({path.sliced(path.lastIndexOf('/') + 1), false});
            });
        return listed ? Result(std::move(names)) : listed.error();
    };
    QList<MeantPath> all;
    for (const QByteArray &path : paths) {
        if (!hasWildcard(path)) {
            all.append({path, {}});
            continue;
        }
        const auto found = expandWildcards(path, list);
        if (!found)
            return found.error();
        if (found.value().empty() || found.value().front().name == path)
            all.append({path, {}});
        else
            for (const auto &[name, folder] : found.value()) {
                all.append({name, folder ? name + '/' : name.first(name.lastIndexOf('/') + 1)});
                const auto checked = VirtualPath::fromTyped(name);
                if (checked && leftOut.contains(checked->toBytes()))
                    all.last().leftOut = leftOut.value(checked->toBytes());
            }
    }
    return all;
}

Result<> lookUpWildcards(Arguments &arguments)
{
    if (arguments.config.classic || // it has no listings
        std::none_of(arguments.paths.begin(), arguments.paths.end(), hasWildcard))
        return {};
    const auto lister = connectLister(arguments);
    if (!lister)
        return lister.error();
    const auto paths = expandPaths(arguments.paths, *lister.value());
    if (!paths)
        return paths.error();
    arguments.paths.clear();
    QSet<QByteArray> known; // two patterns may match the same
    for (const MeantPath &meant : paths.value()) {
        if (known.contains(meant.path))
            continue;
        if (meant.leftOut)
            arguments.leftOut.append({meant.path, *meant.leftOut});
        else
            arguments.paths.append(meant.path);
        known.insert(meant.path);
    }
    if (arguments.paths.size() > 1 && arguments.hasOneTarget())
        return Error{ErrorCode::Invalid,
                     QStringLiteral("With -o there can be only one file; %1 match.")
                         .arg(arguments.paths.size())};
    return {};
}

} // namespace ferry::client
