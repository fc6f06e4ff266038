// SPDX-License-Identifier: MIT
#include "server-cli/recordcommands.h"

#include "common/options.h"
#include "common/passwordtext.h"
#include "common/standardoutput.h"
#include "common/terminal.h"
#include "net/base/displaytext.h"
#include "server-cli/daemon.h"
#include "server-cli/passwordsource.h"
#include "server/doors/addressblock.h"
#include "server/doors/banlist.h"
#include "server/login/accounts.h"
#include "server/records/historystore.h"

#include <QCoreApplication>
#include <QFile>

#include <cstdio>

#include <unistd.h>

namespace ferry::servercli {

namespace {

int complain(const QString &text, int code)
{
    std::fprintf(stderr, "ferryd: %s\n", text.toUtf8().constData());
    return code;
}

int wrongUse(const QString &text, const char *command)
{
    return complain(
        QStringLiteral("%1\nTry \"ferryd %2 --help\".").arg(text, QLatin1StringView(command)),
        ExitUsage);
}

int print(const QByteArrayList &lines)
{
    QByteArray text;
    for (const QByteArray &line : lines)
        text += line + '\n';
    return printText(text);
}

/// What the file of `records` says now; what is damaged in it is told.
template <typename Records>
auto readAgain(Records &records)
{
    const auto read = records.refresh();
    for (const QString &problem : read ? records.problems() : QStringList())
        complain(problem, ExitFailure);
    return read;
}

int account(const QByteArrayList &words, const QString &dataFolder)
{
    server::Accounts accounts(dataFolder);
    if (const auto read = readAgain(accounts); !read) // before a password is asked for
        return complain(read.error().text, ExitFailure);
    if (words == QByteArrayList{"list"}) {
        QByteArrayList names;
        for (const server::Accounts::Entry &entry : accounts.list())
            names.append(entry.name);
        return print(names);
    }
    if (words.size() != 2)
        return wrongUse(QStringLiteral("expected: list, add NAME or remove NAME"), "account");
    const QByteArray &name = words.at(1);
    if (!server::Accounts::isValidName(name))
        return wrongUse(
            QStringLiteral("“%1” cannot be the name of an account").arg(displayText(name)),
            "account");
    if (words.first() == "add") {
        const auto password = ::isatty(STDIN_FILENO) == 1 ? askForNewPassword(displayText(name))
                                                          : passwordFromStdin();
        if (!password)
            return complain(password.error().text, ExitUsage);
        if (hasOuterBlank(QString::fromUtf8(password.value())))
            complain(outerBlankRemark(), ExitClean);
        const auto added = accounts.add(name, password.value());
        return added ? int(ExitClean)
                     : complain(added.error().text,
                                added.error().code == ErrorCode::Invalid ? ExitUsage : ExitFailure);
    }
    if (words.first() != "remove")
        return wrongUse(QStringLiteral("unknown command: %1").arg(displayText(words.first())),
                        "account");
    const auto removed = accounts.remove(name);
    return removed ? int(ExitClean) : complain(removed.error().text, ExitFailure);
}

int ban(const QByteArrayList &words, const QString &dataFolder)
{
    server::BanList bans(dataFolder);
    if (const auto read = readAgain(bans); !read)
        return complain(read.error().text, ExitFailure);
    if (words == QByteArrayList{"list"}) {
        QByteArrayList blocks;
        for (const server::BanList::Ban &entry : bans.list())
            blocks.append(server::blockText(entry.block).toUtf8());
        return print(blocks);
    }
    const QByteArray verb = words.value(0);
    if (words.size() != 2)
        return wrongUse(QStringLiteral("expected: list, add ADDR or remove ADDR"), "ban");
    if (verb != "add" && verb != "remove")
        return wrongUse(QStringLiteral("unknown command: %1").arg(displayText(verb)), "ban");
    const auto block = server::parseBlock(QString::fromUtf8(words.at(1)));
    if (!block)
        return wrongUse(block.error().text, "ban");
    if (verb == "remove" && !bans.isBanned(block.value()))
        return complain(QStringLiteral("%1 is not blocked").arg(displayText(words.at(1))),
                        ExitFailure);
    const auto done = verb == "add" ? bans.ban(block.value()) : bans.lift(block.value());
    return done ? int(ExitClean) : complain(done.error().text, ExitFailure);
}

int history(const QByteArrayList &words, const QString &dataFolder)
{
    int count = 0;
    const QCoreApplication application(count, nullptr); // Qt finds its SQLite by it
    server::HistoryStore store(dataFolder);
    store.open(server::HistoryStore::Access::ReadOnly);
    for (const QString &problem : store.problems())
        complain(problem, ExitFailure);
    if (!store.problems().isEmpty())
        return ExitFailure;
    StandardOutput output;
    const auto written = store.writeCsv(QString::fromUtf8(words.join(' ')), output);
    if (!written && output.intact())
        return complain(written.error().text, ExitFailure);
    return output.end("ferryd", ExitClean, ExitFailure);
}

struct RecordCommand
{
    const char *name;
    const Command &command;
    int (*run)(const QByteArrayList &words, const QString &dataFolder);
};

const RecordCommand recordCommands[] = {
    {"account", commands::ferrydAccount, account},
    {"ban", commands::ferrydBan, ban},
    {"history", commands::ferrydHistory, history},
};

} // namespace

int printText(const QByteArray &text)
{
    StandardOutput output;
    output.write(text);
    return output.end("ferryd", ExitClean, ExitFailure);
}

std::optional<int> runRecordCommand(const QByteArrayList &arguments)
{
    for (const auto &[name, command, run] : recordCommands) {
        if (arguments.value(0) != name)
            continue;
        const ParsedLine line(command, arguments.sliced(1));
        if (line.fault())
            return wrongUse(line.fault()->text(), name);
        if (line.has("--help"))
            return printText(command.help());
        const QByteArray folder = line.value("--data-dir").value_or(QByteArray());
        return run(line.operands(),
                   folder.isEmpty() ? defaultDataFolder() : QFile::decodeName(folder));
    }
    return std::nullopt;
}

} // namespace ferry::servercli
