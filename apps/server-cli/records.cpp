// SPDX-License-Identifier: MIT
#include "server-cli/records.h"

#include "net/base/displaytext.h"
#include "server-cli/daemon.h"
#include "server-cli/passwordsource.h"
#include "server/doors/addressblock.h"
#include "server/doors/banlist.h"
#include "server/records/historystore.h"

#include <QCoreApplication>
#include <QFile>

#include <cstdio>
#include <optional>

namespace ferry::servercli {

namespace {

int complain(const QString &text, int code)
{
    std::fprintf(stderr, "ferryd: %s\n", text.toUtf8().constData());
    return code;
}

struct Words
{
    QString dataFolder;
    QByteArrayList words;
    std::optional<int> code; ///< that is all: end with it
};

Words readWords(const QByteArrayList &arguments, const QByteArray &usage)
{
    Words result;
    QByteArray dataFolder;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QByteArray &argument = arguments.at(i);
        if (argument == "--help" || argument == "-h") {
            std::fputs(usage.constData(), stdout);
            result.code = ExitClean;
        } else if (argument == "--data-dir" && i + 1 < arguments.size()) {
            dataFolder = arguments.at(++i);
        } else if (argument.startsWith("--data-dir=")) {
            dataFolder = argument.sliced(qsizetype(sizeof "--data-dir"));
        } else if (argument.startsWith('-')) {
            complain(QStringLiteral("unknown option: %1").arg(displayText(argument)), ExitUsage);
            std::fputs(usage.constData(), stderr);
            result.code = ExitUsage;
        } else {
            result.words.append(argument);
        }
        if (result.code)
            break;
    }
    result.dataFolder = dataFolder.isEmpty() ? defaultDataFolder() : QFile::decodeName(dataFolder);
    return result;
}

int listBans(const server::BanList &bans)
{
    for (const server::BanList::Ban &ban : bans.list())
        std::puts(server::blockText(ban.block).toUtf8().constData());
    return std::fflush(stdout) == 0 ? ExitClean : ExitFailure;
}

} // namespace

int runBanCommand(const QByteArrayList &arguments)
{
    const Words line = readWords(arguments, banUsage());
    if (line.code)
        return *line.code;
    server::BanList bans(line.dataFolder);
    if (const auto read = bans.refresh(); !read)
        return complain(read.error().text, ExitFailure);
    for (const QString &problem : bans.problems())
        complain(problem, ExitFailure);
    if (line.words == QByteArrayList{"list"})
        return listBans(bans);
    const QByteArray verb = line.words.value(0);
    QByteArray text = line.words.value(1);
    if (text.endsWith("/64"))
        text.chop(3); // as “list” prints it
    QHostAddress address;
    if (line.words.size() != 2 || (verb != "add" && verb != "remove") ||
        !address.setAddress(QString::fromUtf8(text))) {
        complain(QStringLiteral("what is to be done with which address?"), ExitUsage);
        std::fputs(banUsage().constData(), stderr);
        return ExitUsage;
    }
    const auto done = verb == "add" ? bans.ban(address) : bans.lift(address);
    return done ? int(ExitClean) : complain(done.error().text, ExitFailure);
}

QByteArray banUsage()
{
    return "usage: ferryd ban list | add ADDR | remove ADDR [--data-dir D]\n"
           "Who is let in no more. A running server ends their sessions within a second. Of IPv6\n"
           "the whole network of 64 bits is meant.\n";
}

int runHistoryCommand(const QByteArrayList &arguments)
{
    const Words line = readWords(arguments, historyUsage());
    if (line.code)
        return *line.code;
    int count = 0;
    const QCoreApplication application(count, nullptr); // Qt finds its SQLite by it
    server::HistoryStore store(line.dataFolder);
    store.open(server::HistoryStore::Access::ReadOnly);
    for (const QString &problem : store.problems())
        complain(problem, ExitFailure);
    if (!store.problems().isEmpty())
        return ExitFailure;
    QFile out;
    if (!out.open(stdout, QIODevice::WriteOnly))
        return complain(out.errorString(), ExitFailure);
    const auto written = store.writeCsv(QString::fromUtf8(line.words.join(' ')), out);
    if (!written)
        return complain(written.error().text, ExitFailure);
    return out.flush() ? ExitClean : ExitFailure;
}

QByteArray historyUsage()
{
    return "usage: ferryd history [WORD ...] [--data-dir D]\n"
           "Who fetched what, when, and whether it arrived as it was sent: as CSV on standard\n"
           "output, oldest first. Only lines that hold every WORD. A server keeps a history with\n"
           "--history on.\n";
}

} // namespace ferry::servercli
