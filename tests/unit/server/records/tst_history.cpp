// SPDX-License-Identifier: MIT
#include "net/base/sqlitefile.h"
#include "server/records/history.h"
#include "support/testprogram.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace ferry;
using namespace ferry::server;

namespace {

/// Of a file that nobody can confirm.
DeliveryEvent ending()
{
    DeliveryEvent event;
    event.to = std::make_shared<const DeliveredTo>();
    event.file = QStringLiteral("pub/x");
    event.last = true;
    return event;
}

} // namespace

class TestHistory : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void theThreadWritesAndSearches();
    void anExportSaysWhereItWent();
    void whatIsOpenAtTheEndIsWrittenDown();
    void nothingIsMadeBeforeThereIsADelivery();
    void aDiskThatHangsFillsNoMemory();

private:
    QString path() const { return HistoryStore::pathIn(m_folder->path()); }
    qint64 rows() const
    {
        HistoryStore store(m_folder->path());
        store.open(HistoryStore::Access::ReadOnly);
        const auto page = store.search({}, 1);
        return page ? page.value().matches : -1;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestHistory::theThreadWritesAndSearches()
{
    DeliveryQueue queue;
    queue.setEnabled(true);
    DeliveryEvent event;
    event.to = std::make_shared<const DeliveredTo>(
        DeliveredTo{1, QStringLiteral("10.0.0.1"), {}, {}, true});
    event.file = QStringLiteral("pub/x");
    event.last = true;
    queue.add(event);

    History history(m_folder->path());
    history.flush();
    const quint64 before = history.revision();
    history.add(queue.take());
    history.search(QStringLiteral("nowhere"), 10);
    history.search(QStringLiteral("pub"), 10);
    history.flush();
    QVERIFY(history.revision() > before);
    const auto found = history.takePage();
    QVERIFY(found);
    QCOMPARE(found->text, QStringLiteral("pub"));
    QCOMPARE(found->page.matches, 1);
    QVERIFY(!history.takePage());
    QVERIFY(history.takeNews().isEmpty());
    history.clear();
    history.search({}, 10);
    history.flush();
    QCOMPARE(history.takePage()->page.matches, 0);
    history.add({{}, 12});
    history.flush();
    QVERIFY(history.takeNews().value(0).contains(QStringLiteral("12")));
}

void TestHistory::anExportSaysWhereItWent()
{
    {
        HistoryStore store(m_folder->path());
        store.open();
        Delivery delivery;
        delivery.file = QStringLiteral("file");
        QVERIFY(store.add(QList<Delivery>(7, delivery)).ok());
    }
    const QString csv = m_folder->filePath(QStringLiteral("out.csv"));
    History history(m_folder->path());
    history.exportCsv(QStringLiteral("file"), csv);
    history.exportCsv({}, m_folder->filePath(QStringLiteral("missing/out.csv")));
    history.flush();
    const QStringList news = history.takeNews();
    QCOMPARE(news.size(), 2);
    QVERIFY(news.at(0).startsWith(QStringLiteral("7 ")));
    QVERIFY(news.at(1).contains(QStringLiteral("missing/out.csv")));
    QFile file(csv);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().count("\r\n"), 8);
}

void TestHistory::whatIsOpenAtTheEndIsWrittenDown()
{
    {
        DeliveryEvent event;
        event.to = std::make_shared<const DeliveredTo>();
        event.file = QStringLiteral("pub/x");
        History history(m_folder->path());
        history.add({{event}, 0});
    }
    QCOMPARE(rows(), 1);
}

/// A window has a History also when its settings keep none.
void TestHistory::nothingIsMadeBeforeThereIsADelivery()
{
    {
        History history(m_folder->path());
        history.search({}, 10);
        history.flush();
        QCOMPARE(history.takePage()->page.matches, 0);
        history.clear();
        history.flush();
        QVERIFY(!QFileInfo::exists(path()));
        history.add({{ending()}, 0});
        history.flush();
        QVERIFY(QFileInfo::exists(path()));
        QVERIFY(history.takeNews().isEmpty());
    }
    QCOMPARE(rows(), 1);
}

void TestHistory::aDiskThatHangsFillsNoMemory()
{
    HistoryStore(m_folder->path()).open();
    SqliteFile other(path(), {QStringLiteral("The history"), 1, {}, QStringLiteral("SELECT 1")});
    QVERIFY(other.open());
    History history(m_folder->path());
    history.flush();
    // SQLite waits seconds for it.
    QVERIFY(other.run(QStringLiteral("BEGIN IMMEDIATE")));
    const QList<DeliveryEvent> many(limits::deliveryEvents / 2, ending());
    for (int i = 0; i < 10; ++i)
        history.add({many, 0});
    QVERIFY(other.run(QStringLiteral("ROLLBACK")));
    history.flush();
    history.add({});
    history.flush();
    const QStringList news = history.takeNews();
    QCOMPARE(news.size(), 1);
    QVERIFY2(news.first().startsWith(QString::number(8 * many.size())), qPrintable(news.first()));
    history.search({}, 1);
    history.flush();
    QCOMPARE(history.takePage()->page.matches, 2 * many.size());
}

FERRY_TEST(TestHistory)
#include "tst_history.moc"
