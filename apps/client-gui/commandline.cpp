// SPDX-License-Identifier: MIT
#include "client-gui/commandline.h"

#include "gui-common/program/windowprogram.h"

#include <QFile>

namespace ferry::gui {

Result<CommandLine> parseCommandLine(const QByteArrayList &words)
{
    const ParsedLine parsed(commands::ferryClient, words);
    if (auto checked = checkOptions(parsed); !checked)
        return checked.error();
    CommandLine line;
    line.dataDir = QFile::decodeName(parsed.value("--data-dir").value_or(QByteArray()));
    line.classic = parsed.has("--classic");
    line.host = QString::fromLocal8Bit(parsed.operands().value(0));
    line.paths = parsed.operands().mid(1);
    return line;
}

} // namespace ferry::gui
