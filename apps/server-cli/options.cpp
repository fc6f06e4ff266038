// SPDX-License-Identifier: MIT
#include "server-cli/options.h"

#include "net/base/bytesize.h"
#include "net/base/displaytext.h"

namespace ferry::servercli {

namespace {

Error invalid(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

Result<> setShare(Options &options, const QByteArray &value)
{
    auto share = server::parseShare(value);
    if (!share)
        return share.error();
    options.shares.append(share.take());
    return {};
}

Result<> setListen(Options &options, const QByteArray &value)
{
    const auto endpoint = parseEndpoint(value);
    if (!endpoint)
        return endpoint.error();
    options.tlsAddress = endpoint.value().address;
    options.tlsPort = endpoint.value().port;
    return {};
}

Result<> setClassicPasswordFile(Options &options, const QByteArray &value)
{
    options.classicPasswordFile = value;
    return {};
}

Result<> setClassic(Options &options, const QByteArray &value)
{
    options.classic = value != "off";
    if (!options.classic)
        return {};
    const auto endpoint = parseEndpoint(value);
    if (!endpoint)
        return endpoint.error();
    options.classicAddress = endpoint.value().address;
    options.classicPort = endpoint.value().port;
    return {};
}

Result<> setPasswordFile(Options &options, const QByteArray &value)
{
    options.passwordFile = value;
    return {};
}

Result<> setDataFolder(Options &options, const QByteArray &value)
{
    options.dataFolder = value;
    return {};
}

Result<> setMaxSessions(Options &options, const QByteArray &value)
{
    bool isNumber = false;
    const int number = value.toInt(&isNumber);
    if (!isNumber || number < 1)
        return invalid(QStringLiteral("--max-sessions takes a number from 1 on"));
    options.maxSessions = number;
    return {};
}

Result<> setLimitRate(Options &options, const QByteArray &value)
{
    const auto rate = parseByteSize(value);
    if (!rate)
        return invalid(QStringLiteral("--limit-rate takes bytes per second, such as 500k or 10M"));
    options.rateLimit = *rate;
    return {};
}

Result<> setLogFile(Options &options, const QByteArray &value)
{
    options.logFile = value;
    return {};
}

Result<> setLogRotate(Options &options, const QByteArray &value)
{
    const qsizetype colon = value.indexOf(':');
    const auto bytes = parseByteSize(value.first(qMax<qsizetype>(colon, 0)));
    bool isNumber = false;
    const int files = value.sliced(colon + 1).toInt(&isNumber);
    if (!bytes || !isNumber || files < 1 || files > 1000)
        return invalid(QStringLiteral("--log-rotate takes SIZE:COUNT, such as 10M:5"));
    options.logFileBytes = *bytes;
    options.logFiles = files;
    return {};
}

Result<> setHistory(Options &options, const QByteArray &value)
{
    if (value != "on" && value != "off")
        return invalid(QStringLiteral("--history takes on or off"));
    options.history = value == "on";
    return {};
}

struct Option
{
    const char *name;
    const char *value;
    const char *help;
    Result<> (*set)(Options &options, const QByteArray &value);
};

constexpr Option table[] = {
    {"--share", "[NAME=]DIR", "share the folder DIR as /NAME; may be repeated", setShare},
    {"--listen", "ADDR:PORT", "the encrypted door (all interfaces, port 7420)", setListen},
    {"--classic", "ADDR:PORT|off", "the unencrypted door (127.0.0.1:7421)", setClassic},
    {"--password-file", "F", "take the password from the file F", setPasswordFile},
    {"--classic-password-file", "F", "the unencrypted door has a password of its own",
     setClassicPasswordFile},
    {"--data-dir", "D", "keep what must be remembered in D", setDataFolder},
    {"--max-sessions", "N", "clients at once (256)", setMaxSessions},
    {"--limit-rate", "RATE", "bytes per second, all clients together; 500k, 10M", setLimitRate},
    {"--log-file", "F", "write the log to F instead of standard error", setLogFile},
    {"--log-rotate", "SIZE:COUNT", "begin a new log file at SIZE, keep COUNT (10M:5)",
     setLogRotate},
    {"--history", "on|off", "remember who fetched what; see ferryd history (off)", setHistory},
};

const Option *find(QByteArrayView name)
{
    for (const Option &option : table) {
        if (name == QByteArrayView(option.name))
            return &option;
    }
    return nullptr;
}

} // namespace

Result<Options> parseOptions(const QByteArrayList &arguments)
{
    Options options;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QByteArray &argument = arguments.at(i);
        if (argument == "--help" || argument == "-h") {
            options.help = true;
            return options;
        }
        if (argument == "--version" || argument == "-v") {
            options.version = true;
            return options;
        }
        // Both `--option value` and `--option=value`.
        const qsizetype equals = argument.indexOf('=');
        const QByteArray name = equals < 0 ? argument : argument.first(equals);
        const Option *const option = find(name);
        if (!option)
            return invalid(QStringLiteral("unknown option: %1").arg(displayText(name)));
        if (equals < 0 && i + 1 == arguments.size())
            return invalid(QStringLiteral("%1 needs a value: %2")
                               .arg(displayText(name), QLatin1StringView(option->value)));
        const QByteArray value = equals < 0 ? arguments.at(++i) : argument.sliced(equals + 1);
        if (value.isEmpty())
            return invalid(QStringLiteral("%1 needs a value: %2")
                               .arg(displayText(name), QLatin1StringView(option->value)));
        if (auto done = option->set(options, value); !done)
            return done.error();
    }
    if (options.shares.isEmpty())
        return invalid(QStringLiteral("nothing is shared: give at least one --share"));
    return options;
}

Result<Endpoint> parseEndpoint(const QByteArray &text)
{
    const auto wrong = [&text] {
        return invalid(QStringLiteral("not an ADDR:PORT: %1").arg(displayText(text)));
    };
    const qsizetype colon = text.lastIndexOf(':');
    if (colon < 0)
        return wrong();
    QByteArray host = text.first(colon);
    const bool bracketed = host.startsWith('[') && host.endsWith(']');
    if (bracketed)
        host = host.sliced(1, host.size() - 2);

    Endpoint endpoint;
    // Without brackets nobody could tell where an IPv6 address ends; in them nothing else stands.
    if (!endpoint.address.setAddress(QString::fromUtf8(host)) ||
        bracketed != (endpoint.address.protocol() == QAbstractSocket::IPv6Protocol))
        return wrong();
    bool isNumber = false;
    endpoint.port = text.sliced(colon + 1).toUShort(&isNumber);
    if (!isNumber)
        return wrong();
    return endpoint;
}

QByteArray endpointText(const QHostAddress &address, quint16 port)
{
    const QByteArray host = address.toString().toUtf8();
    const bool bracketed = address.protocol() == QAbstractSocket::IPv6Protocol;
    return (bracketed ? '[' + host + ']' : host) + ':' + QByteArray::number(port);
}

QByteArray usage()
{
    QByteArray text = "usage: ferryd --share [NAME=]DIR ... [options]\n"
                      "       ferryd account | ban | history ... (--help says more)\n"
                      "Hands files to people on your network.\n\n";
    for (const Option &option : table) {
        const QByteArray left = QByteArray("  ") + option.name + ' ' + option.value;
        text += left.leftJustified(32) + option.help + '\n';
    }
    text += QByteArray("  -h, --help").leftJustified(32) + "print this\n";
    text += QByteArray("  -v, --version").leftJustified(32) + "print the version\n";
    text +=
        "\nThe password comes from --password-file, else from the variable FERRY_PASSWORD, else\n"
        "from the data folder, where one is made at the first start and shown once.\n";
    return text;
}

} // namespace ferry::servercli
