// SPDX-License-Identifier: MIT
#include "client-gui/commandline.h"
#include "client-gui/desktop/keychain.h"
#include "client-gui/dialogs/clientprompts.h"
#include "client-gui/settings/settings.h"
#include "client-gui/window/mainwindow.h"
#include "client/client.h"
#include "gui-common/theme.h"

#include <QApplication>
#include <QDesktopServices>
#include <QLocale>
#include <QTimer>
#include <QUrl>

#include <cstdio>

using namespace ferry;

int main(int argc, char *argv[])
{
    // Before there is an application, so that --help needs no display.
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    const gui::CommandLine line = gui::parseCommandLine(arguments);
    switch (line.action) {
    case gui::CommandLine::Action::Run:
        break;
    case gui::CommandLine::Action::Help:
    case gui::CommandLine::Action::Version:
        std::fputs(line.message.toLocal8Bit().constData(), stdout);
        return 0;
    case gui::CommandLine::Action::Wrong:
        std::fputs(line.message.toLocal8Bit().constData(), stderr);
        return 2;
    }

    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("ferry-client"));
    QCoreApplication::setApplicationVersion(QStringLiteral(FERRY_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Ferry Client"));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.ferry.Client"));
    gui::applyTheme(application);

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
    window.show();
    QTimer::singleShot(0, &window, &gui::MainWindow::reportProblems);
    return QApplication::exec();
}
