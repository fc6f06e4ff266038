// SPDX-License-Identifier: MIT
/// What main() does for either window before there is one.
#pragma once

#include "common/options.h"
#include "wire/result.h"

#include <functional>

class QWidget;

namespace ferry::gui {

struct WindowProgram
{
    const Command &command;
    const char *name;        ///< of the program, its icon and its settings
    const char *displayName; ///< in titles
    const char *desktopFile; ///< without its ending
};

/// What needs no display, and so comes before the QApplication: --help, --version and options that
/// there are not. The exit code; nothing: go on.
std::optional<int> endWithoutDisplay(const WindowProgram &program, int argc, char **argv);

/// After that: name, icon and theme of the application.
void setUpApplication(const WindowProgram &program);

/// Shows the window and runs until it is closed. SIGTERM, SIGINT and SIGHUP close it: `unattend`
/// has it ask nobody whether it may. The exit code.
int runWindow(QWidget &window, const std::function<void()> &unattend);

/// Invalid, with a sentence, for an option that `words` should not have.
Result<> checkOptions(const ParsedLine &words);

/// Prints what is wrong with the command line. Returns the exit code.
int complain(const WindowProgram &program, const Error &error);

} // namespace ferry::gui
