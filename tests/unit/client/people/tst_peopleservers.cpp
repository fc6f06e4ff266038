// SPDX-License-Identifier: MIT
// A connection for people to servers that lie, are silent, or have no end.
#include "support/testprogram.h"
#include "unit/client/people/peoplewatcher.h"
#include "wire/limits.h"

#include <QTest>

#include <atomic>
#include <memory>

using namespace ferry;
using namespace ferry::test;

Q_DECLARE_METATYPE(ferry::test::EvilFerry::Script)

class TestPeopleServers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void evilServersAreLeft_data();
    void evilServersAreLeft();
    void silentServersAreLeftAndFoundAgain_data();
    void silentServersAreLeftAndFoundAgain();
    void itIsClosedWhateverTheServerDoes_data();
    void itIsClosedWhateverTheServerDoes();
};

void TestPeopleServers::evilServersAreLeft_data()
{
    QTest::addColumn<EvilFerry::Script>("script");
    QTest::addColumn<ErrorCode>("code");
    const auto row = [](const char *name, const EvilFerry::Script &script,
                        ErrorCode code = ErrorCode::Protocol) {
        QTest::newRow(name) << script << code;
    };
    row("ids that fall", giving(note(message(5)) + note(message(4)) + newsEnd({6, 0})));
    row("an id twice", giving(note(message(5)) + note(message(5)) + newsEnd({6, 0})));
    row("an end before its notes", giving(note(message(5)) + newsEnd({5, 0})));
    row("more than at once", giving(notes(1, limits::notesAtOnce + 1)));
    row("an id beyond all", giving("#NOTE id=9223372036854775808 kind=message from=operator at=1 "
                                   "text=x\r\n"));
    row("a lost count below none", giving("#END next=1 lost=-1\r\n"));
    row("a text that is too long", giving("#NOTE id=1 kind=message from=operator at=1 text=" +
                                          QByteArray(limits::messageBytes + 1, 'x') + "\r\n"));
    row("a text with a zero byte",
        giving("#NOTE id=1 kind=message from=operator at=1 text=a%00b\r\n"));
    row("a gift somewhere else",
        giving("#NOTE id=1 kind=gift from=7 at=1 path=/Photos/a size=1\r\n"));
    row("a gift that leads out",
        giving("#NOTE id=1 kind=gift from=7 at=1 path=/@me/7/../a size=1\r\n"));
    row("a note from all", giving("#NOTE id=1 kind=message from=all at=1 text=x\r\n"));
    row("a pong", giving("#PONG\r\n"));
    row("no line", giving(QByteArray(100'000, 'x')));
    row("notes without being asked", [](EvilPeer &peer) {
        if (logIn(peer) && peer.waitFor(Verb::News) && peer.say(newsEnd({1, 0}) + notes(1, 1)))
            while (peer.next()) {
            }
    });
    const auto people = [](const QByteArray &piece, int most) {
        return [=](EvilPeer &peer) {
            if (!logIn(peer) || !peer.waitFor(Verb::Who))
                return;
            for (int i = 0; i < most && peer.say(piece); ++i) {
            }
            while (peer.next()) {
            }
        };
    };
    Person one;
    one.session = 1;
    row("people without end", people(person(one).repeated(1000), 100));
    one.name = QByteArray(5000, 'x');
    row("people with endless names", people(person(one).repeated(100), 100));
    row("a person without a number", people("#PERSON kind=window since=1\r\n", 1));
    row(
        "no people",
        [](EvilPeer &peer) {
            if (logIn(peer, {}))
                while (peer.next()) {
                }
        },
        ErrorCode::NotTaken);
    row("sends us away", giving("!DISCONNECTED\r\n"), ErrorCode::Dismissed);
}

void TestPeopleServers::evilServersAreLeft()
{
    QFETCH(const EvilFerry::Script, script);
    QFETCH(const ErrorCode, code);
    EvilFerry server(script);
    Watcher watcher(server);
    if (QByteArray(QTest::currentDataTag()).contains("pe"))
        watcher.connection.setWatched(true);
    QVERIFY(watcher.lookUntil([&] { return watcher.hasFailed(); }));
    const Error error = watcher.connection.status().error;
    QVERIFY2(error.code == code, qPrintable(error.text));
    watcher.connection.tell({Party::Kind::Operator, 0}, "x");
    watcher.look();
    QCOMPARE(watcher.answers.last().error->code, code);
}

void TestPeopleServers::silentServersAreLeftAndFoundAgain_data()
{
    QTest::addColumn<QByteArray>("piece");
    QTest::newRow("says nothing") << QByteArray();
    QTest::newRow("is busy for ever") << QByteArray("#BUSY\r\n");
    QTest::newRow("begins a line") << QByteArray("#NOTE id=1 kind=mess");
}

void TestPeopleServers::silentServersAreLeftAndFoundAgain()
{
    QFETCH(const QByteArray, piece);
    std::atomic_int connections = 0;
    EvilFerry server([&](EvilPeer &peer) {
        const bool first = connections++ == 0;
        if (!logIn(peer) || !peer.waitFor(Verb::News))
            return;
        if (!first)
            peer.say(notes(1, 1) + newsEnd({2, 0}));
        while (first && !piece.isEmpty() && peer.channel().pause(QDeadlineTimer(20))) {
            if (!peer.say(piece))
                return;
        }
        while (peer.next()) {
        }
    });
    Watcher watcher(server, std::chrono::milliseconds(500));
    QVERIFY(watcher.lookUntil([&] { return !watcher.ids.empty(); }));
    QVERIFY(connections > 1);
}

void TestPeopleServers::itIsClosedWhateverTheServerDoes_data()
{
    QTest::addColumn<EvilFerry::Script>("script");
    QTest::newRow("before the login") << EvilFerry::Script([](EvilPeer &peer) {
        while (peer.next()) {
        }
    });
    QTest::newRow("while it waits for news")
        << waiting([](const Request &) { return QByteArray(); });
    QTest::newRow("while it asks who is there") << EvilFerry::Script([](EvilPeer &peer) {
        if (logIn(peer))
            while (peer.next()) {
            }
    });
    QTest::newRow("while it comes back") << EvilFerry::Script([](EvilPeer &) {});
}

void TestPeopleServers::itIsClosedWhateverTheServerDoes()
{
    QFETCH(const EvilFerry::Script, script);
    std::atomic_int reached = 0;
    EvilFerry server([&](EvilPeer &peer) {
        ++reached;
        script(peer);
    });
    auto watcher = std::make_unique<Watcher>(server);
    watcher->connection.setWatched(true);
    QVERIFY(waitUntil([&] { return reached > 0; }));
    watcher->connection.tell({Party::Kind::Operator, 0}, "x");
    watcher->connection.close();
    watcher.reset(); // would wait for ever
}

FERRY_TEST(TestPeopleServers)
#include "tst_peopleservers.moc"
