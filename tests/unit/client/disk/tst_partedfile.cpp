// SPDX-License-Identifier: MIT
#include "client/disk/partedfile.h"
#include "client/limits.h"
#include "support/partof.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace ferry;
using namespace ferry::client;

using Part = PartedFile::Part;
using Work = PartedFile::Work;
using Progress = PartedFile::Progress;

namespace {

constexpr qint64 block = limits::minComparedBytes;

QString inWords(const std::optional<Part> &part)
{
    if (!part)
        return QStringLiteral("nothing");
    return QStringLiteral("%1 %2+%3")
        .arg(part->work == Work::Fetch ? QStringLiteral("fetch") : QStringLiteral("compare"))
        .arg(part->offset)
        .arg(part->length);
}

} // namespace

class PartedFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void handsOutPartsThatCoverTheFileOnce();
    void whatTheCallerFetchesAlreadyIsNotHandedOut();
    void saysOnceThatItIsComplete();
    void whatComesBackIsHandedOutAgain();
    void comparesWhatIsThereBeforeItFetchesTheRest();
    void looksCloserWhereTheComparisonFails();
    void fetchesNeighboursThatDifferAsOne();
    void aLostOneGivesNothingMoreAndIsRemoved();
    void aLostOneThatIsKeptStays();
    void writesFromManyThreadsArriveWhereTheyBelong();

private:
    std::unique_ptr<PartedFile> make(qint64 size, qint64 begun, const QByteArray &there = {});
    QString part() const { return m_dir->filePath(partOf(QStringLiteral("f"))); }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void PartedFileTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

std::unique_ptr<PartedFile> PartedFileTest::make(qint64 size, qint64 begun, const QByteArray &there)
{
    Download download;
    download.id = 1;
    PartialFile file =
        PartialFile::create(m_dir->path(), QStringLiteral("f"), ExistingPolicy::Fail).take();
    if (!there.isEmpty() && !file.write(there))
        qFatal("cannot write");
    extended::FileFacts facts;
    facts.size = size;
    facts.id = "i";
    return std::make_unique<PartedFile>(download, *VirtualPath::parse("/s/f"), std::move(file),
                                        facts, begun);
}

void PartedFileTest::handsOutPartsThatCoverTheFileOnce()
{
    const auto file = make(100, 0);
    QCOMPARE(inWords(file->take(40)), QStringLiteral("fetch 0+40"));
    QCOMPARE(file->untaken(), 60);
    QCOMPARE(inWords(file->take(40)), QStringLiteral("fetch 40+40"));
    QCOMPARE(inWords(file->take(40)), QStringLiteral("fetch 80+20"));
    QCOMPARE(inWords(file->take(40)), QStringLiteral("nothing"));
    QCOMPARE(file->untaken(), 0);
}

void PartedFileTest::whatTheCallerFetchesAlreadyIsNotHandedOut()
{
    const auto file = make(100, 30);
    QCOMPARE(inWords(file->take(1000)), QStringLiteral("fetch 30+70"));
    QCOMPARE(inWords(file->take(1000)), QStringLiteral("nothing"));
}

void PartedFileTest::saysOnceThatItIsComplete()
{
    const auto file = make(100, 0);
    const Part first = *file->take(60);
    const Part second = *file->take(60);
    QCOMPARE(file->verified(second), Progress::More);
    QCOMPARE(file->verified(first), Progress::Complete);
    QVERIFY(file->takeFile().finish().ok());
    QCOMPARE(QDir(m_dir->path()).entryList(QDir::Files), QStringList{QStringLiteral("f")});
}

void PartedFileTest::whatComesBackIsHandedOutAgain()
{
    const auto file = make(100, 0);
    const Part first = *file->take(60);
    file->returnRange({Work::Fetch, first.offset + 10, first.length - 10});
    file->returnRange({Work::Compare, first.offset, 10});
    QCOMPARE(inWords(file->take(100)), QStringLiteral("compare 0+10"));
    QCOMPARE(inWords(file->take(100)), QStringLiteral("fetch 10+50"));
    QCOMPARE(inWords(file->take(100)), QStringLiteral("fetch 60+40"));
}

void PartedFileTest::comparesWhatIsThereBeforeItFetchesTheRest()
{
    const auto file = make(100, 0, QByteArray(70, 'x'));
    const auto compared = file->take(10);
    QCOMPARE(inWords(compared), QStringLiteral("compare 0+70"));
    QCOMPARE(file->checksum(*compared).value().size(), 32);
    QCOMPARE(file->verified(*compared), Progress::More);
    const auto rest = file->take(100);
    QCOMPARE(inWords(rest), QStringLiteral("fetch 70+30"));
    QCOMPARE(file->verified(*rest), Progress::Complete);
}

void PartedFileTest::looksCloserWhereTheComparisonFails()
{
    const auto file = make(3 * block + 5, 0, QByteArray(2 * block + 7, 'x'));
    const auto whole = file->take(1);
    QCOMPARE(inWords(whole), QStringLiteral("compare 0+%1").arg(2 * block + 7));
    file->differs(*whole);
    QCOMPARE(inWords(file->take(1)), QStringLiteral("compare 0+%1").arg(block));
    const auto second = file->take(1);
    QCOMPARE(inWords(second), QStringLiteral("compare %1+%1").arg(block));
    QCOMPARE(inWords(file->take(1)), QStringLiteral("compare %1+7").arg(2 * block));
    file->differs(*second);
    QCOMPARE(inWords(file->take(10 * block)), QStringLiteral("fetch %1+%1").arg(block));
    QCOMPARE(inWords(file->take(10 * block)),
             QStringLiteral("fetch %1+%2").arg(2 * block + 7).arg(block - 2));
    QCOMPARE(inWords(file->take(1)), QStringLiteral("nothing"));
}

void PartedFileTest::fetchesNeighboursThatDifferAsOne()
{
    const auto file = make(4 * block, 0, QByteArray(4 * block, 'x'));
    file->differs(*file->take(1));
    std::vector<Part> parts;
    while (const auto part = file->take(1))
        parts.push_back(*part);
    QCOMPARE(parts.size(), size_t(4));
    file->differs(parts[0]);
    file->differs(parts[1]);
    file->verified(parts[2]);
    file->differs(parts[3]);
    QCOMPARE(inWords(file->take(10 * block)), QStringLiteral("fetch 0+%1").arg(2 * block));
    QCOMPARE(inWords(file->take(10 * block)),
             QStringLiteral("fetch %1+%2").arg(3 * block).arg(block));
}

void PartedFileTest::aLostOneGivesNothingMoreAndIsRemoved()
{
    auto file = make(100, 0, "there");
    QVERIFY(file->lose(false));
    QVERIFY(!file->lose(true));
    QVERIFY(file->isLost());
    QCOMPARE(inWords(file->take(10)), QStringLiteral("nothing"));
    QCOMPARE(file->untaken(), 0);
    file.reset();
    QVERIFY(!QFile::exists(part()));
}

void PartedFileTest::aLostOneThatIsKeptStays()
{
    auto file = make(100, 0);
    QVERIFY(file->write(50, "in the middle").ok());
    QVERIFY(file->lose(true));
    file.reset();
    QVERIFY(QFile::exists(part()));
}

void PartedFileTest::writesFromManyThreadsArriveWhereTheyBelong()
{
    constexpr qint64 size = 4'000'000;
    QByteArray content(size, Qt::Uninitialized);
    for (qint64 i = 0; i < size; ++i)
        content[i] = char(i * 7 + i / 251);
    const auto file = make(size, 0);
    std::atomic_int complete = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            while (const auto part = file->take(10'007)) {
                const QByteArrayView bytes =
                    QByteArrayView(content).sliced(part->offset, part->length);
                if (file->write(part->offset, bytes) && file->verified(*part) == Progress::Complete)
                    ++complete;
            }
        });
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(complete.load(), 1);
    QVERIFY(file->takeFile().finish().ok());
    QFile saved(m_dir->filePath(QStringLiteral("f")));
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QVERIFY(saved.readAll() == content);
}

FERRY_TEST(PartedFileTest)
#include "tst_partedfile.moc"
