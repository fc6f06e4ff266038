// SPDX-License-Identifier: MIT
// `ferry who`, `tell` and `listen` with a `ferryd`: between people, and over a connection that was
// lost.
#include "support/process.h"
#include "support/program.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <memory>

using namespace ferry::test;

namespace {

/// `ferry listen --json`, until it is let go.
class Listener
{
public:
    Listener(const TransferPair &pair, const QStringList &arguments)
    {
        pair.start(m_process, arguments);
    }
    ~Listener()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// Waits until it has heard so many.
    bool heard(qsizetype count)
    {
        return waitUntil([&] {
            m_process.waitForReadyRead(20);
            m_output += m_process.readAllStandardOutput();
            return m_output.count('\n') >= count;
        });
    }
    QStringList texts() const
    {
        QStringList texts;
        for (const QByteArray &line : m_output.split('\n')) {
            if (!line.isEmpty())
                texts.append(QJsonDocument::fromJson(line)[QStringLiteral("text")].toString());
        }
        return texts;
    }

private:
    QProcess m_process;
    QByteArray m_output;
};

/// Of everybody but the one who asks, who may have come first.
QByteArrayList othersIn(const QByteArray &who)
{
    QByteArrayList numbers;
    for (const QByteArray &line : who.split('\n')) {
        if (!line.isEmpty() && !line.startsWith('*'))
            numbers.append(line.sliced(1).trimmed().split(' ').first());
    }
    return numbers;
}

} // namespace

class ClientPeopleFerryd : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_pair = std::make_unique<TransferPair>(); }
    void cleanup() { m_pair.reset(); }
    void whoIsOneselfUntilMembersMayWrite();
    void messagesArriveOnceAndInTheirOrder();
    void messagesToOneReachNobodyElse();
    void membersMayNotWriteByThemselves();

private:
    QStringList arguments(const char *command, const QStringList &more = {},
                          const QStringList &options = {}) const
    {
        return QStringList{QString::fromLatin1(command), QStringLiteral("--pin"),
                           QString::fromLatin1(m_pair->fingerprint()), QStringLiteral("--data-dir"),
                           m_pair->clientData()} +
               options + QStringList{m_pair->address()} + more;
    }
    ProgramRun run(const char *command, const QStringList &more = {},
                   const QStringList &options = {}) const
    {
        return m_pair->run(arguments(command, more, options));
    }
    bool startWithMembers()
    {
        return m_pair->startServer({QStringLiteral("--members"), QStringLiteral("on")});
    }
    std::unique_ptr<TransferPair> m_pair;
};

void ClientPeopleFerryd::whoIsOneselfUntilMembersMayWrite()
{
    QVERIFY(m_pair->startServer());
    {
        Listener other(*m_pair, arguments("listen", {}, {QStringLiteral("--json")}));
        // Whether the other is there yet or not.
        const ProgramRun who = run("who");
        QCOMPARE(who.exitCode, 0);
        QCOMPARE(who.output.count('\n'), 1);
        QVERIFY2(who.output.startsWith("* "), who.output);
        QVERIFY2(who.output.contains("  program  "), who.output);
        QVERIFY2(who.output.contains("  ferry@127.0.0.1  "), who.output);
    }
    m_pair->killServer();
    QVERIFY(startWithMembers());
    Listener other(*m_pair, arguments("listen", {}, {QStringLiteral("--json")}));
    QVERIFY(waitUntil([&] { return run("who").output.count('\n') == 2; }));
}

void ClientPeopleFerryd::messagesArriveOnceAndInTheirOrder()
{
    QVERIFY(startWithMembers());
    Listener listener(*m_pair, arguments("listen", {}, {QStringLiteral("--json")}));
    QVERIFY(waitUntil([&] { return run("who").output.count('\n') == 2; }));
    QStringList said;
    for (int i = 0; i < 4; ++i) {
        said.append(QStringLiteral("number %1 grün").arg(i));
        // To the listener and the operator it costs two, and five are free.
        ProgramRun tell;
        QVERIFY(waitUntil([&] {
            tell = run("tell", {said.last()}, {QStringLiteral("--to"), QStringLiteral("all")});
            return !tell.errors.contains("one message too many");
        }));
        QCOMPARE(tell.errors, "");
        QCOMPARE(tell.exitCode, 0);
    }
    QVERIFY(listener.heard(said.size()));
    QCOMPARE(listener.texts(), said);
}

void ClientPeopleFerryd::messagesToOneReachNobodyElse()
{
    QVERIFY(startWithMembers());
    Listener first(*m_pair, arguments("listen", {}, {QStringLiteral("--json")}));
    QByteArrayList numbers;
    QVERIFY(waitUntil([&] {
        numbers = othersIn(run("who").output);
        return numbers.size() == 1;
    }));
    const QString one = QString::fromLatin1(numbers.first());
    Listener second(*m_pair, arguments("listen", {}, {QStringLiteral("--json")}));
    QVERIFY(waitUntil([&] { return run("who").output.count('\n') == 3; }));
    const QStringList toOne{QStringLiteral("--to"), one};
    QCOMPARE(run("tell", {QStringLiteral("to one")}, toOne).exitCode, 0);
    QCOMPARE(
        run("tell", {QStringLiteral("to all")}, {QStringLiteral("--to"), QStringLiteral("all")})
            .exitCode,
        0);
    QVERIFY(first.heard(2));
    QVERIFY(second.heard(1));
    QCOMPARE(first.texts(), (QStringList{QStringLiteral("to one"), QStringLiteral("to all")}));
    QCOMPARE(second.texts(), (QStringList{QStringLiteral("to all")}));
    const ProgramRun nobody =
        run("tell", {QStringLiteral("x")}, {QStringLiteral("--to"), QStringLiteral("4000")});
    QCOMPARE(nobody.exitCode, 3);
}

void ClientPeopleFerryd::membersMayNotWriteByThemselves()
{
    QVERIFY(m_pair->startServer());
    QCOMPARE(run("tell", {QStringLiteral("hello")}).exitCode, 0);
    const ProgramRun all =
        run("tell", {QStringLiteral("hello")}, {QStringLiteral("--to"), QStringLiteral("all")});
    QCOMPARE(all.exitCode, 3);
    QVERIFY2(all.errors.contains("members may not write to each other"), all.errors);
}

FERRY_TEST(ClientPeopleFerryd)
#include "client_people_ferryd.moc"
