// SPDX-License-Identifier: MIT
// `ferry give` and `ferry listen --accept-to` with a `ferryd`: what is given arrives, whoever is
// killed in between, and nothing that was there is replaced.
#include "support/process.h"
#include "support/program.h"
#include "support/testprogram.h"
#include "support/transferpair.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <memory>

using namespace ferry::test;

namespace {

QByteArray patterned(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = char((quint32(i) * 2'654'435'761U) >> 24);
    return bytes;
}

/// A `ferry` that goes on until it is let go.
class Running
{
public:
    Running(const TransferPair &pair, const QStringList &arguments)
    {
        pair.start(m_process, arguments);
    }
    ~Running() { kill(); }

    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    bool said(const QByteArray &text)
    {
        return waitUntil([&] {
            m_process.waitForReadyRead(20);
            m_output += m_process.readAllStandardOutput();
            return m_output.contains(text);
        });
    }
    bool hasEnded()
    {
        return m_process.state() == QProcess::NotRunning || m_process.waitForFinished(20);
    }
    const QByteArray &output() const { return m_output; }
    QProcess &process() { return m_process; }

private:
    QProcess m_process;
    QByteArray m_output;
};

} // namespace

class ClientGifts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_pair.reset(); }
    void aFileArrivesAndReplacesNothing();
    void theVeryFileThatIsHereIsTakenAsWell();
    void eachSaysSoAsJson();
    void whoDoesNotTakeItIsToldOfIt();
    void nobodyIsThere();
    void membersMayNotGiveByThemselves();
    void whatWasInterruptedIsContinued();
    void theServerIsKilledInBetween();
    void whoFetchesIsKilledInBetween();
    void whoListensIsKilledAndComesBack();
    void twoWhoListenAreTwo();
    void theNumberOfSomebodyElseIsNotGivenAnything();

private:
    QStringList arguments(const char *command, const QStringList &options = {},
                          const QStringList &more = {}) const
    {
        return argumentsOf(m_pair->clientData(), command, options, more);
    }
    QStringList argumentsOf(const QString &data, const char *command,
                            const QStringList &options = {}, const QStringList &more = {}) const
    {
        return QStringList{QString::fromLatin1(command), QStringLiteral("--pin"),
                           QString::fromLatin1(m_pair->fingerprint()), QStringLiteral("--data-dir"),
                           data} +
               options + QStringList{m_pair->address()} + more;
    }
    QStringList listenArguments(const QStringList &options = {}) const
    {
        return arguments("listen",
                         QStringList{QStringLiteral("--accept-to"), m_pair->target()} + options);
    }
    QStringList giveArguments(const QByteArray &to, const QString &file,
                              const QStringList &options = {}) const
    {
        return arguments(
            "give", QStringList{QStringLiteral("--to"), QString::fromLatin1(to)} + options, {file});
    }
    /// The number of the one who listens.
    QByteArray listener() const
    {
        QByteArray number;
        static_cast<void>(waitUntil([&] {
            const ProgramRun who = m_pair->run(arguments("who", {QStringLiteral("--json")}));
            for (const QByteArray &line : who.output.split('\n')) {
                const QJsonObject person = QJsonDocument::fromJson(line).object();
                if (!line.isEmpty() && !person[QStringLiteral("self")].toBool())
                    number = QByteArray::number(person[QStringLiteral("session")].toInt());
            }
            return !number.isEmpty();
        }));
        return number;
    }
    /// One that nobody has had: each connection has the next.
    int ownNumber() const
    {
        const ProgramRun who = m_pair->run(arguments("who", {QStringLiteral("--json")}));
        for (const QByteArray &line : who.output.split('\n')) {
            const QJsonObject person = QJsonDocument::fromJson(line).object();
            if (!line.isEmpty() && person[QStringLiteral("self")].toBool())
                return person[QStringLiteral("session")].toInt();
        }
        return 0;
    }
    QString file(const QString &name, const QByteArray &content) const
    {
        const QString path = m_pair->root() + u'/' + name;
        return writeFile(path, content) ? path : QString();
    }
    QByteArray saved(const QString &name) const { return readFile(m_pair->target() + u'/' + name); }
    /// The folder of the gifts, as ferryd has it.
    QString gifts() const
    {
        QDirIterator all(m_pair->root(), {QStringLiteral("gifts")}, QDir::Dirs,
                         QDirIterator::Subdirectories);
        return all.hasNext() ? all.next() : QString();
    }
    /// Something of an upload, at least so much, is on the server's disk.
    bool hasCome(qint64 bytes) const
    {
        return waitUntil(
            [&] { return bytesIn(gifts() + QStringLiteral("/.ferry-uploads")) >= bytes; });
    }
    bool startServer()
    {
        return m_pair->startServer({QStringLiteral("--members"), QStringLiteral("on")});
    }
    std::unique_ptr<TransferPair> m_pair;
};

void ClientGifts::init()
{
    m_pair = std::make_unique<TransferPair>();
    QVERIFY(startServer());
}

void ClientGifts::aFileArrivesAndReplacesNothing()
{
    QVERIFY(QDir().mkpath(m_pair->target()));
    QVERIFY(writeFile(m_pair->target() + QStringLiteral("/a b.txt"), "mine"));
    Running listen(*m_pair, listenArguments());
    const QByteArray to = listener();
    QVERIFY(!to.isEmpty());
    const QByteArray content = patterned(5'000'000);
    const ProgramRun give =
        m_pair->run(giveArguments(to, file(QStringLiteral("a b.txt"), content)));
    QCOMPARE(give.errors, "");
    QCOMPARE(give.exitCode, 0);
    QVERIFY2(give.output.endsWith("a b.txt has been sent.\n"), give.output);
    QVERIFY2(listen.said("a b (1).txt has been saved.\n"), listen.output());
    QVERIFY2(listen.output().contains(" offers a b.txt, 5.0 MB, at /@me/1/a b.txt\n"),
             listen.output());
    QCOMPARE(saved(QStringLiteral("a b.txt")), "mine");
    QCOMPARE(saved(QStringLiteral("a b (1).txt")), content);
    // It is no more, once the server has the receipt.
    QVERIFY(waitUntil([&] { return !QFileInfo::exists(gifts() + QStringLiteral("/1")); }));
}

void ClientGifts::theVeryFileThatIsHereIsTakenAsWell()
{
    QVERIFY(QDir().mkpath(m_pair->target()));
    for (const QByteArray &content : {QByteArray("the same"), QByteArray()}) {
        const QString name = content.isEmpty() ? QStringLiteral("empty") : QStringLiteral("full");
        QVERIFY(writeFile(m_pair->target() + u'/' + name, content));
        Running listen(*m_pair, listenArguments());
        QCOMPARE(m_pair->run(giveArguments(listener(), file(name, content))).exitCode, 0);
        QVERIFY2(listen.said(name.toUtf8() + " (1) has been saved.\n"), listen.output());
        QCOMPARE(saved(name + QStringLiteral(" (1)")), content);
    }
    QVERIFY(waitUntil(
        [&] { return QDir(gifts()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).isEmpty(); }));
}

void ClientGifts::eachSaysSoAsJson()
{
    Running listen(*m_pair, listenArguments({QStringLiteral("--json")}));
    const QByteArray to = listener();
    const ProgramRun give = m_pair->run(
        giveArguments(to, file(QStringLiteral("a"), "hello"), {QStringLiteral("--json")}));
    QCOMPARE(give.exitCode, 0);
    QVERIFY2(give.output.contains("\"/@" + to + "/1/a\""), give.output);
    QVERIFY2(listen.said("\"event\":\"saved\""), listen.output());
    QVERIFY2(listen.output().contains("\"kind\":\"gift\""), listen.output());
    QCOMPARE(saved(QStringLiteral("a")), "hello");
}

void ClientGifts::whoDoesNotTakeItIsToldOfIt()
{
    Running listen(*m_pair, arguments("listen"));
    const QByteArray to = listener();
    QCOMPARE(m_pair->run(giveArguments(to, file(QStringLiteral("a"), "hello"))).exitCode, 0);
    QVERIFY2(listen.said(" offers a, 5 bytes, at /@me/1/a\n"), listen.output());
    QVERIFY(QFileInfo::exists(gifts() + QStringLiteral("/1/a")));
}

void ClientGifts::nobodyIsThere()
{
    const ProgramRun give = m_pair->run(giveArguments("99", file(QStringLiteral("a"), "hello")));
    QCOMPARE(give.exitCode, 3);
    QVERIFY2(give.errors.contains("a: Nobody of this number"), give.errors);
}

void ClientGifts::membersMayNotGiveByThemselves()
{
    m_pair->killServer();
    QVERIFY(m_pair->startServer());
    Running listen(*m_pair, arguments("listen", {QStringLiteral("--json")}));
    const QString path = file(QStringLiteral("a"), "hello");
    for (const char *to : {"1", "2", "3"}) {
        const ProgramRun give = m_pair->run(giveArguments(to, path));
        QCOMPARE(give.exitCode, 3);
        QVERIFY2(give.errors.contains("members may not write to each other"), give.errors);
    }
}

void ClientGifts::whatWasInterruptedIsContinued()
{
    Running listen(*m_pair, listenArguments());
    const QByteArray to = listener();
    const QByteArray content = patterned(6'000'000);
    const QString path = file(QStringLiteral("big"), content);
    {
        Running give(
            *m_pair,
            giveArguments(to, path, {QStringLiteral("--limit-rate"), QStringLiteral("2M")}));
        QVERIFY(hasCome(1'000'000));
        give.kill();
    }
    const qint64 before = bytesIn(gifts() + QStringLiteral("/.ferry-uploads"));
    QVERIFY(before >= 1'000'000 && before < content.size());
    const ProgramRun give = m_pair->run(giveArguments(to, path));
    QCOMPARE(give.exitCode, 0);
    QVERIFY2(listen.said("big has been saved.\n"), listen.output());
    QCOMPARE(saved(QStringLiteral("big")), content);
    QCOMPARE(listen.output().count(" offers "), 1);
}

void ClientGifts::theServerIsKilledInBetween()
{
    Running listen(*m_pair, listenArguments());
    const QByteArray to = listener();
    const QByteArray content = patterned(6'000'000);
    Running give(*m_pair, giveArguments(to, file(QStringLiteral("big"), content),
                                        {QStringLiteral("--limit-rate"), QStringLiteral("2M"),
                                         QStringLiteral("--retries"), QStringLiteral("20")}));
    QVERIFY(hasCome(1'000'000));
    m_pair->killServer();
    QVERIFY(!QFileInfo::exists(gifts() + QStringLiteral("/1/big")));
    QVERIFY(startServer());
    QVERIFY2(listen.said("big has been saved.\n"), listen.output());
    QVERIFY(waitUntil([&] { return give.hasEnded(); }));
    QCOMPARE(give.process().exitCode(), 0);
    QCOMPARE(saved(QStringLiteral("big")), content);
    QCOMPARE(listen.output().count(" has been saved."), 1);
}

void ClientGifts::whoFetchesIsKilledInBetween()
{
    const QByteArray content = patterned(6'000'000);
    Running listen(*m_pair, listenArguments());
    const QByteArray to = listener();
    const QString path = file(QStringLiteral("big"), content);
    QCOMPARE(::kill(pid_t(listen.process().processId()), SIGSTOP), 0);
    QCOMPARE(m_pair->run(giveArguments(to, path)).exitCode, 0);
    m_pair->killServer();
    QCOMPARE(::kill(pid_t(listen.process().processId()), SIGCONT), 0);
    // It had not heard of the gift, and the server that it finds knows nothing of its messages.
    QVERIFY(startServer());
    QVERIFY2(listen.said("big has been saved.\n"), listen.output());
    QCOMPARE(saved(QStringLiteral("big")), content);
}

void ClientGifts::whoListensIsKilledAndComesBack()
{
    const QByteArray content = patterned(3'000'000);
    auto first = std::make_unique<Running>(*m_pair, arguments("listen"));
    const QByteArray to = listener();
    const QStringList toThem{QStringLiteral("--to"), QString::fromLatin1(to)};
    QCOMPARE(m_pair->run(arguments("tell", toThem, {QStringLiteral("one")})).exitCode, 0);
    QCOMPARE(m_pair->run(giveArguments(to, file(QStringLiteral("known"), content))).exitCode, 0);
    QVERIFY2(first->said(" offers known, "), first->output());
    first.reset();
    // The number that they had means them still.
    QCOMPARE(m_pair->run(arguments("tell", toThem, {QStringLiteral("two")})).exitCode, 0);
    QCOMPARE(m_pair->run(giveArguments(to, file(QStringLiteral("new"), content))).exitCode, 0);
    Running second(*m_pair, listenArguments());
    QVERIFY2(second.said("known has been saved.\n"), second.output());
    QVERIFY2(second.said("new has been saved.\n"), second.output());
    QCOMPARE(saved(QStringLiteral("known")), content);
    QCOMPARE(saved(QStringLiteral("new")), content);
    QVERIFY2(second.said(": two\n"), second.output());
    QCOMPARE(second.output().count(": two\n"), 1);
    QCOMPARE(second.output().count(" offers known, "), 1);
    QCOMPARE(second.output().count(" offers new, "), 1);
    QVERIFY(waitUntil(
        [&] { return QDir(gifts()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).isEmpty(); }));
}

void ClientGifts::twoWhoListenAreTwo()
{
    Running first(*m_pair, arguments("listen"));
    const QByteArray one = listener();
    Running second(*m_pair, arguments("listen"));
    QByteArray other;
    QVERIFY(waitUntil([&] {
        other = listener(); // the last of them
        return other != one;
    }));
    for (const QByteArray &to : {one, other})
        QCOMPARE(m_pair->run(giveArguments(to, file(QString::fromLatin1(to), "hello"))).exitCode,
                 0);
    QVERIFY2(first.said(" offers " + one + ", "), first.output());
    QVERIFY2(second.said(" offers " + other + ", "), second.output());
    QVERIFY(!first.output().contains(" offers " + other + ", "));
    QVERIFY(!second.output().contains(" offers " + one + ", "));
    QCOMPARE(second.process().readAllStandardError(), QByteArray());
}

void ClientGifts::theNumberOfSomebodyElseIsNotGivenAnything()
{
    QCOMPARE(ownNumber(), 1);
    auto first = std::make_unique<Running>(*m_pair, arguments("listen"));
    const QByteArray to = listener();
    const QByteArray content = patterned(6'000'000);
    const QString path = file(QStringLiteral("big"), content);
    const QString next = file(QStringLiteral("next"), "hello");
    const QStringList words = giveArguments(to, path,
                                            {QStringLiteral("--limit-rate"), QStringLiteral("2M"),
                                             QStringLiteral("--retries"), QStringLiteral("20")}) +
                              QStringList{next};
    Running give(*m_pair, words);
    QVERIFY(hasCome(1'000'000));
    QCOMPARE(::kill(pid_t(give.process().processId()), SIGSTOP), 0);
    m_pair->killServer();
    first.reset();
    QVERIFY(startServer());
    while (ownNumber() < to.toInt() - 1) {
    }
    const auto connections = [this] { return m_pair->serverLog().count("Connected from"); };
    const qsizetype before = connections();
    Running other(*m_pair, argumentsOf(m_pair->root() + QStringLiteral("/other"), "listen",
                                       {QStringLiteral("--accept-to"), m_pair->target()}));
    QVERIFY(waitUntil([&] { return connections() > before; })); // nobody else takes the number
    QCOMPARE(listener(), to);
    QCOMPARE(::kill(pid_t(give.process().processId()), SIGCONT), 0);
    QVERIFY(waitUntil([&] { return give.hasEnded(); }));
    QVERIFY(give.process().exitCode() != 0);
    const QByteArray errors = give.process().readAllStandardError();
    QVERIFY2(errors.contains("next: The number " + to + " means somebody else by now."), errors);
    // The one that was begun is kept for whom it was meant.
    QCOMPARE(readFile(gifts() + QStringLiteral("/1/big")), content);
    QVERIFY(!QFileInfo::exists(m_pair->target() + QStringLiteral("/big")));
    QVERIFY(!QFileInfo::exists(m_pair->target() + QStringLiteral("/next")));
}

FERRY_TEST(ClientGifts)
#include "client_gifts.moc"
