// SPDX-License-Identifier: MIT
#include "server-gui/commandline.h"

#include "server-gui/settings/settings.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QFile>

namespace ferry::gui {

namespace {

QString text(const char *sentence)
{
    return QCoreApplication::translate("ferry::gui::CommandLine", sentence);
}

Result<std::optional<quint16>> readPort(const QCommandLineParser &parser, const QString &option)
{
    if (!parser.isSet(option))
        return std::optional<quint16>();
    bool ok = false;
    const ushort port = parser.value(option).toUShort(&ok);
    if (!ok)
        return Error{ErrorCode::Invalid,
                     text("“%1” is no port: a number up to 65535 is.").arg(parser.value(option))};
    return std::optional<quint16>(port);
}

} // namespace

void describeOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(text("Hands files to people on your network."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {QStringLiteral("data-dir"), text("Keep settings and password in this folder."),
         QStringLiteral("DIR")},
        {QStringLiteral("share"), text("Put a folder on the list; may be given more than once."),
         QStringLiteral("[NAME=]DIR")},
        {QStringLiteral("port"),
         text("Let others connect at this port (7420 as a rule); 0 takes a free one."),
         QStringLiteral("N")},
        {QStringLiteral("classic-port"),
         text("The same for telnet, which is not encrypted (7421 as a rule)."),
         QStringLiteral("N")},
    });
}

Result<CommandLine> readCommandLine(QCommandLineParser &parser, const QStringList &arguments)
{
    if (!parser.parse(arguments))
        return Error{ErrorCode::Invalid, parser.errorText()};
    if (!parser.positionalArguments().isEmpty())
        return Error{ErrorCode::Invalid, text("What is “%1”? Folders are given with --share.")
                                             .arg(parser.positionalArguments().first())};
    CommandLine line;
    line.dataFolder = parser.value(QStringLiteral("data-dir"));
    if (line.dataFolder.isEmpty())
        line.dataFolder = qEnvironmentVariable("FERRY_DATA_DIR");
    if (line.dataFolder.isEmpty())
        line.dataFolder = SettingsFile::defaultFolder();

    const QStringList shares = parser.values(QStringLiteral("share"));
    for (const QString &value : shares) {
        Result<server::ShareConfig> share = server::parseShare(QFile::encodeName(value));
        if (!share)
            return share.error();
        // The working folder of the program means nothing to the next start.
        const QString folder = QFile::decodeName(share.value().folder);
        share.value().folder =
            QFile::encodeName(QDir::cleanPath(QDir::current().absoluteFilePath(folder)));
        line.shares.append(share.take());
    }
    const auto port = readPort(parser, QStringLiteral("port"));
    if (!port)
        return port.error();
    line.port = port.value();
    const auto classicPort = readPort(parser, QStringLiteral("classic-port"));
    if (!classicPort)
        return classicPort.error();
    line.classicPort = classicPort.value();
    return line;
}

} // namespace ferry::gui
