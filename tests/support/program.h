// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <functional>

namespace ferry::test {

/// The path of a program of this build.
QString programPath(const QString &name);

struct ProgramRun
{
    int exitCode = -1; ///< as a shell says it: 128 and the signal for a killed one
    QByteArray output;
    QByteArray errors;
};

struct ProgramSettings
{
    QByteArray password = "passwd"; ///< FERRY_PASSWORD; empty: not set
    QByteArray input;
    QString folder;                ///< working folder
    std::function<void()> inChild; ///< before the program starts
};

/// Runs `name` to its end. Fails the program's start or end with exitCode -1.
ProgramRun runProgram(const QString &name, const QStringList &arguments,
                      const ProgramSettings &settings = {});

/// Gives `process` the same surroundings, for programs that are watched while they run.
void prepareProcess(QProcess &process, const ProgramSettings &settings);

/// Waits for the end of a started one.
ProgramRun finishProgram(QProcess &process);

} // namespace ferry::test
