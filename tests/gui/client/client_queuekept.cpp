// SPDX-License-Identifier: MIT
// The queue of the window outlives the program, and what concerns all of it is said.
#include "gui/client/client_fixture.h"

#include "client/queue/queuefile.h"
#include "gui-common/parts/noticebar.h"
#include "support/testprogram.h"

#include <QProcess>

using namespace ferry;
using namespace ferry::gui;
using client::Download;
using client::DownloadState;

class ClientQueueKeptTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void rowsAreThereAgainWithTheirOrderAndStates();
    void whatWasUnderWayGoesOnAfterARestart();
    void aKilledProgramForgetsNoRow();
    void aDamagedFileIsToldAndTheWindowWorks();
    void aSecondWindowSaysThatItForgets();
    void aFullDiskIsToldInWordsUntilThereIsSpace();
    void aServerThatGoesAwayIsLookedForAndTheRestComes();

private:
    static Download named(const QString &name, DownloadState state = DownloadState::Queued)
    {
        Download download;
        download.remotePath = "/S/" + name.toUtf8();
        download.localName = name;
        download.state = state;
        download.size = 1000;
        return download;
    }
    static QString problem(const ClientWindowFixture &f)
    {
        return f.find<NoticeBar>("queueProblem")->text();
    }
};

void ClientQueueKeptTest::rowsAreThereAgainWithTheirOrderAndStates()
{
    ClientWindowFixture f;
    Download failed = named(QStringLiteral("b"), DownloadState::Failed);
    failed.error = {ErrorCode::NotFound, QStringLiteral("gone")};
    const QList<quint64> ids = f.client->queue().add(
        {named(QStringLiteral("a")), failed, named(QStringLiteral("c"), DownloadState::Done),
         named(QStringLiteral("d"), DownloadState::Paused)});
    f.client->queue().moveToTop({ids[3]});
    f.client->queue().setPriority({ids[0]}, client::Priority::High);
    f.open();
    QCOMPARE(f.rows()->rowCount(), 4);
    QCOMPARE(f.cell(0, 0), QStringLiteral("d"));
    QCOMPARE(f.state(0), QStringLiteral("Paused"));
    QCOMPARE(f.state(1), QStringLiteral("Waiting, high priority"));
    QCOMPARE(f.state(2), QStringLiteral("Not found on the server"));
    QCOMPARE(f.cell(3, 0), QStringLiteral("c"));
    QCOMPARE(problem(f), QString());
}

void ClientQueueKeptTest::whatWasUnderWayGoesOnAfterARestart()
{
    ClientWindowFixture f;
    const QByteArray content = QByteArray("0123456789abcdef").repeated(500'000);
    writeFile(f.share() + QStringLiteral("/big.bin"), content);
    f.startServer();
    f.client->queue().setRateLimit(2'000'000);
    QVERIFY(f.connectTo(f.serverAddress()));
    f.find<QAction>("addPathsAction")->trigger();
    f.addPath(QStringLiteral("/S/big.bin"));
    QTRY_VERIFY2(f.state(0).startsWith(QStringLiteral("Downloading")), qPrintable(f.state(0)));
    QTRY_VERIFY(f.client->queue().all().constFirst().received > 1'000'000);
    f.answers.yes = true;
    QVERIFY(f.window->close());
    QVERIFY2(f.answers.asked.constLast().contains(QStringLiteral("resume")),
             qPrintable(f.answers.asked.constLast()));
    f.open();
    QCOMPARE(f.state(0), QStringLiteral("Waiting"));
    QCOMPARE(f.savedNames().size(), qsizetype(1)); // the part that is here
    QVERIFY(!QFile::exists(f.saved(QStringLiteral("big.bin"))));
    QVERIFY(f.connectTo(f.serverAddress()));
    QTRY_COMPARE_WITH_TIMEOUT(f.state(0), QStringLiteral("Verified"), 20000);
    QCOMPARE(contentOf(f.saved(QStringLiteral("big.bin"))), content);
    QCOMPARE(f.savedNames(), QStringList{QStringLiteral("big.bin")});
}

void ClientQueueKeptTest::aKilledProgramForgetsNoRow()
{
    ClientWindowFixture f;
    f.close();
    const QString data = f.dir.filePath(QStringLiteral("data"));
    QStringList arguments{QStringLiteral("--data-dir"), data, QStringLiteral("127.0.0.1:1")};
    for (int i = 0; i < 50; ++i)
        arguments.append(QStringLiteral("/S/file%1").arg(i));
    QProcess program;
    program.start(qEnvironmentVariable("FERRY_BIN") + QStringLiteral("/ferry-client"), arguments);
    QVERIFY2(program.waitForStarted(), qPrintable(program.errorString()));
    const auto written = [&] {
        client::QueueFile file(data + QStringLiteral("/window-queue.sqlite"));
        return file.openToRead() ? file.rows().value().size() : 0;
    };
    QTRY_COMPARE_WITH_TIMEOUT(written(), qsizetype(50), 30000);
    program.kill();
    QVERIFY(program.waitForFinished());
    f.open();
    QCOMPARE(problem(f), QString());
    QCOMPARE(f.rows()->rowCount(), 50);
    QCOMPARE(f.cell(49, 0), QStringLiteral("file49"));
    QCOMPARE(f.state(49), QStringLiteral("Waiting"));
}

void ClientQueueKeptTest::aDamagedFileIsToldAndTheWindowWorks()
{
    ClientWindowFixture f;
    QList<Download> many;
    for (int i = 0; i < 2000; ++i)
        many.append(named(QStringLiteral("file%1").arg(i)));
    f.client->queue().add(many);
    const QString file = f.settings->queueFile();
    f.close();
    QFile damaged(file);
    QVERIFY(damaged.open(QIODevice::ReadWrite));
    const qint64 size = damaged.size();
    QVERIFY(damaged.seek(size / 2));
    QCOMPARE(damaged.write(QByteArray(size / 4, 'x')), size / 4);
    damaged.close();
    f.open();
    QVERIFY2(!problem(f).isEmpty(), "the damage is told");
    QVERIFY(f.find<NoticeBar>("queueProblem")->isVisible());
    const int kept = f.rows()->rowCount();
    QVERIFY2(kept > 0 && kept < 2000, qPrintable(QString::number(kept)));
    // It is kept up to date again.
    f.client->queue().add({named(QStringLiteral("later"))});
    f.open();
    QCOMPARE(f.rows()->rowCount(), kept + 1);
    QCOMPARE(problem(f), QString());
}

void ClientQueueKeptTest::aSecondWindowSaysThatItForgets()
{
    ClientWindowFixture f;
    f.client->queue().add({named(QStringLiteral("a"))});
    client::Client other;
    MainWindow second(&other, f.settings.get(), &f.answers);
    QVERIFY2(second.findChild<NoticeBar *>(QStringLiteral("queueProblem"))
                 ->text()
                 .contains(QStringLiteral("Another Ferry Client window")),
             "it is told");
    QCOMPARE(problem(f), QString());
    f.open();
    QCOMPARE(f.rows()->rowCount(), 1);
}

void ClientQueueKeptTest::aFullDiskIsToldInWordsUntilThereIsSpace()
{
    ClientWindowFixture f;
    Download first = named(QStringLiteral("a"));
    first.folder = f.target();
    f.client->queue().add({first, named(QStringLiteral("b"))});
    f.client->queue().fail(f.client->queue().takeNext()->id,
                           {ErrorCode::DiskFull, QStringLiteral("No space left")});
    f.window->addPaths({});
    auto *strip = f.find<NoticeBar>("queueHeld");
    QVERIFY(strip->isVisible());
    QVERIFY2(strip->text().contains(QStringLiteral("Not enough space in ")),
             qPrintable(strip->text()));
    QCOMPARE(f.state(0), QStringLiteral("Not enough disk space"));
    QCOMPARE(f.state(1), QStringLiteral("Waiting"));
    const QString tip = f.rows()->index(0, 4).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("as soon as there is space")), qPrintable(tip));
    // The disk of this test has space, which is seen at the next look.
    QTRY_VERIFY((f.client->queue().lookForSpace(), f.client->queue().spaceHolds().isEmpty()));
    QTRY_VERIFY(!strip->isVisible());
    QCOMPARE(f.state(0), QStringLiteral("Waiting"));
}

void ClientQueueKeptTest::aServerThatGoesAwayIsLookedForAndTheRestComes()
{
    ClientWindowFixture f;
    const QByteArray content = QByteArray("fedcba9876543210").repeated(500'000);
    writeFile(f.share() + QStringLiteral("/big.bin"), content);
    f.startServer();
    f.client->queue().setRateLimit(2'000'000);
    QVERIFY(f.connectTo(f.serverAddress()));
    f.find<QAction>("addPathsAction")->trigger();
    f.addPath(QStringLiteral("/S/big.bin"));
    QTRY_VERIFY(f.client->queue().all().constFirst().received > 1'000'000);
    f.server.stop();
    QTRY_VERIFY2(f.client->connection().state != client::ConnectionState::Online, "it is noticed");
    f.client->queue().setRateLimit(0);
    f.startServer(); // on the same port
    QTRY_COMPARE_WITH_TIMEOUT(f.state(0), QStringLiteral("Verified"), 30000);
    QCOMPARE(contentOf(f.saved(QStringLiteral("big.bin"))), content);
}

FERRY_TEST(ClientQueueKeptTest)
#include "client_queuekept.moc"
