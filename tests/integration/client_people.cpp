// SPDX-License-Identifier: MIT
// `ferry who` and `ferry tell`: what they print, what they ask for, and how they end.
#include "integration/people_fixture.h"
#include "support/testprogram.h"
#include "wire/limits.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <mutex>

using namespace ferry;
using namespace ferry::test;

class ClientPeople : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<PeopleFolder>(); }
    void cleanup() { m_folder.reset(); }
    void whoListsEverybody();
    void whoAsJson();
    void whatOthersChoseStaysInItsPlace();
    void messagesAreTold_data();
    void messagesAreTold();
    void theMessageIsStandardInput();
    void messagesThatCannotBeAreRefusedBeforeAnyConnection_data();
    void messagesThatCannotBeAreRefusedBeforeAnyConnection();
    void refusalsHaveTheirExitCodes_data();
    void refusalsHaveTheirExitCodes();
    void serversWithoutPeopleAreTold_data();
    void serversWithoutPeopleAreTold();

private:
    std::unique_ptr<PeopleFolder> m_folder;
};

void ClientPeople::whoListsEverybody()
{
    Person first;
    first.session = 7;
    first.account = "ferry";
    first.name = "Studio laptop";
    first.address = "192.0.2.7";
    first.kind = Person::Kind::Window;
    Person second;
    second.session = 1234;
    second.account = "anna";
    second.address = "2001:db8::1";
    second.kind = Person::Kind::Telnet;
    second.self = true;
    EvilFerry server(answering(Verb::Who, person(first) + person(second) + peopleEnd()));
    const ProgramRun who = m_folder->run(m_folder->arguments("who", server));
    QCOMPARE(who.errors, "");
    QCOMPARE(who.exitCode, 0);
    const QByteArrayList lines = who.output.split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines.at(0).startsWith("    7  window   "), lines.at(0));
    QVERIFY2(lines.at(0).endsWith("  ferry@192.0.2.7  Studio laptop"), lines.at(0));
    QVERIFY2(lines.at(1).startsWith("* 1234  telnet   "), lines.at(1));
    QVERIFY2(lines.at(1).endsWith("  anna@2001:db8::1"), lines.at(1));
}

void ClientPeople::whoAsJson()
{
    Person one;
    one.session = 7;
    one.account = "ferry";
    one.name = "a\xFF";
    one.sinceNs = 1'700'000'000'000'000'001;
    EvilFerry server(answering(Verb::Who, person(one) + peopleEnd()));
    const ProgramRun who =
        m_folder->run(m_folder->arguments("who", server, {}, {QStringLiteral("--json")}));
    QCOMPARE(who.exitCode, 0);
    const QList<QJsonObject> objects = objectsIn(who.output);
    QCOMPARE(objects.size(), 1);
    QCOMPARE(objects[0].value(QStringLiteral("event")).toString(), QStringLiteral("person"));
    QCOMPARE(objects[0].value(QStringLiteral("session")).toInt(), 7);
    QCOMPARE(objects[0].value(QStringLiteral("kind")).toString(), QStringLiteral("program"));
    QCOMPARE(objects[0].value(QStringLiteral("sinceNs")).toString(),
             QStringLiteral("1700000000000000001"));
    QCOMPARE(objects[0].value(QStringLiteral("nameBase64")).toString(), QStringLiteral("Yf8="));
    QCOMPARE(objects[0].value(QStringLiteral("self")).toBool(), false);
}

/// Neither a second line, nor a colour, nor a text from right to left.
void ClientPeople::whatOthersChoseStaysInItsPlace()
{
    const QByteArray evil = "x\r\noperator: pay\x1B[31m \xE2\x80\xAE gpj";
    const QByteArray marks = QByteArray("a") + QByteArray("\xCC\x81").repeated(900);
    Person one;
    one.session = 7;
    one.account = one.name = one.address = evil;
    EvilFerry people(answering(Verb::Who, person(one) + peopleEnd()));
    Note first = message(evil, 7);
    first.name = evil;
    Note second = message(marks, 7);
    second.id = 2;
    EvilFerry notes(answering([=](const Request &request) -> QByteArray {
        return request.verb != Verb::News ? QByteArray()
               : request.since == 0       ? note(first) + note(second) + newsEnd({3, 0})
                                          : QByteArray("!DISCONNECTED\r\n");
    }));
    for (const ProgramRun &shown : {m_folder->run(m_folder->arguments("who", people)),
                                    m_folder->run(m_folder->arguments("listen", notes))}) {
        for (const char *bytes : {"\r", "\x1B", "\xE2\x80\xAE", "\noperator"})
            QVERIFY2(!shown.output.contains(bytes), shown.output);
        QVERIFY2(shown.output.contains("x\\x0D\\x0Aoperator: pay\\x1B[31m \\u202E gpj"),
                 shown.output);
    }
    const ProgramRun listen = m_folder->run(m_folder->arguments("listen", notes));
    const QByteArrayList lines = listen.output.split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY2(behindTime(lines.at(0)).startsWith("7  x\\x0D"), lines.at(0));
    QVERIFY2(behindTime(lines.at(1)).startsWith("7  a\xCC\x81"), lines.at(1));
    QVERIFY2(lines.at(1).endsWith(marks), "all of a message is shown");
}

void ClientPeople::messagesAreTold_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("to");
    const auto to = [](const char *word) {
        return QStringList{QStringLiteral("--to"), QString::fromLatin1(word)};
    };
    QTest::newRow("to the operator, as nothing is said") << QStringList() << QByteArray("operator");
    QTest::newRow("to the operator") << to("operator") << QByteArray("operator");
    QTest::newRow("to all") << to("all") << QByteArray("all");
    QTest::newRow("to one") << to("12") << QByteArray("12");
}

void ClientPeople::messagesAreTold()
{
    QFETCH(const QStringList, options);
    QFETCH(const QByteArray, to);
    std::mutex mutex;
    QByteArrayList said;
    EvilFerry server(answering([&](const Request &request) {
        if (request.verb != Verb::Tell)
            return QByteArray();
        const std::lock_guard lock(mutex);
        said.append(partyWord(request.to) + ' ' + request.text);
        return told(41);
    }));
    const ProgramRun tell = m_folder->run(m_folder->arguments(
        "tell", server, {QStringLiteral("grün"), QStringLiteral("or  not")}, options));
    QCOMPARE(tell.errors, "");
    QCOMPARE(tell.output, "");
    QCOMPARE(tell.exitCode, 0);
    const ProgramRun json = m_folder->run(m_folder->arguments(
        "tell", server, {QStringLiteral("x")}, options + QStringList{QStringLiteral("--json")}));
    QCOMPARE(objectsIn(json.output).value(0).value(QStringLiteral("id")).toString(),
             QStringLiteral("41"));
    const std::lock_guard lock(mutex);
    QCOMPARE(said, (QByteArrayList{to + " gr\xC3\xBCn or  not", to + " x"}));
}

void ClientPeople::theMessageIsStandardInput()
{
    std::mutex mutex;
    QByteArrayList said;
    EvilFerry server(answering([&](const Request &request) {
        if (request.verb != Verb::Tell)
            return QByteArray();
        const std::lock_guard lock(mutex);
        said.append(request.text);
        return told(1);
    }));
    const QByteArray longest(limits::messageBytes, 'x');
    QCOMPARE(m_folder->run(m_folder->arguments("tell", server), "two\nlines\n").exitCode, 0);
    QCOMPARE(m_folder->run(m_folder->arguments("tell", server), "none\r\n").exitCode, 0);
    QCOMPARE(m_folder->run(m_folder->arguments("tell", server), longest + "\n").exitCode, 0);
    const std::lock_guard lock(mutex);
    QCOMPARE(said, (QByteArrayList{"two\nlines", "none", longest}));
}

void ClientPeople::messagesThatCannotBeAreRefusedBeforeAnyConnection_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("only a line end") << QByteArray("\n");
    QTest::newRow("one byte too many") << QByteArray(limits::messageBytes + 1, 'x');
    QTest::newRow("much too long") << QByteArray(10'000'000, 'x');
    QTest::newRow("a zero byte") << QByteArray("a\0b", 3);
    QTest::newRow("no UTF-8") << QByteArray("\xFF");
}

void ClientPeople::messagesThatCannotBeAreRefusedBeforeAnyConnection()
{
    QFETCH(const QByteArray, input);
    std::atomic_int connections = 0;
    EvilFerry server([&](EvilPeer &) { ++connections; });
    const ProgramRun tell = m_folder->run(m_folder->arguments("tell", server), input);
    QCOMPARE(tell.exitCode, 2);
    QVERIFY(!tell.errors.isEmpty());
    QCOMPARE(connections.load(), 0);
}

void ClientPeople::refusalsHaveTheirExitCodes_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("sentence");
    QTest::newRow("nobody there") << refusal("NOTFOUND") << 3
                                  << QByteArray("Nobody of this number");
    QTest::newRow("too many") << slower(7) << 15 << QByteArray("may be sent in 7 s");
    QTest::newRow("something new") << refusal("FNORD") << 8 << QByteArray("!FNORD");
    QTest::newRow("stopping") << refusal("STOPPING") << 7 << QByteArray("stopping");
    QTest::newRow("no answer") << success("PONG") << 8 << QByteArray("rules");
}

void ClientPeople::refusalsHaveTheirExitCodes()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const int, exitCode);
    QFETCH(const QByteArray, sentence);
    EvilFerry server(answering(Verb::Tell, answer));
    const ProgramRun tell =
        m_folder->run(m_folder->arguments("tell", server, {QStringLiteral("x")}));
    QCOMPARE(tell.exitCode, exitCode);
    QVERIFY2(tell.errors.contains(sentence), tell.errors);
}

void ClientPeople::serversWithoutPeopleAreTold_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<bool>("people");
    const QStringList none;
    QTest::newRow("who") << QByteArray("who") << none << none << false;
    QTest::newRow("tell") << QByteArray("tell") << QStringList{QStringLiteral("x")} << none
                          << false;
    QTest::newRow("listen") << QByteArray("listen") << none << none << false;
    const QStringList to{QStringLiteral("--to"), QStringLiteral("12")};
    QTest::newRow("give") << QByteArray("give") << QStringList{QStringLiteral("file")} << to
                          << false;
    QTest::newRow("give, without gifts")
        << QByteArray("give") << QStringList{QStringLiteral("file")} << to << true;
}

void ClientPeople::serversWithoutPeopleAreTold()
{
    QFETCH(const QByteArray, command);
    QFETCH(const QStringList, more);
    QFETCH(const QStringList, options);
    QFETCH(const bool, people);
    EvilFerry server(
        answering([](const Request &) { return success("PONG"); }, {true, people, false}));
    const ProgramRun run =
        m_folder->run(m_folder->arguments(command.constData(), server, more, options));
    QCOMPARE(run.exitCode, 14);
    QVERIFY2(run.errors.contains(command == "give" ? "hands no files from one person to another"
                                                   : "takes no messages"),
             run.errors);
    QCOMPARE(run.output, "");
}

FERRY_TEST(ClientPeople)
#include "client_people.moc"
