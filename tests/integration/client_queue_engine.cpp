// SPDX-License-Identifier: MIT
// The connection's life: work that comes and goes, servers that leave, people who interrupt.
#include "support/clienthost.h"
#include "support/partof.h"
#include "support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;
using namespace std::chrono_literals;

namespace {

/// As the tutorial's, but of `endless` there is a part and never more: on the first connection
/// only, or on `all`.
TutorialServer::Script scriptWithAnEndlessFile(bool all = false)
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}, {"b", "content of b"}};
    return [all, ordinary = tutorialScript(habits)](TutorialPeer &peer, int connection) {
        if (connection != 0 && !all)
            return ordinary(peer, connection);
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        while (const auto line = peer.readLine()) {
            if (line == "FILE a")
                peer.write("content of a#File a sent successfully.\r\n");
            else if (line == "FILE endless")
                peer.write(QByteArray(500'000, 'x'));
            else
                peer.write("!File " + line->mid(5) + " could not be opened.\r\n");
        }
    };
}

} // namespace

class ClientQueueEngineTest : public QObject, private ClientHost
{
    Q_OBJECT
private Q_SLOTS:
    void init() { renew(); }
    void logsInWithoutWorkAndFetchesWhatComesLater();
    void noticesThatTheServerHasGone();
    void anOldConnectionThatTheServerClosedIsMadeAnew();
    void whatWaitsFailsWhenThereIsNoWayBack();
    void aChangedPasswordIsNotTriedForEver();
    void disconnectingPutsTheFileBack();
    void cancellingEndsTheTransferAtOnce();
    void removingEndsTheTransferAtOnce();
    void cancellingTheLastFileEndsTheQueue();
    void aFailedFileCanBeRetried();
    void aLocalErrorFailsOnlyThatFile();
    void refusedNamesFailWithoutAConnection();
    void theEndOfTheQueueIsToldOnce();
    void settingsThatCannotWorkAreRefused();
    void connectingAgainEndsTheConnectionBefore();
    void aHundredConnectionsLeaveNothingBehind();
    void canBeDestroyedAtAnyMoment();

private:
    bool waitForConnection(ConnectionState state)
    {
        return QTest::qWaitFor([&] { return m_client->connection().state == state; }, patienceMs);
    }
    bool waitForBytes(quint64 id)
    {
        return QTest::qWaitFor([&] { return row(id).received > 0; }, patienceMs);
    }
};

void ClientQueueEngineTest::logsInWithoutWorkAndFetchesWhatComesLater()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}, {"b", "content of b"}};
    const TutorialServer server(tutorialScript(habits));
    QCOMPARE(m_client->connection().state, ConnectionState::Offline);
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForConnection(ConnectionState::Online));
    QCOMPARE(m_client->connection().description, QStringLiteral("unencrypted"));
    for (const char *path : {"a", "b"}) {
        add({path});
        QVERIFY(waitForQueue());
    }
    QCOMPARE(names(), (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    QCOMPARE(server.connections(), 1);
    m_client->disconnect();
    QCOMPARE(m_client->connection().state, ConnectionState::Offline);
}

void ClientQueueEngineTest::noticesThatTheServerHasGone()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}};
    const auto ordinary = tutorialScript(habits);
    std::atomic_bool leave = false;
    const TutorialServer server([&](TutorialPeer &peer, int connection) {
        if (connection != 0)
            return ordinary(peer, connection);
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        if (waitUntil([&] { return bool(leave); }))
            peer.write("!Timed out.\r\n");
    });
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForConnection(ConnectionState::Online));
    leave = true;
    QVERIFY(waitForConnection(ConnectionState::Offline));
    bool said = false;
    for (const LogRecord &record : m_client->takeConversation())
        said = said || record.message == QStringLiteral("!Timed out.");
    QVERIFY(said);

    // New work makes a new connection by itself.
    const QList<quint64> ids = add({"a"});
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).state, DownloadState::Done);
    QCOMPARE(server.connections(), 2);
}

void ClientQueueEngineTest::anOldConnectionThatTheServerClosedIsMadeAnew()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}, {"b", "content of b"}};
    const auto ordinary = tutorialScript(habits);
    const TutorialServer server([&](TutorialPeer &peer, int connection) {
        if (connection != 0)
            return ordinary(peer, connection);
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        peer.readLine();
        peer.write("content of a#File a sent successfully.\r\n");
        if (const auto probe = peer.readLine())
            peer.write("!File " + probe->mid(5) + " could not be opened.\r\n");
        peer.readLine(); // FILE b: no answer, as if the idle time had ended just then
    });
    const QList<quint64> ids = add({"a", "b"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[1]).state, DownloadState::Done);
    QCOMPARE(server.connections(), 2);
}

void ClientQueueEngineTest::whatWaitsFailsWhenThereIsNoWayBack()
{
    std::atomic_bool closed = false;
    TutorialServer server([&](TutorialPeer &peer, int) {
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        peer.readLine();
        peer.write(QByteArray(50'000, 'x'));
        waitUntil([&] { return bool(closed); });
    });
    const QList<quint64> ids = add({"cut", "b", "c"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForBytes(ids[0]));
    server.stopListening();
    closed = true;
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).error.code, ErrorCode::CutShort);
    QCOMPARE(row(ids[1]).error.code, ErrorCode::CannotConnect);
    QCOMPARE(row(ids[2]).error.code, ErrorCode::CannotConnect);
    QVERIFY(waitForConnection(ConnectionState::Failed));
    QCOMPARE(m_client->connection().error.code, ErrorCode::CannotConnect);
    QCOMPARE(names(), QStringList());
}

/// The server was started again with another password while files wait.
void ClientQueueEngineTest::aChangedPasswordIsNotTriedForEver()
{
    TutorialHabits habits;
    habits.password = "another";
    const auto changed = tutorialScript(habits);
    const TutorialServer server([&](TutorialPeer &peer, int connection) {
        if (connection != 0)
            return changed(peer, connection);
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        peer.readLine();
    });
    ClientConfig unattended = config(server);
    unattended.reconnects = -1;
    const QList<quint64> ids = add({"a", "b"});
    QVERIFY(m_client->connectTo(unattended).ok());
    QVERIFY(waitForConnection(ConnectionState::Failed));
    QCOMPARE(m_client->connection().error.code, ErrorCode::WrongPassword);
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[1]).error.code, ErrorCode::WrongPassword);
    QCOMPARE(server.connections(), 2);
    QCOMPARE(names(), QStringList());
}

void ClientQueueEngineTest::disconnectingPutsTheFileBack()
{
    const TutorialServer server(scriptWithAnEndlessFile());
    const QList<quint64> ids = add({"a", "endless", "b"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForBytes(ids[1]));
    QVERIFY(names().contains(partOf(QStringLiteral("endless"))));
    m_client->disconnectAndWait();
    QCOMPARE(m_client->connection().state, ConnectionState::Offline);
    QCOMPARE(row(ids[0]).state, DownloadState::Done);
    QCOMPARE(row(ids[1]).state, DownloadState::Queued);
    QCOMPARE(row(ids[1]).received, 0);
    QCOMPARE(row(ids[2]).state, DownloadState::Queued);
    QCOMPARE(names(), QStringList{QStringLiteral("a")});

    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[1]).error.code, ErrorCode::NotFound);
    QCOMPARE(row(ids[2]).state, DownloadState::Done);
}

void ClientQueueEngineTest::cancellingEndsTheTransferAtOnce()
{
    const TutorialServer server(scriptWithAnEndlessFile());
    const QList<quint64> ids = add({"endless", "b"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForBytes(ids[0]));
    m_client->queue().cancel(ids[0]);
    QCOMPARE(row(ids[0]).state, DownloadState::Cancelled);
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).state, DownloadState::Cancelled);
    QCOMPARE(row(ids[1]).state, DownloadState::Done);
    QCOMPARE(names(), QStringList{QStringLiteral("b")});
}

void ClientQueueEngineTest::removingEndsTheTransferAtOnce()
{
    const TutorialServer server(scriptWithAnEndlessFile());
    const QList<quint64> ids = add({"endless", "b"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForBytes(ids[0]));
    m_client->queue().remove(ids[0]);
    QVERIFY(waitForQueue());
    QCOMPARE(m_client->queue().all().size(), 1);
    QCOMPARE(row(ids[1]).state, DownloadState::Done);
    QCOMPARE(names(), QStringList{QStringLiteral("b")});
}

void ClientQueueEngineTest::cancellingTheLastFileEndsTheQueue()
{
    const TutorialServer server(scriptWithAnEndlessFile());
    QSignalSpy finished(m_client.get(), &Client::queueFinished);
    const QList<quint64> ids = add({"endless"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForBytes(ids[0]));
    m_client->queue().cancel(ids[0]);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patienceMs);
    // The person is still communicating: the connection comes back without work.
    QTRY_COMPARE_WITH_TIMEOUT(server.connections(), 2, patienceMs);
    QVERIFY(waitForConnection(ConnectionState::Online));
    QCOMPARE(names(), QStringList());
    QCOMPARE(finished.size(), 1);
}

void ClientQueueEngineTest::aFailedFileCanBeRetried()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}};
    const TutorialServer server(tutorialScript(habits));
    QFile there(m_dir->filePath(QStringLiteral("a")));
    QVERIFY(there.open(QIODevice::WriteOnly));
    const QList<quint64> ids = add({"a"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).error.code, ErrorCode::TargetExists);
    QVERIFY(there.remove());
    QSignalSpy finished(m_client.get(), &Client::queueFinished);
    m_client->queue().retry(ids[0]);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patienceMs);
    QCOMPARE(row(ids[0]).state, DownloadState::Done);
}

void ClientQueueEngineTest::aLocalErrorFailsOnlyThatFile()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}, {"b", "content of b"}};
    const TutorialServer server(tutorialScript(habits));
    const QList<quint64> ids =
        m_client->add({{"a", m_dir->filePath(QStringLiteral("none")), ExistingPolicy::Fail},
                       {"b", m_dir->path(), ExistingPolicy::Fail}});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    QCOMPARE(row(ids[0]).error.code, ErrorCode::LocalFile);
    QCOMPARE(row(ids[1]).state, DownloadState::Done);
    QCOMPARE(server.connections(), 1);
}

void ClientQueueEngineTest::refusedNamesFailWithoutAConnection()
{
    QSignalSpy finished(m_client.get(), &Client::queueFinished);
    const QList<quint64> ids = add({"..", "", "/", "a/..", "c:\\", QByteArray("a\0b", 3)});
    for (const quint64 id : ids) {
        QCOMPARE(row(id).state, DownloadState::Failed);
        QCOMPARE(row(id).error.code, ErrorCode::Invalid);
    }
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patienceMs);
    QCOMPARE(names(), QStringList());
}

void ClientQueueEngineTest::theEndOfTheQueueIsToldOnce()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}, {"b", "content of b"}};
    const TutorialServer server(tutorialScript(habits));
    QSignalSpy finished(m_client.get(), &Client::queueFinished);
    add({"a", "b", "none"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patienceMs);
    m_client->disconnectAndWait();
    QCoreApplication::processEvents();
    QCOMPARE(finished.size(), 1);
}

void ClientQueueEngineTest::settingsThatCannotWorkAreRefused()
{
    const TutorialServer server([](TutorialPeer &, int) {});
    const auto refused = [&](const std::function<void(ClientConfig &)> &change) {
        ClientConfig changed = config(server);
        change(changed);
        const Result<> result = m_client->connectTo(changed);
        return !result && result.error().code == ErrorCode::Invalid &&
               m_client->connection().state == ConnectionState::Offline;
    };
    QVERIFY(refused([](ClientConfig &changed) { changed.host.clear(); }));
    QVERIFY(refused([](ClientConfig &changed) { changed.password.clear(); }));
    QVERIFY(refused([](ClientConfig &changed) { changed.host = QStringLiteral("192.0.2.1"); }));
    QCOMPARE(server.connections(), 0);
}

void ClientQueueEngineTest::connectingAgainEndsTheConnectionBefore()
{
    const TutorialServer server(scriptWithAnEndlessFile());
    const QList<quint64> ids = add({"endless", "b"});
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForBytes(ids[0]));
    QVERIFY(m_client->connectTo(config(server)).ok());
    QVERIFY(waitForQueue());
    // Back in the queue, and asked for again on the second connection, which has no such file.
    QCOMPARE(row(ids[0]).error.code, ErrorCode::NotFound);
    QCOMPARE(row(ids[1]).state, DownloadState::Done);
    QCOMPARE(names(), QStringList{QStringLiteral("b")});
}

void ClientQueueEngineTest::aHundredConnectionsLeaveNothingBehind()
{
    TutorialHabits habits;
    habits.files = {{"a", "content of a"}};
    int threads = 0;
    int descriptors = 0;
    for (int i = 0; i < 100; ++i) {
        {
            const TutorialServer server(tutorialScript(habits));
            const QList<quint64> ids = add({"a"});
            QVERIFY(m_client->connectTo(config(server)).ok());
            QVERIFY(waitForQueue());
            QCOMPARE(row(ids[0]).state, DownloadState::Done);
            QVERIFY(QFile::remove(m_dir->filePath(QStringLiteral("a"))));
            m_client->disconnectAndWait();
        }
        if (i == 9) { // what the first ones make once is made
            threads = threadCount();
            descriptors = descriptorCount();
        }
    }
    // A thread that was waited for may still be counted for a moment. A few are for what Qt or a
    // library starts or opens for itself; a connection leaves one each.
    constexpr int few = 20;
    QTRY_VERIFY(threadCount() <= threads + few);
    QTRY_VERIFY(descriptorCount() <= descriptors + few);
}

void ClientQueueEngineTest::canBeDestroyedAtAnyMoment()
{
    const TutorialServer server(scriptWithAnEndlessFile(true));
    for (int round = 0; round < 60; ++round) {
        m_client = std::make_unique<Client>();
        add({"a", "endless", "b"});
        QVERIFY(m_client->connectTo(config(server)).ok());
        // Each round gets further before it ends.
        for (int i = 0; i < round * 20; ++i) {
            QCoreApplication::processEvents();
            std::this_thread::yield();
        }
        m_client.reset();
        const QStringList left = names();
        for (const QString &name : left)
            QVERIFY2(!name.endsWith(QStringLiteral(".part")), qPrintable(name));
        for (const QString &name : left)
            QVERIFY(QFile::remove(m_dir->filePath(name)));
    }
}

FERRY_TEST(ClientQueueEngineTest)
#include "client_queue_engine.moc"
