// SPDX-License-Identifier: MIT
#include "client-cli/arguments.h"

#include "client/localname.h"
#include "net/displaytext.h"

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

/// Takes the words of `ferry get` apart; options may stand anywhere before `--`.
class GetParser
{
public:
    explicit GetParser(const QByteArrayList &words)
        : m_words(words)
    {
    }

    Result<Arguments> parse();

private:
    Result<> option(const QByteArray &word);
    Result<> flag(const QByteArray &name);
    Result<> valued(const QByteArray &name, const QByteArray &value);
    Result<> check();

    static bool takesValue(const QByteArray &name);

    const QByteArrayList &m_words;
    qsizetype m_next = 0;
    QByteArrayList m_operands;
    Arguments m_arguments;
};

Result<Arguments> GetParser::parse()
{
    m_arguments.command = Arguments::Command::Get;
    bool optionsEnded = false;
    while (m_next < m_words.size()) {
        const QByteArray word = m_words.at(m_next++);
        if (!optionsEnded && word == "--") {
            optionsEnded = true;
        } else if (!optionsEnded && word.size() > 1 && word.startsWith('-')) {
            if (const Result<> done = option(word); !done)
                return done.error();
            if (m_arguments.command == Arguments::Command::GetHelp)
                return m_arguments;
        } else {
            m_operands.append(word);
        }
    }
    if (const Result<> checked = check(); !checked)
        return checked.error();
    return m_arguments;
}

bool GetParser::takesValue(const QByteArray &name)
{
    return name == "-d" || name == "-j" || name == "--password-file" || name == "--existing" ||
           name == "--timeout" || name == "--pin";
}

Result<> GetParser::option(const QByteArray &word)
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

Result<> GetParser::flag(const QByteArray &name)
{
    if (name == "--classic")
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
        m_arguments.command = Arguments::Command::GetHelp;
    else if (name == "--trust-new")
        return usage(QStringLiteral("The option --trust-new is for encrypted connections, which "
                                    "this version does not make yet."));
    else
        return usage(QStringLiteral("There is no option %1.").arg(shown(name)));
    return {};
}

Result<> GetParser::valued(const QByteArray &name, const QByteArray &value)
{
    if (name == "-d") {
        if (value.isEmpty())
            return usage(QStringLiteral("The option -d needs a folder."));
        m_arguments.folder = localText(value);
    } else if (name == "-j") {
        // The classic dialect fetches one after another, which is never more than asked for.
        if (!numberFrom(value, 1000))
            return usage(QStringLiteral("The option -j needs a number from 1 to 1000."));
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
    } else {
        return usage(QStringLiteral("The option %1 is for encrypted connections, which this "
                                    "version does not make yet.")
                         .arg(shown(name)));
    }
    return {};
}

Result<> GetParser::check()
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
    if (m_arguments.paths.isEmpty())
        return usage(QStringLiteral("Which files? At least one PATH is needed."));
    if (m_arguments.passwordFile && m_arguments.passwordFromStdin)
        return usage(QStringLiteral(
            "Only one of --password-file and --password-stdin can say the password."));
    if (!m_arguments.config.classic)
        return usage(QStringLiteral("This version makes no encrypted connections yet; with "
                                    "--classic it speaks the unencrypted classic dialect."));
    if (!m_arguments.allowUnencrypted && !isLoopbackHost(m_arguments.config.host))
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
        return usage(QStringLiteral("What is to be done? There is \"ferry get\"."));
    const QByteArray &command = words.first();
    if (command == "--help" || command == "-h" || command == "help")
        return arguments;
    if (command == "--version") {
        arguments.command = Arguments::Command::Version;
        return arguments;
    }
    if (command == "get")
        return GetParser(words.sliced(1)).parse();
    if (command == "ls")
        return usage(QStringLiteral("The classic dialect has no listing, and this version makes "
                                    "no encrypted connections yet."));
    if (command.startsWith('-'))
        return usage(QStringLiteral("There is no option %1.").arg(shown(command)));
    return usage(QStringLiteral("There is no command %1.").arg(shown(command)));
}

QByteArray helpText()
{
    return R"(Usage: ferry COMMAND …

Fetches files from a Ferry server.

Commands:
  get        fetch files ("ferry get --help" says more)

Options:
  --help     this text
  --version  the version
)";
}

QByteArray getHelpText()
{
    return R"(Usage: ferry get --classic [OPTION]… [USER@]HOST[:PORT] PATH…

Fetches each PATH from the server and saves it under its last part. Prints, for each,
"NAME has been saved." or "File PATH not found on server" on standard output;
everything else goes to standard error.

  --classic            speak the unencrypted tutorial dialect (port 7421)
  --allow-unencrypted  do so with another computer, too
  -d DIR               save in DIR instead of the current folder
  -j N                 at most N files at once (classic: always one after another)
  --existing WHAT      a file of that name is there already:
                       fail (exit 13), overwrite, rename ("name (1).ext") or skip
  --password-file F    the password is what F holds, without its last line end
  --password-stdin     the same for standard input
  --timeout SECONDS    give up when the server says nothing for so long (60; connecting: 10)
  --json               one JSON object per event and line on standard output
  --quiet, -q          no progress and no remarks
  --                   what follows are no options

Without one of the two options the password is taken from FERRY_PASSWORD, else it is asked
for at the terminal.

Exit: 0 all done, 2 usage, 3 nothing found at a remote path, 4 some failed and some did not,
6 host not resolved, 7 cannot connect, 8 protocol violation, 9 local disk full or write error,
13 target exists, 18 cut short, 28 timed out, 67 wrong password, 130/143 interrupted.
If all fail, each for another reason, it is the reason of the first PATH.
The classic dialect carries no checksum, so what it fetched is complete but never verified.
)";
}

QByteArray versionText()
{
    return "ferry " FERRY_VERSION "\n";
}

} // namespace ferry::client
