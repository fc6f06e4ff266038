// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuesummary.h"
#include "gui/client/client_fixture.h"
#include "support/testprogram.h"

#include <QClipboard>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>

using namespace ferry;
using namespace ferry::gui;

class ClientTransfersTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void aTextABinaryAndAMissingFile();
    void pastedLinesBecomeDownloads();
    void thePrefilledWindowOnlyWaits();
    void anEndInTheMiddleIsToldAndRetried();
    void cancelRemoveAndClear();
    void aTakenNameIsNumbered();
    void closingInMidTransferAsks();
    void closingInMidTransferLeavesNoHalfFile();
    void hostileNamesStayPlain();
};

void ClientTransfersTest::aTextABinaryAndAMissingFile()
{
    ClientWindowFixture f;
    QByteArray binary(3'000'000, Qt::Uninitialized);
    for (qsizetype i = 0; i < binary.size(); ++i)
        binary[i] = char((i * 31) ^ (i >> 7));
    writeFile(f.share() + QStringLiteral("/text.txt"), "one\r\ntwo\n");
    writeFile(f.share() + QStringLiteral("/data.bin"), binary);
    f.startServer();
    QVERIFY(f.connectClassic(f.classicAddress()));
    f.addPath(QStringLiteral("/S/text.txt"));
    f.addPath(QStringLiteral("/S/data.bin"));
    f.addPath(QStringLiteral("/S/missing.txt"));
    QTRY_COMPARE(f.words("statusCount"), QStringLiteral("2 of 3 done"));
    QTRY_COMPARE(f.stateOf(QStringLiteral("missing.txt")),
                 QStringLiteral("Not found on the server"));
    QCOMPARE(f.stateOf(QStringLiteral("text.txt")), QStringLiteral("Saved (not verified)"));
    QCOMPARE(f.stateOf(QStringLiteral("data.bin")), QStringLiteral("Saved (not verified)"));
    QCOMPARE(contentOf(f.saved(QStringLiteral("text.txt"))), QByteArray("one\r\ntwo\n"));
    QCOMPARE(contentOf(f.saved(QStringLiteral("data.bin"))), binary);
    QCOMPARE(f.savedNames().size(), qsizetype(2));

    auto *tabs = f.find<QTabBar>("queueTabs");
    QCOMPARE(tabs->tabText(0), QStringLiteral("All 3"));
    QCOMPARE(tabs->tabText(int(QueueTab::Attention)), QStringLiteral("Attention 1"));
    QCOMPARE(tabs->tabText(int(QueueTab::Done)), QStringLiteral("Done 2"));
    tabs->setCurrentIndex(int(QueueTab::Attention));
    QCOMPARE(f.rows()->rowCount(), 1);
    QCOMPARE(f.cell(0, 0), QStringLiteral("missing.txt"));

    // The conversation shows the lines on the wire, without the password.
    const auto *lines = f.find<QWidget>("conversation")->findChild<QTreeView *>()->model();
    QStringList conversation;
    for (int row = 0; row < lines->rowCount(); ++row) {
        for (int column = 0; column < lines->columnCount(); ++column)
            conversation.append(lines->index(row, column).data().toString());
    }
    const QString all = conversation.join(QLatin1Char('\n'));
    QVERIFY2(all.contains(QStringLiteral("FILE /S/missing.txt")), qPrintable(all));
    QVERIFY(all.contains(QStringLiteral("!File /S/missing.txt could not be opened.")));
    QVERIFY(!all.contains(f.password));
}

void ClientTransfersTest::pastedLinesBecomeDownloads()
{
    ClientWindowFixture f;
    auto *field = f.find<QPlainTextEdit>("pathsEdit");
    const int oneLine = field->height();
    QGuiApplication::clipboard()->setText(QStringLiteral("/S/a.txt\r\n\n  /S/b c.txt\n/S/d\n"));
    field->setFocus();
    field->paste();
    QVERIFY(field->height() > oneLine);
    auto *add = f.find<QPushButton>("addButton");
    QCOMPARE(add->text().remove(QLatin1Char('&')), QStringLiteral("Add 3"));
    QTest::mouseClick(add, Qt::LeftButton);
    QCOMPARE(f.rows()->rowCount(), 3);
    QCOMPARE(f.cell(1, 0), QStringLiteral("b c.txt"));
    QCOMPARE(f.state(1), QStringLiteral("Waiting"));
    QCOMPARE(field->toPlainText(), QString());
    QCOMPARE(field->height(), oneLine);
    QVERIFY(!add->isEnabled());
}

void ClientTransfersTest::thePrefilledWindowOnlyWaits()
{
    ClientWindowFixture f;
    f.window->prefill(QStringLiteral("127.0.0.1:7421"), {"/S/a", "/S/b"});
    QCOMPARE(f.find<QComboBox>("hostField")->currentText(), QStringLiteral("127.0.0.1:7421"));
    QCOMPARE(f.rows()->rowCount(), 2);
    QCOMPARE(f.client->connection().state, client::ConnectionState::Offline);
}

void ClientTransfersTest::anEndInTheMiddleIsToldAndRetried()
{
    ClientWindowFixture f;
    f.client->queue().setRules({}); // nothing is tried again by itself
    StallingServer stalling(QByteArray(50'000, 'x'));
    QVERIFY(f.connectClassic(QStringLiteral("127.0.0.1:%1").arg(stalling.serverPort())));
    f.addPath(QStringLiteral("/S/half.bin"));
    // Not only asked for: a connection that ends before the first byte is made anew.
    QTRY_VERIFY2(f.cell(0, 2).endsWith(QStringLiteral("kB")), qPrintable(f.cell(0, 2)));
    stalling.hangUp();
    QTRY_COMPARE(f.state(0), QStringLiteral("Connection lost"));
    QVERIFY(!QFile::exists(f.saved(QStringLiteral("half.bin"))));

    auto *retry = f.find<QAction>("retryFailedAction");
    QVERIFY(retry->isEnabled());
    retry->trigger();
    QTRY_COMPARE(f.state(0), QStringLiteral("Downloading"));
    QVERIFY(!retry->isEnabled());
}

void ClientTransfersTest::cancelRemoveAndClear()
{
    ClientWindowFixture f;
    StallingServer stalling("xyz");
    QVERIFY(f.connectClassic(QStringLiteral("127.0.0.1:%1").arg(stalling.serverPort())));
    f.addPath(QStringLiteral("/S/one"));
    QTRY_COMPARE(f.state(0), QStringLiteral("Downloading"));
    auto *table = f.find<QTreeView>("queueTable");
    table->setCurrentIndex(f.rows()->index(0, 0));
    QVERIFY(f.find<QAction>("cancelAction")->isEnabled());
    QVERIFY(!f.find<QAction>("openFileAction")->isEnabled());
    f.find<QAction>("cancelAction")->trigger();
    QTRY_COMPARE(f.state(0), QStringLiteral("Cancelled"));
    QTRY_COMPARE(f.savedNames(), QStringList());

    f.find<QAction>("copyPathAction")->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("/S/one"));
    f.find<QAction>("clearDoneAction")->trigger();
    QCOMPARE(f.rows()->rowCount(), 0);

    f.addPath(QStringLiteral("/S/two"));
    table->setCurrentIndex(f.rows()->index(0, 0));
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Delete);
    QTRY_COMPARE(f.rows()->rowCount(), 0);
    QTRY_COMPARE(f.savedNames(), QStringList());
}

void ClientTransfersTest::aTakenNameIsNumbered()
{
    ClientWindowFixture f;
    writeFile(f.share() + QStringLiteral("/a.txt"), "new");
    writeFile(f.saved(QStringLiteral("a.txt")), "old");
    f.answers.conflictAnswer = ConflictAnswer{client::ExistingPolicy::Rename, true};
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.addPath(QStringLiteral("/S/a.txt"));
    QTRY_COMPARE(f.state(0), QStringLiteral("Verified"));
    QCOMPARE(f.cell(0, 0), QStringLiteral("a (1).txt"));
    QCOMPARE(contentOf(f.saved(QStringLiteral("a.txt"))), QByteArray("old"));
    QCOMPARE(contentOf(f.saved(QStringLiteral("a (1).txt"))), QByteArray("new"));
    QCOMPARE(f.answers.conflicts.size(), qsizetype(1));

    QSignalSpy opened(f.window.get(), &MainWindow::openRequested);
    f.find<QTreeView>("queueTable")->setCurrentIndex(f.rows()->index(0, 0));
    f.find<QAction>("openFileAction")->trigger();
    f.find<QAction>("openFolderAction")->trigger();
    QCOMPARE(opened.count(), 2);
    QCOMPARE(opened[0][0].toString(), f.saved(QStringLiteral("a (1).txt")));
    QCOMPARE(opened[1][0].toString(), f.target());
}

void ClientTransfersTest::closingInMidTransferAsks()
{
    ClientWindowFixture f;
    StallingServer stalling("xyz");
    QVERIFY(f.connectClassic(QStringLiteral("127.0.0.1:%1").arg(stalling.serverPort())));
    f.addPath(QStringLiteral("/S/one"));
    QTRY_COMPARE(f.state(0), QStringLiteral("Downloading"));
    f.answers.yes = false;
    QVERIFY(!f.window->close());
    QCOMPARE(f.answers.asked.size(), qsizetype(1));
    QVERIFY(f.window->isVisible());
    QCOMPARE(f.state(0), QStringLiteral("Downloading"));
    f.window->unattend();
    QVERIFY(f.window->close());
    QCOMPARE(f.answers.asked.size(), qsizetype(1));
}

void ClientTransfersTest::closingInMidTransferLeavesNoHalfFile()
{
    ClientWindowFixture f;
    StallingServer stalling(QByteArray(100'000, 'x'));
    QVERIFY(f.connectClassic(QStringLiteral("127.0.0.1:%1").arg(stalling.serverPort())));
    f.addPath(QStringLiteral("/S/one"));
    QTRY_VERIFY2(f.cell(0, 2).endsWith(QStringLiteral("kB")), qPrintable(f.cell(0, 2)));
    f.answers.yes = true;
    QVERIFY(f.window->close());
    f.close(); // ends the client's thread; a hang would end this test by its time limit
    QCOMPARE(f.savedNames(), QStringList());
}

void ClientTransfersTest::hostileNamesStayPlain()
{
    ClientWindowFixture f;
    const QByteArray name = "<h1>big</h1>\x1b[2J\xe2\x80\xae.txt";
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths({"/S/" + name});
    QTRY_COMPARE(f.state(0), QStringLiteral("Not found on the server"));
    QVERIFY(!f.cell(0, 0).contains(QChar(0x1b)));
    QVERIFY(!f.cell(0, 0).contains(QChar(0x202e)));
    // Whatever could guess at HTML is told not to.
    const auto labels = f.window->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (label->objectName().startsWith(QStringLiteral("status")) ||
            label->objectName() == QStringLiteral("connectMessage"))
            QCOMPARE(label->textFormat(), Qt::PlainText);
    }
    for (int column = 0; column < 5; ++column) {
        const QString tip = f.rows()->index(0, column).data(Qt::ToolTipRole).toString();
        QVERIFY2(!tip.contains(QStringLiteral("<h1>")), qPrintable(tip));
    }
}

FERRY_TEST(ClientTransfersTest)
#include "client_transfers.moc"
