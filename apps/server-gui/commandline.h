// SPDX-License-Identifier: MIT
#pragma once

#include "server/serverconfig.h"
#include "wire/result.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

class QCommandLineParser;

namespace ferry::gui {

/// ferry-server [--data-dir DIR] [--share [NAME=]DIR]… [--port N] [--classic-port N]
struct CommandLine
{
    QString dataFolder;
    QList<server::ShareConfig> shares;
    std::optional<quint16> port;        ///< of the encrypted door
    std::optional<quint16> classicPort; ///< of the one for telnet
};

/// Adds the options to `parser`, with --help and --version.
void describeOptions(QCommandLineParser &parser);

/// Invalid with a sentence. FERRY_DATA_DIR counts where --data-dir is not given.
Result<CommandLine> readCommandLine(QCommandLineParser &parser, const QStringList &arguments);

} // namespace ferry::gui
