// SPDX-License-Identifier: MIT
/// The lines of the wire as values.
#pragma once

#include <QByteArray>

#include <optional>

namespace ferry {

enum class Verb {
    Auth,
    File,
    Quit,
    Tell,  ///< a message to whoever may be written to
    News,  ///< the notes that wait
    Hello, ///< leaves this dialect for the extended one
    Unknown,
};

/// One line from a client.
struct Command
{
    Verb verb = Verb::Unknown;
    /// The rest of the line after one space, exactly as it was sent; may be empty. Nothing if
    /// the line is the verb alone. Whether a verb takes one is the session's rule, not the codec's.
    std::optional<QByteArray> argument;
};

} // namespace ferry
