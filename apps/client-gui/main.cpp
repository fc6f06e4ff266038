// SPDX-License-Identifier: MIT
#include "client-gui/commandline.h"
#include "client-gui/desktop/keychain.h"
#include "client-gui/dialogs/clientprompts.h"
#include "client-gui/settings/settings.h"
#include "client-gui/window/mainwindow.h"
#include "client/client.h"
#include "common/programstart.h"
#include "gui-common/program/windowprogram.h"

#include <QApplication>
#include <QDesktopServices>
#include <QTimer>
#include <QUrl>

using namespace ferry;

int main(int argc, char *argv[])
{
    prepareProgram();
    const gui::WindowProgram program{commands::ferryClient, "ferry-client", "Ferry Client",
                                     "org.ferry.Client"};
    if (const auto code = gui::endWithoutDisplay(program, argc, argv))
        return *code;
    const QApplication application(argc, argv); // takes its own options from the words
    gui::setUpApplication(program);
    const auto parsed = gui::parseCommandLine(QByteArrayList(argv + 1, argv + argc));
    if (!parsed)
        return gui::complain(program, parsed.error());
    const gui::CommandLine &line = parsed.value();

    gui::ClientSettings settings(line.dataDir.isEmpty() ? gui::ClientSettings::defaultDataDir()
                                                        : line.dataDir);
    client::Client client;
    gui::MainWindow window(&client, &settings, gui::ClientPrompts::standard());
    QObject::connect(&window, &gui::MainWindow::openRequested, &window, [](const QString &path) {
        QDesktopServices::openUrl(QUrl::fromLocalFile(path));
    });
    gui::Keychain keychain;
    window.setPasswordStore(&keychain);
    window.setClassic(line.classic);
    window.prefill(line.host, line.paths, qEnvironmentVariable("FERRY_PASSWORD"));
    qunsetenv("FERRY_PASSWORD"); // no business of the programs that open files
    QTimer::singleShot(0, &window, &gui::MainWindow::reportProblems);
    return gui::runWindow(window, [&window] { window.unattend(); });
}
