// SPDX-License-Identifier: MIT
/// A program of several test classes, each run by itself:
///
///     PROGRAM NAME [arguments of Qt Test]   the class of the file NAME.cpp
///     PROGRAM                               lists the names
///
/// tests/CMakeLists.txt declares the programs; ctest runs each class in a process of its own.
#pragma once

#include <QObject>
#include <QStringList>

#include <functional>
#include <memory>

namespace ferry::test {

/// Announces a test class before main() starts. `file` is __FILE__.
class RegisteredTest
{
public:
    RegisteredTest(const char *file, std::function<std::unique_ptr<QObject>()> make);
};

/// Announces something that a test starts as a process of its own, to kill it: `PROGRAM --NAME …`.
/// It is given the arguments after its name; what it returns is the exit status.
class RegisteredHelper
{
public:
    RegisteredHelper(const char *name, std::function<int(const QStringList &)> run);
};

/// What testmain.cpp does once there is an application object.
int runTestProgram(int argc, char **argv);

} // namespace ferry::test

/// At the end of NAME.cpp, instead of QTEST_MAIN.
#define FERRY_TEST(Class)                                                                          \
    static const ferry::test::RegisteredTest registered##Class(                                    \
        __FILE__, [] { return std::make_unique<Class>(); });
