// SPDX-License-Identifier: MIT
#include "client-cli/arguments.h"
#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/getcommand.h"
#include "client-cli/jsonreport.h"
#include "client-cli/listencommand.h"
#include "client-cli/listing.h"
#include "client-cli/lscommand.h"
#include "client-cli/password.h"
#include "client-cli/peoplecommands.h"
#include "client-cli/printfolder.h"
#include "client-cli/putcommand.h"
#include "client-cli/savedqueue.h"
#include "client-cli/textreport.h"
#include "client-cli/trust.h"
#include "client/disk/targetfolder.h"
#include "common/plurals.h"
#include "common/programstart.h"
#include "common/terminationsignals.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <memory>
#include <optional>

using namespace ferry;
using namespace ferry::client;

namespace {

int print(const QByteArray &text)
{
    StandardOutput output;
    output.write(text);
    return endOutput(output, exitcode::success);
}

int failed(const Error &error)
{
    complain(error.text);
    return exitCodeFor(error.code);
}

int printFileIn(PrintFolder &folder)
{
    auto taken = folder.takeFile();
    if (!taken)
        return failed(taken.error());
    QFile file;
    if (!file.open(taken.value().get(), QIODevice::ReadOnly))
        return failed({ErrorCode::LocalFile, file.errorString()});
    StandardOutput output;
    QByteArray piece;
    do {
        piece = file.read(1024 * 1024);
        output.write(piece);
    } while (!piece.isEmpty() && output.intact());
    if (file.error() != QFile::NoError)
        return failed({ErrorCode::LocalFile, file.errorString()});
    return endOutput(output, exitcode::success);
}

/// From where it is taken, into the arguments. The exit code if there is none.
std::optional<int> takePassword(Arguments &arguments)
{
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    const Result<QByteArray> password = readPassword(arguments);
    if (TerminationSignals::first() != 0)
        return TerminationSignals::exitBase + TerminationSignals::first();
    if (!password)
        return failed(password.error());
    arguments.config.password = password.value();
    return {};
}

std::unique_ptr<Report> makeReport(const Arguments &arguments)
{
    if (arguments.json)
        return std::make_unique<JsonReport>();
    return std::make_unique<TextReport>(arguments.quiet, arguments.toStandardOutput
                                                             ? TextReport::Data::ToErrors
                                                             : TextReport::Data::ToOutput);
}

int run(const Arguments &arguments, Report &report)
{
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    GetCommand command(arguments, report);
    // Queued, because the end may come before the loop has begun.
    QObject::connect(&command, &GetCommand::finished, qApp, &QCoreApplication::exit,
                     Qt::QueuedConnection);
    QObject::connect(&signals, &TerminationSignals::received, &command, &GetCommand::interrupt);
    command.start();
    return QCoreApplication::exec();
}

/// Of `ferry get` and `ferry queue run`, to their end.
int transfer(Arguments arguments)
{
    const std::unique_ptr<Report> report = makeReport(arguments);
    if (const auto looked = lookUpWildcards(arguments); !looked) {
        if (looked.error().code == ErrorCode::Cancelled)
            return TerminationSignals::exitBase + TerminationSignals::first();
        const int code = exitCodeFor(looked.error().code);
        report->connectionFailed(looked.error());
        report->summary({}, code);
        return endOutput(report->output(), code);
    }
    if (!arguments.toStandardOutput)
        return run(arguments, *report);
    // Nothing is printed before all of it is verified, so it has to be somewhere until then.
    auto folder =
        PrintFolder::makeIn(arguments.folder.isEmpty() ? QDir::tempPath() : arguments.folder);
    if (!folder)
        return failed(folder.error());
    arguments.folder = folder.value().path();
    const int code = run(arguments, *report);
    return code == exitcode::success ? printFileIn(folder.value()) : code;
}

int runQueue(Arguments arguments)
{
    Result<Arguments> complete = withServerOfQueue(arguments);
    if (!complete) {
        const int code = failed(complete.error());
        return complete.error().code == ErrorCode::NotFound ? exitcode::success : code;
    }
    arguments = complete.take();
    const auto ended = takePassword(arguments);
    return ended ? *ended : transfer(arguments);
}

int get(Arguments arguments)
{
    // Before a long transfer that would be for nobody.
    if (StandardOutput output; arguments.toStandardOutput && !output.canBeWritten())
        return endOutput(output, exitcode::success);
    if (const auto made = makeTargetFolder(arguments.folder); !made)
        return failed(made.error());
    const auto ended = takePassword(arguments);
    return ended ? *ended : transfer(arguments);
}

int list(Arguments arguments)
{
    const auto ended = takePassword(arguments);
    return ended ? *ended : runLs(arguments);
}

int put(Arguments arguments)
{
    const auto ended = takePassword(arguments);
    return ended ? *ended : runPut(arguments);
}

/// What is read and made here comes before the password is asked for.
int talk(Arguments arguments, int (*run)(Arguments))
{
    if (arguments.command == Arguments::Command::Tell) {
        if (const auto ended = takeMessage(arguments))
            return *ended;
    }
    if (arguments.takesGifts) {
        if (const auto made = makeTargetFolder(arguments.folder); !made)
            return failed(made.error());
    }
    const auto ended = takePassword(arguments);
    return ended ? *ended : run(arguments);
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
        return failed(arguments.error());
    switch (arguments.value().command) {
    case Arguments::Command::Print:
        return print(arguments.value().text);
    case Arguments::Command::Queue:
        return arguments.value().queueWork == Arguments::QueueWork::Run
                   ? runQueue(arguments.value())
                   : runQueueCommand(arguments.value());
    case Arguments::Command::Known:
        return runKnown(arguments.value());
    case Arguments::Command::Forget:
        return runForget(arguments.value());
    case Arguments::Command::Ls:
        return list(arguments.value());
    case Arguments::Command::Get:
        return get(arguments.value());
    case Arguments::Command::Who:
        return talk(arguments.value(), runWho);
    case Arguments::Command::Tell:
        return talk(arguments.value(), runTell);
    case Arguments::Command::Listen:
        return talk(arguments.value(), runListen);
    case Arguments::Command::Put:
    case Arguments::Command::Give:
        return put(arguments.value());
    }
    return exitcode::usage;
}
