// SPDX-License-Identifier: MIT
// The checksum keeps up with memory, or it would be what a transfer waits for.
#include "net/base/checksum.h"
#include "net/limits.h"

#include <QTemporaryFile>
#include <QTest>

using namespace ferry;

class BenchChecksum : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aGibibyteInMemory();
    void aFileOf256MiB();
};

void BenchChecksum::aGibibyteInMemory()
{
    const QByteArray buffer(limits::ioBytes, 'x');
    QBENCHMARK
    {
        Checksum checksum;
        for (qint64 done = 0; done < 1 << 30; done += buffer.size())
            checksum.add(buffer);
        QCOMPARE(checksum.hex().size(), 32);
    }
}

void BenchChecksum::aFileOf256MiB()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    const QByteArray piece(1 << 20, 'x');
    for (int i = 0; i < 256; ++i)
        QCOMPARE(file.write(piece), piece.size());
    QVERIFY(file.flush());
    QBENCHMARK
    {
        QCOMPARE(checksumOfRange(file.handle(), 0, file.size()).value().bytes, file.size());
    }
}

QTEST_APPLESS_MAIN(BenchChecksum)
#include "bench_checksum.moc"
