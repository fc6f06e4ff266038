// SPDX-License-Identifier: MIT
#include "gui-common/program/windowprogram.h"

#include "common/plurals.h"
#include "common/standardoutput.h"
#include "common/terminationsignals.h"
#include "gui-common/keys/menukey.h"
#include "gui-common/look/theme.h"

#include <QApplication>
#include <QIcon>
#include <QWidget>

#include <cstdio>

namespace ferry::gui {

std::optional<int> endWithoutDisplay(const WindowProgram &program, int argc, char **argv)
{
    const ParsedLine line(program.command, QByteArrayList(argv + 1, argv + argc));
    StandardOutput output;
    if (line.has("--help"))
        output.write(program.command.help());
    else if (line.has("--version"))
        output.write(QByteArray(program.name) + " " FERRY_VERSION "\n");
    else if (line.fault() && line.fault()->name.startsWith("--")) // Qt's own have one dash
        return complain(program, checkOptions(line).error());
    else
        return std::nullopt;
    return output.end(program.name, 0, 1);
}

void setUpApplication(const WindowProgram &program)
{
    QCoreApplication::setApplicationName(QLatin1StringView(program.name));
    QCoreApplication::setApplicationVersion(QStringLiteral(FERRY_VERSION));
    QGuiApplication::setApplicationDisplayName(QLatin1StringView(program.displayName));
    QGuiApplication::setDesktopFileName(QLatin1StringView(program.desktopFile));
    QApplication::setWindowIcon(
        QIcon(QStringLiteral(":/icons/%1.svg").arg(QLatin1StringView(program.name))));
    loadPlurals();
    applyTheme(*qApp, ColorScheme::System);
    followDesktop();
    openMenusByShiftF10(qApp);
}

int runWindow(QWidget &window, const std::function<void()> &unattend)
{
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    QObject::connect(&signals, &TerminationSignals::received, &window, [&] {
        unattend();
        window.close();
        QCoreApplication::exit(); // also if a dialog is open
    });
    window.show();
    return QApplication::exec();
}

Result<> checkOptions(const ParsedLine &words)
{
    if (!words.fault())
        return {};
    return Error{ErrorCode::Invalid, words.fault()->text()};
}

int complain(const WindowProgram &program, const Error &error)
{
    std::fprintf(stderr, "%s: %s\nTry: %s --help\n", program.name,
                 error.text.toLocal8Bit().constData(), program.name);
    return 2;
}

} // namespace ferry::gui
