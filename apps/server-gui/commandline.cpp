// SPDX-License-Identifier: MIT
#include "server-gui/commandline.h"

#include "gui-common/program/windowprogram.h"
#include "net/base/displaytext.h"

#include <QDir>
#include <QFile>

namespace ferry::gui {

namespace {

Error invalid(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

Result<std::optional<quint16>> readPort(const ParsedLine &line, QByteArrayView option)
{
    const auto value = line.value(option);
    if (!value)
        return std::optional<quint16>();
    const std::optional<int> port = wholeNumber(*value);
    if (!port || *port > 65535)
        return invalid(QStringLiteral("“%1” is no port: a number up to 65535 is.")
                           .arg(displayText(QByteArrayView(*value))));
    return std::optional<quint16>(quint16(*port));
}

} // namespace

Result<StartValues> parseCommandLine(const QByteArrayList &words)
{
    const ParsedLine line(commands::ferryServer, words);
    if (auto checked = checkOptions(line); !checked)
        return checked.error();
    if (!line.operands().isEmpty())
        return invalid(QStringLiteral("What is “%1”? Folders are given with --share.")
                           .arg(displayText(QByteArrayView(line.operands().first()))));
    StartValues values;
    values.dataFolder = QFile::decodeName(line.value("--data-dir").value_or(QByteArray()));
    if (values.dataFolder.isEmpty())
        values.dataFolder = qEnvironmentVariable("FERRY_DATA_DIR");
    if (values.dataFolder.isEmpty())
        values.dataFolder = SettingsFile::defaultFolder();

    values.minimised = line.has("--minimised");
    for (const QByteArray &value : line.values("--share")) {
        Result<server::ShareConfig> share = server::parseShare(value);
        if (!share)
            return share.error();
        // The working folder of the program means nothing to the next start.
        const QString folder = QFile::decodeName(share.value().folder);
        share.value().folder =
            QFile::encodeName(QDir::cleanPath(QDir::current().absoluteFilePath(folder)));
        values.shares.append(share.take());
    }
    const auto port = readPort(line, "--port");
    if (!port)
        return port.error();
    values.port = port.value();
    const auto classicPort = readPort(line, "--classic-port");
    if (!classicPort)
        return classicPort.error();
    values.classicPort = classicPort.value();
    return values;
}

} // namespace ferry::gui
