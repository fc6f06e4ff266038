// SPDX-License-Identifier: MIT
#include "common/options.h"

namespace ferry::commands {

namespace {

// --- ferry
// ----------------------------------------------------------------------------------------

constexpr Option ferryOptions[] = {
    {"--help", "", "this text"},
    {"--version", "", "the version"},
    {"-h", "", nullptr},
};

constexpr Option getOptions[] = {
    {"--help, -h", "", nullptr},
    {"-d", "DIR", "save in DIR instead of the current folder"},
    {"-c", "", "continue partial files that an earlier try left"},
    {"-j", "N",
     "at most N large files and connections at once (3); small\n"
     "files share one (classic: always one after another)"},
    {"--limit-rate", "RATE", "at most so many bytes per second: 500k, 10M"},
    {"--retries", "N",
     "try a file again up to N times (0) that failed for a reason\n"
     "that may pass, after 1, 2, 4, 8, 16 s"},
    {"--existing", "WHAT",
     "a file of that name is there already: fail (exit 13),\n"
     "overwrite, newer (overwrite an older one), size (overwrite\n"
     "one of another size), resume (fetch only what differs),\n"
     "rename (\"name (1).ext\") or skip; with newer, size and resume,\n"
     "and with -c, the same content is skipped"},
};

constexpr Option lsOptions[] = {
    {"--help, -h", "", nullptr},
    {"-l", "", "kind, size in bytes and modification time before each path"},
    {"-R", "", "and everything below"},
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
    {"--classic", "", ""},
    {"--allow-unencrypted", "", ""},
    {"--quiet", "", "as in \"ferry get\""},
    {"-q, --quiet", "", nullptr},
    {"--limit-rate", "RATE", "as there"},
    {"--retries", "N", "as there (5)"},
};

constexpr Option serverOptions[] = {
    {"--pin", "sha256:HEX", "trust the server with this fingerprint and no other"},
    {"--trust-new", "", "trust a server that is met for the first time, and remember it"},
    {"--data-dir", "DIR",
     "where known servers and the saved queue are kept\n"
     "(~/.local/share/ferry)"},
    {"--password-file", "F", "the password is what F holds, without its last line end"},
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

// --- ferryd
// ---------------------------------------------------------------------------------------

constexpr Option ferrydOptions[] = {
    {"--share", "[NAME=]DIR", "share the folder DIR as /NAME; may be repeated"},
    {"--listen", "ADDR:PORT", "the encrypted door (all interfaces, port 7420)"},
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

// --- The windows
// ----------------------------------------------------------------------------------

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
    {"--share", "<[NAME=]DIR>",
     "Put a folder on the list; may be given more than\n"
     "once."},
    {"--port", "<N>",
     "Let others connect at this port (7420 as a rule); 0\n"
     "takes a free one."},
    {"--classic-port", "<N>",
     "The same for telnet, which is not encrypted (7421 as\n"
     "a rule)."},
};

} // namespace

const Command ferryTop{13, {ferryOptions}};
const Command ferryGet{23, {getOptions, serverOptions, classicOptions, endOfOptions}};
const Command ferryLs{23, {lsOptions, serverOptions, lsJson, endOfOptions}};
const Command ferryQueue{23, {queueOptions, serverOptions, queueJson, endOfOptions}};
const Command ferryd{32, {ferrydOptions}};
const Command ferrydRecords{32, {recordsOptions}};
const Command ferryClient{18, {clientOptions}};
const Command ferryServer{26, {serverWindowOptions}};

} // namespace ferry::commands
