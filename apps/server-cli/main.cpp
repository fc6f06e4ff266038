// SPDX-License-Identifier: MIT
#include "common/options.h"
#include "common/plurals.h"
#include "common/programstart.h"
#include "server-cli/daemon.h"
#include "server-cli/recordcommands.h"

#include <QCoreApplication>

#include <cstdio>

using namespace ferry::servercli;

int main(int argc, char **argv)
{
    ferry::prepareProgram();
    const QByteArrayList arguments(argv + 1, argv + argc);
    if (const auto code = runRecordCommand(arguments))
        return *code;
    const auto options = parseOptions(arguments);
    if (!options) {
        std::fprintf(stderr, "ferryd: %s\nTry \"ferryd --help\".\n",
                     options.error().text.toUtf8().constData());
        return ExitUsage;
    }
    if (options.value().help)
        return printText(ferry::commands::ferryd.help());
    if (options.value().version)
        return printText("ferryd " FERRY_VERSION "\n");

    QCoreApplication application(argc, argv);
    ferry::loadPlurals();
    Daemon daemon(options.value(), arguments);
    if (const auto failed = daemon.start())
        return *failed;
    return QCoreApplication::exec();
}
