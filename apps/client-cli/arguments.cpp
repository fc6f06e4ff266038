// SPDX-License-Identifier: MIT
#include "client-cli/arguments.h"

#include "client/localname.h"
#include "net/displaytext.h"
#include "net/tlsidentity.h"

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
    return std::nullopt;
}

/// A whole number from 1 to `most`, in digits only.
std::optional<int> numberFrom(const QByteArray &word, int most)
{
    if (word.isEmpty() || word.size() > 9)
        return std::nullopt;
    for (const char c : word) {
        if (c < '0' || c > '9')
            return std::nullopt;
    }
    const int number = word.toInt();
    return number >= 1 && number <= most ? std::optional(number) : std::nullopt;
}

/// Takes the words of `ferry get` and `ferry ls` apart; options may stand anywhere before `--`.
class OperationParser
{
public:
    OperationParser(Arguments::Command command, const QByteArrayList &words)
        : m_words(words)
    {
        m_arguments.command = command;
    }

    Result<Arguments> parse();

private:
    Result<> option(const QByteArray &word);
    Result<> flag(const QByteArray &name);
    Result<> valued(const QByteArray &name, const QByteArray &value);
    Result<> check();

    static bool takesValue(const QByteArray &name);
    bool isGet() const { return m_arguments.command == Arguments::Command::Get; }
    bool helpAsked() const
    {
        return m_arguments.command == Arguments::Command::GetHelp ||
               m_arguments.command == Arguments::Command::LsHelp;
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
    if (const Result<> checked = check(); !checked)
        return checked.error();
    return m_arguments;
}

bool OperationParser::takesValue(const QByteArray &name)
{
    return name == "-d" || name == "-j" || name == "--password-file" || name == "--existing" ||
           name == "--timeout" || name == "--pin" || name == "--data-dir";
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
    if (name == "--classic" && isGet())
        m_arguments.config.classic = true;
    else if (name == "--allow-unencrypted")
        m_arguments.allowUnencrypted = true;
    else if (name == "--password-stdin")
        m_arguments.passwordFromStdin = true;
    else if (name == "--json")
        m_arguments.json = true;
    else if (name == "--quiet" || name == "-q")
        m_arguments.quiet = true;
    else if (name == "--help" || name == "-h")
        m_arguments.command = isGet() ? Arguments::Command::GetHelp : Arguments::Command::LsHelp;
    else if (name == "--trust-new")
        m_arguments.config.trustNew = true;
    else if (name == "-c" && isGet())
        m_arguments.config.resume = true;
    else if (name == "-l" && !isGet())
        m_arguments.longListing = true;
    else if (name == "-R" && !isGet())
        m_arguments.wholeTree = true;
    else
        return usage(QStringLiteral("There is no option %1.").arg(shown(name)));
    return {};
}

Result<> OperationParser::valued(const QByteArray &name, const QByteArray &value)
{
    if (!isGet() && (name == "-d" || name == "-j" || name == "--existing"))
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
                "The option --existing is one of fail, overwrite, rename and skip."));
        m_arguments.existing = *policy;
    } else if (name == "--timeout") {
        const std::optional<int> seconds = numberFrom(value, 86400);
        if (!seconds)
            return usage(QStringLiteral("The option --timeout needs seconds, from 1 to 86400."));
        m_arguments.config.connectTime = std::chrono::seconds(*seconds);
        m_arguments.config.replyTime = std::chrono::seconds(*seconds);
    } else if (name == "--pin") {
        m_arguments.config.pin = normalisedFingerprint(value);
        if (m_arguments.config.pin.isEmpty())
            return usage(QStringLiteral("The option --pin needs sha256: and 64 hex digits."));
    } else {
        m_arguments.dataFolder = localText(value);
    }
    return {};
}

Result<> OperationParser::check()
{
    if (m_operands.isEmpty())
        return usage(QStringLiteral("Which server? The host is missing."));
    const Result<ClientConfig> address = parseAddress(localText(m_operands.first()));
    if (!address)
        return usage(QStringLiteral("%1: %2").arg(shown(m_operands.first()), address.error().text));
    m_arguments.config.host = address.value().host;
    m_arguments.config.port = address.value().port;
    m_arguments.config.user = address.value().user;
    m_arguments.paths = m_operands.sliced(1);
    if (m_arguments.paths.isEmpty() && isGet())
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
        return usage(
            QStringLiteral("What is to be done? There are \"ferry get\" and \"ferry ls\"."));
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

Options:
  --help     this text
  --version  the version
)";
}

namespace {

constexpr char trustHelp[] =
    R"(  --pin sha256:HEX     trust the server with this fingerprint and no other
  --trust-new          trust a server that is met for the first time, and remember it
  --data-dir DIR       where known servers are remembered (~/.local/share/ferry)
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
  --existing WHAT      a file of that name is there already:
                       fail (exit 13), overwrite, rename ("name (1).ext") or skip
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
resume because the file changed, 60 server not trusted, 67 wrong password, 130/143 interrupted.
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

QByteArray versionText()
{
    return "ferry " FERRY_VERSION "\n";
}

} // namespace ferry::client
