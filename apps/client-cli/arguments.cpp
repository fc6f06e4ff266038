// SPDX-License-Identifier: MIT
#include "client-cli/arguments.h"
#include "client/limits.h"

#include "client/disk/localname.h"
#include "net/base/bytesize.h"
#include "net/base/displaytext.h"
#include "net/channel/tlsidentity.h"

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

std::optional<ExistingPolicy> policyFrom(const QByteArray &word)
{
    if (word == "fail")
        return ExistingPolicy::Fail;
    if (word == "overwrite")
        return ExistingPolicy::Overwrite;
    if (word == "rename")
        return ExistingPolicy::Rename;
    if (word == "skip")
        return ExistingPolicy::Skip;
    if (word == "newer")
        return ExistingPolicy::OverwriteIfNewer;
    if (word == "size")
        return ExistingPolicy::OverwriteIfSizeDiffers;
    if (word == "resume")
        return ExistingPolicy::Resume;
    return std::nullopt;
}

/// A whole number from `least` to `most`, in digits only.
std::optional<int> numberFrom(const QByteArray &word, int most, int least = 1)
{
    if (word.isEmpty() || word.size() > 9)
        return std::nullopt;
    for (const char c : word) {
        if (c < '0' || c > '9')
            return std::nullopt;
    }
    const int number = word.toInt();
    return number >= least && number <= most ? std::optional(number) : std::nullopt;
}

/// Takes the words of `ferry get`, `ferry ls` and `ferry queue` apart; options may stand anywhere
/// before `--`.
class OperationParser
{
public:
    OperationParser(Arguments::Command command, const QByteArrayList &words)
        : m_words(words)
    {
        m_arguments.command = command;
        m_arguments.retries = isQueue() ? limits::retries : 0;
    }

    Result<Arguments> parse();

private:
    Result<> option(const QByteArray &word);
    Result<> flag(const QByteArray &name);
    Result<> valued(const QByteArray &name, const QByteArray &value);
    Result<> check();

    static bool takesValue(const QByteArray &name);
    Result<> takeQueueWork();
    Result<> takeServer(const QByteArray &word);
    Result<> checkQueue();
    bool isGet() const { return m_arguments.command == Arguments::Command::Get; }
    bool isLs() const { return m_arguments.command == Arguments::Command::Ls; }
    bool isQueue() const { return m_arguments.command == Arguments::Command::Queue; }
    bool helpAsked() const
    {
        return m_arguments.command == Arguments::Command::GetHelp ||
               m_arguments.command == Arguments::Command::LsHelp ||
               m_arguments.command == Arguments::Command::QueueHelp;
    }

    const QByteArrayList &m_words;
    qsizetype m_next = 0;
    QByteArrayList m_operands;
    Arguments m_arguments;
};

Result<Arguments> OperationParser::parse()
{
    bool optionsEnded = false;
    while (m_next < m_words.size()) {
        const QByteArray word = m_words.at(m_next++);
        if (!optionsEnded && word == "--") {
            optionsEnded = true;
        } else if (!optionsEnded && word.size() > 1 && word.startsWith('-')) {
            if (const Result<> done = option(word); !done)
                return done.error();
            if (helpAsked())
                return m_arguments;
        } else {
            m_operands.append(word);
        }
    }
    if (const Result<> checked = isQueue() ? checkQueue() : check(); !checked)
        return checked.error();
    return m_arguments;
}

bool OperationParser::takesValue(const QByteArray &name)
{
    return name == "-d" || name == "-j" || name == "--password-file" || name == "--existing" ||
           name == "--timeout" || name == "--pin" || name == "--data-dir" || name == "--retries" ||
           name == "--queue" || name == "--limit-rate";
}

Result<> OperationParser::option(const QByteArray &word)
{
    QByteArray name = word;
    std::optional<QByteArray> value;
    if (word.startsWith("--")) {
        if (const qsizetype equals = word.indexOf('='); equals >= 0) {
            name = word.first(equals);
            value = word.sliced(equals + 1);
        }
    } else if (word.size() > 2) {
        name = word.first(2);
        value = word.sliced(2);
    }
    if (!takesValue(name)) {
        if (value)
            return usage(QStringLiteral("There is no option %1 with a value.").arg(shown(name)));
        return flag(name);
    }
    if (!value) {
        if (m_next >= m_words.size())
            return usage(QStringLiteral("The option %1 needs a value.").arg(shown(name)));
        value = m_words.at(m_next++);
    }
    return valued(name, *value);
}

Result<> OperationParser::flag(const QByteArray &name)
{
    if (name == "--classic" && !isLs())
        m_arguments.config.classic = true;
    else if (name == "--all" && isQueue())
        m_arguments.everything = true;
    else if (name == "--allow-unencrypted")
        m_arguments.allowUnencrypted = true;
    else if (name == "--password-stdin")
        m_arguments.passwordFromStdin = true;
    else if (name == "--json")
        m_arguments.json = true;
    else if (name == "--quiet" || name == "-q")
        m_arguments.quiet = true;
    else if (name == "--help" || name == "-h")
        m_arguments.command = isGet()  ? Arguments::Command::GetHelp
                              : isLs() ? Arguments::Command::LsHelp
                                       : Arguments::Command::QueueHelp;
    else if (name == "--trust-new")
        m_arguments.config.trustNew = true;
    else if (name == "-c" && isGet())
        m_arguments.config.resume = true;
    else if (name == "-l" && isLs())
        m_arguments.longListing = true;
    else if (name == "-R" && isLs())
        m_arguments.wholeTree = true;
    else
        return usage(QStringLiteral("There is no option %1.").arg(shown(name)));
    return {};
}

Result<> OperationParser::valued(const QByteArray &name, const QByteArray &value)
{
    if ((isLs() && (name == "-d" || name == "-j" || name == "--existing" || name == "--retries" ||
                    name == "--limit-rate")) ||
        (!isQueue() && name == "--queue"))
        return usage(QStringLiteral("There is no option %1.").arg(shown(name)));
    if (name == "-d") {
        if (value.isEmpty())
            return usage(QStringLiteral("The option -d needs a folder."));
        m_arguments.folder = localText(value);
    } else if (name == "-j") {
        const auto files = numberFrom(value, 1000);
        if (!files)
            return usage(QStringLiteral("The option -j needs a number from 1 to 1000."));
        m_arguments.filesAtOnce = *files;
    } else if (name == "--password-file") {
        m_arguments.passwordFile = value;
    } else if (name == "--existing") {
        const std::optional<ExistingPolicy> policy = policyFrom(value);
        if (!policy)
            return usage(QStringLiteral(
                "The option --existing is one of fail, overwrite, newer, size, resume, rename and "
                "skip."));
        m_arguments.existing = *policy;
    } else if (name == "--timeout") {
        const std::optional<int> seconds = numberFrom(value, 86400);
        if (!seconds)
            return usage(QStringLiteral("The option --timeout needs seconds, from 1 to 86400."));
        m_arguments.config.connectTime = std::chrono::seconds(*seconds);
        m_arguments.config.replyTime = std::chrono::seconds(*seconds);
    } else if (name == "--retries") {
        const std::optional<int> retries = numberFrom(value, 1000, 0);
        if (!retries)
            return usage(QStringLiteral("The option --retries needs a number from 0 to 1000."));
        m_arguments.retries = *retries;
    } else if (name == "--limit-rate") {
        const std::optional<qint64> rate = parseByteSize(value);
        if (!rate)
            return usage(QStringLiteral(
                "The option --limit-rate needs bytes per second, such as 500k or 10M."));
        m_arguments.rateLimit = *rate;
    } else if (name == "--queue") {
        m_arguments.queueFile = localText(value);
    } else if (name == "--pin") {
        m_arguments.config.pin = normalisedFingerprint(value);
        if (m_arguments.config.pin.isEmpty())
            return usage(QStringLiteral("The option --pin needs sha256: and 64 hex digits."));
    } else {
        m_arguments.dataFolder = localText(value);
    }
    return {};
}

Result<> OperationParser::takeServer(const QByteArray &word)
{
    const Result<ClientConfig> address = parseAddress(localText(word));
    if (!address)
        return usage(QStringLiteral("%1: %2").arg(shown(word), address.error().text));
    m_arguments.config.host = address.value().host;
    m_arguments.config.port = address.value().port;
    m_arguments.config.user = address.value().user;
    m_arguments.serverGiven = true;
    return {};
}

/// The first word that is no option says what to do; without one the queue is listed.
Result<> OperationParser::takeQueueWork()
{
    using Work = Arguments::QueueWork;
    if (m_operands.isEmpty())
        return {};
    const QByteArray word = m_operands.takeFirst();
    if (word == "list")
        m_arguments.queueWork = Work::List;
    else if (word == "run")
        m_arguments.queueWork = Work::Run;
    else if (word == "add")
        m_arguments.queueWork = Work::Add;
    else if (word == "retry")
        m_arguments.queueWork = Work::Retry;
    else if (word == "clear")
        m_arguments.queueWork = Work::Clear;
    else
        return usage(QStringLiteral("A queue cannot be told to %1: there are list, run, add, "
                                    "retry and clear.")
                         .arg(shown(word)));
    return {};
}

Result<> OperationParser::checkQueue()
{
    using Work = Arguments::QueueWork;
    if (auto taken = takeQueueWork(); !taken)
        return taken;
    if (m_arguments.queueWork == Work::Add)
        return check();
    m_arguments.config.resume = true;
    const qsizetype most = m_arguments.queueWork == Work::Run ? 1 : 0;
    if (m_operands.size() > most)
        return usage(QStringLiteral("There is nothing that %1 could mean here.")
                         .arg(shown(m_operands.at(most))));
    if (!m_operands.isEmpty()) {
        if (auto taken = takeServer(m_operands.first()); !taken)
            return taken;
    }
    if (m_arguments.config.trustNew && !m_arguments.config.pin.isEmpty())
        return usage(QStringLiteral("Only one of --pin and --trust-new can say whom to trust."));
    return {};
}

Result<> OperationParser::check()
{
    if (m_operands.isEmpty())
        return usage(QStringLiteral("Which server? The host is missing."));
    if (auto taken = takeServer(m_operands.first()); !taken)
        return taken;
    m_arguments.paths = m_operands.sliced(1);
    if (m_arguments.paths.isEmpty() && !isLs())
        return usage(QStringLiteral("Which files? At least one PATH is needed."));
    if (m_arguments.paths.isEmpty())
        m_arguments.paths.append("/");
    if (m_arguments.passwordFile && m_arguments.passwordFromStdin)
        return usage(QStringLiteral(
            "Only one of --password-file and --password-stdin can say the password."));
    const ClientConfig &config = m_arguments.config;
    if (config.classic && (config.trustNew || !config.pin.isEmpty()))
        return usage(QStringLiteral("The classic dialect is not encrypted: there is nothing that "
                                    "--pin or --trust-new could trust."));
    if (config.classic && config.resume)
        return usage(QStringLiteral("The classic dialect cannot continue a file: leave out -c."));
    if (config.trustNew && !config.pin.isEmpty())
        return usage(QStringLiteral("Only one of --pin and --trust-new can say whom to trust."));
    if (config.classic && !m_arguments.allowUnencrypted && !isLoopbackHost(m_arguments.config.host))
        return usage(
            QStringLiteral("%1 is another computer, and --classic is not encrypted: the password "
                           "and the files can be read on the way. To do so all the same, add "
                           "--allow-unencrypted.")
                .arg(displayText(m_arguments.config.host)));
    return {};
}

} // namespace

Result<Arguments> parseArguments(const QByteArrayList &words)
{
    Arguments arguments;
    if (words.isEmpty())
        return usage(QStringLiteral("What is to be done? There are \"ferry get\", \"ferry ls\" and "
                                    "\"ferry queue\"."));
    const QByteArray &command = words.first();
    if (command == "--help" || command == "-h" || command == "help")
        return arguments;
    if (command == "--version") {
        arguments.command = Arguments::Command::Version;
        return arguments;
    }
    if (command == "get")
        return OperationParser(Arguments::Command::Get, words.sliced(1)).parse();
    if (command == "ls")
        return OperationParser(Arguments::Command::Ls, words.sliced(1)).parse();
    if (command == "queue")
        return OperationParser(Arguments::Command::Queue, words.sliced(1)).parse();
    if (command.startsWith('-'))
        return usage(QStringLiteral("There is no option %1.").arg(shown(command)));
    return usage(QStringLiteral("There is no command %1.").arg(shown(command)));
}

QByteArray helpText()
{
    return R"(Usage: ferry COMMAND …

Fetches files from a Ferry server: encrypted, and verified by checksum.

Commands:
  get        fetch files and folders ("ferry get --help" says more)
  ls         list a folder ("ferry ls --help" says more)
  queue      list, run or change a saved queue ("ferry queue --help" says more)

Options:
  --help     this text
  --version  the version
)";
}

namespace {

constexpr char trustHelp[] =
    R"(  --pin sha256:HEX     trust the server with this fingerprint and no other
  --trust-new          trust a server that is met for the first time, and remember it
  --data-dir DIR       where known servers and the saved queue are kept
                       (~/.local/share/ferry)
  --password-file F    the password is what F holds, without its last line end
  --password-stdin     the same for standard input
  --timeout SECONDS    give up when the server says nothing for so long (60; connecting: 10)
)";

constexpr char trustRemark[] = R"(
Without one of the two options the password is taken from FERRY_PASSWORD, else it is asked
for at the terminal. A server that is met for the first time is asked about at the terminal;
where there is none, --pin or --trust-new is needed (exit 60).
)";

} // namespace

QByteArray getHelpText()
{
    return QByteArray(R"(Usage: ferry get [OPTION]… [USER@]HOST[:PORT] PATH…

Fetches each PATH from the server and saves it under its last part; a folder is fetched whole.
Prints, for each file, "NAME has been saved." or "File PATH not found on server" on standard
output; everything else goes to standard error.

  -d DIR               save in DIR instead of the current folder
  -c                   continue partial files that an earlier try left
  -j N                 at most N large files and connections at once (3); small
                       files share one (classic: always one after another)
  --limit-rate RATE    at most so many bytes per second: 500k, 10M
  --retries N          try a file again up to N times (0) that failed for a reason
                       that may pass, after 1, 2, 4, 8, 16 s
  --existing WHAT      a file of that name is there already: fail (exit 13),
                       overwrite, newer (overwrite an older one), size (overwrite
                       one of another size), resume (fetch only what differs),
                       rename ("name (1).ext") or skip; with newer, size and resume,
                       and with -c, the same content is skipped
)") + trustHelp +
           R"(  --classic            speak the unencrypted tutorial dialect (port 7421)
  --allow-unencrypted  do so with another computer, too
  --json               one JSON object per event and line on standard output
  --quiet, -q          no progress and no remarks
  --                   what follows are no options
)" + trustRemark +
           R"(
Exit: 0 all done and verified, 2 usage, 3 nothing found at a remote path, 4 some failed and
some did not, 6 host not resolved, 7 cannot connect, 8 protocol violation, 9 local disk full or
write error, 13 target exists, 18 cut short, 28 timed out, 32 checksum mismatch, 36 cannot
resume because the file changed, 60 server not trusted, 67 wrong password, 130/143 interrupted;
what was missing then is saved, and "ferry queue run" fetches it.
If all fail, each for another reason, it is the reason of the first PATH.
The classic dialect carries no checksum, so what it fetched is complete but never verified.
)";
}

QByteArray lsHelpText()
{
    return QByteArray(R"(Usage: ferry ls [OPTION]… [USER@]HOST[:PORT] [PATH]…

Lists what is in each folder PATH, or all shares, one path per line; folders end in "/".

  -l                   kind, size in bytes and modification time before each path
  -R                   and everything below
)") + trustHelp +
           R"(  --json               one JSON object per entry and line
  --                   what follows are no options
)" + trustRemark;
}

QByteArray queueHelpText()
{
    return QByteArray(R"(Usage: ferry queue [list|retry|clear] [OPTION]…
       ferry queue run [OPTION]… [[USER@]HOST[:PORT]]
       ferry queue add [OPTION]… [USER@]HOST[:PORT] PATH…

The saved queue: what an interrupted "ferry get" left, and what was added to it.

  list                 print state, size and name of each file (also without a word)
  run                  fetch what waits; where it comes from more than one server, say
                       which. It is kept up to date on the disk, so that it can be run
                       again after any end of the program; partial files are continued
  add                  add each PATH, as "ferry get" would fetch it
  retry                let what failed wait again
  clear                forget what has ended; with --all everything

  --queue FILE         another queue than the usual one (queue.sqlite in --data-dir)
  -d DIR, -j N, --existing WHAT, --classic, --allow-unencrypted, --quiet
                       as in "ferry get"
  --limit-rate RATE    as there
  --retries N          as there (5)
)") + trustHelp +
           R"(  --json               one JSON object per file or event and line
  --                   what follows are no options
)" + trustRemark +
           R"(
Exit: as "ferry get"; 2 also if another program works on the queue.
)";
}

QByteArray versionText()
{
    return "ferry " FERRY_VERSION "\n";
}

} // namespace ferry::client
