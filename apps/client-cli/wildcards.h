// SPDX-License-Identifier: MIT
/// The shell's wildcards *, ? and […] in paths of the server.
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <vector>

namespace ferry::client {

bool hasWildcard(QByteArrayView path);

struct ListedName
{
    QByteArray name; ///< or path
    bool folder = false;
    bool operator==(const ListedName &) const = default;
};
/// What is in a folder of the server. NotFound; any other error ends the whole.
using ListFolder = std::function<Result<std::vector<ListedName>>(const QByteArray &path)>;

/// The paths that are meant by one with wildcards, sorted; names that begin with a dot match only a
/// dot. A name of the server that is written just like a part of it goes before all that match that
/// part.
Result<std::vector<ListedName>> expandWildcards(const QByteArray &path, const ListFolder &list);

} // namespace ferry::client
