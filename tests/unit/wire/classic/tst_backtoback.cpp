// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "unit/wire/scriptedserver.h"
#include "unit/wire/seed.h"
#include "wire/classic/classicclientsession.h"
#include "wire/classic/codec.h"

#include <QRandomGenerator>
#include <QTest>

using namespace ferry;
using namespace ferry::test;
using Kind = ClassicClientEvent::Kind;

namespace {

/// Both state machines, joined by two pipes that cut as they like.
class Conversation
{
public:
    Conversation(const QMap<QByteArray, QByteArray> &files, quint32 seed)
        : m_server("pw", files)
        , m_random(seed)
    {
        m_toClient = m_server.takeOutput();
    }

    /// Everything up to the event that answers; FileBytes go to `content`.
    ClassicClientEvent answer(QByteArray *content = nullptr)
    {
        for (;;) {
            const ClassicClientEvent event = client.nextEvent();
            switch (event.kind) {
            case Kind::Send:
                m_toServer += event.bytes;
                break;
            case Kind::FileBytes:
                if (content)
                    *content += event.bytes;
                break;
            case Kind::Receive:
                if (!move())
                    return event;
                break;
            default:
                return event;
            }
        }
    }

    QByteArray probeName() { return "probe-" + QByteArray::number(m_random.generate64(), 16); }

    ClassicClientSession client;

private:
    /// One piece in one of the directions; false if there is none.
    bool move()
    {
        if (m_toServer.isEmpty() && m_toClient.isEmpty())
            return false;
        const bool up = m_toClient.isEmpty() || (!m_toServer.isEmpty() && m_random.bounded(2) == 0);
        QByteArray &pipe = up ? m_toServer : m_toClient;
        const qsizetype size =
            std::min<qsizetype>(pipe.size(), 1 + m_random.bounded(1 << m_random.bounded(14)));
        const QByteArray piece = pipe.first(size);
        pipe.remove(0, size);
        if (up) {
            m_server.receive(piece);
            m_toClient += m_server.takeOutput();
        } else {
            client.receive(piece);
        }
        return true;
    }

    ScriptedServer m_server;
    QRandomGenerator m_random;
    QByteArray m_toServer;
    QByteArray m_toClient;
};

/// Content made of the dialect's own words for `path`.
QByteArray nastyContent(QRandomGenerator &random, const QByteArray &path)
{
    const QByteArrayList words{classic::fileSent(path),
                               classic::fileSent(path).chopped(2) + '\n',
                               classic::fileSent(path).chopped(1 + random.bounded(20)),
                               classic::fileNotOpened(path),
                               classic::fileNotOpened(path).chopped(1 + random.bounded(20)),
                               classic::fileNotOpened("probe-1"),
                               classic::invalidCommand,
                               classic::greeting,
                               "!",
                               "#",
                               "\r\n",
                               "\n",
                               "\r",
                               QByteArray("\0\xFF\xF1", 3),
                               QByteArray(random.bounded(10'000), 'x')};
    QByteArray content;
    for (int i = random.bounded(6); i > 0; --i)
        content += words[random.bounded(words.size())];
    return content;
}

} // namespace

class TestBackToBack : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFileArrivesAsItIs_data();
    void aFileArrivesAsItIs();
    void anyFilesArriveThroughAnyCuts();
};

void TestBackToBack::aFileArrivesAsItIs_data()
{
    QTest::addColumn<QByteArray>("content");
    const QByteArray sent = classic::fileSent("c:\\a b");
    const QByteArray missing = classic::fileNotOpened("c:\\a b");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("hello\r\n");
    QTest::newRow("trailer in the middle") << "a" + sent + "b";
    QTest::newRow("trailer at the start") << sent + "b";
    QTest::newRow("trailer at the end") << "a" + sent;
    QTest::newRow("only the trailer") << sent;
    QTest::newRow("three trailers") << sent.repeated(3);
    QTest::newRow("most of the trailer") << sent.chopped(1);
    QTest::newRow("only the not-found line") << missing;
    QTest::newRow("the not-found line and more") << missing + "x";
    QTest::newRow("trailer, then the not-found line") << sent + missing;
    QTest::newRow("begins with !") << QByteArray("!a\r\n");
    QTest::newRow("only !") << QByteArray("!");
    QTest::newRow("begins with #") << QByteArray("#a\r\n");
    QTest::newRow("a long ! line") << '!' + QByteArray(10'000, 'x') + "\r\n";
    QTest::newRow("binary") << QByteArray::fromHex("00ff0d0a0aff00fff0").repeated(5000);
}

void TestBackToBack::aFileArrivesAsItIs()
{
    QFETCH(QByteArray, content);
    const QByteArray path("c:\\a b");
    for (quint32 seed = 0; seed < 50; ++seed) {
        Conversation conversation({{path, content}}, seed);
        QCOMPARE(conversation.answer().kind, Kind::Greeted);
        conversation.client.login("pw");
        QCOMPARE(conversation.answer().kind, Kind::LoggedIn);
        QByteArray arrived;
        conversation.client.requestFile(path, conversation.probeName());
        QCOMPARE(conversation.answer(&arrived).kind, Kind::FileEnd);
        QCOMPARE(arrived, content);
        QVERIFY(conversation.client.idle() && conversation.client.usable());
    }
}

void TestBackToBack::anyFilesArriveThroughAnyCuts()
{
    QRandomGenerator random(seed());
    for (int round = 0; round < 300; ++round) {
        QMap<QByteArray, QByteArray> files;
        for (const QByteArray path : {"a", " b ", "c:\\x\xFFy", "/\xC3\xA4/#!"})
            files[path] = nastyContent(random, path);
        Conversation conversation(files, random.generate());
        QCOMPARE(conversation.answer().kind, Kind::Greeted);
        conversation.client.login("wrong");
        QCOMPARE(conversation.answer().kind, Kind::BadPassword);
        conversation.client.login("pw");
        QCOMPARE(conversation.answer().kind, Kind::LoggedIn);
        for (auto file = files.begin(); file != files.end(); ++file) {
            QByteArray arrived;
            conversation.client.requestFile(file.key(), conversation.probeName());
            QCOMPARE(conversation.answer(&arrived).kind, Kind::FileEnd);
            QCOMPARE(arrived, file.value());
            conversation.client.requestFile(file.key() + '?', conversation.probeName());
            QCOMPARE(conversation.answer().kind, Kind::FileMissing);
            QVERIFY(conversation.client.idle() && conversation.client.usable());
        }
        conversation.client.quit();
        QCOMPARE(conversation.answer().kind, Kind::CutShort);
    }
}

FERRY_TEST(TestBackToBack)
#include "tst_backtoback.moc"
