// SPDX-License-Identifier: MIT
// Messages over real ports: who may write to whom, what is refused, and what a log says of it.
#include "server/limits.h"
#include "support/process.h"
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::server;
using namespace ferry::test;

namespace {

/// Somebody at the classic door who goes on in the extended dialect.
class Person
{
public:
    explicit Person(ServerHost &host, const QByteArray &hello = "HELLO ferry/1 name=Anna")
        : m_peer(host.port())
    {
        m_ready = m_peer.login("passwd");
        if (m_ready && !hello.isEmpty())
            m_ready =
                ask(hello).startsWith("#HELLO ferry/1") && askAll("NEWS since=0", "#END").isEmpty();
    }
    bool ready() const { return m_ready; }
    QByteArray line() { return m_peer.readLine().trimmed(); }
    bool say(const QByteArray &request) { return m_peer.send(request + "\r\n"); }
    QByteArray ask(const QByteArray &request) { return say(request) ? line() : QByteArray(); }
    /// Lines of an answer that ends with `end`.
    QByteArrayList askAll(const QByteArray &request, const QByteArray &end)
    {
        QByteArrayList lines{ask(request)};
        while (!lines.last().isEmpty() && !lines.last().startsWith(end))
            lines.append(line());
        lines.removeLast();
        return lines;
    }
    quint64 session()
    {
        for (const QByteArray &person : askAll("WHO", "#END")) {
            if (person.endsWith(" self=yes"))
                return person.sliced(person.indexOf("session=") + 8)
                    .split(' ')
                    .first()
                    .toULongLong();
        }
        return 0;
    }

private:
    RawPeer m_peer;
    bool m_ready = false;
};

} // namespace

class PeopleMessages : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theyAreAnnounced();
    void aStrangerNeitherSendsNorReceives();
    void clientAndOperatorWriteToEachOther();
    void membersMayWriteWhenTheOperatorSaysSo();
    void theSwitchHoldsFromTheConfigurationOn();
    void tooManyAreRefusedAndTheConnectionStays();
    void aFloodIsSlowedDown_data();
    void aFloodIsSlowedDown();
    void muteHoldsAtOnce();
    void overTelnetToo();
    void aNameIsShownAsOne();
    void noLogHasWhatWasSaid();

private:
    Messages messages()
    {
        return m_host->call([](Server &server) { return server.takeMessages(); });
    }
    std::unique_ptr<ServerHost> m_host;
};

void PeopleMessages::init()
{
    m_host = std::make_unique<ServerHost>();
    QVERIFY(m_host->start().ok());
}

void PeopleMessages::theyAreAnnounced()
{
    Person anna(*m_host, {});
    QVERIFY(m_host->sessions().first().readsMessages);
    const QByteArray hello = anna.ask("HELLO ferry/1");
    QVERIFY2(hello.endsWith(" can=LIST,TREE,GET,SUM,RECEIPT,WHO,TELL,NEWS,RECEIPTS"), hello);
    QVERIFY(!m_host->sessions().first().readsMessages);
    QVERIFY(anna.ask("NEWS since=0").startsWith("#END"));
    QVERIFY(m_host->sessions().first().readsMessages);
}

void PeopleMessages::aStrangerNeitherSendsNorReceives()
{
    RawPeer stranger(m_host->port());
    QCOMPARE(stranger.readLine(), "#Server Ready.\r\n");
    QVERIFY(stranger.send("TELL hello\r\n"));
    QCOMPARE(stranger.readLine(), "!You are not logged in.\r\n");
    QVERIFY(!m_host->call([](Server &server) { return server.tellAll(QStringLiteral("x")).ok(); }));
    QVERIFY(stranger.send("HELLO ferry/1\r\nTELL to=operator text=x\r\nNEWS since=0\r\nWHO\r\n"));
    QVERIFY(stranger.readLine().startsWith("#HELLO"));
    for (int i = 0; i < 3; ++i)
        QCOMPARE(stranger.readLine(), "!NOLOGIN\r\n");
    QVERIFY(messages().list.isEmpty());
}

void PeopleMessages::clientAndOperatorWriteToEachOther()
{
    Person anna(*m_host, "HELLO ferry/1 name=Anna can=WINDOW");
    QVERIFY(anna.ready());
    const QByteArray who = anna.askAll("WHO", "#END").value(0);
    QVERIFY2(who.startsWith("#PERSON session=1 account=ferry name=Anna address=127.0.0.1 "
                            "kind=window since="),
             who);
    QVERIFY(anna.ask("TELL to=operator text=Two%0D%0Alines").startsWith("#TOLD id="));
    const Messages got = messages();
    QCOMPARE(got.list.size(), 1);
    const Message &message = got.list.first();
    QCOMPARE(message.session, 1);
    QCOMPARE(message.account, QStringLiteral("ferry"));
    QCOMPARE(message.name, QStringLiteral("Anna"));
    QCOMPARE(message.text, QStringLiteral("Two\r\nlines"));
    QVERIFY(!message.toAll && message.atMs > 0 && message.id > 0);
    QVERIFY(m_host->call([](Server &server) {
        return server.tell(1, QStringLiteral("grün")).ok() &&
               server.tell(2, QStringLiteral("x")).error().code == ErrorCode::NotFound &&
               server.tell(1, QString(2001, u'x')).error().code == ErrorCode::Invalid;
    }));
    const QByteArrayList notes = anna.askAll("NEWS since=0", "#END");
    QCOMPARE(notes.size(), 1);
    QVERIFY2(notes.first().contains(" kind=message from=operator at="), notes.first());
    QVERIFY2(notes.first().endsWith(" text=gr%C3%BCn"), notes.first());
}

void PeopleMessages::membersMayWriteWhenTheOperatorSaysSo()
{
    Person anna(*m_host);
    Person ben(*m_host, "HELLO ferry/1 name=Ben");
    const QByteArray toBen = "TELL to=" + QByteArray::number(ben.session()) + " text=hello";
    QCOMPARE(anna.ask(toBen), "!NOTFOUND");
    QCOMPARE(anna.ask("TELL to=all text=hello"), "!NOTFOUND");
    QCOMPARE(anna.askAll("WHO", "#END").size(), 1);
    m_host->call([](Server &server) { server.setMembers(true); });
    QVERIFY(anna.ask(toBen).startsWith("#TOLD id="));
    QVERIFY(anna.ask("TELL to=all text=hi").startsWith("#TOLD id="));
    QCOMPARE(anna.askAll("WHO", "#END").size(), 2);
    const QByteArrayList notes = ben.askAll("NEWS since=0", "#END");
    QCOMPARE(notes.size(), 2);
    QVERIFY2(notes.first().contains(" from=1 account=ferry name=Anna at="), notes.first());
    QVERIFY2(notes.last().contains(" from=1 account=ferry name=Anna to=all at="), notes.last());
    QVERIFY(anna.askAll("NEWS since=0", "#END").isEmpty());
    const Messages toOperator = messages();
    QCOMPARE(toOperator.list.size(), 1);
    QVERIFY(toOperator.list.first().toAll);
}

void PeopleMessages::theSwitchHoldsFromTheConfigurationOn()
{
    Person anna(*m_host);
    Person ben(*m_host);
    const auto set = [this](bool members) {
        return m_host->call([&](Server &server) {
            m_host->config.members = members;
            return server.reconfigure(m_host->config).ok();
        });
    };
    QVERIFY(set(true));
    QCOMPARE(anna.askAll("WHO", "#END").size(), 2);
    QVERIFY(set(false));
    QCOMPARE(anna.askAll("WHO", "#END").size(), 1);
}

void PeopleMessages::tooManyAreRefusedAndTheConnectionStays()
{
    Person anna(*m_host);
    QByteArray last;
    int sent = 0;
    // A slow machine lets some through that came a second later.
    for (int i = 0; i < 1000 && !last.startsWith("!SLOWER"); ++i) {
        last = anna.ask("TELL to=operator text=x");
        sent += last.startsWith("#TOLD");
    }
    QVERIFY(sent >= limits::messageBurst);
    QCOMPARE(last, "!SLOWER seconds=1");
    QCOMPARE(anna.ask("PING"), "#PONG");
    // The log is not flooded either.
    Person telnet(*m_host, {});
    sent = 0;
    int refused = 0;
    for (int i = 0; i < 60; ++i) {
        const bool told = (i % 2 ? anna.ask("TELL to=operator text=x").startsWith("#TOLD")
                                 : telnet.ask("TELL x") == "#Message sent.");
        ++(told ? sent : refused);
    }
    QVERIFY(refused > sent);
    int lines = 0;
    for (const LogRecord &record : m_host->call([](Server &server) { return server.takeLog(); }))
        lines += record.message.startsWith(QStringLiteral("!SLOWER")) ||
                 record.message.startsWith(QStringLiteral("!Too many messages"));
    QVERIFY(lines >= 1);
    QVERIFY2(lines <= 2 * (sent + 2), qPrintable(QString::number(lines)));
}

/// However fast somebody asks, each refusal takes its rest: at least that long, never a processor.
void PeopleMessages::aFloodIsSlowedDown_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("refusal");
    QTest::addColumn<bool>("classic");
    QTest::newRow("extended") << QByteArray("TELL to=operator text=x") << QByteArray("!SLOWER")
                              << false;
    QTest::newRow("classic") << QByteArray("TELL x") << QByteArray("!Too many") << true;
}

void PeopleMessages::aFloodIsSlowedDown()
{
    QFETCH(const QByteArray, request);
    QFETCH(const QByteArray, refusal);
    QFETCH(const bool, classic);
    constexpr int asked = 50;
    Person anna = classic ? Person(*m_host, {}) : Person(*m_host); // in place: it is not moved
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < asked; ++i)
        QVERIFY(anna.say(request));
    int refused = 0;
    for (int i = 0; i < asked; ++i)
        refused += anna.line().startsWith(refusal);
    QVERIFY(refused > 0);
    QVERIFY(clock.elapsed() >= refused * limits::slowerRest.count());
}

void PeopleMessages::muteHoldsAtOnce()
{
    Person anna(*m_host);
    m_host->call([](Server &server) { server.muteSession(1, true); });
    QVERIFY(m_host->sessions().first().muted);
    QCOMPARE(anna.ask("TELL to=operator text=x"), "!NOTFOUND");
    m_host->call([](Server &server) { server.muteSession(1, false); });
    QVERIFY(!m_host->sessions().first().muted);
    QVERIFY(anna.ask("TELL to=operator text=x").startsWith("#TOLD"));
    QCOMPARE(messages().list.size(), 1);
}

void PeopleMessages::overTelnetToo()
{
    Person anna(*m_host);
    Person telnet(*m_host, {});
    QCOMPARE(telnet.ask("TELL gr\xC3\xBCn"), "#Message sent.");
    const Messages got = messages();
    QCOMPARE(got.list.size(), 1);
    QCOMPARE(got.list.first().text, QStringLiteral("grün"));
    QVERIFY(!got.list.first().toAll);
    m_host->call([](Server &server) { server.setMembers(true); });
    QCOMPARE(telnet.ask("TELL to you all"), "#Message sent.");
    QVERIFY(anna.askAll("NEWS since=0", "#END").value(0).contains(" from=2 account=ferry to=all "));
    QVERIFY(anna.ask("TELL to=2 text=Two%0D%0A%23operator:%20lines%1B[2J").startsWith("#TOLD"));
    QVERIFY(
        m_host->call([](Server &server) { return server.tellAll(QStringLiteral("bye")).ok(); }));
    const QByteArrayList notes = telnet.askAll("NEWS", "#End of news.");
    QCOMPARE(notes,
             (QByteArrayList{"#1 Anna: Two  #operator: lines [2J", "#operator to all: bye"}));
    QVERIFY(telnet.askAll("NEWS", "#End of news.").isEmpty());
    QCOMPARE(telnet.ask("FILE /pub/nothing"), "!File /pub/nothing could not be opened.");
}

void PeopleMessages::aNameIsShownAsOne()
{
    Person anna(*m_host, "HELLO ferry/1 name=%D0%BEperator");
    Person ben(*m_host, "HELLO ferry/1 name=Ben%0D%0A%E2%80%AE");
    m_host->call([](Server &server) { server.setMembers(true); });
    const QByteArrayList persons = anna.askAll("WHO", "#END");
    QCOMPARE(persons.size(), 2);
    QVERIFY2(!persons.first().contains(" name="), persons.first());
    QVERIFY2(persons.last().contains(" name=Ben%5Cx0D%5Cx0A%5Cu202E ") ||
                 persons.last().contains(" name=Ben\\x0D\\x0A\\u202E "),
             persons.last());
}

void PeopleMessages::noLogHasWhatWasSaid()
{
    Person anna(*m_host);
    Person telnet(*m_host, {});
    QVERIFY(anna.ask("TELL to=operator text=confidential").startsWith("#TOLD"));
    QCOMPARE(telnet.ask("TELL confidential"), "#Message sent.");
    QVERIFY(m_host->call(
        [](Server &server) { return server.tellAll(QStringLiteral("confidential")).ok(); }));
    QCOMPARE(anna.askAll("NEWS since=0 box=5ecre75ecre75ecre75ecre75ecre75e", "#END").size(), 1);
    QCOMPARE(telnet.askAll("NEWS", "#End of news.").size(), 1);
    QCOMPARE(telnet.ask("FILE /pub/nothing"), "!File /pub/nothing could not be opened.");
    QByteArray log;
    for (const LogRecord &record : m_host->call([](Server &server) { return server.takeLog(); }))
        log += record.message.toUtf8() + '\n';
    QVERIFY2(!log.contains("confidential"), log);
    QVERIFY2(!log.contains("5ecre7"), log);
    QVERIFY2(log.contains("TELL to=operator bytes=12\n"), log);
    QVERIFY2(log.contains("TELL bytes=12\n"), log);
    QVERIFY2(log.contains("NEWS since=0\n"), log);
    QVERIFY2(log.contains("#End of news.\n"), log);
}

FERRY_TEST(PeopleMessages)
#include "people_messages.moc"
