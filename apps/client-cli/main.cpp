// SPDX-License-Identifier: MIT
#include "client-cli/arguments.h"
#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/getcommand.h"
#include "client-cli/jsonreport.h"
#include "client-cli/listing.h"
#include "client-cli/lscommand.h"
#include "client-cli/password.h"
#include "client-cli/savedqueue.h"
#include "client-cli/textreport.h"
#include "client-cli/trust.h"
#include "client-cli/wildcards.h"
#include "client/disk/targetfolder.h"
#include "common/plurals.h"
#include "common/programstart.h"
#include "common/terminationsignals.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSet>
#include <QTemporaryDir>

#include <algorithm>
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

/// The one that is in there.
int printFileIn(const QString &folder)
{
    const QDir in(folder);
    QFile file(in.filePath(in.entryList(QDir::Files | QDir::Hidden).value(0)));
    if (!file.open(QIODevice::ReadOnly))
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

/// Looks up what the wildcards in the paths mean. The exit code if that is the end.
std::optional<int> expand(Arguments &arguments)
{
    if (arguments.config.classic || // it has no listings
        std::none_of(arguments.paths.begin(), arguments.paths.end(), hasWildcard))
        return {};
    auto lister = connectLister(arguments);
    if (!lister && lister.error().code == ErrorCode::Cancelled)
        return TerminationSignals::exitBase + TerminationSignals::first();
    const auto paths = lister ? expandPaths(arguments.paths, *lister.value())
                              : Result<QList<MeantPath>>(lister.error());
    if (!paths)
        return failed(paths.error());
    if (paths.value().size() > 1 && arguments.hasOneTarget())
        return failed(
            {ErrorCode::Invalid, QStringLiteral("With -o there can be only one file; %1 match.")
                                     .arg(paths.value().size())});
    arguments.paths.clear();
    QSet<QByteArray> known; // two patterns may match the same
    for (const MeantPath &meant : paths.value()) {
        if (!known.contains(meant.path))
            arguments.paths.append(meant.path);
        known.insert(meant.path);
    }
    return {};
}

/// Of `ferry get` and `ferry queue run`, to their end.
int transfer(const Arguments &arguments)
{
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    std::unique_ptr<Report> report;
    if (arguments.json)
        report = std::make_unique<JsonReport>();
    else
        report = std::make_unique<TextReport>(arguments.quiet, arguments.toStandardOutput
                                                                   ? TextReport::Data::ToErrors
                                                                   : TextReport::Data::ToOutput);
    GetCommand command(arguments, *report);
    // Queued, because the end may come before the loop has begun.
    QObject::connect(&command, &GetCommand::finished, qApp, &QCoreApplication::exit,
                     Qt::QueuedConnection);
    QObject::connect(&signals, &TerminationSignals::received, &command, &GetCommand::interrupt);
    command.start();
    return QCoreApplication::exec();
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
    if (const auto made = makeTargetFolder(arguments.folder); !made)
        return failed(made.error());
    // Nothing is printed before all of it is verified, so it has to be somewhere until then.
    std::unique_ptr<QTemporaryDir> folder;
    if (arguments.toStandardOutput) {
        const QString in = arguments.folder.isEmpty() ? QDir::tempPath() : arguments.folder;
        folder = std::make_unique<QTemporaryDir>(in + QStringLiteral("/ferry-XXXXXX"));
        if (!folder->isValid())
            return failed({ErrorCode::LocalFile, folder->errorString()});
        arguments.folder = folder->path();
    }
    if (const auto ended = takePassword(arguments))
        return *ended;
    if (const auto ended = expand(arguments))
        return *ended;
    const int code = transfer(arguments);
    return folder && code == exitcode::success ? printFileIn(folder->path()) : code;
}

int list(Arguments arguments)
{
    const auto ended = takePassword(arguments);
    return ended ? *ended : runLs(arguments);
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
        return failed({ErrorCode::Invalid,
                       arguments.error().text + QStringLiteral("\nTry \"ferry --help\".")});
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
    }
    return exitcode::usage;
}
