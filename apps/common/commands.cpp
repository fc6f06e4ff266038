// SPDX-License-Identifier: MIT
#include "common/options.h"

namespace ferry::commands {

namespace {

constexpr char serverRemark[] = R"(
Without one of the two options the password is taken from FERRY_PASSWORD, else it is asked
for at the terminal. A first connection to a server is asked about at the terminal; where
there is none, --pin or --trust-new is needed (exit 60).
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
    {"-c", "", "continue partial files that an earlier try left"},
    {"-j", "N",
     "at most N large files and connections at once (3); small\n"
     "files share one (classic: always one after another)"},
    {"--limit-rate", "RATE", "at most so many bytes per second: 500k, 1.5M"},
    {"--retries", "N",
     "try a file again up to N times (0) that failed for a reason\n"
     "that may pass, after 1, 2, 4, 8, 16 s"},
    {"--existing", "WHAT",
     "a file of that name is there already: fail (exit 13),\n"
     "overwrite, newer (overwrite an older one), size (overwrite\n"
     "one of another size), resume (fetch only what differs),\n"
     "rename (\"name (1).ext\") or skip; with newer, size and resume,\n"
     "and with -c, the same content is skipped"},
    {"--executable", "on|off", "a program of the server may be run here, too (on)"},
};

constexpr Option lsOptions[] = {
    {"--help, -h", "", nullptr},
    {"-l", "", "kind, size in bytes and modification time before each path"},
    {"-R", "", "and everything below"},
    {"-0", "", "a NUL byte ends each path instead of a line end"},
    {"--allow-unencrypted", "", nullptr},
    {"--quiet, -q", "", nullptr},
};

constexpr Option queueOptions[] = {
    {"--help, -h", "", nullptr},
    {"--all", "", nullptr}, // told with "clear"
    {"--queue", "FILE", "another queue than the usual one (queue.sqlite in --data-dir)"},
    {"-d", "DIR", ""},
    {"-j", "N", ""},
    {"--existing", "WHAT", ""},
    {"--executable", "on|off", ""},
    {"--classic", "", ""},
    {"--allow-unencrypted", "", ""},
    {"--quiet", "", "as in \"ferry get\""},
    {"-q, --quiet", "", nullptr},
    {"--limit-rate", "RATE", "as there"},
    {"--retries", "N", "as there (5)"},
};

constexpr Option knownOptions[] = {
    {"--help, -h", "", nullptr},
    {"--data-dir", "DIR", "where known servers are kept (~/.local/share/ferry)"},
};

constexpr Option knownJson[] = {{"--json", "", "one JSON object per server and line"}};

constexpr Option serverOptions[] = {
    {"--pin", "sha256:HEX", "trust the server with this fingerprint and no other"},
    {"--trust-new", "", "trust a server at the first connection, and remember it"},
    {"--data-dir", "DIR",
     "where known servers and the saved queue are kept\n"
     "(~/.local/share/ferry)"},
    {"--password-file", "F", "the password is what F holds, without line ends around it"},
    {"--password-stdin", "", "the same for standard input"},
    {"--timeout", "SECONDS",
     "give up when the server says nothing for so long (60; connecting: 10)"},
};

constexpr Option classicOptions[] = {
    {"--classic", "", "speak the unencrypted tutorial dialect (port 7421)"},
    {"--allow-unencrypted", "", "do so with another computer, too"},
    {"--json", "", "one JSON object per event and line on standard output"},
    {"--quiet, -q", "", "no progress and no remarks"},
};

constexpr Option lsJson[] = {{"--json", "", "one JSON object per entry and line"}};
constexpr Option queueJson[] = {{"--json", "", "one JSON object per file or event and line"}};
constexpr Option endOfOptions[] = {{"--", "", "what follows are no options"}};

// --- ferryd ---

constexpr Option ferrydOptions[] = {
    {"--share", "[NAME=]DIR", "share the folder DIR as /NAME; may be repeated"},
    {"--listen", "ADDR:PORT", "the encrypted door (*:7420: all interfaces)"},
    {"--classic", "ADDR:PORT|off", "the unencrypted door (127.0.0.1:7421)"},
    {"--password-file", "F", "take the password from the file F"},
    {"--classic-password-file", "F", "the unencrypted door has a password of its own"},
    {"--data-dir", "D", "keep what must be remembered in D"},
    {"--max-sessions", "N", "clients at once (256)"},
    {"--limit-rate", "RATE", "bytes per second, all clients together; 500k, 10M"},
    {"--log-file", "F", "write the log to F instead of standard error"},
    {"--log-rotate", "SIZE:COUNT", "begin a new log file at SIZE, keep COUNT (10M:5)"},
    {"--history", "on|off", "remember who fetched what; see ferryd history (off)"},
    {"-h, --help", "", "print this"},
    {"-v, --version", "", "print the version"},
};

constexpr Option recordsOptions[] = {
    {"--data-dir", "D", nullptr},
    {"-h, --help", "", nullptr},
};

// --- The windows ---

constexpr Option clientOptions[] = {
    {"--classic", "", "the unencrypted dialect of telnet users"},
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
    {"--share", "<[NAME=]DIR>", "Put a folder on the list; may be given more than once."},
    {"--port", "<N>",
     "Let others connect at this port (7420 as a rule); 0\n"
     "takes a free one."},
    {"--classic-port", "<N>",
     "The same for telnet, which is not encrypted (7421 as a\n"
     "rule)."},
};

} // namespace

const Command ferryTop{R"(Usage: ferry COMMAND …

Fetches files from a Ferry server: encrypted, and verified by checksum.

Commands:
  get        fetch files and folders ("ferry get --help" says more)
  ls         list a folder ("ferry ls --help" says more)
  queue      list, run or change a saved queue ("ferry queue --help" says more)
  known      list the servers whose fingerprint is saved
  forget     remove a saved fingerprint ("ferry forget --help" says more)

Options:
)",
                       13,
                       {ferryOptions},
                       {}};

const Command ferryGet{R"(Usage: ferry get [OPTION]… [USER@]HOST[:PORT] PATH…

Fetches each PATH from the server and saves it under its last part; a folder is fetched whole.
*, ? and [ ] in a PATH (quoted, "/Photos/*.jpg") mean all names that match, unless one is written
just so.
Prints, for each file, "NAME has been saved." or "File PATH not found on server" on standard
output; everything else goes to standard error.

)",
                       23,
                       {getOptions, serverOptions, classicOptions, endOfOptions},
                       {serverRemark, R"(
Exit: 0 all done and verified, 2 usage, 3 nothing found at a remote path, 4 some failed and
some did not, 6 host not resolved, 7 cannot connect, 8 protocol violation, 9 local disk full or
write error, 13 target exists, 18 cut short, 28 timed out, 32 checksum mismatch, 36 cannot
resume because the file changed, 60 server not trusted, 67 wrong password, 129/130/143
interrupted; what was missing then is saved, and "ferry queue run" fetches it; 141 nobody reads
standard output any more.
If all fail, each for another reason, it is the reason of the first PATH.
The classic dialect carries no checksum, so what it fetched is complete but never verified.
)"}};

const Command ferryLs{R"(Usage: ferry ls [OPTION]… [USER@]HOST[:PORT] [PATH]…

Lists what is in each folder PATH, or all shares, one path per line, sorted; folders
end in "/".

)",
                      23,
                      {lsOptions, serverOptions, lsJson, endOfOptions},
                      {serverRemark, R"(
Exit: as "ferry get".
)"}};

const Command ferryQueue{R"(Usage: ferry queue [list|retry|clear] [OPTION]…
       ferry queue run [OPTION]… [[USER@]HOST[:PORT]]
       ferry queue add [OPTION]… [USER@]HOST[:PORT] PATH…
       ferry queue move [OPTION]… OLD NEW

The saved queue: what an interrupted "ferry get" left, and what was added to it.

  list                 print state, size and name of each file (also without a word)
  run                  fetch what waits; where it comes from more than one server, say
                       which. It is kept up to date on the disk, so that it can be run
                       again after any end of the program; partial files are continued
  add                  add each PATH, as "ferry get" would fetch it
  retry                let what failed wait again
  move                 the server OLD has the address NEW now, each [USER@]HOST[:PORT]:
                       what is not done is fetched from there
  clear                forget what has ended; with --all everything

)",
                         23,
                         {queueOptions, serverOptions, queueJson, endOfOptions},
                         {serverRemark, R"(
Exit: as "ferry get"; 2 also if another program works on the queue.
)"}};

const Command ferryKnown{R"(Usage: ferry known [OPTION]…

Lists the servers that were trusted at a first connection, each with its fingerprint.

)",
                         23,
                         {knownOptions, knownJson},
                         {}};

const Command ferryForget{R"(Usage: ferry forget [OPTION]… HOST[:PORT]…

Removes the saved fingerprint of each server, so that the next connection is a first one again;
without a port, those of all servers at HOST.

)",
                          23,
                          {knownOptions},
                          {R"(
Exit: 0 done, 2 usage, 3 nothing is saved of a server, 9 the file cannot be read or written.
)"}};

const Command ferryd{R"(usage: ferryd --share [NAME=]DIR ... [options]
       ferryd account | ban | history ... (--help says more)
Hands files to people on your network.

)",
                     32,
                     {ferrydOptions},
                     {R"(
The password comes from --password-file, else from the variable FERRY_PASSWORD, else
from the data folder, where one is made at the first start and shown once.

Exit: 0 ended by a signal, 1 a command failed, or standard output cannot be written, 2 usage, or
the server cannot start with it, 98 an address or port cannot be listened on, 129/130/143 a
second signal ended it at once, 141 nobody reads standard output any more.
)"}};

const Command ferrydAccount{
    "usage: ferryd account list | add NAME | remove NAME [--data-dir D]\n"
    "Who may log in besides the account \"ferry\". The password of \"add\" is read from\n"
    "standard input, without line ends around it, or asked for at the terminal.\n",
    0,
    {recordsOptions},
    {}};

const Command ferrydBan{
    "usage: ferryd ban list | add ADDR | remove ADDR [--data-dir D]\n"
    "Who is let in no more. A running server ends their sessions within a second. Of IPv6\n"
    "the whole network of 64 bits is meant.\n",
    0,
    {recordsOptions},
    {}};

const Command ferrydHistory{
    "usage: ferryd history [WORD ...] [--data-dir D]\n"
    "Who fetched what, when, and whether it arrived as it was sent: as CSV on standard\n"
    "output, oldest first. Only lines that hold every WORD. A server keeps a history with\n"
    "--history on.\n",
    0,
    {recordsOptions},
    {}};

const Command ferryClient{
    R"(Usage: ferry-client [--classic] [--data-dir DIR] [--help] [--version] [HOST [PATH…]]

Opens the Ferry client window.

  HOST            server to fill in: host, host:port or [IPv6]:port, with user@ before it
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

} // namespace ferry::commands
