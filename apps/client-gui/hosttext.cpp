// SPDX-License-Identifier: MIT
#include "client-gui/hosttext.h"

#include <QStringList>

#include <algorithm>

namespace ferry::gui {

QString hostIn(const QString &text)
{
    const QStringList words = text.simplified().split(u' ');
    const bool command =
        words.size() > 2 && words[0] == QLatin1StringView("ferry") &&
        (words[1] == QLatin1StringView("get") || words[1] == QLatin1StringView("ls"));
    if (!command)
        return text.trimmed();
    const auto address = std::find_if(words.begin() + 2, words.end(),
                                      [](const QString &word) { return !word.startsWith(u'-'); });
    return address == words.end() ? text.trimmed() : *address;
}

} // namespace ferry::gui
