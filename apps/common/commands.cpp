// SPDX-License-Identifier: MIT
#include "common/options.h"

namespace ferry::commands {

namespace {

constexpr char serverRemark[] = R"(
Without --password-file or --password-stdin the password comes from FERRY_PASSWORD, or is asked for
at the terminal. At the first connection to a server you are asked to confirm its fingerprint;
without a terminal, --pin or --trust-new is needed (exit 60). Instead of HOST an invitation can be
given, "ferry://HOST:PORT/PATH?fp=sha256:HEX": then that fingerprint is checked, and nobody is asked.
)";

// --- ferry ---

constexpr Option ferryOptions[] = {
    {"--help", "", "this text"},
    {"--version", "", "the version"},
    {"-h", "", nullptr},
};

constexpr Option getOptions[] = {
    {"--help, -h", "", nullptr},
    {"-d", "DIR", "save in DIR instead of the current folder"},
    {"-o", "NAME",
     "save the one PATH as NAME; with \"-\" a file goes to\n"
     "standard output, once all of it is verified"},
    {"-c", "", "resume partial files of an earlier attempt"},
    {"-j", "N",
     "at most N large files and connections at once (3); small\n"
     "files share one (classic: always one after another)"},
    {"--limit-rate", "RATE", "at most this many bytes per second: 500k, 1.5M"},
    {"--retries", "N",
     "retry a file up to N times (0) after a temporary failure,\n"
     "waiting 1, 2, 4, 8, 16 s"},
    {"--existing", "WHAT",
     "if a file of that name already exists: fail (exit 13),\n"
     "overwrite, newer (overwrite an older one), size (overwrite\n"
     "if the size is different), resume (fetch only what differs),\n"
     "rename (\"name (1).ext\") or skip; with newer, size, resume\n"
     "and -c, identical files are skipped"},
    {"--executable", "on|off", "programs stay executable (on)"},
    {"--encode-names", "", "save a:b as a%3Ab where the disk does not allow the name"},
};

constexpr Option putOptions[] = {
    {"--help, -h", "", nullptr},
    {"-t", "FOLDER",
     "put into this folder of the server, such as /Inbox/trip; not\n"
     "needed where only one share takes files"},
    {"--limit-rate", "RATE", "at most this many bytes per second: 500k, 1.5M"},
    {"--retries", "N",
     "try again up to N times (0) after a temporary failure,\n"
     "waiting 1, 2, 4, 8, 16 s"},
};

constexpr Option putOutput[] = {
    {"--json", "", "one JSON object per event and line on standard output"},
    {"--quiet, -q", "", "no progress, no remarks"},
};

constexpr Option lsOptions[] = {
    {"--help, -h", "", nullptr},
    {"-l", "", "kind, size in bytes and modification time before each path"},
    {"-R", "", "list everything below, too"},
    {"-0", "", "end each path with a NUL byte instead of a newline"},
    {"--allow-unencrypted", "", nullptr},
    {"--quiet, -q", "", nullptr},
};

constexpr Option queueOptions[] = {
    {"--help, -h", "", nullptr},
    {"--all", "", nullptr}, // told with "clear"
    {"--queue", "FILE", "another queue than the usual one (queue.sqlite in --data-dir)"},
    {"-t", "FOLDER", "add: send each PATH, a file or folder here, into this folder\nof the server"},
    {"-d", "DIR", ""},
    {"-j", "N", ""},
    {"--existing", "WHAT", "as in \"ferry get\""},
    {"--executable", "on|off", ""},
    {"--encode-names", "", ""},
    {"--classic", "", ""},
    {"--allow-unencrypted", "", ""},
    {"--quiet", "", "likewise"},
    {"-q, --quiet", "", nullptr},
    {"--limit-rate", "RATE", "likewise"},
    {"--retries", "N", "likewise (5)"},
};

constexpr Option knownOptions[] = {
    {"--help, -h", "", nullptr},
    {"--data-dir", "DIR", "where fingerprints are saved (~/.local/share/ferry)"},
};

constexpr Option knownJson[] = {{"--json", "", "one JSON object per server and line"}};

constexpr Option whoOptions[] = {{"--help, -h", "", nullptr}};
constexpr Option whoJson[] = {{"--json", "", "one JSON object per person and line"}};

constexpr Option tellOptions[] = {
    {"--help, -h", "", nullptr},
    {"--to", "operator|all|N", "to the operator (the default), to all, or to session N"},
};
constexpr Option tellJson[] = {{"--json", "", "print the message's id as a JSON object"}};

constexpr Option listenOptions[] = {
    {"--help, -h", "", nullptr},
    {"--accept-to", "DIR", "save files that you are given in DIR; none is replaced"},
};

constexpr Option giveOptions[] = {
    {"--help, -h", "", nullptr},
    {"--to", "N", "whom: a number that \"ferry who\" lists"},
    {"--limit-rate", "RATE", "at most this many bytes per second: 500k, 1.5M"},
    {"--retries", "N",
     "try again up to N times (0) after a temporary failure,\n"
     "waiting 1, 2, 4, 8, 16 s"},
};

constexpr Option serverOptions[] = {
    {"--pin", "sha256:HEX", "trust only the server with this fingerprint"},
    {"--trust-new", "", "trust a server at the first connection, and save its fingerprint"},
    {"--data-dir", "DIR",
     "where fingerprints and the queue are saved\n"
     "(~/.local/share/ferry)"},
    {"--password-file", "F", "read the password from the file F; line ends are ignored"},
    {"--password-stdin", "", "read it from standard input"},
    {"--timeout", "SECONDS",
     "give up when the server does not answer for this long (60;\n"
     "10 to connect)"},
};

constexpr Option classicOptions[] = {
    {"--classic", "", "use the unencrypted protocol of the tutorials (port 7421)"},
    {"--allow-unencrypted", "", "also with another computer"},
    {"--json", "", "one JSON object per event and line on standard output"},
    {"--quiet, -q", "", "no progress, no remarks"},
};

constexpr Option lsJson[] = {{"--json", "", "one JSON object per entry and line"}};
constexpr Option queueJson[] = {{"--json", "", "one JSON object per file or event and line"}};
constexpr Option endOfOptions[] = {{"--", "", "everything after it is an argument, not an option"}};

// --- ferryd ---

constexpr Option ferrydOptions[] = {
    {"--share", "[NAME=]DIR", "share the folder (or single file) DIR as /NAME;\nmay be repeated"},
    {"--share-add", "[NAME=]DIR",
     "share the folder DIR, and others may put new files and\nfolders in"},
    {"--inbox", "[NAME=]DIR", "others may put files in, and neither list nor fetch any"},
    {"--listen", "ADDR:PORT", "where to accept encrypted connections (*:7420, all interfaces)"},
    {"--classic", "ADDR:PORT|off",
     "where to accept unencrypted (telnet) connections\n"
     "(127.0.0.1:7421)"},
    {"--password-file", "F", "read the password from the file F"},
    {"--classic-password-file", "F", "a separate password for unencrypted connections"},
    {"--data-dir", "D",
     "where certificate, passwords, accounts and history are saved\n"
     "(~/.local/share/ferry)"},
    {"--max-sessions", "N", "at most N clients at once (256)"},
    {"--limit-rate", "RATE", "bytes per second, all clients together; 500k, 10M"},
    {"--max-file-size", "SIZE", "largest file that others may put in; 500M, 2G (no limit)"},
    {"--quota", "SIZE", "bytes that each account may put in within 24 hours (no limit)"},
    {"--quota-files", "N", "files and folders, likewise (100000)"},
    {"--max-incomplete", "SIZE", "bytes of all files that have not come completely (no limit)"},
    {"--keep-free", "SIZE", "bytes that stay free on each disk (250M, of small ones 5 %)"},
    {"--members", "on|off", "let people see, write and send files to each other (off)"},
    {"--log-file", "F", "write the log to F instead of standard error"},
    {"--log-rotate", "SIZE:COUNT", "start a new log file at SIZE, keep COUNT files (10M:5)"},
    {"--config", "FILE",
     "read more options from FILE: \"name = value\", a line each, as in\n"
     "\"share = Photos=/srv/photos\"; SIGHUP reads it again"},
    {"--history", "on|off", "record who downloaded and put in what; see \"ferryd history\"\n(off)"},
    {"-h, --help", "", "print this"},
    {"-v, --version", "", "print the version"},
};

constexpr Option recordsOptions[] = {
    {"--data-dir", "D", nullptr},
    {"-h, --help", "", nullptr},
};

// --- The windows ---

constexpr Option clientOptions[] = {
    {"--classic", "", "the unencrypted protocol of telnet users"},
    {"--data-dir", "DIR", "where settings are kept (also: FERRY_DATA_DIR)"},
    {"--help", "", "this text"},
    {"--version", "", "the version"},
    {"-h, --help", "", nullptr},
    {"-v, --version", "", nullptr},
};

constexpr Option serverWindowOptions[] = {
    {"-h, --help", "", "Displays help on commandline options."},
    {"-v, --version", "", "Displays version information."},
    {"--data-dir", "<DIR>", "Keep settings and password in this folder."},
    {"--share", "<[NAME=]DIR>",
     "Put a folder (or a single file) on the list; may be given\nmore than once."},
    {"--port", "<N>",
     "Let others connect at this port. Default: 7420; 0 picks\n"
     "a free one."},
    {"--classic-port", "<N>",
     "The same for telnet, which is not encrypted. Default:\n"
     "7421."},
    {"--minimised", "", "Open the window minimised, and start the server."},
};

} // namespace

const Command ferryTop{R"(Usage: ferry COMMAND …

Fetches files from a Ferry server, and sends files there: encrypted, and verified by checksum.

Commands:
  get        fetch files and folders ("ferry get --help" says more)
  put        send files and folders ("ferry put --help" says more)
  ls         list a folder ("ferry ls --help" says more)
  who        list who is connected
  tell       send a message ("ferry tell --help" says more)
  listen     print messages as they come ("ferry listen --help" says more)
  give       hand files to one person ("ferry give --help" says more)
  queue      list, run or change a saved queue ("ferry queue --help" says more)
  known      list the servers whose fingerprint is saved
  forget     remove a saved fingerprint ("ferry forget --help" says more)

Options:
)",
                       13,
                       {ferryOptions},
                       {}};

const Command ferryGet{R"(Usage: ferry get [OPTION]… [USER@]HOST[:PORT] PATH…

Downloads each PATH and saves it under the last part of its name; a folder comes with everything
in it. *, ? and [ ] in a PATH (quoted, "/Photos/*.jpg") match names as in a shell; a name that
contains these characters is matched literally first.
For each file, "NAME has been saved." or "File PATH not found on server" is printed on standard
output; everything else goes to standard error.

)",
                       23,
                       {getOptions, serverOptions, classicOptions, endOfOptions},
                       {serverRemark, R"(
Exit: 0 all done and verified, 2 usage, 3 nothing found at a remote path, 4 some failed or were
left out, some were not, 6 host not resolved, 7 cannot connect, 8 protocol violation, 9 local disk
full, write error, or standard output closed, 13 target exists, 18 cut short, 28 timed out, 32
checksum mismatch, 36 cannot resume because the file changed, 60 server not trusted, 67 wrong
password, 129/130/142/143/152/154/155/158 interrupted by a signal; the rest is saved, and
"ferry queue run" fetches it; 141 nobody reads standard output any more.
If all files fail for different reasons, the exit code is that of the first PATH.
The classic protocol has no checksums: its files are complete, but not verified.
)"}};

const Command ferryPut{R"(Usage: ferry put [OPTION]… [USER@]HOST[:PORT] FILE…

Sends each FILE to a server whose operator lets others put files in; a folder goes with everything
in it, empty folders too. Nothing there is replaced: where the name is taken, the file gets a number.
For each file, "NAME has been sent." or "NAME has been sent as NAME (1)." is printed on standard
output once the server has all of it, verified and under its name; everything else goes to standard
error.

)",
                       23,
                       {putOptions, serverOptions, putOutput, endOfOptions},
                       {serverRemark, R"(
Exit: 0 all sent and verified, 2 usage, 4 some failed or were left out, some were not, 14 the server
takes nothing there, 15 a limit of the server: size, quota, or a full disk; otherwise as "ferry get".
What is interrupted is in the saved queue, and "ferry queue run" continues it; so does the same
command. The server keeps what it has for a day.
)"}};

const Command ferryLs{R"(Usage: ferry ls [OPTION]… [USER@]HOST[:PORT] [PATH]…

Lists the contents of each folder PATH, or all shares, sorted, one path per line; folders end
in "/".

)",
                      23,
                      {lsOptions, serverOptions, lsJson, endOfOptions},
                      {serverRemark, R"(
Exit: as "ferry get"; 4 also if the server left something out, which standard error names.
)"}};

const Command ferryQueue{R"(Usage: ferry queue [list|retry|clear] [OPTION]…
       ferry queue run [OPTION]… [[USER@]HOST[:PORT]]
       ferry queue add [OPTION]… [USER@]HOST[:PORT] PATH…
       ferry queue move [OPTION]… OLD NEW

The saved queue: what an interrupted "ferry get" or "ferry put" left, and what was added to it.

  list                 print state, size and name of each file (the default)
  run                  download and send what is waiting; if that is of several servers, say
                       which one. The queue is saved all the time, so it can be run
                       again however the program ended; partial files are resumed
  add                  add each PATH, as "ferry get" would download it; with -t, as "ferry put"
                       would send it
  retry                queue what failed again
  move                 what is not done yet is for NEW instead of OLD, both
                       [USER@]HOST[:PORT]: the server has a new address
  clear                remove what has ended; with --all everything

)",
                         23,
                         {queueOptions, serverOptions, queueJson, endOfOptions},
                         {serverRemark, R"(
Exit: as "ferry get"; 2 also if another program is using the queue.
)"}};

const Command ferryKnown{R"(Usage: ferry known [OPTION]…

Lists the servers that you trusted at the first connection, with their fingerprints.

)",
                         23,
                         {knownOptions, knownJson},
                         {}};

const Command ferryForget{R"(Usage: ferry forget [OPTION]… HOST[:PORT]…

Removes the saved fingerprint of each server; you are asked again at the next connection. Without a
port, all servers at HOST are forgotten.

)",
                          23,
                          {knownOptions},
                          {R"(
Exit: 0 done, 2 usage, 3 nothing is saved of a server, 9 the file cannot be read or written, or
standard output is closed or cannot be written.
)"}};

const Command ferryWho{R"(Usage: ferry who [OPTION]… [USER@]HOST[:PORT]

Lists who is connected: number, program, since when, account and address, name. You have a "*". The
others are listed if the operator lets members write to each other.

)",
                       23,
                       {whoOptions, serverOptions, whoJson, endOfOptions},
                       {serverRemark, R"(
Exit: as "ferry get"; 14 the server takes no messages.
)"}};

const Command ferryTell{R"(Usage: ferry tell [OPTION]… [USER@]HOST[:PORT] [TEXT]…

Sends TEXT, or without it standard input, as one message of at most 2,000 bytes.

)",
                        23,
                        {tellOptions, serverOptions, tellJson, endOfOptions},
                        {serverRemark, R"(
Exit: as "ferry get"; 3 nobody of that number is there, or members may not write to each other, 14
the server takes no messages, 15 too many messages in a short time.
)"}};

const Command ferryListen{R"(Usage: ferry listen [OPTION]… [USER@]HOST[:PORT]

Prints messages as they come, one per line: when, from whom (operator, server, or the number of a
session), and what; line ends and control characters in it are shown as \x0A. When the connection
is lost, it is made again: no message is missed then, and none comes twice. Ends with Ctrl+C.

)",
                          23,
                          {listenOptions, serverOptions, putOutput, endOfOptions},
                          {serverRemark, R"(
Exit: as "ferry get"; 14 the server takes no messages.
)"}};

const Command ferryGive{R"(Usage: ferry give --to N [OPTION]… [USER@]HOST[:PORT] FILE…

Hands each FILE to one person. The server keeps it for a day, until that person has taken or
declined it. For each file, "NAME has been sent." is printed on standard output.

)",
                        23,
                        {giveOptions, serverOptions, putOutput, endOfOptions},
                        {serverRemark, R"(
Exit: as "ferry put"; 3 nobody of that number is there, 14 the server hands no files from one person
to another. What is interrupted is not in the saved queue; the same command continues it.
)"}};

const Command ferryd{R"(usage: ferryd --share [NAME=]DIR ... [options]
       ferryd account | ban | history ... (--help says more)
Hands files to people on your network.

)",
                     32,
                     {ferrydOptions},
                     {R"(
The password comes from --password-file, else from the variable FERRY_PASSWORD, else
from the data folder, where one is generated at the first start and shown once.

Exit: 0 ended by a signal, 1 a command failed, or standard output is closed or cannot be
written, 2 usage, or the server cannot start with it, 98 an address or port cannot be listened on,
129/130/142/143/152/154/155/158 a second signal ended it at once, 141 nobody reads standard output any more.
)"}};

const Command ferrydAccount{
    "usage: ferryd account list | add NAME | remove NAME [--data-dir D]\n"
    "Accounts that can log in besides \"ferry\". The password for \"add\" is read from standard\n"
    "input (line ends are ignored), or asked for at the terminal.\n",
    0,
    {recordsOptions},
    {}};

const Command ferrydBan{
    "usage: ferryd ban list | add ADDR | remove ADDR [--data-dir D]\n"
    "Blocked addresses. A running server disconnects them within a second. An IPv6 address\n"
    "stands for its whole /64 network.\n",
    0,
    {recordsOptions},
    {}};

const Command ferrydHistory{
    "usage: ferryd history [WORD ...] [--data-dir D]\n"
    "Who downloaded or put in what, when, and whether it was verified, as CSV on standard output,\n"
    "oldest first. With WORDs, only lines that contain all of them. A server records its history\n"
    "with --history on.\n",
    0,
    {recordsOptions},
    {}};

const Command ferryClient{
    R"(Usage: ferry-client [--classic] [--data-dir DIR] [--help] [--version] [HOST [PATH…]]

Opens the Ferry client window.

  HOST            server to fill in: host, host:port or [IPv6]:port, with user@ before it,
                  or an invitation (ferry://…)
  PATH            file or folder on the server to put into the queue, e.g. /Photos/a.raw
)",
    18,
    {clientOptions},
    {R"(
FERRY_PASSWORD in the environment is filled in as the password.
)"}};

const Command ferryServer{R"(Usage: ferry-server [options]
Hands files to people on your network.

Options:
)",
                          24,
                          {serverWindowOptions},
                          {}};

namespace {

const NamedCommand namedCommands[] = {
    {"ferry", "", ferryTop, ""},
    {"ferry", "get", ferryGet, ""},
    {"ferry", "put", ferryPut, ""},
    {"ferry", "ls", ferryLs, ""},
    {"ferry", "queue", ferryQueue, "list|run|add|retry|clear|move"},
    {"ferry", "known", ferryKnown, ""},
    {"ferry", "forget", ferryForget, ""},
    {"ferry", "who", ferryWho, ""},
    {"ferry", "tell", ferryTell, ""},
    {"ferry", "listen", ferryListen, ""},
    {"ferry", "give", ferryGive, ""},
    {"ferryd", "", ferryd, ""},
    {"ferryd", "account", ferrydAccount, "list|add|remove"},
    {"ferryd", "ban", ferrydBan, "list|add|remove"},
    {"ferryd", "history", ferrydHistory, ""},
    {"ferry-client", "", ferryClient, ""},
    {"ferry-server", "", ferryServer, ""},
};

} // namespace

std::span<const NamedCommand> all()
{
    return namedCommands;
}

} // namespace ferry::commands
