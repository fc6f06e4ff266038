// SPDX-License-Identifier: MIT
// News and messages over a connection that breaks, and of a server that has no end of them.
#include "client/limits.h"
#include "support/testprogram.h"
#include "unit/client/people/peoplewatcher.h"
#include "wire/limits.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

using namespace ferry;
using namespace ferry::test;

class TestPeopleConnection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void newsComeOnceOverLostConnections();
    void newsThatWaitAndWhatIsSaidShareAConnection();
    void newsInTheMomentOfTheCancelComeOnce();
    void aMessageThatCameTooSoonGoesAgainInItsOrder();
    void aMessageThatMayNotGoForLongHasAnError();
    void aMessageIsNotSaidTwice();
    void refusalsEndNothing();
    void giftsAreDropped();
    void whoIsThereIsAskedWhileSomebodyLooks();
    void numbersThatBeginAnewAreFollowed();
    void newsThatNobodyLooksAtStayAtTheServer();
    void theConnectionThatIsThereIsUsed();
};

/// Each connection breaks at another place of the answer.
void TestPeopleConnection::newsComeOnceOverLostConnections()
{
    constexpr qint64 all = 5;
    std::atomic_int connections = 0;
    std::mutex mutex;
    QByteArrayList boxes;
    EvilFerry server([&](EvilPeer &peer) {
        const int number = connections++;
        if (!logIn(peer))
            return;
        while (const auto request = peer.waitFor(Verb::News)) {
            {
                const std::lock_guard lock(mutex);
                boxes.append(request->box);
            }
            const qint64 from = std::max<qint64>(request->since, 1);
            const QByteArray end = newsEnd({all + 1, from == 1 ? 3 : 0});
            const QByteArray answer = notes(from, all) + end;
            const qsizetype line = note(message(1)).size();
            const qsizetype cuts[] = {line / 2, line, 2 * line + 1, answer.size() - end.size() / 2};
            if (number < 4) {
                peer.say(answer.first(cuts[number]));
                return;
            }
            if (from <= all && !peer.say(answer))
                return;
        }
    });
    Watcher watcher(server);
    QVERIFY(
        watcher.lookUntil([&] { return watcher.ids.size() >= size_t(all) && connections > 4; }));
    QVERIFY(watcher.lookUntil(
        [&] { return watcher.connection.status().state == ConnectionState::Online; }));
    QVERIFY(watcher.ids == upTo(all));
    const std::lock_guard lock(mutex);
    QCOMPARE(boxes.first().size(), 32);
    QCOMPARE(boxes.count(boxes.first()), boxes.size());
}

void TestPeopleConnection::newsThatWaitAndWhatIsSaidShareAConnection()
{
    std::mutex mutex;
    QByteArrayList said;
    EvilFerry server(waiting([&](const Request &request) -> QByteArray {
        if (request.verb != Verb::Tell)
            return {};
        const std::lock_guard lock(mutex);
        said.append(partyWord(request.to) + ' ' + request.text);
        return told(said.size());
    }));
    Watcher watcher(server);
    const quint64 first = watcher.connection.tell({Party::Kind::All, 0}, "to all");
    QVERIFY(watcher.lookUntil([&] { return watcher.answers.size() == 1; }));
    const quint64 second = watcher.connection.tell({Party::Kind::Session, 12}, "to one");
    QVERIFY(watcher.lookUntil([&] { return watcher.answers.size() == 2; }));
    QCOMPARE(watcher.answers.at(0).number, first);
    QCOMPARE(watcher.answers.at(1).number, second);
    QVERIFY(!watcher.answers.at(0).error && !watcher.answers.at(1).error);
    const std::lock_guard lock(mutex);
    QCOMPARE(said, (QByteArrayList{"all to all", "12 to one"}));
}

void TestPeopleConnection::newsInTheMomentOfTheCancelComeOnce()
{
    constexpr qint64 rounds = 20;
    EvilFerry server([&](EvilPeer &peer) {
        qint64 next = 1;
        if (!logIn(peer))
            return;
        while (const auto request = peer.next()) {
            QByteArray said;
            // The answer was on its way when the CANCEL came, whole or in part.
            if (request->verb == Verb::Cancel && next <= rounds) {
                said = note(message(next));
                ++next;
                said += next % 2 == 0 ? newsEnd({next, 0}) : refusal("CANCELLED");
                said += success("CANCELLED");
            } else if (request->verb == Verb::Cancel) {
                said = cancelled;
            } else if (request->verb == Verb::Tell) {
                said = told(1);
            } else if (request->verb == Verb::News && request->since != (next == 1 ? 0 : next)) {
                said = "#PONG\r\n"; // it lost count
            }
            if (!said.isEmpty() && !peer.say(said))
                return;
        }
    });
    Watcher watcher(server);
    for (qsizetype i = 1; watcher.ids.size() < size_t(rounds); ++i) {
        watcher.connection.tell({Party::Kind::Operator, 0}, "x");
        QVERIFY(watcher.lookUntil([&] { return watcher.answers.size() == i; }));
        QVERIFY(!watcher.answers.last().error);
    }
    QVERIFY(watcher.ids == upTo(rounds));
}

void TestPeopleConnection::aMessageThatCameTooSoonGoesAgainInItsOrder()
{
    std::mutex mutex;
    QByteArrayList said;
    EvilFerry server(waiting([&](const Request &request) -> QByteArray {
        if (request.verb != Verb::Tell)
            return {};
        const std::lock_guard lock(mutex);
        said.append(request.text);
        return said.size() == 1 ? slower(1) : told(said.size());
    }));
    Watcher watcher(server);
    watcher.connection.tell({Party::Kind::Operator, 0}, "first");
    watcher.connection.tell({Party::Kind::Operator, 0}, "second");
    QVERIFY(watcher.lookUntil([&] { return watcher.answers.size() == 2; }));
    QVERIFY(!watcher.answers.at(0).error && !watcher.answers.at(1).error);
    const std::lock_guard lock(mutex);
    QCOMPARE(said, (QByteArrayList{"first", "first", "second"}));
}

void TestPeopleConnection::aMessageThatMayNotGoForLongHasAnError()
{
    EvilFerry server(waiting([](const Request &request) {
        return request.verb == Verb::Tell ? slower(Q_INT64_C(9223372036854775807)) : QByteArray();
    }));
    Watcher watcher(server);
    watcher.connection.tell({Party::Kind::Operator, 0}, "x");
    QVERIFY(watcher.lookUntil([&] { return watcher.answers.size() == 1; }));
    QVERIFY(watcher.answers.first().error);
    QCOMPARE(watcher.answers.first().error->code, ErrorCode::OverLimit);
}

/// Nobody knows whether it arrived, so a person decides.
void TestPeopleConnection::aMessageIsNotSaidTwice()
{
    std::atomic_int said = 0;
    std::atomic_int connections = 0;
    EvilFerry server([&](EvilPeer &peer) {
        ++connections;
        if (!logIn(peer))
            return;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Cancel)
                peer.say(cancelled);
            if (request->verb == Verb::Tell) {
                ++said;
                return;
            }
        }
    });
    Watcher watcher(server);
    watcher.connection.tell({Party::Kind::Operator, 0}, "x");
    QVERIFY(watcher.lookUntil([&] { return watcher.answers.size() == 1; }));
    QCOMPARE(watcher.answers.first().error->code, ErrorCode::CutShort);
    QVERIFY(watcher.lookUntil([&] {
        return connections > 1 && watcher.connection.status().state == ConnectionState::Online;
    }));
    QCOMPARE(said.load(), 1);
}

void TestPeopleConnection::refusalsEndNothing()
{
    EvilFerry server(waiting([](const Request &request) {
        return request.verb != Verb::Tell ? refusal("READ")
               : request.text == "x"      ? refusal("NOTFOUND")
                                          : told(1);
    }));
    Watcher watcher(server);
    watcher.connection.setWatched(true);
    watcher.connection.tell({Party::Kind::Session, 7}, "x");
    watcher.connection.tell({Party::Kind::Session, 7}, "");
    watcher.connection.tell({Party::Kind::Session, 7}, "y");
    QVERIFY(watcher.lookUntil([&] { return watcher.answers.size() == 3; }));
    QCOMPARE(watcher.answers.at(0).error->code, ErrorCode::NotFound);
    QCOMPARE(watcher.answers.at(1).error->code, ErrorCode::Invalid);
    QVERIFY(!watcher.answers.at(2).error);
    QVERIFY(!watcher.hasFailed());
}

void TestPeopleConnection::giftsAreDropped()
{
    EvilFerry server(waiting([](const Request &request) {
        return request.verb != Verb::Drop             ? QByteArray()
               : request.path.toBytes() == "/@me/7/a" ? dropped()
                                                      : refusal("NOTFOUND");
    }));
    Watcher watcher(server);
    watcher.connection.drop({std::nullopt, 7, "a"});
    watcher.connection.drop({12, 7, "a"});
    QVERIFY(watcher.lookUntil([&] { return watcher.answers.size() == 2; }));
    QVERIFY(!watcher.answers.at(0).error);
    QCOMPARE(watcher.answers.at(1).error->code, ErrorCode::NotFound);
}

void TestPeopleConnection::whoIsThereIsAskedWhileSomebodyLooks()
{
    std::atomic_int asked = 0;
    EvilFerry server(waiting([&](const Request &request) -> QByteArray {
        if (request.verb == Verb::Tell)
            return told(1);
        if (request.verb != Verb::Who)
            return {};
        ++asked;
        Person one;
        one.session = 12;
        one.name = "Anna";
        return person(one) + peopleEnd();
    }));
    Watcher watcher(server);
    watcher.connection.tell({Party::Kind::Operator, 0}, "x");
    QVERIFY(watcher.lookUntil([&] { return watcher.answers.size() == 1; }));
    QCOMPARE(asked.load(), 0);
    QVERIFY(!watcher.people);
    QCOMPARE(watcher.logins, 1);
    watcher.connection.setWatched(true);
    QVERIFY(watcher.lookUntil([&] { return watcher.people.has_value(); }));
    QCOMPARE(watcher.people->size(), 1);
    QCOMPARE(watcher.people->first().name, "Anna");
}

/// A server that was started again does not know how far it was.
void TestPeopleConnection::numbersThatBeginAnewAreFollowed()
{
    EvilFerry server([](EvilPeer &peer) {
        if (!logIn(peer))
            return;
        const auto first = peer.waitFor(Verb::News);
        peer.say(note(message(1'000'000)) + newsEnd({1'000'001, 2}));
        const auto second = peer.waitFor(Verb::News);
        if (!second || second->since != 1'000'001)
            return;
        peer.say(newsEnd({5, 0}));
        const auto third = peer.waitFor(Verb::News);
        if (!third || third->since != 5)
            return;
        peer.say(note(message(5)) + newsEnd({6, 0}));
        while (peer.next()) {
        }
    });
    Watcher watcher(server);
    QVERIFY(watcher.lookUntil([&] { return watcher.ids.size() == 2; }));
    QVERIFY(watcher.ids == (std::vector<qint64>{1'000'000, 5}));
    QCOMPARE(watcher.lost, 2);
}

/// A million notes would be half a gigabyte here.
void TestPeopleConnection::newsThatNobodyLooksAtStayAtTheServer()
{
    std::atomic<qint64> given = 0;
    std::atomic_int asked = 0;
    std::atomic_int said = 0;
    EvilFerry server([&](EvilPeer &peer) {
        if (!logIn(peer))
            return;
        while (const auto request = peer.next()) {
            if (request->verb == Verb::Cancel) // NEWS is answered before
                peer.say(success("CANCELLED"));
            if (request->verb == Verb::Tell && peer.say(told(1)))
                ++said;
            if (request->verb != Verb::News)
                continue;
            ++asked;
            const qint64 from = std::max<qint64>(request->since, 1);
            const qint64 last = from + limits::notesAtOnce - 1;
            given = last;
            if (!peer.say(notes(from, last) + newsEnd({last + 1, 0})))
                return;
        }
    });
    Watcher watcher(server);
    QVERIFY(waitUntil([&] { return given >= limits::newsKept; }));
    // It says something, and does not ask for more in between.
    int before = 0;
    for (int i = 1; i <= 3; ++i) {
        watcher.connection.tell({Party::Kind::Operator, 0}, "x");
        QVERIFY(waitUntil([&] { return said == i; }));
        if (i == 1)
            before = asked;
    }
    QCOMPARE(asked.load(), before);
    watcher.look();
    QVERIFY(watcher.mostAtOnce <= limits::newsKept + limits::notesAtOnce);
    QVERIFY(watcher.lookUntil([&] { return watcher.ids.size() > 2 * limits::newsKept; }));
    QVERIFY(watcher.ids == upTo(qint64(watcher.ids.size())));
}

void TestPeopleConnection::theConnectionThatIsThereIsUsed()
{
    std::atomic_int connections = 0;
    EvilFerry server([&](EvilPeer &peer) {
        ++connections;
        if (logIn(peer) && peer.waitFor(Verb::News) && peer.say(notes(1, 1) + newsEnd({2, 0})))
            while (peer.next()) {
            }
    });
    ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port = server.port();
    config.password = EvilFerry::password();
    config.pin = server.fingerprint();
    const auto log = std::make_shared<LogQueue>();
    const auto derived = std::make_shared<sasl::SaltedPasswords>();
    auto first = std::make_unique<EncryptedConnection>(config, log, derived);
    QVERIFY(first->connect().ok());
    PeopleConnection connection(
        config, log, derived, [] {}, std::move(first));
    QVERIFY(connection.start().ok());
    QVERIFY(waitUntil([&] { return !connection.changes().notes.isEmpty(); }));
    QCOMPARE(connections.load(), 1);
}

FERRY_TEST(TestPeopleConnection)
#include "tst_peopleconnection.moc"
