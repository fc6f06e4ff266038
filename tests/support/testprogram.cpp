// SPDX-License-Identifier: MIT
#include "support/testprogram.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTest>

#include <cstdio>
#include <map>

namespace ferry::test {

namespace {

// Functions, since the objects that register stand in other files and may be made first.
std::map<QString, std::function<std::unique_ptr<QObject>()>> &tests()
{
    static std::map<QString, std::function<std::unique_ptr<QObject>()>> all;
    return all;
}

std::map<QString, std::function<int(const QStringList &)>> &helpers()
{
    static std::map<QString, std::function<int(const QStringList &)>> all;
    return all;
}

} // namespace

RegisteredTest::RegisteredTest(const char *file, std::function<std::unique_ptr<QObject>()> make)
{
    tests().emplace(QFileInfo(QString::fromUtf8(file)).completeBaseName(), std::move(make));
}

RegisteredHelper::RegisteredHelper(const char *name, std::function<int(const QStringList &)> run)
{
    helpers().emplace(QStringLiteral("--") + QString::fromUtf8(name), std::move(run));
}

int runTestProgram(int argc, char **argv)
{
    QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() > 1) {
        if (const auto helper = helpers().find(arguments[1]); helper != helpers().end())
            return helper->second(arguments.mid(2));
        if (const auto test = tests().find(arguments[1]); test != tests().end()) {
            // The name decides where Qt keeps settings: tests that run at once share none.
            QCoreApplication::setApplicationName(test->first);
            argv[1] = argv[0];
            return QTest::qExec(test->second().get(), argc - 1, argv + 1);
        }
    }
    std::fputs("one of these, and arguments of Qt Test:\n", stderr);
    for (const auto &[name, make] : tests())
        std::fprintf(stderr, "  %s\n", qPrintable(name));
    return 2;
}

} // namespace ferry::test
