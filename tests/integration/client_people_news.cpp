// SPDX-License-Identifier: MIT
// `ferry listen` and `ferry give`: what they print, what they ask for, and how they end.
#include "integration/people_fixture.h"
#include "net/base/checksum.h"
#include "support/testprogram.h"
#include "support/transferpair.h"
#include "wire/extended/sumname.h"

#include <QDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>

using namespace ferry;
using namespace ferry::test;

class ClientPeopleNews : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<PeopleFolder>(); }
    void cleanup() { m_folder.reset(); }
    void listenPrintsNotesAsTheyCome();
    void listenAsJson();
    void listenComesBack();
    void listenEndsWithTheServersWord();
    void listenEndsWhenNobodyReads();
    void whatIsGivenIsSaved();
    void filesAreGiven();
    void foldersAreNotGiven();
    void whatWasInterruptedIsNotInTheQueue();
    void placesOfPeopleAreNoTargets_data();
    void placesOfPeopleAreNoTargets();

private:
    std::unique_ptr<PeopleFolder> m_folder;
};

void ClientPeopleNews::listenPrintsNotesAsTheyCome()
{
    Note all = message("to everybody", 12);
    all.id = 2;
    all.toAll = true;
    all.account = "guest"; // who calls herself as another one does
    all.name = "Anna";
    Note taken;
    taken.id = 3;
    taken.kind = Note::Kind::Taken;
    taken.from = all.from;
    taken.account = "anna";
    taken.gift = GiftPath{12, 7, "a b.txt"};
    Note declined = taken;
    declined.id = 4;
    declined.kind = Note::Kind::Notice;
    declined.from = {Party::Kind::Server, 0};
    declined.account.clear();
    declined.why = "declined";
    Note gift;
    gift.id = 5;
    gift.kind = Note::Kind::Gift;
    gift.from = all.from;
    gift.gift = GiftPath{std::nullopt, 9, "photo.raw"};
    gift.size = 2'000'000;
    EvilFerry server(answering([=](const Request &request) -> QByteArray {
        return request.verb != Verb::News ? QByteArray()
               : request.since == 0       ? note(message("hello")) + note(all) + note(taken) +
                                          note(declined) + note(gift) + newsEnd({6, 3})
                                    : QByteArray();
    }));
    QProcess process;
    m_folder->start(process, m_folder->arguments("listen", server));
    QByteArray output;
    QVERIFY(waitUntil([&] {
        process.waitForReadyRead(20);
        output += process.readAllStandardOutput();
        return output.count('\n') == 5;
    }));
    QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
    const ProgramRun run = finishProgram(process);
    QCOMPARE(run.exitCode, 130);
    QVERIFY2(run.errors.contains("because too many waited: 3"), run.errors);
    const QByteArrayList lines = output.split('\n');
    QCOMPARE(behindTime(lines.at(0)), "operator  hello");
    QCOMPARE(behindTime(lines.at(1)), "12 to all  guest  Anna: to everybody");
    QCOMPARE(behindTime(lines.at(2)), "12  anna has taken a b.txt");
    QCOMPARE(behindTime(lines.at(3)), "server  a b.txt was declined");
    QCOMPARE(behindTime(lines.at(4)), "12  offers photo.raw, 2.0 MB, at /@me/9/photo.raw");
}

void ClientPeopleNews::listenAsJson()
{
    Note gift;
    gift.id = Q_INT64_C(1) << 60;
    gift.kind = Note::Kind::Gift;
    gift.from = {Party::Kind::Session, 12};
    gift.name = "Anna";
    gift.gift = GiftPath{std::nullopt, 9, "a b"};
    gift.size = 5;
    EvilFerry server(answering([=](const Request &request) -> QByteArray {
        return request.verb != Verb::News ? QByteArray()
               : request.since == 0       ? note(gift) + newsEnd({gift.id + 1, 2})
                                          : QByteArray("!DISCONNECTED\r\n");
    }));
    const ProgramRun listen =
        m_folder->run(m_folder->arguments("listen", server, {}, {QStringLiteral("--json")}));
    QCOMPARE(listen.exitCode, 18);
    const QList<QJsonObject> objects = objectsIn(listen.output);
    QCOMPARE(objects.size(), 3);
    QCOMPARE(objects[0], (QJsonObject{{QStringLiteral("event"), QStringLiteral("lost")},
                                      {QStringLiteral("notes"), 2}}));
    QCOMPARE(objects[1], (QJsonObject{{QStringLiteral("event"), QStringLiteral("note")},
                                      {QStringLiteral("id"), QStringLiteral("1152921504606846976")},
                                      {QStringLiteral("kind"), QStringLiteral("gift")},
                                      {QStringLiteral("from"), QStringLiteral("12")},
                                      {QStringLiteral("toAll"), false},
                                      {QStringLiteral("atNs"), QStringLiteral("0")},
                                      {QStringLiteral("name"), QStringLiteral("Anna")},
                                      {QStringLiteral("path"), QStringLiteral("/@me/9/a b")},
                                      {QStringLiteral("size"), 5}}));
    QCOMPARE(objects[2].value(QStringLiteral("event")).toString(), QStringLiteral("error"));
    QCOMPARE(objects[2].value(QStringLiteral("code")).toInt(), 18);
}

void ClientPeopleNews::listenComesBack()
{
    std::atomic_int connections = 0;
    EvilFerry server([&](EvilPeer &peer) {
        const int number = ++connections;
        if (!peer.logIn(hello(false, sasl::mechanism, "Evil", {false, true, false})))
            return;
        const auto news = peer.waitFor(Verb::News);
        if (!news)
            return;
        Note next = message("number " + QByteArray::number(number));
        next.id = number;
        // The second connection has no end of an answer.
        peer.say(note(next) + (number == 2 ? QByteArray() : newsEnd({number + 1, 0})));
        if (number == 3)
            peer.say("!DISCONNECTED\r\n");
    });
    const ProgramRun listen = m_folder->run(m_folder->arguments("listen", server));
    QCOMPARE(listen.exitCode, 18);
    QCOMPARE(listen.output.count('\n'), 3);
    for (const char *text : {"number 1\n", "number 2\n", "number 3\n"})
        QVERIFY2(listen.output.contains(text), listen.output);
    QCOMPARE(listen.errors.count("Trying again in 1 s."), 2);
    QCOMPARE(connections.load(), 3);
}

void ClientPeopleNews::listenEndsWithTheServersWord()
{
    EvilFerry evil(answering(Verb::News, "#PONG\r\n"));
    const ProgramRun run = m_folder->run(m_folder->arguments("listen", evil));
    QCOMPARE(run.exitCode, 8);
    QCOMPARE(run.errors.count('\n'), 1);
}

void ClientPeopleNews::listenEndsWhenNobodyReads()
{
    EvilFerry server(answering([](const Request &) { return QByteArray(); }));
    QProcess process;
    QStringList words = m_folder->arguments("listen", server);
    words.prepend(programPath(QStringLiteral("ferry")));
    ProgramSettings settings;
    settings.password = EvilFerry::password();
    prepareProcess(process, settings);
    process.start(QStringLiteral("/bin/sh"),
                  QStringList{QStringLiteral("-c"),
                              QStringLiteral("{ \"$@\"; echo $? >&2; } | true"),
                              QStringLiteral("sh")} +
                      words);
    const ProgramRun run = finishProgram(process);
    QCOMPARE(run.errors, "141\n");
}

/// The scripted server has one client at a time, so the connection for news comes and goes.
void ClientPeopleNews::whatIsGivenIsSaved()
{
    const QByteArray content = "hello";
    Checksum checksum;
    checksum.add(content);
    const QByteArray sum = sumName + checksum.hex();
    Note gift;
    gift.id = 1;
    gift.kind = Note::Kind::Gift;
    gift.from = {Party::Kind::Session, 12};
    gift.gift = GiftPath{std::nullopt, 9, "a.txt"};
    gift.size = content.size();
    std::atomic_bool receipt = false;
    std::mutex mutex;
    QByteArrayList boxes;
    EvilFerry server([&](EvilPeer &peer) {
        if (!peer.logIn(hello(false, sasl::mechanism, "Evil", {true, true, true})))
            return;
        const auto keepBox = [&](const QByteArray &box) {
            const std::lock_guard lock(mutex);
            boxes.append(box);
        };
        if (!peer.box().isEmpty()) // the first one knows it once the server is trusted
            keepBox(peer.box());
        while (const auto request = peer.next()) {
            if (request->verb == Verb::News) {
                keepBox(request->box);
                peer.say(receipt               ? QByteArray("!DISCONNECTED\r\n")
                         : request->since == 0 ? note(gift) + newsEnd({2, 0})
                                               : newsEnd({2, 0}));
                return;
            }
            const FileFacts facts{content.size(), 1, "i1", 0, content.size()};
            if (request->verb == Verb::Get && request->path.toBytes() == "/@me/9/a.txt")
                peer.say(file(facts) + data(content.size()) + content + done(content.size(), sum));
            else if (request->verb == Verb::Sum) // whether it is what has that name already
                peer.say(
                    extended::sum({content.size(), 1, "i1", 0, 0}, sumName + Checksum().hex()));
            else if (request->verb == Verb::Receipt)
                receipt = peer.say(success("RECEIPT"));
            else if (request->verb == Verb::Ping)
                peer.say(pong({}));
        }
    });
    QVERIFY(QDir(m_folder->path("")).mkdir(QStringLiteral("in")));
    QVERIFY(writeFile(m_folder->path("in/a.txt"), "another"));
    const ProgramRun listen = m_folder->run(m_folder->arguments(
        "listen", server, {}, {QStringLiteral("--accept-to"), QStringLiteral("in")}));
    QCOMPARE(listen.exitCode, 18);
    QVERIFY2(listen.output.contains("\na (1).txt has been saved.\n"), listen.output);
    QCOMPARE(readFile(m_folder->path("in/a.txt")), "another");
    QCOMPARE(readFile(m_folder->path("in/a (1).txt")), content);
    // The connection that fetches it is of the same person as the one that was told of it.
    const std::lock_guard lock(mutex);
    QCOMPARE(boxes.first().size(), 32);
    QCOMPARE(boxes.count(boxes.first()), boxes.size());
    QVERIFY(boxes.size() > 2); // NEWS, HELLO of who fetches, NEWS
}

void ClientPeopleNews::filesAreGiven()
{
    std::mutex mutex;
    QByteArray path;
    EvilFerry server(answering([&](const Request &request) -> QByteArray {
        const std::lock_guard lock(mutex);
        if (request.verb == Verb::Put)
            path = request.path.toBytes();
        return request.verb == Verb::End ? stored({"/@12/7/a b.txt", 5, request.sum, {}})
                                         : QByteArray();
    }));
    QVERIFY(writeFile(m_folder->path("a b.txt"), "hello"));
    const QStringList to{QStringLiteral("--to"), QStringLiteral("12")};
    const ProgramRun give =
        m_folder->run(m_folder->arguments("give", server, {QStringLiteral("a b.txt")}, to));
    QCOMPARE(give.errors, "");
    QCOMPARE(give.output, "a b.txt has been sent.\n");
    QCOMPARE(give.exitCode, 0);
    const std::lock_guard lock(mutex);
    QCOMPARE(path, "/@12/a b.txt");
}

void ClientPeopleNews::foldersAreNotGiven()
{
    std::atomic_int puts = 0;
    EvilFerry server(answering([&](const Request &request) -> QByteArray {
        puts += request.verb == Verb::Put ? 1 : 0;
        return request.verb == Verb::End ? refusal("NOTFOUND") : QByteArray();
    }));
    QVERIFY(QDir(m_folder->path("")).mkdir(QStringLiteral("folder")));
    QVERIFY(writeFile(m_folder->path("folder/file"), "hello"));
    QVERIFY(writeFile(m_folder->path("file"), "hello"));
    const QStringList to{QStringLiteral("--to"), QStringLiteral("12")};
    ProgramRun give =
        m_folder->run(m_folder->arguments("give", server, {QStringLiteral("folder")}, to));
    QCOMPARE(give.exitCode, 14);
    QVERIFY2(give.errors.contains("folder: A folder cannot be given."), give.errors);
    QCOMPARE(puts.load(), 0);
    give = m_folder->run(m_folder->arguments("give", server, {QStringLiteral("file")}, to));
    QCOMPARE(give.exitCode, 3);
    QVERIFY2(give.errors.contains("file: Nobody of this number"), give.errors);
}

/// The next run may be after a restart of the server, where the number is another person's.
void ClientPeopleNews::whatWasInterruptedIsNotInTheQueue()
{
    std::atomic_bool begun = false;
    EvilFerry server(answering([&](const Request &request) -> QByteArray {
        begun = begun || request.verb == Verb::Put;
        return {};
    }));
    QVERIFY(writeFile(m_folder->path("file"), QByteArray(3'000'000, 'x')));
    QProcess process;
    m_folder->start(process, m_folder->arguments("give", server, {QStringLiteral("file")},
                                                 {QStringLiteral("--to"), QStringLiteral("12")}));
    QVERIFY(waitUntil([&] { return begun.load(); }));
    QCOMPARE(::kill(pid_t(process.processId()), SIGINT), 0);
    const ProgramRun give = finishProgram(process);
    QCOMPARE(give.exitCode, 130);
    QCOMPARE(give.errors, "ferry: interrupted\n");
    const ProgramRun queue = m_folder->run({QStringLiteral("queue"), QStringLiteral("--data-dir"),
                                            m_folder->path("data"), QStringLiteral("--json")});
    QCOMPARE(queue.output, "");
}

void ClientPeopleNews::placesOfPeopleAreNoTargets_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("put") << QStringList{QStringLiteral("put")};
    QTest::newRow("queue add") << QStringList{QStringLiteral("queue"), QStringLiteral("add")};
}

void ClientPeopleNews::placesOfPeopleAreNoTargets()
{
    QFETCH(const QStringList, command);
    const ProgramRun refused =
        m_folder->run(command + QStringList{QStringLiteral("-t"), QStringLiteral("/@12"),
                                            QStringLiteral("127.0.0.1:1"), QStringLiteral("file")});
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains("ferry give"), refused.errors);
}

FERRY_TEST(ClientPeopleNews)
#include "client_people_news.moc"
