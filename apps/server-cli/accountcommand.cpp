// SPDX-License-Identifier: MIT
#include "server-cli/accountcommand.h"

#include "net/base/displaytext.h"
#include "server-cli/daemon.h"
#include "server-cli/passwordsource.h"
#include "server/login/accounts.h"

#include <QFile>

#include <cstdio>

namespace ferry::servercli {

namespace {

int complain(const QString &text, int code)
{
    std::fprintf(stderr, "ferryd: %s\n", text.toUtf8().constData());
    return code;
}

int wrongUse(const QString &text)
{
    complain(text, ExitUsage);
    std::fputs(accountUsage().constData(), stderr);
    return ExitUsage;
}

int list(server::Accounts &accounts)
{
    if (const auto read = accounts.refresh(); !read)
        return complain(read.error().text, ExitFailure);
    for (const QString &problem : accounts.problems())
        complain(problem, ExitFailure);
    for (const server::Accounts::Entry &entry : accounts.list())
        std::puts(entry.name.constData());
    return std::fflush(stdout) == 0 ? ExitClean : ExitFailure;
}

int add(server::Accounts &accounts, const QByteArray &name)
{
    const auto password = passwordFromStdin();
    if (!password)
        return complain(password.error().text, ExitUsage);
    const auto added = accounts.add(name, password.value());
    if (!added)
        return complain(added.error().text,
                        added.error().code == ErrorCode::Invalid ? ExitUsage : ExitFailure);
    return ExitClean;
}

} // namespace

int runAccountCommand(const QByteArrayList &arguments)
{
    QByteArray dataFolder;
    QByteArrayList words;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QByteArray &argument = arguments.at(i);
        if (argument == "--help" || argument == "-h") {
            std::fputs(accountUsage().constData(), stdout);
            return ExitClean;
        }
        if (argument == "--data-dir" && i + 1 < arguments.size())
            dataFolder = arguments.at(++i);
        else if (argument.startsWith("--data-dir="))
            dataFolder = argument.sliced(qsizetype(sizeof "--data-dir"));
        else if (argument.startsWith('-'))
            return wrongUse(QStringLiteral("unknown option: %1").arg(displayText(argument)));
        else
            words.append(argument);
    }
    server::Accounts accounts(dataFolder.isEmpty() ? defaultDataFolder()
                                                   : QFile::decodeName(dataFolder));
    if (words == QByteArrayList{"list"})
        return list(accounts);
    if (words.size() != 2)
        return wrongUse(QStringLiteral("what is to be done with which account?"));
    if (!server::Accounts::isValidName(words.at(1)))
        return wrongUse(
            QStringLiteral("%1 cannot be the name of an account").arg(displayText(words.at(1))));
    if (words.first() == "add")
        return add(accounts, words.at(1));
    if (words.first() != "remove")
        return wrongUse(QStringLiteral("unknown command: %1").arg(displayText(words.first())));
    const auto removed = accounts.remove(words.at(1));
    return removed ? int(ExitClean) : complain(removed.error().text, ExitFailure);
}

QByteArray accountUsage()
{
    return "usage: ferryd account list | add NAME | remove NAME [--data-dir D]\n"
           "Who may log in besides the account \"ferry\". The password of \"add\" is read from\n"
           "standard input; one line end behind it is dropped.\n";
}

} // namespace ferry::servercli
