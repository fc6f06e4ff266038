// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArrayList>
#include <QString>

namespace ferry::gui {

/// Host and paths are filled in, never acted upon: a link from somewhere must not connect by
/// itself.
struct CommandLine
{
    QString dataDir;      ///< empty: the default
    bool classic = false; ///< the choice is made already; consent is still asked for
    QString host;
    QByteArrayList paths;
};

/// `words` without the program's name. Invalid, with a sentence.
Result<CommandLine> parseCommandLine(const QByteArrayList &words);

} // namespace ferry::gui
