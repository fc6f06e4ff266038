// SPDX-License-Identifier: MIT
#include "net/base/sqlitefile.h"
#include "server/records/deliverycsv.h"
#include "server/records/historystore.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

using namespace ferry;
using namespace ferry::server;
using Outcome = Delivery::Outcome;

namespace {

Delivery delivery(int number, const QString &file = {})
{
    return {1'700'000'000'000 + number * 1000,
            1'700'000'001'000 + number * 1000,
            QStringLiteral("10.0.0.%1").arg(number % 200),
            QStringLiteral("anna"),
            QStringLiteral("Ferry/1"),
            true,
            file.isEmpty() ? QStringLiteral("pub/file %1").arg(number) : file,
            1000,
            1000,
            Outcome(number % 3),
            number % 3 == 2 ? QStringLiteral("connection lost") : QString(),
            number % 2 == 1};
}

QList<Delivery> deliveries(int count)
{
    QList<Delivery> list;
    for (int i = 0; i < count; ++i)
        list.append(delivery(i));
    return list;
}

/// RFC 4180 as a reader takes it: the fields of each line.
QList<QByteArrayList> readCsv(const QByteArray &text)
{
    QList<QByteArrayList> lines;
    QByteArrayList fields;
    QByteArray field;
    bool quoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text.at(i);
        if (quoted) {
            if (c != '"')
                field += c;
            else if (i + 1 < text.size() && text.at(i + 1) == '"')
                field += text.at(++i);
            else
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            fields.append(std::exchange(field, {}));
        } else if (c == '\r' && text.mid(i, 2) == "\r\n") {
            ++i;
            fields.append(std::exchange(field, {}));
            lines.append(std::exchange(fields, {}));
        } else {
            field += c;
        }
    }
    return lines;
}

} // namespace

class TestHistoryStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void whatWasAddedIsFoundNewestFirst();
    void itSurvivesARestart();
    void aSearchTakesWordsInAnyOrder();
    void aSearchIsLiteral();
    void theOldestGoWhenThereAreTooMany();
    void clearingLeavesNothing();
    void theCsvFileReadsBackAsItWas();
    void aFieldIsNeverAFormula_data();
    void aFieldIsNeverAFormula();
    void aFileThatIsNoDatabaseIsPutAside();
    void ofADamagedFileWhatIsReadableIsKept();
    void whatBreaksOffIsNotComplete();
    void withoutDescriptorsNothingIsCalledDamaged();
    void aLaterFormatIsLeftAlone();
    void aFileOfAFerryThatOnlySentIsTaken();
    void aFolderInItsPlaceLeavesAWorkingHistory();
    void onlyTheOwnerMayReadIt();
    void anotherProgramMayWriteAtTheSameTime();
    void aMissingFileIsAnEmptyHistoryToAReader();

private:
    QString path() const { return HistoryStore::pathIn(m_folder->path()); }
    QList<Delivery> rows(const QString &text = {}) const
    {
        HistoryStore store(m_folder->path());
        store.open();
        const auto page = store.search(text, 1'000'000);
        return page ? page.value().rows : QList<Delivery>();
    }
    /// A page in the middle of the table.
    void damageTheMiddle() const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(file.size() / 2 / 4096 * 4096));
        QCOMPARE(file.write(QByteArray(4096, '\xff')), 4096);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestHistoryStore::whatWasAddedIsFoundNewestFirst()
{
    HistoryStore store(m_folder->path());
    store.open();
    QVERIFY(store.problems().isEmpty());
    QVERIFY(store.add(deliveries(30)).ok());
    const auto page = store.search({}, 10);
    QVERIFY(page.ok());
    QCOMPARE(page.value().matches, 30);
    QCOMPARE(page.value().rows.size(), 10);
    const Delivery &newest = page.value().rows.first();
    const Delivery expected = delivery(29);
    QCOMPARE(newest.file, expected.file);
    QCOMPARE(newest.beganMs, expected.beganMs);
    QCOMPARE(newest.endedMs, expected.endedMs);
    QCOMPARE(newest.address, expected.address);
    QCOMPARE(newest.account, expected.account);
    QCOMPARE(newest.client, expected.client);
    QCOMPARE(newest.size, expected.size);
    QVERIFY(newest.received && !page.value().rows.at(1).received);
    QCOMPARE(newest.sent, expected.sent);
    QCOMPARE(newest.outcome, expected.outcome);
    QCOMPARE(newest.why, expected.why);
    QVERIFY(newest.encrypted);
}

void TestHistoryStore::itSurvivesARestart()
{
    {
        HistoryStore store(m_folder->path());
        store.open();
        QVERIFY(store.add(deliveries(3)).ok());
    }
    QCOMPARE(rows().size(), 3);
}

void TestHistoryStore::aSearchTakesWordsInAnyOrder()
{
    HistoryStore store(m_folder->path());
    store.open();
    QVERIFY(store
                .add({delivery(1, QStringLiteral("Fotos/ÜBERSICHT.png")),
                      delivery(2, QStringLiteral("Fotos/detail.png"))})
                .ok());
    const auto count = [&](const char *text) {
        return store.search(QString::fromUtf8(text), 10).value().matches;
    };
    QCOMPARE(count("fotos"), 2);
    QCOMPARE(count("png übersicht"), 1);
    QCOMPARE(count("10.0.0.2 FOTOS"), 1);
    QCOMPARE(count("anna"), 2);
    QCOMPARE(count("fotos nowhere"), 0);
    QCOMPARE(count("  "), 2);
}

void TestHistoryStore::aSearchIsLiteral()
{
    HistoryStore store(m_folder->path());
    store.open();
    QVERIFY(store
                .add({delivery(1, QStringLiteral("100%_a\\b'c\"d")),
                      delivery(2, QStringLiteral("1000 plain"))})
                .ok());
    for (const char *text : {"100%", "%_a", "a\\b", "b'c", "\"d"}) {
        const auto page = store.search(QString::fromUtf8(text), 10);
        QVERIFY(page.ok());
        QCOMPARE(page.value().matches, 1);
    }
}

void TestHistoryStore::theOldestGoWhenThereAreTooMany()
{
    HistoryStore store(m_folder->path(), 100);
    store.open();
    for (int i = 0; i < 500; ++i)
        QVERIFY(store.add({delivery(i)}).ok());
    const auto page = store.search({}, 1000).value();
    QVERIFY2(page.matches >= 100 && page.matches <= 110, qPrintable(QString::number(page.matches)));
    QCOMPARE(page.rows.first().file, QStringLiteral("pub/file 499"));
}

void TestHistoryStore::clearingLeavesNothing()
{
    HistoryStore store(m_folder->path());
    store.open();
    QVERIFY(store.add(deliveries(10)).ok());
    QVERIFY(store.clear().ok());
    QCOMPARE(store.search({}, 10).value().matches, 0);
    QVERIFY(store.add(deliveries(1)).ok());
    QCOMPARE(store.search({}, 10).value().matches, 1);
    store.close();
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("file 7"));
}

void TestHistoryStore::theCsvFileReadsBackAsItWas()
{
    const QString awkward = QStringLiteral("pub/a, \"b\" and ünïcode");
    HistoryStore store(m_folder->path());
    store.open();
    QVERIFY(
        store.add({delivery(0), delivery(2, awkward), delivery(1, QStringLiteral("=1+1"))}).ok());
    QBuffer buffer;
    QVERIFY(buffer.open(QIODevice::WriteOnly));
    QCOMPARE(store.writeCsv({}, buffer).value(), 3);
    const auto lines = readCsv(buffer.data());
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines.at(0).size(), 12);
    for (const QByteArrayList &line : lines)
        QCOMPARE(line.size(), 12);
    QCOMPARE(lines.at(0).at(6), QByteArray("file"));
    QCOMPARE(lines.at(1).at(9), QByteArray("verified"));
    QCOMPARE(lines.at(2).at(6), awkward.toUtf8());
    QCOMPARE(lines.at(2).at(9), QByteArray("broken off"));
    QCOMPARE(lines.at(2).at(10), QByteArray("connection lost"));
    QCOMPARE(lines.at(3).at(6), QByteArray("'=1+1"));
    QCOMPARE(lines.at(0).at(11), QByteArray("direction"));
    QCOMPARE(lines.at(1).at(11), QByteArray("sent"));
    QCOMPARE(lines.at(3).at(11), QByteArray("received"));
    QCOMPARE(QDateTime::fromString(QString::fromLatin1(lines.at(1).at(0)), Qt::ISODate)
                 .toMSecsSinceEpoch(),
             delivery(0).beganMs);
}

void TestHistoryStore::aFieldIsNeverAFormula_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("plain") << QStringLiteral("a.raw") << QByteArray("a.raw");
    QTest::newRow("empty") << QString() << QByteArray();
    QTest::newRow("equals") << QStringLiteral("=cmd|' /C calc'!A0")
                            << QByteArray("'=cmd|' /C calc'!A0");
    QTest::newRow("plus") << QStringLiteral("+1") << QByteArray("'+1");
    QTest::newRow("minus") << QStringLiteral("-1") << QByteArray("'-1");
    QTest::newRow("at") << QStringLiteral("@SUM(A1)") << QByteArray("'@SUM(A1)");
    QTest::newRow("tab") << QStringLiteral("\t=1") << QByteArray("'\t=1");
    QTest::newRow("line end") << QStringLiteral("\r=1") << QByteArray("\"'\r=1\"");
    QTest::newRow("full width") << QStringLiteral("\uff1d1")
                                << QByteArray("'\xef\xbc\x9d"
                                              "1");
    QTest::newRow("quoted formula")
        << QStringLiteral("=\"a,b\"") << QByteArray("\"'=\"\"a,b\"\"\"");
    QTest::newRow("comma") << QStringLiteral("a,b") << QByteArray("\"a,b\"");
    QTest::newRow("blank") << QStringLiteral(" a") << QByteArray("\" a\"");
}

void TestHistoryStore::aFieldIsNeverAFormula()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, field);
    QCOMPARE(csvField(text), field);
}

void TestHistoryStore::aFileThatIsNoDatabaseIsPutAside()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    const QByteArray nonsense(5000, 'x');
    file.write(nonsense);
    file.close();
    HistoryStore store(m_folder->path());
    store.open();
    QCOMPARE(store.problems().size(), 1);
    QVERIFY(store.problems().first().contains(QStringLiteral(".damaged")));
    QVERIFY(store.add(deliveries(2)).ok());
    QCOMPARE(store.search({}, 10).value().matches, 2);
    QFile aside(path() + QStringLiteral(".damaged"));
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), nonsense);
}

void TestHistoryStore::ofADamagedFileWhatIsReadableIsKept()
{
    constexpr int count = 5000;
    {
        HistoryStore store(m_folder->path());
        store.open();
        QVERIFY(store.add(deliveries(count)).ok());
    }
    damageTheMiddle();
    HistoryStore store(m_folder->path());
    store.open();
    QCOMPARE(store.problems().size(), 1);
    const qint64 kept = store.search({}, 1).value().matches;
    QVERIFY2(kept > count / 3 && kept < count, qPrintable(QString::number(kept)));
    QVERIFY2(store.problems().first().contains(QString::number(kept)),
             qPrintable(store.problems().first()));
    QVERIFY(QFileInfo::exists(path() + QStringLiteral(".damaged")));
    QVERIFY(store.add({delivery(1)}).ok());
    // The mended file is sound.
    HistoryStore again(m_folder->path());
    again.open();
    QVERIFY(again.problems().isEmpty());
    QCOMPARE(again.search({}, 1).value().matches, kept + 1);
}

void TestHistoryStore::whatBreaksOffIsNotComplete()
{
    {
        HistoryStore store(m_folder->path());
        store.open();
        QVERIFY(store.add(deliveries(5000)).ok());
    }
    damageTheMiddle();
    HistoryStore reader(m_folder->path());
    reader.open(HistoryStore::Access::ReadOnly);
    QBuffer buffer;
    QVERIFY(buffer.open(QIODevice::WriteOnly));
    QVERIFY(!reader.writeCsv({}, buffer).ok());
    QVERIFY(buffer.data().count('\n') > 1000); // it did begin
    QVERIFY(!reader.search({}, 5000).ok());
}

/// A trouble of the computer and none of the file, which is left as it is.
void TestHistoryStore::withoutDescriptorsNothingIsCalledDamaged()
{
    const auto one = [] {
        Delivery delivery;
        delivery.file = QStringLiteral("/pub/a");
        return delivery;
    };
    {
        HistoryStore store(m_folder->path());
        store.open();
        QVERIFY(store.add({one()}));
    }
    rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
    int refused = 0;
    for (rlim_t spare = 0; spare < 10; ++spare) {
        const rlimit scarce = {rlim_t(test::descriptorCount()) + spare, before.rlim_max};
        HistoryStore store(m_folder->path());
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &scarce), 0);
        store.open();
        refused += int(!store.problems().isEmpty());
        const auto added = store.add({one()}); // in memory, if not in the file
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
        QVERIFY(added);
        QCOMPARE(QDir(m_folder->path()).entryList({QStringLiteral("*damaged*")}).size(), 0);
    }
    QVERIFY(refused > 0);
    QVERIFY(refused < 10);
    QVERIFY(!rows().isEmpty());
}

void TestHistoryStore::aLaterFormatIsLeftAlone()
{
    {
        HistoryStore store(m_folder->path());
        store.open();
        QVERIFY(store.add(deliveries(2)).ok());
    }
    // The format's number stands in the header, 60 bytes from its start.
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(60));
    file.write(QByteArray::fromHex("000003e7"));
    file.close();
    HistoryStore store(m_folder->path());
    store.open();
    QCOMPARE(store.problems().size(), 1);
    QVERIFY(store.problems().first().contains(QStringLiteral("later")));
    QVERIFY(!QFileInfo::exists(path() + QStringLiteral(".damaged")));
}

void TestHistoryStore::aFolderInItsPlaceLeavesAWorkingHistory()
{
    QVERIFY(QDir().mkpath(path()));
    HistoryStore store(m_folder->path());
    store.open();
    QCOMPARE(store.problems().size(), 1);
    QVERIFY(store.add(deliveries(2)).ok());
    QCOMPARE(store.search({}, 10).value().matches, 2);
}

void TestHistoryStore::onlyTheOwnerMayReadIt()
{
    HistoryStore store(m_folder->path());
    store.open();
    QVERIFY(store.add(deliveries(2)).ok());
    const QStringList files = QDir(m_folder->path()).entryList(QDir::Files);
    QVERIFY(!files.isEmpty());
    for (const QString &name : files)
        QCOMPARE(QFileInfo(m_folder->filePath(name)).permissions() &
                     (QFile::ReadGroup | QFile::ReadOther),
                 QFile::Permissions());
}

/// A program that finds no lock of ours takes itself for the only one, and when it closes the file
/// it removes what we still write into.
void TestHistoryStore::anotherProgramMayWriteAtTheSameTime()
{
    HistoryStore store(m_folder->path());
    store.open();
    QVERIFY(store.add(deliveries(2)).ok());
    QVERIFY(test::isLockedForOthers(path()));
    HistoryStore(m_folder->path()).open();
    QVERIFY(test::isLockedForOthers(path()));
}

void TestHistoryStore::aMissingFileIsAnEmptyHistoryToAReader()
{
    HistoryStore store(m_folder->path());
    store.open(HistoryStore::Access::ReadOnly);
    QVERIFY(store.problems().isEmpty());
    QBuffer buffer;
    QVERIFY(buffer.open(QIODevice::WriteOnly));
    QCOMPARE(store.writeCsv({}, buffer).value(), 0);
    QVERIFY(!QFileInfo::exists(path()));
}

/// As 0.1 made it; for reading, and then to be gone on with.
void TestHistoryStore::aFileOfAFerryThatOnlySentIsTaken()
{
    {
        HistoryStore store(m_folder->path());
        store.open();
        QVERIFY(store.add(deliveries(2)).ok());
    }
    {
        SqliteFile file(path(), {QStringLiteral("The history"), 1, {}, QStringLiteral("SELECT 1")});
        QVERIFY(file.open().ok());
        QVERIFY(file.run(QStringLiteral("ALTER TABLE deliveries DROP COLUMN received")).ok());
    }
    {
        HistoryStore reader(m_folder->path());
        reader.open(HistoryStore::Access::ReadOnly);
        QCOMPARE(reader.problems(), QStringList());
        const auto page = reader.search({}, 10);
        QVERIFY(page.ok());
        QCOMPARE(page.value().matches, 2);
        QVERIFY(!page.value().rows.at(0).received);
    }
    HistoryStore store(m_folder->path());
    store.open();
    QCOMPARE(store.problems(), QStringList());
    QVERIFY(store.add({delivery(3)}).ok());
    const auto page = store.search({}, 10);
    QVERIFY(page.ok());
    QCOMPARE(page.value().matches, 3);
    QVERIFY(page.value().rows.at(0).received && !page.value().rows.at(1).received);
}

FERRY_TEST(TestHistoryStore)
#include "tst_historystore.moc"
