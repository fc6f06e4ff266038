// SPDX-License-Identifier: MIT
// Which files are fetched at once, and how a person changes that meanwhile.
#include "client/client.h"
#include "support/process.h"
#include "support/serverhost.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;

namespace {

const QByteArray password = "rigid-juicy-temple-cow-bison-exam";

} // namespace

class ExtendedOrder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void noMoreFilesAtOnceThanAPersonWants();
    void whatIsMovedToTheTopIsFetchedNow();
    void aRemovedDownloadGoesOnWhereItWasWhenItIsBack();
    void whatWasReceivedGoesWithARemovedRow();
    void whatWasReceivedMovesToTheNewFolder();

private:
    QList<quint64> start(int count, qsizetype size);
    QList<quint64> inTransfer() const;
    Download row(quint64 id) const { return m_client->queue().find(id).value_or(Download()); }
    bool waitForBytes(quint64 id)
    {
        return QTest::qWaitFor([&] { return row(id).received > 0; }, patienceMs);
    }
    QStringList names() const
    {
        return QDir(m_target->path()).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    QByteArray saved(const char *name) const
    {
        QFile file(m_target->filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
    }

    const QByteArray m_content = noise(12'000'000);
    std::unique_ptr<ServerHost> m_host;
    std::unique_ptr<QTemporaryDir> m_target;
    std::unique_ptr<Client> m_client;
};

void ExtendedOrder::init()
{
    m_host = std::make_unique<ServerHost>();
    m_host->config.tlsEnabled = true;
    m_host->config.password = password;
    QVERIFY(m_host->start().ok());
    m_target = std::make_unique<QTemporaryDir>();
    m_client = std::make_unique<Client>();
    m_client->setClassic(false);
}

void ExtendedOrder::cleanup()
{
    m_client.reset();
    m_host.reset();
}

/// So many large files, over a slow line. Their ids.
QList<quint64> ExtendedOrder::start(int count, qsizetype size)
{
    QList<Client::Request> requests;
    for (int i = 0; i < count; ++i) {
        const QByteArray name = "file" + QByteArray::number(i);
        m_host->write(QString::fromLatin1(name), m_content.first(size));
        requests.append({"/pub/" + name, m_target->path(), ExistingPolicy::Fail, size});
    }
    ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port = m_host->call([](server::Server &server) { return server.tlsEndpoint().port; });
    config.pin = m_host->call([](server::Server &server) { return server.fingerprint(); });
    config.password = password;
    m_client->queue().setRateLimit(4'000'000);
    const QList<quint64> ids = m_client->add(requests);
    return m_client->connectTo(config).ok() ? ids : QList<quint64>();
}

QList<quint64> ExtendedOrder::inTransfer() const
{
    QList<quint64> ids;
    for (const Download &download : m_client->queue().all()) {
        if (isLive(download.state) && download.state != DownloadState::Verifying)
            ids.append(download.id);
    }
    return ids;
}

void ExtendedOrder::noMoreFilesAtOnceThanAPersonWants()
{
    const QList<quint64> ids = start(7, 4'000'000);
    QVERIFY(waitForBytes(ids[2])); // three are under way, the limit notwithstanding
    qsizetype most = 0;
    QVERIFY(QTest::qWaitFor(
        [&] {
            most = std::max(most, inTransfer().size());
            return row(ids[3]).received > 0;
        },
        patienceMs));
    QCOMPARE(most, 3);
    m_client->queue().setFilesAtOnce(1);
    QCOMPARE(inTransfer().size(), 1);
    most = 0;
    m_client->queue().setRateLimit(0);
    QVERIFY(QTest::qWaitFor(
        [&] {
            most = std::max(most, inTransfer().size());
            return m_client->queue().finished();
        },
        patienceMs));
    QCOMPARE(most, 1);
    for (int i = 0; i < 7; ++i) {
        QCOMPARE(row(ids[i]).error.text, QString());
        QVERIFY(row(ids[i]).verified);
        QVERIFY(saved(("file" + QByteArray::number(i)).constData()) == m_content.first(4'000'000));
    }
}

void ExtendedOrder::whatIsMovedToTheTopIsFetchedNow()
{
    m_client->queue().setFilesAtOnce(2);
    const QList<quint64> ids = start(5, 12'000'000);
    QVERIFY(waitForBytes(ids[1]));
    QCOMPARE(inTransfer(), (QList<quint64>{ids[0], ids[1]}));
    m_client->queue().moveToTop({ids[4]});
    QVERIFY(waitForBytes(ids[4]));
    QCOMPARE(inTransfer(), (QList<quint64>{ids[0], ids[4]}));
    QVERIFY(row(ids[1]).received > 0); // of which nothing is lost
    // Started now, it does not wait for any of them.
    m_client->queue().forceStart({ids[3]});
    QVERIFY(waitForBytes(ids[3]));
    QCOMPARE(inTransfer(), (QList<quint64>{ids[0], ids[3], ids[4]}));
    m_client->queue().setRateLimit(0);
    QVERIFY(QTest::qWaitFor([this] { return m_client->queue().finished(); }, patienceMs));
    for (const quint64 id : ids) {
        QCOMPARE(row(id).error.text, QString());
        QVERIFY(row(id).verified);
    }
    QCOMPARE(QDir(m_target->path()).entryList(QDir::Files).size(), 5);
}

/// It is not fetched twice: what came is compared only.
void ExtendedOrder::aRemovedDownloadGoesOnWhereItWasWhenItIsBack()
{
    const quint64 id = start(1, 12'000'000).value(0);
    QVERIFY(QTest::qWaitFor([&] { return row(id).received > 5'000'000; }, patienceMs));
    m_client->queue().remove(id);
    QVERIFY(!m_client->queue().find(id));
    QVERIFY(QTest::qWaitFor([&] { return inTransfer().isEmpty(); }, patienceMs));
    QCOMPARE(m_client->queue().undoRemove(), 1);
    QVERIFY(row(id).received > 5'000'000);
    m_client->queue().setRateLimit(0);
    QVERIFY(QTest::qWaitFor([&] { return m_client->queue().finished(); }, patienceMs));
    QCOMPARE(row(id).error.text, QString());
    QVERIFY(saved("file0") == m_content);
    QCOMPARE(names(), QStringList{QStringLiteral("file0")});
    m_client.reset();
    QVERIFY(QTest::qWaitFor([this] { return m_host->liveSessions() == 0; }, patienceMs));
    qint64 sent = 0;
    for (const auto &session : m_host->sessions())
        sent += session.sent;
    QVERIFY2(sent < 20'000'000, qPrintable(QString::number(sent)));
}

void ExtendedOrder::whatWasReceivedGoesWithARemovedRow()
{
    const quint64 id = start(1, 12'000'000).value(0);
    QVERIFY(QTest::qWaitFor([&] { return row(id).received > 2'000'000; }, patienceMs));
    QCOMPARE(names().size(), 1);
    m_client->queue().remove(id);
    QCOMPARE(names().size(), 1);
    m_client.reset(); // nobody can undo it any more
    QCOMPARE(names(), QStringList());
}

void ExtendedOrder::whatWasReceivedMovesToTheNewFolder()
{
    const quint64 id = start(1, 12'000'000).value(0);
    QVERIFY(QTest::qWaitFor([&] { return row(id).received > 5'000'000; }, patienceMs));
    m_client->queue().pause({id});
    m_client->disconnectAndWait();
    const QString other = m_target->filePath(QStringLiteral("other"));
    QVERIFY(QDir().mkpath(other));
    QCOMPARE(names().size(), 1);
    m_client->setFolder({id}, other);
    QVERIFY(QTest::qWaitFor([&] { return names().isEmpty(); }, patienceMs));
    QCOMPARE(QDir(other).entryList(QDir::Files | QDir::Hidden).size(), 1);
    QCOMPARE(row(id).folder, other);
}

FERRY_TEST(ExtendedOrder)
#include "extended_order.moc"
