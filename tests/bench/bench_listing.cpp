// SPDX-License-Identifier: MIT
// Listing a large folder, from the disk of the server to the entry at the client.
#include "client/browse/lister.h"
#include "support/serverhost.h"

#include <QFile>
#include <QTest>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;

class BenchListing : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tenThousandEntriesOfOneFolder_data();
    void tenThousandEntriesOfOneFolder();
};

void BenchListing::tenThousandEntriesOfOneFolder_data()
{
    QTest::addColumn<bool>("tree");
    QTest::newRow("LIST") << false;
    QTest::newRow("TREE") << true;
}

void BenchListing::tenThousandEntriesOfOneFolder()
{
    QFETCH(bool, tree);
    constexpr int entries = 10'000;
    ServerHost host;
    host.config.tlsEnabled = true;
    host.config.password = "rigid-juicy-temple-cow-bison-exam";
    for (int i = 0; i < entries; ++i)
        QVERIFY(host.write(QStringLiteral("file %1").arg(i), {}));
    QVERIFY(host.start().ok());
    ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port = host.call([](server::Server &server) { return server.tlsEndpoint().port; });
    config.trustNew = true;
    config.password = host.config.password;
    Lister lister(config, std::make_shared<LogQueue>(), std::make_shared<sasl::SaltedPasswords>());
    QVERIFY(lister.connect().ok());
    QBENCHMARK
    {
        int count = 0;
        QVERIFY(lister.list("/pub", tree, [&](const extended::Entry &) { ++count; }, {}).ok());
        QCOMPARE(count, entries + 1); // the folder itself comes first
    }
}

QTEST_GUILESS_MAIN(BenchListing)
#include "bench_listing.moc"
