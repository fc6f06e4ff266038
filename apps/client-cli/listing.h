// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/arguments.h"
#include "client/browse/lister.h"
#include "wire/result.h"

#include <QByteArrayList>
#include <QList>

#include <memory>
#include <optional>

namespace ferry::client {

/// A connection that lists folders. At a first connection the person at the terminal is asked, and
/// the fingerprint that was agreed to is in `arguments` for the next one. Errors say what to do
/// about them; Cancelled: a signal came (TerminationSignals::first()).
Result<std::unique_ptr<Lister>> connectLister(Arguments &arguments);

struct MeantPath
{
    QByteArray path;
    QByteArray prefix; ///< makes a path of a name that is listed there; empty: as it was typed
    std::optional<Error> leftOut = {}; ///< by the server, and why
};
/// What the paths mean: those with wildcards are looked up; where nothing matches, a path means
/// itself. Errors of Lister.
Result<QList<MeantPath>> expandPaths(const QByteArrayList &paths, Lister &lister);

/// For `ferry get`: the paths are what their wildcards mean afterwards, each once. Errors of
/// connectLister(); Invalid if -o has one name for several.
Result<> lookUpWildcards(Arguments &arguments);

} // namespace ferry::client
