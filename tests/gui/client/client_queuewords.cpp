// SPDX-License-Identifier: MIT
// What the rows of the queue say.
#include "gui/client/queue_fixture.h"
#include "support/testprogram.h"

#include <cerrno>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::gui::test;

class ClientQueueWordsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void stateAndReasonAreInWords_data();
    void stateAndReasonAreInWords();
    void everyStateHasItsWordsAndItsTone_data();
    void everyStateHasItsWordsAndItsTone();
    void theCountdownSaysWhichTryAndWhy_data();
    void theCountdownSaysWhichTryAndWhy();
    void whatIsKeptIsSaid();
    void aRowThatWaitsShowsHowFarItIs();
    void aFullDiskIsCalledThat();
    void whatIsAskedForAheadIsNotUnderWay();
    void aFolderIsQuietAndNoFile();
    void filesOfAFolderShowWhereTheyAre();
    void theTimeLeftIsToldOnceTheSizeIsKnown();
    void theSpeedOfTheWholeOutlivesSmallFiles();
    void anUnverifiedFileIsNotCalledVerified();
    void progressWithoutASizeIsIndeterminate();
    void remoteNamesStayPlainText();
};

void ClientQueueWordsTest::stateAndReasonAreInWords_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("missing") << int(ErrorCode::NotFound)
                             << QStringLiteral("Not found on the server");
    QTest::newRow("cut") << int(ErrorCode::CutShort) << QStringLiteral("Connection lost");
    QTest::newRow("timeout") << int(ErrorCode::TimedOut) << QStringLiteral("Timed out");
    QTest::newRow("disk") << int(ErrorCode::LocalFile) << QStringLiteral("Cannot be saved here");
    QTest::newRow("changed") << int(ErrorCode::RemoteChanged)
                             << QStringLiteral("Changed on the server during the download");
    QTest::newRow("checksum") << int(ErrorCode::ChecksumMismatch)
                              << QStringLiteral("Damaged in transit, not saved");
    QTest::newRow("trust") << int(ErrorCode::NotTrusted) << QStringLiteral("Server not trusted");
    QTest::newRow("name") << int(ErrorCode::Invalid) << QStringLiteral("Can't be downloaded");
    QTest::newRow("host") << int(ErrorCode::HostNotFound)
                          << QStringLiteral("Can't find the server");
    QTest::newRow("nobody") << int(ErrorCode::CannotConnect)
                            << QStringLiteral("Can't reach the server");
    QTest::newRow("protocol") << int(ErrorCode::Protocol)
                              << QStringLiteral("Unexpected answer from the server");
    QTest::newRow("refused") << int(ErrorCode::Refused) << QStringLiteral("Refused by the server");
    QTest::newRow("full") << int(ErrorCode::DiskFull) << QStringLiteral("The disk is full");
    QTest::newRow("exists") << int(ErrorCode::TargetExists)
                            << QStringLiteral("File already exists");
    QTest::newRow("password") << int(ErrorCode::WrongPassword) << QStringLiteral("Wrong password");
    QTest::newRow("cancelled") << int(ErrorCode::Cancelled) << QStringLiteral("Cancelled");
}

void ClientQueueWordsTest::stateAndReasonAreInWords()
{
    QFETCH(const int, code);
    QFETCH(const QString, words);
    QueueFixture f;
    f.queue.add(files(1));
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Waiting"));
    const quint64 id = f.queue.takeNext()->id;
    f.queue.fail(id, {ErrorCode(code), QStringLiteral("the <b>engine's</b> sentence")});
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), words);
    const QModelIndex cell = f.model.index(0, QueueModel::State);
    QVERIFY(!cell.data(Qt::DecorationRole).value<QIcon>().isNull());
    // The whole story on hover, as text and not as HTML.
    const QString tip = cell.data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("<\u2060b>")), qPrintable(tip));
    QVERIFY(!tip.contains(QStringLiteral("<b>")));
    // What happened, in the engine's words, and what to do: each in a line.
    const QString whole = failureText(f.model.download(0));
    QVERIFY2(whole.startsWith(words + QStringLiteral(": the <b>engine's</b> sentence\n")),
             qPrintable(whole));
    QVERIFY2(whole.section(u'\n', 1).endsWith(u'.'), qPrintable(whole));
    QCOMPARE(cell.data(QueueModel::ToneRole).toInt(), int(Tone::Bad));
}

void ClientQueueWordsTest::everyStateHasItsWordsAndItsTone_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("tone");
    const auto row = [](DownloadState state, const char *words, Tone tone) {
        QTest::newRow(words) << int(state) << QString::fromLatin1(words) << int(tone);
    };
    row(DownloadState::Queued, "Waiting", Tone::Quiet);
    row(DownloadState::Connecting, "Requested", Tone::Quiet);
    row(DownloadState::NeedsDecision, "File exists: choose what to do", Tone::Accent);
    row(DownloadState::Downloading, "Downloading", Tone::Normal);
    row(DownloadState::Stalled, "Stalled: no data is arriving", Tone::Caution);
    row(DownloadState::Verifying, "Saving", Tone::Normal);
    row(DownloadState::Retrying, "Timed out, retrying in 4 s (2 of 5)", Tone::Caution);
    row(DownloadState::Paused, "Paused", Tone::Quiet);
    row(DownloadState::Done, "Verified", Tone::Good);
    row(DownloadState::Skipped, "Skipped, file exists", Tone::Quiet);
    row(DownloadState::Failed, "Timed out", Tone::Bad);
    row(DownloadState::Cancelled, "Cancelled", Tone::Quiet);
}

void ClientQueueWordsTest::everyStateHasItsWordsAndItsTone()
{
    QFETCH(const int, state);
    QFETCH(const QString, words);
    QFETCH(const int, tone);
    const auto now = std::chrono::steady_clock::now();
    Download download;
    download.state = DownloadState(state);
    download.verified = true;
    download.tries = 2;
    download.retryAt = now + std::chrono::milliseconds(3200);
    download.error = {ErrorCode::TimedOut, {}};
    QCOMPARE(stateText(download, {}, now).replace(QChar(QChar::Nbsp), u' '), words);
    download.grown = true;
    QCOMPARE(stateText(download, {}, now) == words, download.state != DownloadState::Done);
    QCOMPARE(int(stateTone(download)), tone);
    QVERIFY(!stateIcon(download).isEmpty());
}

void ClientQueueWordsTest::theCountdownSaysWhichTryAndWhy_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("reason");
    const auto row = [](ErrorCode code, const char *reason) {
        QTest::newRow(reason) << int(code) << QString::fromLatin1(reason);
    };
    row(ErrorCode::TimedOut, "Timed out");
    row(ErrorCode::CutShort, "Connection lost");
    row(ErrorCode::CannotConnect, "Can't reach the server");
    row(ErrorCode::HostNotFound, "Can't find the server");
    row(ErrorCode::Refused, "Refused by the server");
    row(ErrorCode::RemoteChanged, "Changed on the server during the download");
    row(ErrorCode::ChecksumMismatch, "Damaged in transit, not saved");
}

void ClientQueueWordsTest::theCountdownSaysWhichTryAndWhy()
{
    QFETCH(const int, code);
    QFETCH(const QString, reason);
    Download download;
    download.state = DownloadState::Retrying;
    download.tries = 1;
    download.error = {ErrorCode(code), QStringLiteral("a sentence")};
    const auto now = std::chrono::steady_clock::now();
    QueueFacts facts;
    facts.retries = 3;
    const auto words = [&](std::chrono::milliseconds left) {
        download.retryAt = now + left;
        return stateText(download, facts, now).replace(QChar(QChar::Nbsp), u' ');
    };
    using namespace std::chrono_literals;
    QCOMPARE(words(1000ms), reason + QStringLiteral(", retrying in 1 s (1 of 3)"));
    QCOMPARE(words(1001ms), reason + QStringLiteral(", retrying in 2 s (1 of 3)"));
    QCOMPARE(words(-5ms), reason + QStringLiteral(", retrying now (1 of 3)"));
    const QString whole = failureText(download, facts);
    QVERIFY2(whole.contains(QStringLiteral("a sentence")), qPrintable(whole));
    QVERIFY2(whole.contains(QStringLiteral("automatically")), qPrintable(whole));
}

void ClientQueueWordsTest::whatIsKeptIsSaid()
{
    Download download;
    download.state = DownloadState::Failed;
    download.error = {ErrorCode::CutShort, {}};
    QVERIFY(failureText(download).contains(QStringLiteral("from the beginning")));
    download.begun = true;
    QVERIFY(failureText(download).contains(QStringLiteral("continues from there")));
}

void ClientQueueWordsTest::aRowThatWaitsShowsHowFarItIs()
{
    QueueFixture f;
    f.queue.setRules(client::QueueRules::unattended());
    f.queue.add(files(2));
    const quint64 id = f.queue.takeNext()->id;
    f.queue.setSize(id, 1'000'000, 0);
    f.queue.addReceived(id, 340'000);
    f.queue.fail(id, {ErrorCode::TimedOut, {}});
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::Progress), QStringLiteral("34 %"));
    const auto tone = [&] {
        return f.model.index(0, QueueModel::Progress)
            .data(ProgressDelegate::Role)
            .value<Progress>()
            .tone;
    };
    QCOMPARE(tone(), Tone::Caution);
    QCOMPARE(f.text(0, QueueModel::Speed), QString());
    QCOMPARE(f.model.summary().retrying(), qsizetype(1));
    QCOMPARE(f.model.summary().in(QueueTab::Waiting), qsizetype(2));
    f.queue.pause({id});
    f.model.refresh(f.queue);
    QCOMPARE(tone(), Tone::Quiet);
    QCOMPARE(f.model.summary().paused(), qsizetype(1));
    QCOMPARE(f.text(1, QueueModel::Progress), QString());
    compare(f.model, f.queue);
}

void ClientQueueWordsTest::aFullDiskIsCalledThat()
{
    QueueFixture f;
    f.queue.add(files(2));
    f.queue.fail(f.queue.takeNext()->id,
                 {ErrorCode::DiskFull, QStringLiteral("x: %1").arg(qt_error_string(ENOSPC))});
    f.queue.fail(f.queue.takeNext()->id,
                 {ErrorCode::LocalFile, QStringLiteral("x cannot be written"), EACCES});
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("The disk is full"));
    QCOMPARE(f.text(1, QueueModel::State), QStringLiteral("No permission to save here"));
}

void ClientQueueWordsTest::whatIsAskedForAheadIsNotUnderWay()
{
    QueueFixture f;
    const QList<quint64> ids = f.queue.add(files(1000));
    while (f.queue.takeNext()) {
    }
    f.queue.setSize(ids[0], 10, 0);
    f.queue.addReceived(ids[0], 10);
    f.queue.setState(ids[0], DownloadState::Verifying); // all here, but not yet under its name
    f.queue.setSize(ids[1], 10, 0);
    f.queue.addReceived(ids[1], 5);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Saving"));
    QVERIFY(f.text(1, QueueModel::State).startsWith(QStringLiteral("Downloading")));
    QCOMPARE(f.text(2, QueueModel::State), QStringLiteral("Requested"));
    QCOMPARE(f.model.summary().active, qsizetype(1));
    QCOMPARE(f.model.summary().saving(), qsizetype(1));
    QCOMPARE(f.model.summary().waiting, qsizetype(999));
    // But a server that is asked and says nothing is not waited for in silence.
    f.queue.setState(ids[2], DownloadState::Stalled);
    f.model.refresh(f.queue);
    QCOMPARE(f.model.summary().active, qsizetype(2));
    compare(f.model, f.queue);
}

void ClientQueueWordsTest::aFolderIsQuietAndNoFile()
{
    QueueFixture f;
    QueueFilterModel done;
    done.setSourceModel(&f.model);
    done.setTab(QueueTab::Done);
    f.queue.add(files(1));
    const quint64 id = f.queue.takeNext()->id;
    f.queue.setKind(id, client::DownloadKind::Folder);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Reading the folder"));
    QCOMPARE(f.model.summary().active, qsizetype(1));
    f.queue.finish(id, true);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Folder"));
    QCOMPARE(f.text(0, QueueModel::Size), QString());
    QCOMPARE(f.model.index(0, QueueModel::State).data(QueueModel::ToneRole).toInt(),
             int(Tone::Quiet));
    QCOMPARE(f.model.summary().folders, qsizetype(1));
    QCOMPARE(f.model.summary().total(), qsizetype(0));
    QCOMPARE(done.rowCount(), 0);
    compare(f.model, f.queue);
}

void ClientQueueWordsTest::filesOfAFolderShowWhereTheyAre()
{
    QueueFixture f;
    Download download;
    download.remotePath = "/Share/a/b/c.txt";
    download.subfolder = QStringLiteral("a/b");
    download.localName = QStringLiteral("c.txt");
    download.folder = QStringLiteral("/srv/x");
    download.size = 1'200'000;
    f.queue.add({download});
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::Name), QStringLiteral("a/b/c.txt"));
    QCOMPARE(f.text(0, QueueModel::Size), QStringLiteral("1.2 MB"));
    const QString tip = f.model.index(0, QueueModel::Name).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("/srv/x/a/b/c.txt")), qPrintable(tip));
}

void ClientQueueWordsTest::theTimeLeftIsToldOnceTheSizeIsKnown()
{
    QueueFixture f;
    f.queue.add(files(1));
    const quint64 id = f.queue.takeNext()->id;
    f.queue.setSize(id, 1'000'000'000, 0);
    f.queue.addReceived(id, 1000);
    f.model.refresh(f.queue);
    QVERIFY(!f.text(0, QueueModel::State).contains(QStringLiteral(" left")));
    f.now += std::chrono::milliseconds(100); // before that there is no speed (RateMeter)
    f.queue.addReceived(id, 249'999'000);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::Progress), QStringLiteral("25 %"));
    QVERIFY2(f.text(0, QueueModel::State).contains(QStringLiteral(" left")),
             qPrintable(f.text(0, QueueModel::State)));
    const QVariant progress = f.model.index(0, QueueModel::Progress).data(ProgressDelegate::Role);
    QCOMPARE(progress.value<Progress>().fraction, 0.25);
}

void ClientQueueWordsTest::theSpeedOfTheWholeOutlivesSmallFiles()
{
    QueueFixture f;
    const QList<quint64> ids = f.queue.add(files(30));
    f.model.refresh(f.queue);
    const auto arriveWhole = [&](quint64 id) {
        f.queue.setSize(id, 1000, 0);
        f.queue.addReceived(id, 1000);
        f.queue.finish(id, true);
    };
    arriveWhole(f.queue.takeNext()->id);
    f.model.refresh(f.queue); // from here on it is measured
    f.now += std::chrono::milliseconds(500);
    arriveWhole(f.queue.takeNext()->id);
    f.model.refresh(f.queue);
    QCOMPARE(f.model.summary().bytesPerSecond, qint64(2000)); // though none is under way
    QCOMPARE(f.model.summary().active, qsizetype(0));
    for (const quint64 id : ids)
        f.queue.cancel(id);
    f.model.refresh(f.queue);
    QCOMPARE(f.model.summary().bytesPerSecond, qint64(0));
}

void ClientQueueWordsTest::anUnverifiedFileIsNotCalledVerified()
{
    QueueFixture f;
    f.queue.add(files(2));
    const quint64 first = f.queue.takeNext()->id;
    f.queue.addReceived(first, 2'500'000);
    f.queue.finish(first, false);
    const quint64 second = f.queue.takeNext()->id;
    f.queue.finish(second, true);
    f.model.refresh(f.queue);
    QCOMPARE(f.text(0, QueueModel::State), QStringLiteral("Saved (not verified)"));
    QCOMPARE(f.text(0, QueueModel::Size), QStringLiteral("2.5 MB"));
    QCOMPARE(f.model.index(0, QueueModel::State).data(QueueModel::ToneRole).toInt(),
             int(Tone::Quiet));
    QCOMPARE(f.text(1, QueueModel::State), QStringLiteral("Verified"));
    QCOMPARE(f.model.index(1, QueueModel::State).data(QueueModel::ToneRole).toInt(),
             int(Tone::Good));
}

void ClientQueueWordsTest::progressWithoutASizeIsIndeterminate()
{
    QueueFixture f;
    f.queue.add(files(1));
    const quint64 id = f.queue.takeNext()->id;
    f.queue.addReceived(id, 2'500'000);
    f.model.refresh(f.queue);
    const QModelIndex cell = f.model.index(0, QueueModel::Progress);
    const QVariant progress = cell.data(ProgressDelegate::Role);
    QVERIFY(progress.canConvert<Progress>());
    QVERIFY(progress.value<Progress>().fraction < 0);
    QCOMPARE(f.text(0, QueueModel::Progress), QStringLiteral("2.5 MB"));
    f.queue.finish(id, false);
    f.model.refresh(f.queue);
    QVERIFY(!cell.data(ProgressDelegate::Role).isValid());
}

void ClientQueueWordsTest::remoteNamesStayPlainText()
{
    QueueFixture f;
    Download hostile;
    hostile.remotePath = QByteArray("/Share/<img src=x>\x1b[31m\xe2\x80\xaegnp.exe\n2");
    f.queue.add({hostile});
    f.model.refresh(f.queue);
    const QString shown = f.text(0, QueueModel::Name);
    QVERIFY(shown.startsWith(QStringLiteral("<img src=x>")));
    QVERIFY(!shown.contains(QChar(0x1b)));
    QVERIFY(!shown.contains(QChar(0x202e)));
    QVERIFY(!shown.contains(QLatin1Char('\n')));
    const QString tip = f.model.index(0, QueueModel::Name).data(Qt::ToolTipRole).toString();
    QVERIFY2(!tip.contains(QStringLiteral("<img")), qPrintable(tip));
}

FERRY_TEST(ClientQueueWordsTest)
#include "client_queuewords.moc"
