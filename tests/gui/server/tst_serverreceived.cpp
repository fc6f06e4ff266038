// SPDX-License-Identifier: MIT
#include "gui/server/serverfixture.h"

#include "gui-common/log/logpane.h"
#include "gui-common/look/theme.h"
#include "net/base/checksum.h"
#include "server-gui/received/receivedmodel.h"
#include "server-gui/sessions/sessionmodel.h"
#include "server-gui/setup/sharesmodel.h"
#include "support/testprogram.h"
#include "support/tlspeer.h"

#include <QAbstractItemModelTester>
#include <QDesktopServices>
#include <QTabBar>
#include <QUrl>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

using namespace ferry;
using namespace ferry::test;
using gui::ReceivedModel;
using gui::SessionModel;
using gui::SharesModel;
using gui::Tone;

namespace {

/// Runs what blocks beside the window's event loop.
bool meanwhile(const std::function<void()> &work)
{
    std::atomic_bool done = false;
    std::thread thread([&] {
        work();
        done = true;
    });
    const bool inTime = QTest::qWaitFor([&done] { return done.load(); }, 4 * patienceMs);
    thread.join();
    return inTime;
}

/// Puts a file in: the last answer.
QByteArray putFile(TlsPeer &peer, const QByteArray &path, const QByteArray &bytes,
                   const QByteArray &id)
{
    peer.say("PUT " + path + " size=" + QByteArray::number(bytes.size()) + " upload=" + id +
             "\r\n");
    const QByteArray begin = peer.line();
    if (!begin.startsWith("#SEND"))
        return begin;
    Checksum sum;
    sum.add(bytes);
    peer.say("DATA " + QByteArray::number(bytes.size()) + "\r\n" + bytes +
             "END sum=xxh3:" + sum.hex() + "\r\n");
    return peer.line();
}

server::Delivery fileNumber(int number)
{
    return {1'700'000'000'000 + number,
            1'700'000'000'000 + number,
            QStringLiteral("10.0.0.1"),
            QStringLiteral("anna"),
            {},
            true,
            QStringLiteral("/in/%1").arg(number),
            1000,
            1000,
            server::Delivery::Outcome::Verified,
            {},
            true};
}

/// Takes the place of the file manager.
class FolderOpener : public QObject
{
    Q_OBJECT
public:
    FolderOpener() { QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "open"); }
    ~FolderOpener() override { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }
    QString opened;
public Q_SLOTS:
    void open(const QUrl &url) { opened = url.toLocalFile(); }
};

} // namespace

/// What others put in, in the window.
class ServerReceivedTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        u = std::make_unique<WindowUser>();
        u->open();
    }
    void cleanup()
    {
        u->close();
        u.reset();
    }

    void thereIsNoTabWhereNobodyPutsAnythingIn()
    {
        QCOMPARE(u->find<QTabBar>("activityTabs")->count(), 2); // log and messages
        QVERIFY(!u->find<QAction>("receivedAction")->isEnabled());
        setAccess(extended::Access::Add);
        QCOMPARE(u->find<QTabBar>("activityTabs")->count(), 3);
        QVERIFY(u->find<QAction>("receivedAction")->isEnabled());
        setAccess(extended::Access::Read);
        QCOMPARE(u->find<QTabBar>("activityTabs")->count(), 2);
    }

    void accessChangesWhileSomebodyIsThere()
    {
        QVERIFY(u->start());
        std::unique_ptr<TlsPeer> peer;
        QByteArray answer;
        const auto put = [&](const char *id) {
            return meanwhile([&] { answer = putFile(*peer, "/pub/new.txt", "hello", id); });
        };
        QVERIFY(meanwhile([&, port = u->tlsPort(), password = u->password()] {
            peer = std::make_unique<TlsPeer>(port, password);
        }));
        QVERIFY(peer->ready());
        QVERIFY(put("1"));
        QCOMPARE(answer, "!READONLY");
        setAccess(extended::Access::Add);
        QCOMPARE(shownAccess(), QStringLiteral("Read and add"));
        QVERIFY(put("2"));
        QVERIFY2(answer.startsWith("#STORED path=/pub/new.txt "), answer);
        setAccess(extended::Access::Inbox);
        QVERIFY(meanwhile([&] { answer = peer->ask("GET /pub/new.txt"); }));
        QCOMPARE(answer, "!NOTFOUND");
        setAccess(extended::Access::Read);
        QVERIFY(put("3"));
        QCOMPARE(answer, "!READONLY");
        u->openAgain();
        QCOMPARE(shownAccess(), QStringLiteral("Read"));
        setAccess(extended::Access::Inbox);
        u->openAgain();
        QCOMPARE(shownAccess(), QStringLiteral("Inbox (add only)"));
    }

    void whatCameInIsListedAndItsFolderOpens()
    {
        setAccess(extended::Access::Inbox);
        QVERIFY(u->start());
        QByteArray answers;
        QVERIFY(meanwhile([&, port = u->tlsPort(), password = u->password()] {
            TlsPeer peer(port, password);
            answers = putFile(peer, "/pub/trip/a.txt", "hello", "1").first(7);
            answers += putFile(peer, "/pub/trip/a.txt", "world!", "2").first(7);
        }));
        QCOMPARE(answers, "#STORED#STORED");
        const auto *rows = u->find<QTreeView>("receivedView")->model();
        QTRY_COMPARE(rows->rowCount(), 2);
        QCOMPARE(cell(0, ReceivedModel::File), QStringLiteral("/pub/trip/a (1).txt"));
        QCOMPARE(cell(0, ReceivedModel::Size), QStringLiteral("6 B"));
        QCOMPARE(cell(0, ReceivedModel::From), QStringLiteral("127.0.0.1"));
        QCOMPARE(cell(0, ReceivedModel::State), QStringLiteral("Verified"));
        QCOMPARE(cell(1, ReceivedModel::File), QStringLiteral("/pub/trip/a.txt"));
        const auto tab = [this] { return u->find<QTabBar>("activityTabs")->tabText(2); };
        QCOMPARE(tab(), QStringLiteral("Received, 2 new"));
        QTRY_VERIFY(u->cell(1, SessionModel::State)
                        .startsWith(QStringLiteral("2 files received, verified")));
        const QModelIndex file = u->sessionRow(1).siblingAtColumn(SessionModel::File);
        QCOMPARE(file.data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("/pub/trip/a.txt, comes in"));
        QCOMPARE(u->cell(1, SessionModel::Received), QStringLiteral("11 B"));
        QTRY_COMPARE(u->textOf("statusSent"), QStringLiteral("0 B served, 11 B received"));
        const QString log = spaced(u->logMessages().join(u'\n'));
        QCOMPARE(log.count(QStringLiteral("Received /pub/trip/a.txt, 5 ")), 1);

        u->find<QAction>("receivedAction")->trigger();
        QCOMPARE(tab(), QStringLiteral("Received"));
        QVERIFY(u->find<QTreeView>("receivedView")->isVisible());
        FolderOpener opener;
        u->find<QTreeView>("receivedView")->setCurrentIndex(rows->index(0, 0));
        u->click("openReceived");
        QCOMPARE(opener.opened, u->pub() + QStringLiteral("/trip"));
        u->find<QAction>("allLog")->trigger();
        QVERIFY(u->find<QTreeView>("logView")->isVisible());

        // It is in the history, so a later start of the program lists it too.
        u->openAgain();
        QTRY_COMPARE(u->find<QTreeView>("receivedView")->model()->rowCount(), 2);
        QCOMPARE(cell(1, ReceivedModel::File), QStringLiteral("/pub/trip/a.txt"));
        QCOMPARE(u->find<QTabBar>("activityTabs")->tabText(2), QStringLiteral("Received"));
    }

    void findingInTheLogBringsItToTheFront()
    {
        setAccess(extended::Access::Inbox);
        u->find<QAction>("receivedAction")->trigger();
        QVERIFY(!u->find<QTreeView>("logView")->isVisible());
        u->find<gui::LogPane>("logPane")->findAction()->trigger();
        QVERIFY(u->find<QTreeView>("logView")->isVisible());
    }

    void aFileTakesNothing()
    {
        u->close();
        u->writeFile(QStringLiteral("plan.pdf"), "plan");
        gui::StartValues line;
        line.dataFolder = u->dataFolder();
        line.shares = {{"pub", QFile::encodeName(u->pub() + QStringLiteral("/plan.pdf"))}};
        u->openWith(line);
        setAccess(extended::Access::Add);
        QCOMPARE(shownAccess(), QStringLiteral("Read"));
        QVERIFY(u->find<QAction>("access0")->isChecked());
        QVERIFY(u->textOf("noticeText").contains(QStringLiteral("Only a folder can take files.")));
    }

    void bothDirectionsHaveTheirWordsAndArrows()
    {
        using server::SessionInfo;
        using server::SessionState;
        SessionInfo in;
        in.id = 1;
        in.state = SessionState::Receiving;
        in.file = QStringLiteral("/in/a.raw");
        in.fileComesIn = true;
        in.fileSize = 1000;
        in.fileSent = 500;
        in.received = 500;
        SessionInfo out = in;
        out.id = 2;
        out.state = SessionState::Sending;
        out.fileComesIn = false;
        out.received = 0;
        SessionInfo idle;
        idle.id = 3;
        idle.state = SessionState::Idle;
        idle.filesReceived = 2;
        SessionInfo both = idle;
        both.id = 4;
        both.filesSent = 1;
        SessionInfo verified = both;
        verified.id = 5;
        verified.filesVerified = 1;
        SessionModel model;
        model.update({in, out, idle, both, verified});
        const auto shown = [&model](int row, int column) {
            return spaced(model.index(row, column).data().toString());
        };
        QCOMPARE(shown(0, SessionModel::State), QStringLiteral("Receiving"));
        QVERIFY(!shown(0, SessionModel::Progress).isEmpty());
        QVERIFY(!shown(0, SessionModel::Received).isEmpty());
        QVERIFY(shown(1, SessionModel::Received).isEmpty());
        QCOMPARE(shown(2, SessionModel::State), QStringLiteral("2 files received, verified"));
        QCOMPARE(shown(3, SessionModel::State),
                 QStringLiteral("1 file delivered, 2 files received, verified"));
        QCOMPARE(shown(4, SessionModel::State),
                 QStringLiteral("1 file delivered, verified, 2 files received, verified"));
        const auto tone = [&model](int row) {
            return Tone(model.index(row, SessionModel::State).data(SessionModel::ToneRole).toInt());
        };
        QVERIFY(tone(2) == Tone::Good && tone(3) != Tone::Good && tone(4) == Tone::Good);
        const auto file = [&model](int row, int role) {
            return model.index(row, SessionModel::File).data(role);
        };
        QVERIFY(file(0, Qt::DecorationRole).value<QIcon>().cacheKey() !=
                file(1, Qt::DecorationRole).value<QIcon>().cacheKey());
        QCOMPARE(file(0, Qt::AccessibleTextRole).toString(), QStringLiteral("/in/a.raw, comes in"));
        QCOMPARE(file(1, Qt::AccessibleTextRole).toString(), QStringLiteral("/in/a.raw, goes out"));
        QVERIFY(!file(2, Qt::DecorationRole).isValid());
    }

    void theListIsBounded()
    {
        ReceivedModel model;
        const QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QList<server::Delivery> earlier;
        for (int i = 0; i < int(ReceivedModel::maxRows); ++i)
            earlier.append(fileNumber(-i));
        model.add(fileNumber(1));
        model.addEarlier(earlier);
        QCOMPARE(model.rowCount(), int(ReceivedModel::maxRows));
        model.add(fileNumber(2));
        QCOMPARE(model.rowCount(), int(ReceivedModel::maxRows));
        QCOMPARE(model.file(0), QStringLiteral("/in/2"));
        QCOMPARE(model.file(1), QStringLiteral("/in/1"));
        QCOMPARE(model.index(0, ReceivedModel::From).data().toString(),
                 QStringLiteral("anna (10.0.0.1)"));
    }

private:
    void setAccess(extended::Access access)
    {
        auto *view = u->find<QTreeView>("sharesView");
        view->setCurrentIndex(view->model()->index(0, 0));
        u->find<QAction>(qPrintable(QStringLiteral("access%1").arg(int(access))))->trigger();
    }
    QString shownAccess() const
    {
        return u->find<QTreeView>("sharesView")
            ->model()
            ->index(0, SharesModel::Access)
            .data()
            .toString();
    }
    QString cell(int row, int column) const
    {
        return spaced(
            u->find<QTreeView>("receivedView")->model()->index(row, column).data().toString());
    }
    std::unique_ptr<WindowUser> u;
};

FERRY_TEST(ServerReceivedTest)
#include "tst_serverreceived.moc"
