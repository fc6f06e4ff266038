// SPDX-License-Identifier: MIT
#include "server-cli/configfile.h"

#include "net/base/displaytext.h"
#include "net/base/privatefile.h"

#include <QFile>

#include <utility>

namespace ferry::servercli {

namespace {

/// Thousands of shares.
constexpr qint64 maxBytes = 1024 * 1024;

/// `name = value` as a word; empty with a sentence.
std::pair<QByteArray, QString> wordOf(const QByteArray &line, const Command &command)
{
    const qsizetype equals = line.indexOf('=');
    const QByteArray name = line.first(qMax<qsizetype>(equals, 0)).trimmed();
    if (name.isEmpty() || line.contains('\0'))
        return {{}, QStringLiteral("expected: name = value")};
    const Option *const option = command.find("--" + name);
    // It could name itself.
    if (!option || !option->takesValue() || name == "config")
        return {{}, QStringLiteral("there is no setting “%1”").arg(displayText(name))};
    const QByteArray value = line.sliced(equals + 1).trimmed();
    if (value.isEmpty())
        return {{}, QStringLiteral("%1 needs a value").arg(displayText(name))};
    return {"--" + name + '=' + value, {}};
}

} // namespace

Result<QByteArrayList> readConfigFile(const QByteArray &path, const Command &command,
                                      const std::function<Result<>(const QByteArray &word)> &check)
{
    QFile file(QFile::decodeName(path));
    // It says what is shared, and by which password.
    if (auto ours = privatefile::checkOurs(file.fileName(), privatefile::Others::MayRead); !ours)
        return ours.error();
    if (!file.open(QIODevice::ReadOnly))
        return Error{
            ErrorCode::LocalFile,
            QStringLiteral("cannot read %1: %2").arg(displayText(path), file.errorString())};
    const QByteArray text = file.read(maxBytes + 1);
    if (text.size() > maxBytes)
        return Error{ErrorCode::Invalid, QStringLiteral("%1 is too long").arg(displayText(path))};
    QByteArrayList words;
    const QByteArrayList lines = text.split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QByteArray line = lines.at(i).trimmed();
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        auto [word, problem] = wordOf(line, command);
        if (problem.isEmpty()) {
            if (const auto checked = check(word); !checked)
                problem = checked.error().text;
        }
        if (!problem.isEmpty())
            return Error{ErrorCode::Invalid,
                         QStringLiteral("%1, line %2: %3")
                             .arg(displayText(path), QString::number(i + 1), problem)};
        words.append(word);
    }
    return words;
}

} // namespace ferry::servercli
