// SPDX-License-Identifier: MIT
#include "gui-common/theme.h"
#include "server-gui/commandline.h"
#include "server-gui/window/serverwindow.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace {

constexpr int usageError = 2;

/// --help and --version are answered without a display.
bool asksForText(int argc, char **argv)
{
    return std::any_of(argv + 1, argv + argc, [](const char *argument) {
        for (const char *option : {"-h", "--help", "--help-all", "-v", "--version"}) {
            if (std::strcmp(argument, option) == 0)
                return true;
        }
        return false;
    });
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication::setApplicationName(QStringLiteral("ferry-server"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FERRY_VERSION));
    QCommandLineParser parser;
    ferry::gui::describeOptions(parser);
    if (argc > 1 && asksForText(argc, argv)) {
        const QCoreApplication application(argc, argv);
        parser.process(application);
        return usageError; // not reached: process() ends the program
    }

    QApplication application(argc, argv);
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Ferry Server"));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.ferry.Server"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/ferry-server.svg")));
    ferry::gui::applyTheme(application);

    const auto line = ferry::gui::readCommandLine(parser, application.arguments());
    if (!line) {
        std::fprintf(stderr, "ferry-server: %s\n", qPrintable(line.error().text));
        return usageError;
    }
    ferry::gui::ServerWindow window(line.value());
    window.show();
    return application.exec();
}
