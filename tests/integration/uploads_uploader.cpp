// SPDX-License-Identifier: MIT
// The sender of files by itself: what it asks for, and what it remembers.
#include "client/connect/encryptedconnection.h"
#include "client/upload/queueuploads.h"
#include "client/upload/uploader.h"
#include "client/upload/uploadsource.h"
#include "integration/uploads_fixture.h"
#include "support/testprogram.h"

#include <QDateTime>
#include <QFile>
#include <QTemporaryDir>

#include <memory>
#include <optional>
#include <utility>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;

namespace {

/// One file, until somebody has seen enough.
class OneFile final : public UploadSource
{
public:
    explicit OneFile(UploadItem item)
        : m_item(std::move(item))
    {
    }
    std::optional<UploadItem> next() override
    {
        return std::exchange(m_given, true) ? std::nullopt : std::optional(m_item);
    }
    Wish wish(quint64) override { return enough ? Wish::Keep : Wish::Send; }
    void compared(quint64, qint64 bytes, qint64) override
    {
        comparedBytes.append(bytes);
        enough = enough || stopAfterOne;
    }
    void begun(quint64, qint64) override {}
    void sent(quint64, qint64 bytes) override
    {
        sentBytes += bytes;
        enough = enough || (stopAt > 0 && sentBytes >= stopAt);
    }
    void complete(quint64) override {}
    void stalled(quint64, bool) override {}
    qint64 piece(quint64, qint64 most) override { return most; }
    RateLimiter::Clock::duration spend(quint64, qint64) override { return {}; }
    void ended(quint64, const UploadResult &result) override
    {
        hasEnded = true;
        error = result.error;
    }

    qint64 stopAt = 0;
    bool stopAfterOne = false;
    bool enough = false;
    QList<qint64> comparedBytes;
    qint64 sentBytes = 0;
    bool hasEnded = false;
    std::optional<Error> error;

private:
    const UploadItem m_item;
    bool m_given = false;
};

} // namespace

class UploadsUploader : public UploadTest
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_host.reset(); }
    void whatWasComparedIsNotComparedAgain();
    void whatIsStoredIsNotSentAgain();
    void aStartOfAnotherContentIsNotContinued();
    void anotherContentUnderTheSameIdIsSent_data();
    void anotherContentUnderTheSameIdIsSent();

private:
    /// Always with the same time.
    bool write(const QByteArray &content) const
    {
        QFile file(path());
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() &&
               file.flush() &&
               file.setFileTime(QDateTime::fromSecsSinceEpoch(1'700'000'000),
                                QFile::FileModificationTime);
    }
    QString path() const { return m_mine->filePath(QStringLiteral("file")); }
    UploadItem item() const
    {
        const Download row = uploadRow(QFile::encodeName(path()), "/in");
        UploadItem item;
        item.localPath = QFile::encodeName(path());
        item.remotePath = *VirtualPath::fromTyped(row.remotePath);
        item.size = row.size;
        item.mtimeNs = row.modifiedNs;
        item.id = row.uploadId;
        return item;
    }
    /// Over a connection of its own.
    bool send(OneFile &source)
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = m_host->tlsPort();
        config.password = "passwd";
        config.trustNew = true;
        EncryptedConnection connection(config, std::make_shared<LogQueue>(),
                                       std::make_shared<sasl::SaltedPasswords>());
        return connection.connect() && Uploader(connection.conversation(), m_prefix).send(source);
    }
    std::unique_ptr<QTemporaryDir> m_mine;
    PrefixSum m_prefix;
};

void UploadsUploader::init()
{
    m_host = std::make_unique<UploadHost>();
    m_mine = std::make_unique<QTemporaryDir>();
    m_prefix = {};
}

/// A server does not wait for a slow disk for ever: the next connection goes on from there.
void UploadsUploader::whatWasComparedIsNotComparedAgain()
{
    start();
    const QByteArray content = noise(8'000'000);
    QVERIFY(write(content));
    const UploadItem file = item();
    OneFile begins(file);
    begins.stopAt = 5'000'000;
    QVERIFY(send(begins));
    QVERIFY(begins.error && begins.error->code == ErrorCode::Cancelled);
    OneFile compares(file);
    compares.stopAfterOne = true;
    QVERIFY(send(compares));
    QVERIFY(compares.error && compares.error->code == ErrorCode::Cancelled);
    QCOMPARE(compares.comparedBytes.size(), 1);
    OneFile ends(file);
    QVERIFY(send(ends));
    QVERIFY(!ends.error);
    QVERIFY(ends.comparedBytes.size() > 1);
    QVERIFY(ends.comparedBytes.first() > compares.comparedBytes.first());
    QVERIFY(ends.sentBytes < content.size() - 4'000'000);
    QVERIFY(m_host->content(QStringLiteral("in/file")) == content);
}

/// Its answer was lost, or nobody waited for it.
void UploadsUploader::whatIsStoredIsNotSentAgain()
{
    start();
    const QByteArray content = noise(3'000'000);
    QVERIFY(write(content));
    const UploadItem file = item();
    OneFile first(file);
    QVERIFY(send(first));
    QVERIFY(!first.error);
    OneFile stops(file);
    stops.stopAfterOne = true;
    QVERIFY(send(stops));
    QVERIFY(stops.error && stops.error->code == ErrorCode::Cancelled);
    OneFile again(file);
    QVERIFY(send(again));
    QVERIFY(!again.error);
    QCOMPARE(again.sentBytes, 0);
    QCOMPARE(m_host->names(QStringLiteral("in")), QStringList{QStringLiteral("file")});
}

/// Size and time are those of the first.
void UploadsUploader::aStartOfAnotherContentIsNotContinued()
{
    start();
    QVERIFY(write(noise(8'000'000)));
    const UploadItem file = item();
    OneFile begins(file);
    begins.stopAt = 5'000'000;
    QVERIFY(send(begins));
    QVERIFY(begins.error);
    const QByteArray content = noise(8'000'000, 2);
    QVERIFY(write(content));
    QCOMPARE(item().mtimeNs, file.mtimeNs);
    OneFile goesOn(file);
    QVERIFY(send(goesOn));
    QVERIFY(goesOn.hasEnded);
    QVERIFY(!goesOn.error);
    QCOMPARE(goesOn.sentBytes, content.size());
    QVERIFY(m_host->content(QStringLiteral("in/file")) == content);
}

void UploadsUploader::anotherContentUnderTheSameIdIsSent_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("a small file") << 30'000;
    QTest::newRow("a large file") << 3'000'000;
}

void UploadsUploader::anotherContentUnderTheSameIdIsSent()
{
    QFETCH(const int, size);
    start();
    QVERIFY(write(noise(size)));
    const UploadItem file = item();
    OneFile first(file);
    QVERIFY(send(first));
    const QByteArray content = noise(size, 2);
    QVERIFY(write(content));
    QCOMPARE(item().mtimeNs, file.mtimeNs);
    OneFile second(file);
    QVERIFY(send(second));
    QVERIFY(second.hasEnded);
    QVERIFY(!second.error);
    QVERIFY(m_host->content(QStringLiteral("in/file (1)")) == content);
}

FERRY_TEST(UploadsUploader)
#include "uploads_uploader.moc"
