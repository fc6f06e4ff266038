// SPDX-License-Identifier: MIT
/// The lines of the wire as values.
#pragma once

#include <QByteArray>

namespace ferry {

enum class Verb {
    Auth,
    File,
    Quit,
    Unknown, ///< not a verb, or a verb without the argument it takes
};

/// One line from a client.
struct Command
{
    Verb verb = Verb::Unknown;
    /// The rest of the line after one space, exactly as it was sent.
    QByteArray argument;
};

} // namespace ferry
