// SPDX-License-Identifier: MIT
// What a line costs: for every file of a transfer there are five.
#include "wire/extended/extended.h"
#include "wire/extended/extendedclientsession.h"

#include <QTest>

using namespace ferry;

class BenchCodec : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aRequestIsWritten();
    void aRequestIsRead();
    void anEntryIsWritten();
    void anEntryIsRead();
    void aClientReadsTheAnswersToAThousandFiles();

private:
    const extended::Entry m_entry{false, 123456, 1'700'000'000'123'456'789, "i1234-s1e240-m17979",
                                  "folder/a file with a name.txt"};
};

void BenchCodec::aRequestIsWritten()
{
    extended::Request request;
    request.verb = extended::Verb::Get;
    request.path = *VirtualPath::parse("/share/folder/a file with a name.txt");
    request.offset = 1 << 20;
    request.length = 1 << 24;
    request.id = "i1234-s1e240-m17979";
    QBENCHMARK
    {
        QVERIFY(!extended::requestLine(request).isEmpty());
    }
}

void BenchCodec::aRequestIsRead()
{
    const QByteArray line = "GET /share/folder/a%20file%20with%20a%20name.txt offset=1048576 "
                            "length=16777216 id=i1234-s1e240-m17979";
    QBENCHMARK
    {
        QVERIFY(extended::parseRequest(line).request);
    }
}

void BenchCodec::anEntryIsWritten()
{
    QBENCHMARK
    {
        QVERIFY(!extended::entry(m_entry).isEmpty());
    }
}

void BenchCodec::anEntryIsRead()
{
    const QByteArray line = extended::entry(m_entry).chopped(2);
    QBENCHMARK
    {
        const auto reply = extended::parseReply(line);
        QVERIFY(reply && extended::parseEntry(*reply));
    }
}

void BenchCodec::aClientReadsTheAnswersToAThousandFiles()
{
    constexpr int files = 1000;
    const QByteArray content(8192, 'x');
    extended::FileFacts facts;
    facts.size = facts.length = content.size();
    facts.id = m_entry.id;
    const QByteArray answer = extended::file(facts) + extended::data(content.size()) + content +
                              extended::done(content.size(), "xxh3:" + QByteArray(32, '0'));
    extended::Request request;
    request.verb = extended::Verb::Get;
    request.path = *VirtualPath::parse("/share/f");
    QByteArray room(content.size(), Qt::Uninitialized);
    QBENCHMARK
    {
        ExtendedClientSession session;
        session.receive("#Server Ready.\r\n");
        session.nextEvent();
        int done = 0;
        for (int i = 0; i < files; ++i) {
            session.sent(request);
            session.receive(answer);
            for (;;) {
                const ExtendedEvent event = session.nextEvent();
                if (event.kind == ExtendedEvent::Kind::Body)
                    session.takeBody(room.data(), room.size());
                else if (event.kind == ExtendedEvent::Kind::FileDone)
                    ++done;
                else if (event.kind == ExtendedEvent::Kind::Receive)
                    break;
            }
        }
        QCOMPARE(done, files);
    }
}

QTEST_APPLESS_MAIN(BenchCodec)
#include "bench_codec.moc"
