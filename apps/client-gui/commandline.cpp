// SPDX-License-Identifier: MIT
#include "client-gui/commandline.h"

#include <QCoreApplication>

namespace ferry::gui {

namespace {

struct CommandLineText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::CommandLine)
};

QString usage()
{
    return CommandLineText::tr(
        "Usage: ferry-client [--classic] [--data-dir DIR] [--help] [--version] [HOST [PATH…]]\n"
        "\n"
        "Opens the Ferry client window.\n"
        "\n"
        "  HOST            server to fill in: host, host:port or [IPv6]:port, with user@ before "
        "it\n"
        "  PATH            file or folder on the server to put into the queue, e.g. /Photos/a.raw\n"
        "  --classic       the unencrypted dialect of telnet users\n"
        "  --data-dir DIR  where settings are kept (also: FERRY_DATA_DIR)\n"
        "  --help          this text\n"
        "  --version       the version\n"
        "\n"
        "FERRY_PASSWORD in the environment is filled in as the password.\n");
}

} // namespace

CommandLine parseCommandLine(const QStringList &arguments)
{
    CommandLine line;
    const auto wrong = [&line](const QString &why) {
        line.action = CommandLine::Action::Wrong;
        line.message = CommandLineText::tr("ferry-client: %1\nTry: ferry-client --help\n").arg(why);
        return line;
    };

    bool options = true;
    QStringList rest;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        if (!options || !argument.startsWith(QLatin1Char('-')) || argument.size() == 1) {
            rest.append(argument);
        } else if (argument == QLatin1StringView("--")) {
            options = false;
        } else if (argument == QLatin1StringView("--help") || argument == QLatin1StringView("-h")) {
            line.action = CommandLine::Action::Help;
            line.message = usage();
            return line;
        } else if (argument == QLatin1StringView("--version") ||
                   argument == QLatin1StringView("-v")) {
            line.action = CommandLine::Action::Version;
            line.message = QStringLiteral("ferry-client " FERRY_VERSION "\n");
            return line;
        } else if (argument == QLatin1StringView("--classic")) {
            line.classic = true;
        } else if (argument == QLatin1StringView("--data-dir")) {
            if (++i == arguments.size())
                return wrong(CommandLineText::tr("--data-dir needs a folder"));
            line.dataDir = arguments[i];
        } else if (argument.startsWith(QLatin1StringView("--data-dir="))) {
            line.dataDir = argument.mid(11);
        } else {
            return wrong(CommandLineText::tr("there is no option %1").arg(argument));
        }
    }
    if (!rest.isEmpty())
        line.host = rest.takeFirst();
    for (const QString &path : std::as_const(rest))
        line.paths.append(path.toUtf8());
    return line;
}

} // namespace ferry::gui
