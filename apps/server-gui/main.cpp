// SPDX-License-Identifier: MIT
#include "common/programstart.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/program/windowprogram.h"
#include "server-gui/commandline.h"
#include "server-gui/window/serverwindow.h"

#include <QApplication>

#include <cstdio>

using namespace ferry;

int main(int argc, char *argv[])
{
    prepareProgram();
    const gui::WindowProgram program{commands::ferryServer, "ferry-server", "Ferry Server",
                                     "org.ferry.Server"};
    if (const auto code = gui::endWithoutDisplay(program, argc, argv))
        return *code;
    const QApplication application(argc, argv); // takes its own options from the words
    gui::setUpApplication(program);
    const auto values = gui::parseCommandLine(QByteArrayList(argv + 1, argv + argc));
    if (!values)
        return gui::complain(program, values.error());
    const auto lock = gui::lockDataFolder(values.value().dataFolder);
    if (!lock) {
        std::fprintf(stderr, "%s: %s\n", program.name, qPrintable(lock.error().text));
        gui::Prompts::standard()->tell(nullptr, QGuiApplication::applicationDisplayName(),
                                       lock.error().text);
        return 1;
    }
    gui::ServerWindow window(values.value());
    QObject::connect(&window, &gui::ServerWindow::quitRequested, &window,
                     [] { QCoreApplication::exit(); });
    if (values.value().minimised)
        window.setWindowState(window.windowState() | Qt::WindowMinimized);
    return gui::runWindow(window, [&window] { window.unattend(); });
}
