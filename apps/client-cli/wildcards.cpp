// SPDX-License-Identifier: MIT
#include "client-cli/wildcards.h"

#include <QByteArrayList>

#include <algorithm>

#include <fnmatch.h>

namespace ferry::client {

namespace {

/// Of `names`, those that a part of the path means.
std::vector<ListedName> meant(const QByteArray &part, std::vector<ListedName> names)
{
    const auto isLiteral = [&part](const ListedName &entry) { return entry.name == part; };
    if (const auto literal = std::find_if(names.begin(), names.end(), isLiteral);
        literal != names.end())
        return {*literal};
    std::erase_if(names, [&part](const ListedName &entry) {
        return ::fnmatch(part.constData(), entry.name.constData(), FNM_PERIOD | FNM_NOESCAPE) != 0;
    });
    std::sort(names.begin(), names.end(),
              [](const ListedName &a, const ListedName &b) { return a.name < b.name; });
    return names;
}

} // namespace

bool hasWildcard(QByteArrayView path)
{
    return std::any_of(path.begin(), path.end(),
                       [](char c) { return c == '*' || c == '?' || c == '['; });
}

Result<std::vector<ListedName>> expandWildcards(const QByteArray &path, const ListFolder &list)
{
    // Of the parts so far. Only folders lead on.
    std::vector<ListedName> found{{QByteArray(), true}};
    const QByteArrayList parts = path.split('/');
    bool looked = false; // a name behind a wildcard has to be there, too
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const bool seen = looked; // the server listed the folders
        looked = looked || hasWildcard(parts.at(i));
        std::vector<ListedName> next;
        for (const ListedName &before : found) {
            if (!before.folder)
                continue;
            const QByteArray folder = i == 0 ? QByteArray() : before.name + '/';
            if (!looked || parts.at(i).isEmpty()) {
                next.push_back({folder + parts.at(i), true});
                continue;
            }
            auto names = list(folder.isEmpty() ? QByteArray("/") : folder);
            if (!names && names.error().code != ErrorCode::NotFound)
                return names.error();
            if (!names) {
                if (seen) // a folder that may not be read: whoever uses the path says so
                    next.push_back({folder + parts.at(i), true});
                continue;
            }
            for (const ListedName &entry : meant(parts.at(i), names.take()))
                next.push_back({folder + entry.name, entry.folder});
        }
        found = next;
    }
    return found;
}

} // namespace ferry::client
