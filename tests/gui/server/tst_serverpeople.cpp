// SPDX-License-Identifier: MIT
#include "server-gui/sessions/peoplemodel.h"
#include "server-gui/sessions/sessionfilter.h"
#include "server-gui/sessions/sessionmodel.h"
#include "server-gui/sessions/sessionview.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QTest>
#include <QTreeView>

#include <memory>

using namespace ferry;
using namespace ferry::gui;
using server::SessionInfo;
using server::SessionState;

namespace {

SessionInfo session(quint64 id, SessionState state, const char *account, int address = 1)
{
    SessionInfo info;
    info.id = id;
    info.sinceMs = 1'700'000'000'000 + qint64(id);
    info.address = QStringLiteral("192.168.1.%1").arg(address);
    info.state = state;
    info.account = QLatin1StringView(account);
    return info;
}

SessionInfo verified(SessionInfo info, int files)
{
    info.filesSent = files;
    info.filesVerified = files;
    info.sent = files * 1000;
    return info;
}

} // namespace

/// The rows of the window's table: one for each person.
class PeopleTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_sessions = std::make_unique<SessionModel>();
        m_people = std::make_unique<PeopleModel>(m_sessions.get());
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_people.get(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    }
    void cleanup()
    {
        m_tester.reset();
        m_people.reset();
        m_sessions.reset();
    }

    void theSessionsOfAPersonAreOneRow()
    {
        m_sessions->update({session(1, SessionState::Idle, "ferry")});
        QCOMPARE(m_people->rowCount(), 1);
        QVERIFY(!m_people->hasChildren(person(0)));
        auto sending = session(2, SessionState::Sending, "ferry");
        sending.file = QStringLiteral("pub/now");
        m_sessions->update({verified(session(1, SessionState::Idle, "ferry"), 2),
                            verified(sending, 3), session(3, SessionState::Idle, "ferry", 9)});
        QCOMPARE(m_people->rowCount(), 2);
        QCOMPARE(m_people->rowCount(person(0)), 2);
        QCOMPARE(cell(person(0), SessionModel::Verified), QStringLiteral("5 of 5"));
        QCOMPARE(cell(person(0), SessionModel::File), QStringLiteral("pub/now"));
        QCOMPARE(cell(person(0), SessionModel::State), QStringLiteral("Sending, 2 connections"));
        QCOMPARE(m_people->sessionRows(person(0)), (QList<int>{0, 1}));
        QCOMPARE(m_people->sessionRows(m_people->index(1, 0, person(0))), QList<int>{1});

        m_sessions->update({session(3, SessionState::Idle, "ferry", 9)});
        QCOMPARE(m_people->rowCount(), 1);
        QCOMPARE(cell(person(0), SessionModel::Id), QStringLiteral("3"));
    }

    void peopleAreCalledByTheirNames()
    {
        auto anna = session(1, SessionState::Idle, "ferry");
        anna.name = QStringLiteral("anna@studio");
        auto berta = session(2, SessionState::Idle, "ferry"); // at the same address
        berta.name = QStringLiteral("berta@studio");
        auto more = session(3, SessionState::Idle, "ferry");
        more.name = anna.name;
        m_sessions->update({anna, berta, more});
        QCOMPARE(m_people->rowCount(), 2);
        QCOMPARE(cell(person(0), SessionModel::Name), QStringLiteral("anna@studio"));
        QCOMPARE(m_people->rowCount(person(0)), 2);
        QCOMPARE(cell(person(1), SessionModel::Name), QStringLiteral("berta@studio"));
    }

    void thoseWhoNeverLoggedInAreOneLine()
    {
        QList<SessionInfo> strangers;
        for (quint64 id = 1; id <= 17; ++id)
            strangers.append(session(id, SessionState::Ended, ""));
        m_sessions->update(strangers);
        QCOMPARE(m_people->rowCount(), 1);
        QCOMPARE(m_people->rowCount(person(0)), 17);
        QCOMPARE(cell(person(0), SessionModel::State), QStringLiteral("17 visits, no login"));
        QCOMPARE(cell(person(0), SessionModel::Address), QStringLiteral("192.168.1.1"));
        strangers.append(session(18, SessionState::Login, "", 2));
        m_sessions->update(strangers);
        QCOMPARE(cell(person(0), SessionModel::Address), QStringLiteral("2 addresses"));
        // One of them logs in.
        strangers.last() = session(18, SessionState::Idle, "ferry", 2);
        m_sessions->update(strangers);
        QCOMPARE(m_people->rowCount(), 2);
        QCOMPARE(m_people->rowCount(person(0)), 17);
        QCOMPARE(cell(person(1), SessionModel::State), QStringLiteral("Logged in"));
    }

    /// In a window 900 pixels wide.
    void theStateHasRoomForItsWords()
    {
        SessionView view(m_sessions.get());
        view.resize(884, 400);
        view.show();
        auto gone = session(1, SessionState::Ended, "ferry");
        gone.outcome = QStringLiteral("disconnected by you");
        QList<SessionInfo> all{gone};
        for (quint64 id = 2; id <= 18; ++id)
            all.append(session(id, SessionState::Ended, "", 2));
        m_sessions->update(all);
        const auto *rows = view.findChild<QTreeView *>(QStringLiteral("sessionView"));
        QStringList seen;
        for (int row = 0; row < rows->model()->rowCount(); ++row) {
            const QModelIndex state = rows->model()->index(row, SessionModel::State);
            seen.append(state.data().toString());
            QVERIFY2(rows->sizeHintForIndex(state).width() <= rows->columnWidth(state.column()),
                     qPrintable(seen.last()));
        }
        seen.sort();
        QCOMPARE(seen, QStringList({QStringLiteral("17 visits, no login"),
                                    QStringLiteral("Disconnected by you")}));
    }

    void anyCourseOfEventsIsFollowed()
    {
        SessionFilter sorted;
        sorted.setSourceModel(m_people.get());
        sorted.sort(SessionModel::Id, Qt::DescendingOrder);
        const QAbstractItemModelTester sortedTester(
            &sorted, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QRandomGenerator random(1);
        QList<SessionInfo> all;
        quint64 last = 0;
        for (int step = 0; step < 400; ++step) {
            for (qsizetype i = all.size() - 1; i >= 0; --i) {
                if (random.bounded(6) == 0)
                    all.removeAt(i);
                else if (all[i].account.isEmpty() && random.bounded(3) == 0)
                    all[i] = session(all[i].id, SessionState::Sending, "ferry", 1 + int(i % 3));
                else if (random.bounded(4) == 0)
                    all[i].state = SessionState::Ended;
            }
            while (random.bounded(3) != 0)
                all.append(session(++last, SessionState::Login, ""));
            m_sessions->update(all);
            QSet<int> rows;
            for (int row = 0; row < m_people->rowCount(); ++row) {
                for (const int one : m_people->sessionRows(person(row)))
                    rows.insert(one);
            }
            QCOMPARE(rows.size(), all.size());
            QCOMPARE(sorted.rowCount(), m_people->rowCount());
        }
    }

private:
    QModelIndex person(int row) const { return m_people->index(row, 0); }
    static QString cell(const QModelIndex &row, int column)
    {
        return row.siblingAtColumn(column).data().toString();
    }

    std::unique_ptr<SessionModel> m_sessions;
    std::unique_ptr<PeopleModel> m_people;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

FERRY_TEST(PeopleTest)
#include "tst_serverpeople.moc"
