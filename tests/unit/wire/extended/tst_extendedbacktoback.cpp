// SPDX-License-Identifier: MIT
// The two halves of the extended dialect without sockets: whole, byte by byte, at random cuts.
#include "support/testprogram.h"
#include "unit/wire/extendedhelpers.h"
#include "unit/wire/seed.h"
#include "wire/extended/extendedclientsession.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <functional>

using namespace ferry;
using namespace ferry::extended;
using namespace ferry::test;

namespace {

/// Both state machines, joined by two pipes that carry pieces of at most `most` bytes.
class Conversation
{
public:
    Conversation(QByteArrayList bodies, int most, QRandomGenerator &random)
        : m_bodies(std::move(bodies))
        , m_server(loggedInServer())
        , m_random(random)
        , m_most(most)
    {
        m_toClient = "#Server Ready.\r\n";
        client.sent(request(Verb::Hello));
        serve();
    }

    void ask(const Request &request)
    {
        client.sent(request);
        m_toServer += requestLine(request);
    }

    /// Until nothing moves any more.
    void run()
    {
        while (!m_toServer.isEmpty() || !m_toClient.isEmpty()) {
            move(m_toServer, [this](QByteArrayView piece) { m_server.receive(piece); });
            serve();
            move(m_toClient, [this](QByteArrayView piece) { client.receive(piece); });
            read();
        }
    }

    ExtendedClientSession client;
    QByteArrayList received; ///< the bodies
    QByteArrayList violations;
    int done = 0; ///< answers to GET that came to their end

private:
    int upTo(int most) { return most == 1 ? 1 : 1 + m_random.bounded(most); }

    void move(QByteArray &pipe, const std::function<void(QByteArrayView)> &receive)
    {
        const qsizetype size = std::min<qsizetype>(pipe.size(), upTo(m_most));
        receive(QByteArrayView(pipe).first(size));
        pipe.remove(0, size);
    }

    void serve()
    {
        for (auto action = m_server.nextAction(); action.kind != ExtendedAction::Kind::Receive;
             action = m_server.nextAction()) {
            m_toClient += action.bytes;
            if (action.kind != ExtendedAction::Kind::Perform)
                continue;
            const QByteArray body = m_bodies.value(m_served++);
            m_toClient += extended::file({body.size(), 0, "i", 0, body.size()});
            for (qsizetype at = 0; at < body.size();) {
                const qsizetype size = std::min<qsizetype>(body.size() - at, upTo(100));
                m_toClient += extended::data(size) + body.sliced(at, size);
                at += size;
            }
            m_toClient += extended::done(body.size(), anyHash);
            m_server.performed();
        }
    }

    void read()
    {
        for (;;) {
            const ExtendedEvent event = client.nextEvent();
            using Kind = ExtendedEvent::Kind;
            if (event.kind == Kind::Violation)
                violations << event.text;
            if (event.kind == Kind::Receive || event.kind == Kind::Violation)
                return;
            if (event.kind == Kind::FileBegin)
                received << QByteArray();
            done += event.kind == Kind::FileDone ? 1 : 0;
            if (event.kind == Kind::Body) {
                const QByteArray part = client.takeBody(upTo(50));
                if (part.isEmpty())
                    return;
                received.last() += part;
            }
        }
    }

    QByteArrayList m_bodies;
    ExtendedServerSession m_server;
    QRandomGenerator &m_random;
    int m_most;
    int m_served = 0;
    QByteArray m_toServer;
    QByteArray m_toClient;
};

/// Content made of the dialect's own words.
QByteArray nastyContent(QRandomGenerator &random)
{
    QByteArray body(random.bounded(300), Qt::Uninitialized);
    for (char &c : body)
        c = "#!\r\nDATA\0x"[random.bounded(10)];
    return body;
}

} // namespace

class TestExtendedBackToBack : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void filesArriveAsTheyAre_data();
    void filesArriveAsTheyAre();
};

void TestExtendedBackToBack::filesArriveAsTheyAre_data()
{
    QTest::addColumn<int>("most");
    QTest::newRow("whole") << (1 << 20);
    QTest::newRow("byte by byte") << 1;
    QTest::newRow("short pieces") << 40;
    QTest::newRow("long pieces") << 1000;
}

void TestExtendedBackToBack::filesArriveAsTheyAre()
{
    QFETCH(int, most);
    QRandomGenerator random(seed());
    for (int round = 0; round < 50; ++round) {
        QByteArrayList bodies;
        for (int i = 0; i < 20; ++i)
            bodies << nastyContent(random);
        Conversation conversation(bodies, most, random);
        for (int i = 0; i < bodies.size(); ++i)
            conversation.ask(request(Verb::Get, "/f" + QByteArray::number(i)));
        conversation.run();
        QCOMPARE(conversation.violations, QByteArrayList());
        QCOMPARE(conversation.received, bodies);
        QCOMPARE(conversation.done, int(bodies.size()));
        QCOMPARE(conversation.client.pending(), 0);
    }
}

FERRY_TEST(TestExtendedBackToBack)
#include "tst_extendedbacktoback.moc"
