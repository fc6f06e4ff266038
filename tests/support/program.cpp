// SPDX-License-Identifier: MIT
#include "support/program.h"

#include "support/process.h"

#include <QCoreApplication>
#include <QProcessEnvironment>
#include <QTemporaryDir>

namespace ferry::test {

QString programPath(const QString &name)
{
    // ctest says where; started by hand, the tests lie beside the programs.
    const QString folder = qEnvironmentVariable(
        "FERRY_BIN", QCoreApplication::applicationDirPath() + QStringLiteral("/../bin"));
    return folder + u'/' + name;
}

void prepareProcess(QProcess &process, const ProgramSettings &settings)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    environment.remove(QStringLiteral("FERRY_PASSWORD"));
    // What a program remembers is not to be mixed with what the person's own programs do.
    static const QTemporaryDir data;
    environment.insert(QStringLiteral("XDG_DATA_HOME"), data.path());
    if (!settings.password.isEmpty())
        environment.insert(QStringLiteral("FERRY_PASSWORD"), QString::fromUtf8(settings.password));
    process.setProcessEnvironment(environment);
    if (!settings.folder.isEmpty())
        process.setWorkingDirectory(settings.folder);
    if (settings.inChild)
        process.setChildProcessModifier(settings.inChild);
}

ProgramRun finishProgram(QProcess &process)
{
    ProgramRun run;
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(patienceMs)) {
        process.kill();
        process.waitForFinished();
        run.errors = "(did not end)";
        return run;
    }
    run.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode()
                                                                : 128 + process.exitCode();
    run.output = process.readAllStandardOutput();
    run.errors = process.readAllStandardError();
    return run;
}

ProgramRun runProgram(const QString &name, const QStringList &arguments,
                      const ProgramSettings &settings)
{
    QProcess process;
    prepareProcess(process, settings);
    process.start(programPath(name), arguments);
    if (!process.waitForStarted(patienceMs)) {
        ProgramRun run;
        run.errors = process.errorString().toUtf8();
        return run;
    }
    process.write(settings.input);
    process.closeWriteChannel();
    return finishProgram(process);
}

} // namespace ferry::test
