// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayList>
#include <QString>
#include <QStringList>

namespace ferry::gui {

/// `ferry-client [--classic] [--data-dir D] [--help] [--version] [HOST [PATH…]]`. Host and paths
/// are filled in, never acted upon: a link from somewhere must not connect by itself.
struct CommandLine
{
    enum class Action { Run, Help, Version, Wrong };

    Action action = Action::Run;
    QString dataDir;      ///< empty: the default
    bool classic = false; ///< the choice is made already; consent is still asked for
    QString host;
    QByteArrayList paths;
    QString message; ///< for Help, Version and Wrong: what to print
};

/// `arguments` without the program's name.
CommandLine parseCommandLine(const QStringList &arguments);

} // namespace ferry::gui
