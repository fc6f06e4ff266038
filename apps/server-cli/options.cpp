// SPDX-License-Identifier: MIT
#include "server-cli/options.h"

#include "common/options.h"
#include "net/base/bytesize.h"
#include "net/base/displaytext.h"
#include "net/base/ipaddresstext.h"
#include "server-cli/configfile.h"
#include "server-cli/hiddenfolder.h"

#include <utility>

namespace ferry::servercli {

namespace {

Error invalid(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

Result<> checkWords(const ParsedLine &line)
{
    if (line.fault())
        return invalid(line.fault()->text());
    if (!line.operands().isEmpty())
        return invalid(
            QStringLiteral("unexpected argument: %1").arg(displayText(line.operands().first())));
    return {};
}

/// What others may do there is said by the option.
Result<> takeShares(const ParsedLine &line, Options &options)
{
    using extended::Access;
    constexpr std::pair<const char *, Access> kinds[] = {
        {"--share", Access::Read}, {"--share-add", Access::Add}, {"--inbox", Access::Inbox}};
    for (const auto &[name, access] : kinds) {
        for (const QByteArray &value : line.values(name)) {
            // Nothing absolute is behind a name without its `=`.
            const QString help = hiddenFolderHelp(
                value.startsWith('/') ? value : value.sliced(value.indexOf('=') + 1),
                access != Access::Read);
            if (!help.isEmpty())
                return invalid(help);
            auto share = server::parseShare(value, access);
            if (!share)
                return share.error();
            options.shares.append(share.take());
        }
    }
    return {};
}

/// The encrypted and the classic door.
Result<> takeDoors(const ParsedLine &line, Options &options)
{
    if (const auto value = line.value("--listen")) {
        const auto endpoint = parseEndpoint(*value, options.tlsAddress);
        if (!endpoint)
            return endpoint.error();
        options.tlsAddress = endpoint.value().address;
        options.tlsPort = endpoint.value().port;
    }
    const QByteArray classic = line.value("--classic").value_or(QByteArray());
    options.classic = classic != "off";
    if (options.classic && !classic.isEmpty()) {
        const auto endpoint = parseEndpoint(classic, options.classicAddress);
        if (!endpoint)
            return endpoint.error();
        options.classicAddress = endpoint.value().address;
        options.classicPort = endpoint.value().port;
    }
    return {};
}

Result<> takeLimits(const ParsedLine &line, Options &options)
{
    if (const auto value = line.value("--max-sessions")) {
        options.maxSessions = wholeNumber(*value);
        if (options.maxSessions.value_or(0) < 1)
            return invalid(QStringLiteral("--max-sessions takes a number from 1 on"));
    }
    if (const auto value = line.value("--limit-rate")) {
        const auto rate = parseByteSize(*value);
        if (!rate)
            return invalid(
                QStringLiteral("--limit-rate takes bytes per second, such as 500k or 10M"));
        options.rateLimit = *rate;
    }
    return {};
}

/// How much others may put in.
Result<> takeUploadLimits(const ParsedLine &line, Options &options)
{
    qint64 reserve = -1;
    const std::pair<const char *, qint64 *> sizes[] = {
        {"--max-file-size", &options.uploads.fileBytes},
        {"--quota", &options.uploads.accountBytes},
        {"--max-incomplete", &options.uploads.stagedBytes},
        {"--keep-free", &reserve}};
    for (const auto &[name, limit] : sizes) {
        const auto value = line.value(name);
        if (!value)
            continue;
        const auto size = *value == "0" ? 0 : parseByteSize(*value);
        if (!size)
            return invalid(QStringLiteral("%1 takes a size, such as 500M or 2G; 0 means no limit")
                               .arg(QLatin1StringView(name)));
        *limit = *size;
    }
    if (reserve >= 0)
        options.uploads.diskReserve = reserve;
    if (const auto value = line.value("--quota-files")) {
        const auto files = wholeNumber(*value);
        if (!files)
            return invalid(QStringLiteral("--quota-files takes a number; 0 means no limit"));
        options.uploads.accountFiles = *files;
    }
    return {};
}

Result<> takeFiles(const ParsedLine &line, Options &options)
{
    options.passwordFile = line.value("--password-file").value_or(QByteArray());
    options.classicPasswordFile = line.value("--classic-password-file").value_or(QByteArray());
    options.dataFolder = line.value("--data-dir").value_or(QByteArray());
    options.configFile = line.value("--config").value_or(QByteArray());
    return {};
}

Result<> takeSwitch(const ParsedLine &line, const char *name, bool &into)
{
    const auto value = line.value(name);
    if (!value)
        return {};
    if (value != "on" && value != "off")
        return invalid(QStringLiteral("%1 takes on or off").arg(QLatin1StringView(name)));
    into = value == "on";
    return {};
}

Result<> takeRecords(const ParsedLine &line, Options &options)
{
    options.logFile = line.value("--log-file").value_or(QByteArray());
    if (const auto value = line.value("--log-rotate")) {
        const qsizetype colon = value->indexOf(':');
        const auto bytes = parseByteSize(value->first(qMax<qsizetype>(colon, 0)));
        const int files = wholeNumber(value->sliced(colon + 1)).value_or(0);
        if (!bytes || files < 1 || files > 1000)
            return invalid(QStringLiteral("--log-rotate takes SIZE:COUNT, such as 10M:5"));
        options.logFileBytes = *bytes;
        options.logFiles = files;
    }
    return takeSwitch(line, "--history", options.history);
}

Result<> takePeople(const ParsedLine &line, Options &options)
{
    return takeSwitch(line, "--members", options.members);
}

Result<> takeAll(const ParsedLine &line, Options &options)
{
    for (const auto take : {takeShares, takeFiles, takeDoors, takeLimits, takeUploadLimits,
                            takePeople, takeRecords}) {
        if (auto taken = take(line, options); !taken)
            return taken;
    }
    return {};
}

/// The options in the file that `line` names, none if it names none.
Result<QByteArrayList> configuredBy(const ParsedLine &line)
{
    const auto file = line.value("--config");
    if (!file)
        return QByteArrayList();
    return readConfigFile(*file, commands::ferryd, [](const QByteArray &word) {
        Options alone;
        return takeAll(ParsedLine(commands::ferryd, {word}), alone);
    });
}

} // namespace

Result<Options> parseOptions(const QByteArrayList &arguments)
{
    const ParsedLine line(commands::ferryd, arguments);
    if (auto checked = checkWords(line); !checked)
        return checked.error();
    Options options;
    options.help = line.has("--help");
    options.version = line.has("--version");
    if (options.help || options.version)
        return options;
    const auto configured = configuredBy(line);
    if (!configured)
        return configured.error();
    // What the command line says comes later, and counts.
    if (auto taken = takeAll(ParsedLine(commands::ferryd, configured.value() + arguments), options);
        !taken)
        return taken.error();
    if (options.shares.isEmpty())
        return invalid(
            options.configFile.isEmpty()
                ? QStringLiteral(
                      "nothing is shared: give at least one --share, --share-add or --inbox")
                : QStringLiteral("nothing is shared: write at least one \"share = FOLDER\" "
                                 "into %1")
                      .arg(displayText(options.configFile)));
    return options;
}

Result<Endpoint> parseEndpoint(const QByteArray &text, const QHostAddress &usual)
{
    const Error wrong = invalid(QStringLiteral("not an ADDR:PORT: %1").arg(displayText(text)));
    const qsizetype colon = text.lastIndexOf(':');
    const std::optional<int> port = wholeNumber(text.sliced(colon + 1));
    if (!port || *port > 65535)
        return wrong;
    Endpoint endpoint{usual, quint16(*port)};
    QByteArray host = text.first(qMax<qsizetype>(colon, 0));
    if (host == "*")
        endpoint.address = QHostAddress::Any;
    if (host.isEmpty() || host == "*")
        return endpoint;

    const bool bracketed = host.startsWith('[') && host.endsWith(']');
    if (bracketed)
        host = host.sliced(1, host.size() - 2);
    // Without brackets nobody could tell where an IPv6 address ends; in them nothing else stands.
    const auto address = parseIpAddress(QString::fromUtf8(host), Scope::Allowed);
    if (!address)
        return invalid(wrong.text + QStringLiteral(". ") + address.error().text);
    endpoint.address = address.value();
    if (bracketed != (endpoint.address.protocol() == QAbstractSocket::IPv6Protocol))
        return wrong;
    return endpoint;
}

QHostAddress addressToBind(const QHostAddress &given)
{
    return given == QHostAddress(QHostAddress::AnyIPv6) ? QHostAddress(QHostAddress::Any) : given;
}

} // namespace ferry::servercli
