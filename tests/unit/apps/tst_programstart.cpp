// SPDX-License-Identifier: MIT
#include "common/programstart.h"
#include "support/testprogram.h"

#include <QTest>

#include <csignal>

#include <pwd.h>
#include <unistd.h>

using namespace ferry;

class ProgramStartTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutHomeItIsTheOneOfTheUser_data();
    void withoutHomeItIsTheOneOfTheUser();
    void aHomeThatIsSetStays();
    void whatIsNotAbsoluteMeansNothing();
    void whatIsIgnoredOrHandledStaysSo();
};

void ProgramStartTest::withoutHomeItIsTheOneOfTheUser_data()
{
    QTest::addColumn<bool>("empty");
    QTest::newRow("unset") << false;
    QTest::newRow("empty") << true;
}

void ProgramStartTest::withoutHomeItIsTheOneOfTheUser()
{
    QFETCH(const bool, empty);
    const passwd *user = ::getpwuid(::geteuid());
    if (!user)
        QSKIP("this user has no entry");
    const QByteArray home = user->pw_dir;
    if (empty)
        qputenv("HOME", "");
    else
        qunsetenv("HOME");
    prepareProgram();
    QCOMPARE(qgetenv("HOME"), home);
}

void ProgramStartTest::aHomeThatIsSetStays()
{
    qputenv("HOME", "/somewhere");
    prepareProgram();
    QCOMPARE(qgetenv("HOME"), QByteArray("/somewhere"));
}

/// As the specification of these folders has it: programs started elsewhere would not find it
/// again.
void ProgramStartTest::whatIsNotAbsoluteMeansNothing()
{
    qputenv("XDG_DATA_HOME", "data");
    qputenv("XDG_CONFIG_HOME", "/config");
    qputenv("HOME", "home");
    prepareProgram();
    QVERIFY(!qEnvironmentVariableIsSet("XDG_DATA_HOME"));
    QCOMPARE(qgetenv("XDG_CONFIG_HOME"), QByteArray("/config"));
    QVERIFY(qgetenv("HOME") != "home");
}

/// Programs that are started later inherit what is ignored.
void ProgramStartTest::whatIsIgnoredOrHandledStaysSo()
{
    void (*const ours)(int) = [](int) {};
    const auto firstBefore = std::signal(SIGUSR1, ours);
    const auto secondBefore = std::signal(SIGUSR2, SIG_IGN);
    prepareProgram();
    const auto first = std::signal(SIGUSR1, firstBefore);
    const auto second = std::signal(SIGUSR2, secondBefore);
    QVERIFY(first == ours);
    QVERIFY(second == SIG_IGN);
}

FERRY_TEST(ProgramStartTest)
#include "tst_programstart.moc"
