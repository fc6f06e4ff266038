// SPDX-License-Identifier: MIT
#include "server-cli/accountcommand.h"
#include "server-cli/daemon.h"
#include "server-cli/records.h"

#include <QCoreApplication>

#include <cstdio>

using namespace ferry::servercli;

int main(int argc, char **argv)
{
    if (argc > 1 && QByteArrayView(argv[1]) == "account")
        return runAccountCommand(QByteArrayList(argv + 2, argv + argc));
    if (argc > 1 && QByteArrayView(argv[1]) == "ban")
        return runBanCommand(QByteArrayList(argv + 2, argv + argc));
    if (argc > 1 && QByteArrayView(argv[1]) == "history")
        return runHistoryCommand(QByteArrayList(argv + 2, argv + argc));
    const auto options = parseOptions(QByteArrayList(argv + 1, argv + argc));
    if (!options) {
        std::fprintf(stderr, "ferryd: %s\n%s", options.error().text.toUtf8().constData(),
                     usage().constData());
        return ExitUsage;
    }
    if (options.value().help) {
        std::fputs(usage().constData(), stdout);
        return ExitClean;
    }
    if (options.value().version) {
        std::puts("ferryd " FERRY_VERSION);
        return ExitClean;
    }

    QCoreApplication application(argc, argv);
    Daemon daemon(options.value());
    if (const auto failed = daemon.start())
        return *failed;
    return QCoreApplication::exec();
}
