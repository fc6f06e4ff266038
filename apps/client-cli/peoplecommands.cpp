// SPDX-License-Identifier: MIT
#include "client-cli/peoplecommands.h"

#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/firstconnection.h"
#include "client-cli/jsonline.h"
#include "client-cli/notetext.h"
#include "client/people/peoplerequests.h"
#include "net/base/guarded.h"
#include "wire/extended/party.h"
#include "wire/limits.h"

#include <QFile>

#include <memory>

#include <cstdio>

namespace ferry::client {

namespace {

int failed(const Error &error)
{
    complain(error.text);
    return exitCodeFor(error.code);
}

/// Does one thing over a connection of its own.
template <typename Work>
int overConnection(Arguments &arguments, Work &&work)
{
    const auto log = std::make_shared<LogQueue>();
    log->keepWarningsOnly();
    const auto connected =
        connectFirst(arguments, log, std::make_shared<sasl::SaltedPasswords>(), complain);
    if (!connected) {
        if (connected.error().code != ErrorCode::Cancelled)
            complain(connected.error().text);
        return exitCodeOfFirst(connected.error());
    }
    ExtendedConversation &conversation = connected.value()->conversation();
    PeopleRequests requests(conversation);
    const Result<> done = guarded([&] { return work(requests); });
    if (requests.isOpen())
        conversation.quit();
    return done ? exitcode::success : failed(done.error());
}

/// All of standard input, without the end of its last line. Invalid: it is no message.
Result<QByteArray> readMessage()
{
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return Error{ErrorCode::LocalFile, input.errorString()};
    QByteArray text;
    while (text.size() <= limits::messageBytes + 2) {
        const QByteArray piece = input.read(limits::messageBytes + 3 - text.size());
        if (piece.isEmpty())
            break;
        text += piece;
    }
    if (input.error() != QFile::NoError)
        return Error{ErrorCode::LocalFile, input.errorString()};
    if (text.endsWith('\n'))
        text.chop(text.endsWith("\r\n") ? 2 : 1);
    if (const auto checked = checkMessage(text); !checked)
        return checked.error();
    return text;
}

} // namespace

int runWho(Arguments arguments)
{
    StandardOutput output;
    const int code = overConnection(arguments, [&](PeopleRequests &requests) -> Result<> {
        const auto people = requests.who();
        if (!people)
            return people.error();
        for (const extended::Person &person : people.value())
            output.write(arguments.json ? jsonLine(QStringLiteral("person"), personFields(person))
                                        : personText(person).toLocal8Bit() + '\n');
        return {};
    });
    return endOutput(output, code);
}

int runTell(Arguments arguments)
{
    StandardOutput output;
    const int code = overConnection(arguments, [&](PeopleRequests &requests) -> Result<> {
        const auto told = requests.tell(arguments.to, arguments.message);
        if (!told)
            return told.error();
        if (told.value().later)
            return Error{ErrorCode::OverLimit,
                         QStringLiteral("That was one message too many. The next one may be sent "
                                        "in %1 s.")
                             .arg(*told.value().later)};
        if (arguments.json)
            output.write(jsonLine(QStringLiteral("told"),
                                  {{QStringLiteral("id"), QString::number(told.value().id)}}));
        return {};
    });
    return endOutput(output, code);
}

std::optional<int> takeMessage(Arguments &arguments)
{
    if (!arguments.message.isEmpty())
        return {};
    const auto message = readMessage();
    if (!message)
        return failed(message.error());
    arguments.message = message.value();
    return {};
}

} // namespace ferry::client
