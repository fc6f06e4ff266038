// SPDX-License-Identifier: MIT
// A disk that cannot write what it took: whoever put it in is told, nobody else, and what is read
// of it is not trusted.
#include "integration/uploads_fixture.h"
#include "support/scarcity.h"
#include "support/testprogram.h"

#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::test;

namespace {

constexpr qsizetype lost = 7;

} // namespace

class ScarcityUploads : public UploadTest
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_host = std::make_unique<UploadHost>();
        m_host->config.maxSessions = 8; // so that descriptors are left to hold uploads with
        start();
    }
    void ofSeveralTheOneThatIsNotWrittenFails();
    void whatIsNotWrittenIsSentAgain();
};

void ScarcityUploads::ofSeveralTheOneThatIsNotWrittenFails()
{
    const auto client = peer();
    const QByteArray bytes(lost, 'x');
    {
        const FailingSync full(lost);
        client->say(whole("/add/a", "hello") + whole("/add/b", bytes) + whole("/in/c", bytes) +
                    whole("/add/d", "world"));
        for (const char *answer :
             {"#STORED path=/add/a ", "!NOROOM", "!NOROOM", "#STORED path=/add/d "}) {
            QCOMPARE(client->line(), "#SEND offset=0");
            const QByteArray line = client->line();
            QVERIFY2(line.startsWith(answer), line);
        }
    }
    QCOMPARE(m_host->names(QStringLiteral("add")),
             QStringList({QStringLiteral("a"), QStringLiteral("d")}));
    QVERIFY(m_host->names(QStringLiteral("in")).isEmpty());
    QVERIFY(m_host->parts(QStringLiteral("add")).isEmpty());
    QVERIFY(m_host->parts(QStringLiteral("in")).isEmpty());
    client->say(whole("/add/b", bytes));
    QCOMPARE(client->line(), "#SEND offset=0");
    QVERIFY(client->line().startsWith("#STORED path=/add/b "));
}

void ScarcityUploads::whatIsNotWrittenIsSentAgain()
{
    const auto client = peer();
    const QByteArray bytes(lost, 'x');
    {
        const FailingSync full(lost);
        QCOMPARE(upload(*client, "/add/a", bytes, "1"), "!NOROOM");
    }
    QVERIFY(m_host->parts(QStringLiteral("add")).isEmpty());
    QCOMPARE(client->ask(putLine("/add/a", lost, "1").trimmed()), "#SEND offset=0");
    client->say(dataOf(bytes) + endOf(bytes));
    QVERIFY(client->line().startsWith("#STORED path=/add/a "));
}

FERRY_TEST(ScarcityUploads)
#include "scarcity_uploads.moc"
