// SPDX-License-Identifier: MIT
#include "server/files/filefacts.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::server;

namespace {

struct stat file(qint64 size)
{
    struct stat status = {};
    status.st_ino = 0xabc;
    status.st_mode = S_IFREG | 0644;
    status.st_size = size;
    status.st_mtim = {1'000'000'000 + size, 7};
    return status;
}

} // namespace

class FileFactsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aLongerFileIsKnownAsTheOneBefore();
    void anotherFileIsNot_data();
    void anotherFileIsNot();
    void onlyItsOwnersProgramsAreExecutable();
};

void FileFactsTest::aLongerFileIsKnownAsTheOneBefore()
{
    const extended::FileFacts then = factsOf(file(1000));
    const auto known = factsBefore(file(1001), then.id);
    QVERIFY(known);
    QCOMPARE(known->id, then.id);
    QCOMPARE(known->size, 1000);
    QCOMPARE(known->mtimeNs, then.mtimeNs);
}

void FileFactsTest::anotherFileIsNot_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("as long") << factsOf(file(2000)).id;
    QTest::newRow("longer") << factsOf(file(2001)).id;
    QTest::newRow("another inode") << QByteArray("iabd-s1-m1");
    QTest::newRow("two parts") << QByteArray("iabc-s1");
    QTest::newRow("four parts") << QByteArray("iabc-s1-m1-x1");
    QTest::newRow("no size") << QByteArray("iabc-s-m1");
    QTest::newRow("no number") << QByteArray("iabc-sx-m1");
    QTest::newRow("no time") << QByteArray("iabc-s1-m");
    QTest::newRow("negative") << QByteArray("iabc-s-1-m1");
    QTest::newRow("2^64") << QByteArray("iabc-s10000000000000000-m1");
    QTest::newRow("nothing") << QByteArray();
}

void FileFactsTest::anotherFileIsNot()
{
    QFETCH(const QByteArray, id);
    QVERIFY(!factsBefore(file(2000), id));
}

void FileFactsTest::onlyItsOwnersProgramsAreExecutable()
{
    struct stat status = file(1);
    for (const auto &[mode, executable] : {std::pair(0644U, false),
                                           {0755U, true},
                                           {0700U, true},
                                           {0655U, false},
                                           {04755U, false},
                                           {02755U, false}}) {
        status.st_mode = S_IFREG | mode;
        QCOMPARE(factsOf(status).executable, executable);
    }
}

FERRY_TEST(FileFactsTest)
#include "tst_filefacts.moc"
