// SPDX-License-Identifier: MIT
#include "gui-common/program/windowprogram.h"
#include "server-gui/commandline.h"
#include "server-gui/window/serverwindow.h"

#include <QApplication>

using namespace ferry;

int main(int argc, char *argv[])
{
    const gui::WindowProgram program{commands::ferryServer, "ferry-server", "Ferry Server",
                                     "org.ferry.Server"};
    if (const auto code = gui::endWithoutDisplay(program, argc, argv))
        return *code;
    const QApplication application(argc, argv); // takes its own options from the words
    gui::setUpApplication(program);
    const auto values = gui::parseCommandLine(QByteArrayList(argv + 1, argv + argc));
    if (!values)
        return gui::complain(program, values.error());
    gui::ServerWindow window(values.value());
    window.show();
    return QApplication::exec();
}
