// SPDX-License-Identifier: MIT
#include "client-cli/arguments.h"

#include "client/connect/serverplace.h"
#include "client/disk/localname.h"
#include "common/options.h"
#include "net/base/bytesize.h"
#include "net/base/displaytext.h"
#include "net/channel/tlsidentity.h"
#include "wire/limits.h"
#include "wire/virtualpath.h"

namespace ferry::client {

namespace {

Error usage(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

QString shown(const QByteArray &word)
{
    return displayText(QByteArrayView(word));
}

/// What `word` stands for in `known`.
template <typename Value, size_t Count>
std::optional<Value> meaningOf(const QByteArray &word,
                               const std::pair<const char *, Value> (&known)[Count])
{
    for (const auto &[name, value] : known) {
        if (word == name)
            return value;
    }
    return std::nullopt;
}

constexpr std::pair<const char *, ExistingPolicy> policies[] = {
    {"fail", ExistingPolicy::Fail},
    {"overwrite", ExistingPolicy::Overwrite},
    {"newer", ExistingPolicy::OverwriteIfNewer},
    {"size", ExistingPolicy::OverwriteIfSizeDiffers},
    {"resume", ExistingPolicy::Resume},
    {"rename", ExistingPolicy::Rename},
    {"skip", ExistingPolicy::Skip},
};

constexpr std::pair<const char *, Arguments::QueueWork> queueWorks[] = {
    {"list", Arguments::QueueWork::List},   {"run", Arguments::QueueWork::Run},
    {"add", Arguments::QueueWork::Add},     {"retry", Arguments::QueueWork::Retry},
    {"clear", Arguments::QueueWork::Clear}, {"move", Arguments::QueueWork::Move},
};

/// Replaces `target` if the option is there; digits only. `what`: what it needs, as a sentence
/// ends.
Result<> takeNumber(const ParsedLine &line, const char *name, int min, int max, const char *what,
                    int &target)
{
    const auto word = line.value(name);
    if (!word)
        return {};
    const std::optional<int> number = wholeNumber(*word);
    if (!number || *number < min || *number > max)
        return usage(QStringLiteral("The option %1 needs %2 from %3 to %4.")
                         .arg(QLatin1StringView(name), QLatin1StringView(what))
                         .arg(min)
                         .arg(max));
    target = *number;
    return {};
}

/// NAME may lead to another folder, from that of -d.
Result<> takeOutputName(const QByteArray &name, Arguments &arguments)
{
    arguments.toStandardOutput = name == "-";
    if (arguments.toStandardOutput && arguments.json)
        return usage(QStringLiteral("-o - and --json cannot be used together."));
    if (arguments.toStandardOutput)
        return {};
    const qsizetype slash = name.lastIndexOf('/');
    arguments.outputName = localText(QByteArrayView(name).sliced(slash + 1));
    if (arguments.outputName.isEmpty())
        return usage(QStringLiteral("The option -o needs the name of a file."));
    const QString below = localText(QByteArrayView(name).first(slash + 1));
    arguments.folder = below.startsWith(u'/') || arguments.folder.isEmpty()
                           ? below
                           : arguments.folder + u'/' + below;
    return {};
}

Result<> takeOptions(const ParsedLine &line, Arguments &arguments)
{
    arguments.config.classic = line.has("--classic");
    arguments.config.trustNew = line.has("--trust-new");
    arguments.config.resume = line.has("-c");
    arguments.everything = line.has("--all");
    arguments.allowUnencrypted = line.has("--allow-unencrypted");
    arguments.passwordFile = line.value("--password-file");
    arguments.passwordFromStdin = line.has("--password-stdin");
    arguments.json = line.has("--json");
    arguments.quiet = line.has("--quiet");
    arguments.longListing = line.has("-l");
    arguments.wholeTree = line.has("-R");
    arguments.nulls = line.has("-0");
    if (arguments.nulls && arguments.json)
        return usage(QStringLiteral("-0 and --json cannot be used together."));
    arguments.queueFile = localText(line.value("--queue").value_or(QByteArray()));
    arguments.dataFolder = localText(line.value("--data-dir").value_or(QByteArray()));
    arguments.putFolder = line.value("-t");
    if (const auto to = line.value("--to")) {
        const auto party = extended::parseParty(*to);
        if (!party || party->kind == extended::Party::Kind::Server)
            return usage(QStringLiteral("The option --to is operator, all, or a number that "
                                        "\"ferry who\" lists."));
        arguments.to = *party;
    }
    if (const auto folder = line.value("--accept-to")) {
        arguments.folder = localText(*folder);
        arguments.takesGifts = true;
    }
    if (const auto folder = line.value("-d")) {
        arguments.folder = localText(*folder);
    }
    if (const auto name = line.value("-o")) {
        if (auto taken = takeOutputName(*name, arguments); !taken)
            return taken;
    }
    if (const auto policy = line.value("--existing")) {
        const auto known = meaningOf(*policy, policies);
        if (!known)
            return usage(QStringLiteral(
                "The option --existing is one of fail, overwrite, newer, size, resume, rename and "
                "skip."));
        arguments.existing = *known;
    }
    arguments.encodeNames = line.has("--encode-names");
    if (const auto executable = line.value("--executable")) {
        if (*executable != "on" && *executable != "off")
            return usage(QStringLiteral("The option --executable is on or off."));
        arguments.executable = *executable == "on";
    }
    if (const auto rate = line.value("--limit-rate")) {
        const auto bytes = parseByteSize(*rate);
        if (!bytes)
            return usage(QStringLiteral(
                "The option --limit-rate needs bytes per second, such as 500k or 10M."));
        arguments.rateLimit = *bytes;
    }
    if (const auto pin = line.value("--pin")) {
        arguments.config.pin = normalisedFingerprint(*pin);
        if (arguments.config.pin.isEmpty())
            return usage(QStringLiteral("The option --pin needs sha256: and 64 hex digits."));
    }
    if (auto taken = takeNumber(line, "-j", 1, 1000, "a number", arguments.filesAtOnce); !taken)
        return taken;
    if (auto taken = takeNumber(line, "--retries", 0, 1000, "a number", arguments.retries); !taken)
        return taken;
    int seconds = 0;
    if (auto taken = takeNumber(line, "--timeout", 1, 86400, "seconds,", seconds); !taken)
        return taken;
    if (seconds > 0) {
        ClientConfig &config = arguments.config;
        config.connectTime = config.replyTime = std::chrono::seconds(seconds);
        config.minimumRateWindow = std::min(config.minimumRateWindow, 5 * config.replyTime);
        config.busyTime = std::min(config.busyTime, 30 * config.replyTime);
    }
    return {};
}

/// `path`: where the path of an invitation goes; null if none makes sense here.
Result<> takeServer(const QByteArray &word, Arguments &arguments, QByteArray *path = nullptr)
{
    const Result<ServerPlace> place = parsePlace(localText(word));
    if (!place)
        return usage(QStringLiteral("%1: %2").arg(shown(word), place.error().text));
    const ClientConfig &server = place.value().server;
    arguments.config.host = server.host;
    arguments.config.port = server.port;
    arguments.config.user = server.user;
    arguments.config.invited = server.invited;
    arguments.serverGiven = true;
    if (path)
        *path = place.value().path;
    else if (!place.value().path.isEmpty())
        return usage(
            QStringLiteral("%1: a link with a path cannot be used here.").arg(shown(word)));
    return {};
}

Error meaningless(const QByteArray &word)
{
    return usage(QStringLiteral("Unexpected argument: %1.").arg(shown(word)));
}

/// The first word that is no option says what to do; without one the queue is listed.
Result<> takeQueueWork(QByteArrayList &operands, Arguments &arguments)
{
    if (operands.isEmpty())
        return {};
    const QByteArray word = operands.takeFirst();
    const auto work = meaningOf(word, queueWorks);
    if (!work)
        return usage(QStringLiteral("Unknown queue command %1: there are list, run, add, retry, "
                                    "move and clear.")
                         .arg(shown(word)));
    arguments.queueWork = *work;
    return {};
}

Result<> check(const QByteArrayList &operands, Arguments &arguments)
{
    if (operands.isEmpty())
        return usage(QStringLiteral("The server is missing: HOST or HOST:PORT."));
    QByteArray path;
    if (auto taken = takeServer(operands.first(), arguments, &path); !taken)
        return taken;
    arguments.paths = operands.sliced(1);
    if (!path.isEmpty())
        arguments.paths.prepend(path);
    if (arguments.paths.isEmpty() && arguments.command != Arguments::Command::Ls)
        return usage(QStringLiteral("At least one PATH is needed."));
    if (arguments.paths.isEmpty())
        arguments.paths.append("/");
    if (arguments.paths.size() > 1 && arguments.hasOneTarget())
        return usage(QStringLiteral("With -o there can be only one PATH."));
    if (arguments.passwordFile && arguments.passwordFromStdin)
        return usage(
            QStringLiteral("--password-file and --password-stdin cannot be used together."));
    const ClientConfig &config = arguments.config;
    if (config.classic && !config.invited.isEmpty())
        return usage(QStringLiteral("--classic is not encrypted, so the fingerprint of an "
                                    "invitation cannot be checked."));
    if (config.classic && (config.trustNew || !config.pin.isEmpty()))
        return usage(QStringLiteral("--classic is not encrypted, so --pin and --trust-new do not "
                                    "apply."));
    if (config.classic && config.resume)
        return usage(QStringLiteral("--classic cannot resume files: leave out -c."));
    if (config.trustNew && !config.pin.isEmpty())
        return usage(QStringLiteral("--pin and --trust-new cannot be used together."));
    if (config.classic && !arguments.allowUnencrypted && !isLoopbackHost(arguments.config.host))
        return usage(
            QStringLiteral("%1 is another computer, and --classic is not encrypted: anyone on the "
                           "way can read the password and the files. To use it anyway, add "
                           "--allow-unencrypted.")
                .arg(displayText(arguments.config.host)));
    return {};
}

/// The number of a person may be another's by the time that a queue is run.
Result<> checkPutFolder(const Arguments &arguments)
{
    const auto folder = VirtualPath::fromTyped(*arguments.putFolder);
    if (!folder || folder->isRoot())
        return usage(QStringLiteral("The option -t needs a folder of the server, such as /Inbox or "
                                    "/Inbox/trip."));
    if (folder->share().startsWith('@'))
        return usage(QStringLiteral("To hand a file to one person there is \"ferry give\"."));
    return {};
}

Result<> checkAdd(const QByteArrayList &operands, Arguments &arguments)
{
    if (auto checked = check(operands, arguments); !checked || !arguments.putFolder)
        return checked;
    if (arguments.config.classic)
        return usage(QStringLiteral("--classic cannot send files: leave out -t."));
    return checkPutFolder(arguments);
}

Result<> checkQueue(const QByteArrayList &words, Arguments &arguments)
{
    QByteArrayList operands = words;
    using Work = Arguments::QueueWork;
    if (auto taken = takeQueueWork(operands, arguments); !taken)
        return taken;
    if (arguments.queueWork == Work::Add)
        return checkAdd(operands, arguments);
    if (arguments.putFolder)
        return usage(QStringLiteral("The option -t is for \"add\" only."));
    arguments.config.resume = true;
    const bool moves = arguments.queueWork == Work::Move;
    const qsizetype most = moves ? 2 : arguments.queueWork == Work::Run ? 1 : 0;
    if (operands.size() > most)
        return meaningless(operands.at(most));
    if (moves && operands.size() < 2)
        return usage(QStringLiteral("Two addresses are needed: OLD and NEW."));
    if (moves) {
        if (auto taken = takeServer(operands.takeLast(), arguments); !taken)
            return taken;
        arguments.newServer = arguments.config;
    }
    if (!operands.isEmpty()) {
        if (auto taken = takeServer(operands.first(), arguments); !taken)
            return taken;
    }
    if (arguments.newServer.user.isEmpty())
        arguments.newServer.user = arguments.config.user;
    if (arguments.config.trustNew && !arguments.config.pin.isEmpty())
        return usage(QStringLiteral("--pin and --trust-new cannot be used together."));
    return {};
}

Result<> checkPut(const QByteArrayList &operands, Arguments &arguments)
{
    if (operands.size() == 1)
        return usage(QStringLiteral("At least one FILE is needed."));
    if (auto checked = check(operands, arguments); !checked || !arguments.putFolder)
        return checked;
    return checkPutFolder(arguments);
}

/// The server, and what follows it.
Result<QByteArrayList> takeServerOnly(const QByteArrayList &operands, Arguments &arguments)
{
    if (operands.isEmpty())
        return usage(QStringLiteral("The server is missing: HOST or HOST:PORT."));
    if (auto taken = takeServer(operands.first(), arguments); !taken)
        return taken.error();
    if (arguments.config.trustNew && !arguments.config.pin.isEmpty())
        return usage(QStringLiteral("--pin and --trust-new cannot be used together."));
    return operands.sliced(1);
}

Result<> checkServer(const QByteArrayList &operands, Arguments &arguments)
{
    const auto rest = takeServerOnly(operands, arguments);
    if (!rest)
        return rest.error();
    return rest.value().isEmpty() ? Result<>() : meaningless(rest.value().first());
}

Result<> checkTell(const QByteArrayList &operands, Arguments &arguments)
{
    const auto words = takeServerOnly(operands, arguments);
    if (!words)
        return words.error();
    arguments.message = words.value().join(' ');
    if (words.value().isEmpty())
        return arguments.passwordFromStdin
                   ? usage(QStringLiteral("Standard input cannot be both the password and the "
                                          "message."))
                   : Result<>();
    return checkMessage(arguments.message);
}

Result<> checkGive(const QByteArrayList &operands, Arguments &arguments)
{
    if (arguments.to.kind != extended::Party::Kind::Session)
        return usage(
            QStringLiteral("The option --to is needed: a number that \"ferry who\" lists."));
    const auto files = takeServerOnly(operands, arguments);
    if (!files)
        return files.error();
    arguments.paths = files.value();
    return arguments.paths.isEmpty() ? usage(QStringLiteral("At least one FILE is needed."))
                                     : Result<>();
}

Result<> checkForget(const QByteArrayList &operands, Arguments &arguments)
{
    if (operands.isEmpty())
        return usage(QStringLiteral("The server is missing: HOST or HOST:PORT."));
    for (const QByteArray &word : operands) {
        if (auto taken = takeServer(word, arguments); !taken)
            return taken;
        arguments.forgotten.append(arguments.config);
    }
    return {};
}

Result<> checkNothing(const QByteArrayList &operands, Arguments &)
{
    if (!operands.isEmpty())
        return meaningless(operands.first());
    return {};
}

Arguments printed(const QByteArray &text)
{
    Arguments arguments;
    arguments.text = text;
    return arguments;
}

Error withHint(const Error &error, const QByteArray &program)
{
    return {error.code,
            QStringLiteral("%1\nTry \"%2 --help\".").arg(error.text, QLatin1StringView(program))};
}

using Check = Result<> (*)(const QByteArrayList &operands, Arguments &arguments);

Result<Arguments> parseOperation(Arguments::Command kind, const Command &command, Check check,
                                 const QByteArrayList &words)
{
    const ParsedLine line(command, words);
    if (line.fault())
        return usage(line.fault()->text());
    if (line.has("--help"))
        return printed(command.help());
    Arguments arguments;
    arguments.command = kind;
    arguments.retries = kind == Arguments::Command::Queue ? limits::retries : 0;
    if (auto taken = takeOptions(line, arguments); !taken)
        return taken.error();
    if (auto checked = check(line.operands(), arguments); !checked)
        return checked.error();
    if (arguments.queueWork == Arguments::QueueWork::Add) {
        for (const char *option : {"-j", "--limit-rate", "--retries"}) {
            if (line.value(option))
                arguments.notKept.append(QLatin1StringView(option));
        }
    }
    return arguments;
}

} // namespace

Result<> checkMessage(QByteArrayView text)
{
    if (text.isEmpty())
        return usage(QStringLiteral("There is no message."));
    if (text.size() > limits::messageBytes)
        return usage(QStringLiteral("A message has at most %1 bytes.").arg(limits::messageBytes));
    if (!extended::isMessage(text))
        return usage(QStringLiteral("A message is text: UTF-8 without zero bytes."));
    return {};
}

Result<Arguments> parseArguments(const QByteArrayList &words)
{
    using Kind = Arguments::Command;
    if (words.isEmpty())
        return withHint(usage(QStringLiteral(
                            "A command is missing: get, put, ls, who, tell, listen, give, queue, "
                            "known or forget.")),
                        "ferry");
    const QByteArray &command = words.first();
    if (command == "--help" || command == "-h" || command == "help")
        return printed(commands::ferryTop.help());
    if (command == "--version")
        return printed("ferry " FERRY_VERSION "\n");
    static constexpr struct
    {
        const char *name;
        Kind kind;
        const Command &command;
        Check check;
    } operations[] = {
        {"get", Kind::Get, commands::ferryGet, check},
        {"put", Kind::Put, commands::ferryPut, checkPut},
        {"ls", Kind::Ls, commands::ferryLs, check},
        {"queue", Kind::Queue, commands::ferryQueue, checkQueue},
        {"known", Kind::Known, commands::ferryKnown, checkNothing},
        {"forget", Kind::Forget, commands::ferryForget, checkForget},
        {"who", Kind::Who, commands::ferryWho, checkServer},
        {"tell", Kind::Tell, commands::ferryTell, checkTell},
        {"listen", Kind::Listen, commands::ferryListen, checkServer},
        {"give", Kind::Give, commands::ferryGive, checkGive},
    };
    for (const auto &[name, kind, options, checked] : operations) {
        if (command != name)
            continue;
        auto parsed = parseOperation(kind, options, checked, words.sliced(1));
        return parsed ? parsed : withHint(parsed.error(), QByteArray("ferry ") + name);
    }
    const bool isOption = command.startsWith('-');
    return withHint(usage((isOption ? QStringLiteral("unknown option: %1")
                                    : QStringLiteral("unknown command: %1"))
                              .arg(shown(command))),
                    "ferry");
}

} // namespace ferry::client
