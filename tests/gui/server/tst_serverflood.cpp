// SPDX-License-Identifier: MIT
#include "gui-common/log/logmodel.h"
#include "gui/server/serverfixture.h"
#include "support/rawpeer.h"
#include "support/testprogram.h"

#include <QLocale>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

using namespace ferry;
using namespace ferry::test;

namespace {

constexpr int flooders = 6;
constexpr int asksAtOnce = 50;
constexpr qint64 largeBytes = qint64(4) << 30;

/// Sessions that ask for what is not there as fast as they are answered, two lines of the log each
/// time, and one that fetches a large file meanwhile, a piece for every round of the first of them.
class Crowd
{
public:
    ~Crowd() { leave(); }

    bool logIn(quint16 port, const QByteArray &password)
    {
        for (int i = 0; i <= flooders; ++i) {
            m_peers.push_back(std::make_unique<RawPeer>(port));
            if (!m_peers.back()->connected() || !m_peers.back()->login(password))
                return false;
        }
        return true;
    }
    bool beginLargeFile() { return fetcher().send("FILE pub/large\r\n"); }
    bool readOfLargeFile(qsizetype bytes) { return fetcher().read(bytes).size() == bytes; }

    void begin()
    {
        for (int i = 0; i < flooders; ++i)
            m_threads.emplace_back([this, i] { flood(*m_peers[size_t(i)], i == 0); });
    }
    /// Each finishes its round.
    void end()
    {
        m_over = true;
        for (std::thread &thread : m_threads)
            thread.join();
        m_threads.clear();
    }
    void leave()
    {
        end();
        m_peers.clear();
    }

    qint64 asked() const { return m_asked; }
    qint64 answered() const { return m_answered; }
    qint64 fetched() const { return m_fetched; }

private:
    RawPeer &fetcher() { return *m_peers[flooders]; }

    void flood(RawPeer &peer, bool alsoFetches)
    {
        const QByteArray request = QByteArray("FILE pub/none\r\n").repeated(asksAtOnce);
        while (!m_over) {
            if (!peer.send(request))
                return;
            m_asked += asksAtOnce;
            for (int i = 0; i < asksAtOnce; ++i)
                m_answered += peer.readLine().startsWith("!") ? 1 : 0;
            if (alsoFetches)
                m_fetched += fetcher().read(1 << 16).size();
        }
    }

    std::vector<std::unique_ptr<RawPeer>> m_peers; ///< the last one fetches the large file
    std::vector<std::thread> m_threads;
    std::atomic_bool m_over = false;
    std::atomic<qint64> m_asked = 0;
    std::atomic<qint64> m_answered = 0;
    std::atomic<qint64> m_fetched = 0;
};

/// What comes into the log of the window, the lines that are only counted there too.
class LineCount
{
public:
    explicit LineCount(const gui::LogModel *log)
    {
        QObject::connect(log, &QAbstractItemModel::rowsInserted, &m_life,
                         [this, log](const QModelIndex &, int first, int last) {
                             most = std::max(most, log->rowCount());
                             for (int row = first; row <= last; ++row)
                                 take(log->record(row));
                         });
    }
    qint64 lines = 0;
    int most = 0; ///< rows at once

private:
    void take(const LogRecord &record)
    {
        if (record.session != 0 || !record.message.endsWith(u" not kept.")) {
            ++lines;
            return;
        }
        lines += QLocale().toLongLong(record.message.section(u' ', 0, 0));
    }

    QObject m_life; ///< of the connection
};

} // namespace

/// The short form of bench_serverwindow: whether, and not how soon.
class ServerFloodTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { u = std::make_unique<WindowUser>(); }
    void cleanup()
    {
        u->close();
        u.reset();
    }

    void theWindowIsUsedInTheMiddleOfAFloodAndLosesNoLine()
    {
        QFile large(u->pub() + QStringLiteral("/large"));
        QVERIFY(large.open(QIODevice::WriteOnly));
        QVERIFY(large.resize(largeBytes)); // a hole: it takes no space
        u->open();
        QVERIFY(u->start());
        const auto *log = u->window->findChild<gui::LogModel *>();
        QVERIFY(log);
        LineCount count(log);

        Crowd crowd;
        // On a thread of its own: who is let in, the window's own thread says.
        auto loggedIn =
            std::async(std::launch::async, [&crowd, port = u->port(), password = u->password()] {
                return crowd.logIn(port, password);
            });
        QVERIFY(QTest::qWaitFor(
            [&] { return loggedIn.wait_for(std::chrono::seconds(0)) == std::future_status::ready; },
            patienceMs));
        QVERIFY(loggedIn.get());
        QVERIFY(crowd.beginLargeFile());
        QVERIFY(crowd.readOfLargeFile(1 << 20));
        QVERIFY(QTest::qWaitFor([this] { return u->sessionRows() == flooders + 1; }, patienceMs));
        QVERIFY(QTest::qWaitFor(
            [this] { return u->logMessages().join(u'\n').contains(u"FILE pub/large"); },
            patienceMs));
        const qint64 before = count.lines;

        crowd.begin();
        // More than the window keeps, twice over.
        const qint64 enough = 2 * qint64(log->most());
        QVERIFY(QTest::qWaitFor([&] { return count.lines - before > enough; }, patienceMs));
        // Meanwhile the window does what it is asked to: one session's log, found text, a column
        // to sort by, an end of one session.
        u->selectSession(2);
        QVERIFY(QTest::qWaitFor(
            [this] { return u->textOf("logTitle") == QStringLiteral("Log of session 2"); },
            patienceMs));
        const QAbstractItemModel *shown = u->find<QTreeView>("logView")->model();
        const int seen = shown->rowCount();
        QVERIFY(seen > 0);
        for (int row = 0; row < seen; ++row)
            QCOMPARE(shown->index(row, 0).data(gui::LogModel::SessionRole).toULongLong(), 2u);
        u->find<QAction>("allLog")->trigger();
        QCOMPARE(shown->rowCount(), log->rowCount());
        u->find<QTreeView>("sessionView")->sortByColumn(0, Qt::DescendingOrder);
        QCOMPARE(u->find<QTreeView>("sessionView")->model()->index(0, 0).data().toInt(),
                 flooders + 1);
        const qint64 fetched = crowd.fetched();
        const qint64 asked = crowd.asked();
        QVERIFY(QTest::qWaitFor([&] { return crowd.fetched() > fetched && crowd.asked() > asked; },
                                patienceMs));

        crowd.end();
        QCOMPARE(crowd.answered(), crowd.asked());
        const qint64 expected = before + 2 * crowd.asked();
        QVERIFY2(QTest::qWaitFor([&] { return count.lines >= expected; }, patienceMs),
                 qPrintable(QStringLiteral("%1 of %2").arg(count.lines).arg(expected)));
        QCOMPARE(count.lines, expected);
        QVERIFY2(count.most <= log->most(), qPrintable(QString::number(count.most)));
        QCOMPARE(u->sessionRows(), flooders + 1);
        crowd.leave();
        QVERIFY(QTest::qWaitFor([this] { return u->server().liveSessions() == 0; }, patienceMs));
    }

private:
    std::unique_ptr<WindowUser> u;
};

FERRY_TEST(ServerFloodTest)
#include "tst_serverflood.moc"
