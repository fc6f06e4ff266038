// SPDX-License-Identifier: MIT
#include "client-cli/arguments.h"
#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/getcommand.h"
#include "client-cli/jsonreport.h"
#include "client-cli/lscommand.h"
#include "client-cli/password.h"
#include "client-cli/savedqueue.h"
#include "client-cli/textreport.h"
#include "client/disk/targetfolder.h"
#include "common/plurals.h"
#include "common/programstart.h"
#include "common/terminationsignals.h"

#include <QCoreApplication>

#include <memory>

using namespace ferry;
using namespace ferry::client;

namespace {

int print(const QByteArray &text)
{
    StandardOutput output;
    output.write(text);
    return endOutput(output, exitcode::success);
}

int wrongUse(const QString &text)
{
    complain(text);
    return exitcode::usage;
}

int get(const Arguments &wanted)
{
    Arguments arguments = wanted;
    if (arguments.command == Arguments::Command::Queue) {
        const Result<Arguments> complete = withServerOfQueue(arguments);
        if (!complete) {
            complain(complete.error().text);
            return complete.error().code == ErrorCode::NotFound
                       ? exitcode::success
                       : exitCodeFor(complete.error().code);
        }
        arguments = complete.value();
    }

    if (arguments.command == Arguments::Command::Get) {
        if (const auto made = makeTargetFolder(arguments.folder); !made) {
            complain(made.error().text);
            return exitCodeFor(made.error().code);
        }
    }
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    const Result<QByteArray> password = readPassword(arguments);
    if (TerminationSignals::first() != 0)
        return TerminationSignals::exitBase + TerminationSignals::first();
    if (!password)
        return wrongUse(password.error().text);

    std::unique_ptr<Report> report;
    if (arguments.json)
        report = std::make_unique<JsonReport>();
    else
        report = std::make_unique<TextReport>(arguments.quiet);
    GetCommand command(arguments, *report);
    // Queued, because the end may come before the loop has begun.
    QObject::connect(&command, &GetCommand::finished, qApp, &QCoreApplication::exit,
                     Qt::QueuedConnection);
    QObject::connect(&signals, &TerminationSignals::received, &command, &GetCommand::interrupt);
    command.start(password.value());
    return QCoreApplication::exec();
}

/// Blocks: outside of the questions at the terminal a signal may simply end the program.
int list(const Arguments &arguments)
{
    const Result<QByteArray> password = [&] {
        const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
        return readPassword(arguments);
    }();
    if (TerminationSignals::first() != 0)
        return TerminationSignals::exitBase + TerminationSignals::first();
    if (!password)
        return wrongUse(password.error().text);
    return runLs(arguments, password.value());
}

} // namespace

int main(int argc, char **argv)
{
    ferry::prepareProgram();

    // Qt sees no arguments: they are bytes, and Qt's own options are none of ours.
    int noArguments = 1;
    const QCoreApplication application(noArguments, argv);
    ferry::loadPlurals();

    const Result<Arguments> arguments =
        parseArguments(argc > 1 ? QByteArrayList(argv + 1, argv + argc) : QByteArrayList());
    if (!arguments)
        return wrongUse(arguments.error().text + QStringLiteral("\nTry \"ferry --help\"."));
    switch (arguments.value().command) {
    case Arguments::Command::Print:
        return print(arguments.value().text);
    case Arguments::Command::Queue:
        return arguments.value().queueWork == Arguments::QueueWork::Run
                   ? get(arguments.value())
                   : runQueueCommand(arguments.value());
    case Arguments::Command::Ls:
        return list(arguments.value());
    case Arguments::Command::Get:
        return get(arguments.value());
    }
    return exitcode::usage;
}
