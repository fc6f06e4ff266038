// SPDX-License-Identifier: MIT
#include "server-gui/sessions/announcer.h"
#include "support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

using namespace ferry;
using namespace ferry::gui;
using server::SessionInfo;
using server::SessionState;

namespace {

SessionInfo session(quint64 id, int address, SessionState state = SessionState::Idle)
{
    SessionInfo info;
    info.id = id;
    info.address = QStringLiteral("192.168.1.%1").arg(address);
    info.account = QStringLiteral("ferry");
    info.state = state;
    return info;
}

} // namespace

/// What is told to somebody who looks elsewhere.
class AnnouncerTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatWasThereBeforeIsNoNews()
    {
        Announcer announcer;
        QSignalSpy told(&announcer, &Announcer::announced);
        announcer.look({session(1, 1)}, {}, 0);
        announcer.look({session(1, 1)}, {}, 100'000);
        QVERIFY(told.isEmpty());
    }

    void comingsDeliveriesAndWrongPasswordsAreTold()
    {
        Announcer announcer;
        QSignalSpy told(&announcer, &Announcer::announced);
        announcer.look({}, {}, 0);
        announcer.look({session(1, 1), session(2, 1)}, {}, 1);
        QCOMPARE(told.takeFirst()[0].toString(), QStringLiteral("192.168.1.1 connected"));
        SessionInfo done = session(1, 1, SessionState::Ended);
        done.filesSent = 3;
        done.outcome = QStringLiteral("3 files delivered, verified 14:02");
        server::LoginThrottle::Penalty penalty;
        penalty.address = QHostAddress(QStringLiteral("192.168.1.9"));
        announcer.look({done}, {penalty}, 2);
        QVERIFY(told.isEmpty()); // not yet
        announcer.look({done}, {penalty}, 1 + Announcer::restMs);
        QCOMPARE(told.takeFirst()[0].toString(),
                 QStringLiteral("192.168.1.1: 3 files delivered, verified 14:02\n"
                                "Wrong password from 192.168.1.9"));
        announcer.look({done}, {penalty}, 100'000);
        QVERIFY(told.isEmpty());
    }

    void whatCameInIsOneLineForATime()
    {
        Announcer announcer;
        QSignalSpy told(&announcer, &Announcer::announced);
        SessionInfo sender = session(1, 1);
        sender.filesReceived = 5;
        announcer.look({sender}, {}, 0); // before the window was there
        sender.filesReceived = 6;
        announcer.look({sender}, {}, 1);
        QCOMPARE(told.takeFirst()[0].toString(), QStringLiteral("192.168.1.1: 1 file received"));
        for (int i = 0; i < 1000; ++i) {
            ++sender.filesReceived;
            announcer.look({sender}, {}, 2 + i);
        }
        QVERIFY(told.isEmpty());
        announcer.look({sender}, {}, 1 + Announcer::restMs);
        QCOMPARE(told.takeFirst()[0].toString(),
                 QStringLiteral("192.168.1.1: 1,000 files received"));
        sender.state = SessionState::Ended;
        sender.outcome = QStringLiteral("1006 files received, verified 14:02");
        announcer.look({sender}, {}, 100'000);
        QVERIFY(told.isEmpty()); // nothing new
        sender.id = 2;
        announcer.look({sender}, {}, 200'000);
        QCOMPARE(told.takeFirst()[0].toString(),
                 QStringLiteral("192.168.1.1: 1006 files received, verified 14:02"));
    }

    void messagesAreOneLineAndSayNothing()
    {
        Announcer announcer;
        QSignalSpy told(&announcer, &Announcer::announced);
        announcer.look({}, {}, 0);
        announcer.addMessages({QStringLiteral("Anna (10.0.0.3)")});
        announcer.look({}, {}, 1);
        QCOMPARE(told.takeFirst()[0].toString(), QStringLiteral("Message from Anna (10.0.0.3)"));
        for (int i = 0; i < 1000; ++i) {
            announcer.addMessages({QStringLiteral("Anna (10.0.0.3)")});
            announcer.look({}, {}, 2 + i);
        }
        QVERIFY(told.isEmpty());
        announcer.look({}, {}, 1 + Announcer::restMs);
        QCOMPARE(told.takeFirst()[0].toString(),
                 QStringLiteral("1,000 messages from Anna (10.0.0.3)"));
        announcer.addMessages({QStringLiteral("Anna (10.0.0.3)"), QStringLiteral("Ben")});
        announcer.look({}, {}, 100'000);
        QCOMPARE(told.takeFirst()[0].toString(), QStringLiteral("2 new messages"));
        announcer.look({}, {}, 200'000);
        QVERIFY(told.isEmpty());
    }

    void aCrowdIsOneNotification()
    {
        Announcer announcer;
        QSignalSpy told(&announcer, &Announcer::announced);
        announcer.look({}, {}, 0);
        QList<SessionInfo> crowd;
        for (int i = 1; i <= 20; ++i)
            crowd.append(session(quint64(i), i));
        announcer.look(crowd, {}, 1);
        QCOMPARE(told.size(), 1);
        QVERIFY(told[0][0].toString().endsWith(QStringLiteral("\nand 17 more")));
    }
};

FERRY_TEST(AnnouncerTest)
#include "tst_serverannouncer.moc"
