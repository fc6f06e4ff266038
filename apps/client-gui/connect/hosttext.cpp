// SPDX-License-Identifier: MIT
#include "client-gui/connect/hosttext.h"

#include <QStringList>

namespace ferry::gui {

namespace {

/// Of `ferry get` and `ferry ls`; with `=` the value is in the same word.
bool takesValue(const QString &option)
{
    static const QStringList options{QStringLiteral("-d"),
                                     QStringLiteral("-j"),
                                     QStringLiteral("--password-file"),
                                     QStringLiteral("--pin"),
                                     QStringLiteral("--existing"),
                                     QStringLiteral("--timeout"),
                                     QStringLiteral("--retries"),
                                     QStringLiteral("--data-dir")};
    return options.contains(option);
}

} // namespace

QString hostIn(const QString &text)
{
    const QStringList words = text.simplified().split(u' ');
    const bool command =
        words.size() > 2 && words[0] == QLatin1StringView("ferry") &&
        (words[1] == QLatin1StringView("get") || words[1] == QLatin1StringView("ls"));
    if (!command)
        return text.trimmed();
    for (qsizetype at = 2; at < words.size(); ++at) {
        if (!words[at].startsWith(u'-'))
            return words[at];
        if (takesValue(words[at]))
            ++at;
    }
    return text.trimmed();
}

} // namespace ferry::gui
