// SPDX-License-Identifier: MIT
#include "gui-common/look/tablecolumns.h"
#include "server-gui/sessions/sessionactions.h"
#include "server-gui/sessions/sessionmodel.h"
#include "server-gui/sessions/sessionview.h"

#include "gui-common/parts/progressdelegate.h"
#include "gui/server/serverfakes.h"
#include "net/base/displaytext.h"
#include "net/limits.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>
#include <QTreeView>

using namespace ferry;
using namespace ferry::gui;
using server::SessionInfo;
using server::SessionState;

namespace {

SessionInfo session(quint64 id, SessionState state = SessionState::Idle)
{
    SessionInfo info;
    info.id = id;
    info.sinceMs = 1'700'000'000'000 + qint64(id);
    info.address = QStringLiteral("127.0.0.%1").arg(id % 250 + 1);
    info.state = state;
    return info;
}

SessionInfo sending(quint64 id, qint64 sent, qint64 size)
{
    SessionInfo info = session(id, SessionState::Sending);
    info.file = QStringLiteral("pub/file");
    info.fileSize = size;
    info.fileSent = sent;
    info.sent = sent;
    info.bytesPerSecond = 1'000'000;
    return info;
}

QString text(const SessionModel &model, int row, int column)
{
    return test::spaced(model.index(row, column).data().toString());
}

} // namespace

class SessionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_model = std::make_unique<SessionModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
    }

    void onlyWhatLooksDifferentIsTold()
    {
        QList<SessionInfo> now;
        for (quint64 id = 1; id <= 10; ++id)
            now.append(sending(id, 10, 100));
        m_model->update(now);
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
        QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);

        now[4].idleMs = 400; // less than is shown
        m_model->update(now);
        QCOMPARE(changed.size(), 0);

        now[2].fileSent = 20;
        now[3].fileSent = 20;
        now[9].sent = 7;
        m_model->update(now);
        QCOMPARE(changed.size(), 2);
        QCOMPARE(changed[0][0].toModelIndex().row(), 2);
        QCOMPARE(changed[0][1].toModelIndex().row(), 3);
        QCOMPARE(changed[1][0].toModelIndex().row(), 9);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(inserted.size(), 0);
    }

    void rowsKeepTheirPlaceWhenSessionsEndComeAndGo()
    {
        m_model->update({session(1), session(2), session(3)});
        // The engine lists live ones first; the rows stay where they were.
        m_model->update({session(1), session(3), session(4), session(2, SessionState::Ended)});
        QCOMPARE(m_model->rowCount(), 4);
        for (int row = 0; row < 4; ++row)
            QCOMPARE(m_model->session(row).id, quint64(row + 1));
        QVERIFY(m_model->hasEnded());

        m_model->update({session(3), session(5)});
        QCOMPARE(m_model->rowCount(), 2);
        QCOMPARE(m_model->rowOf(3), 0);
        QCOMPARE(m_model->rowOf(5), 1);
        QCOMPARE(m_model->rowOf(1), -1);
        QVERIFY(!m_model->hasEnded());
        m_model->update({});
        QCOMPARE(m_model->rowCount(), 0);
    }

    void aThousandSessionsStayInStep()
    {
        QList<SessionInfo> now;
        for (quint64 id = 1; id <= 1000; ++id)
            now.append(sending(id, 0, 1000));
        m_model->update(now);
        QSortFilterProxyModel sorted;
        sorted.setSourceModel(m_model.get());
        sorted.setSortRole(SessionModel::SortRole);
        sorted.sort(SessionModel::Sent, Qt::DescendingOrder);
        for (int round = 0; round < 5; ++round) {
            for (qsizetype i = round; i < now.size(); i += 3)
                now[i].sent += i;
            now.removeAt(round * 7);
            m_model->update(now);
            QCOMPARE(m_model->rowCount(), now.size());
            for (int row = 1; row < sorted.rowCount(); ++row)
                QVERIFY(sorted.index(row - 1, 0).data(Qt::UserRole).toULongLong() > 0 &&
                        m_model->session(sorted.mapToSource(sorted.index(row - 1, 0)).row()).sent >=
                            m_model->session(sorted.mapToSource(sorted.index(row, 0)).row()).sent);
        }
    }

    void eachStateHasItsWords()
    {
        SessionInfo stalled = sending(4, 34, 100);
        stalled.state = SessionState::Stalled;
        stalled.idleMs = 6000;
        SessionInfo failed = session(5, SessionState::Ended);
        failed.outcome = QStringLiteral("aborted at 61 %");
        failed.failed = true;
        m_model->update(
            {session(1, SessionState::Login), session(2), sending(3, 81, 100), stalled, failed});
        QSet<QString> words;
        QSet<qint64> icons;
        for (int row = 0; row < 5; ++row) {
            words.insert(text(*m_model, row, SessionModel::State));
            icons.insert(m_model->index(row, SessionModel::State)
                             .data(Qt::DecorationRole)
                             .value<QIcon>()
                             .cacheKey());
        }
        QCOMPARE(words.size(), 5);
        QCOMPARE(icons.size(), 5);
        QVERIFY(text(*m_model, 3, SessionModel::State).contains(QStringLiteral("6 s")));
        QCOMPARE(text(*m_model, 4, SessionModel::State), QStringLiteral("Aborted at 61 %"));
        const auto tone = [&](int row) {
            return Tone(
                m_model->index(row, SessionModel::State).data(SessionModel::ToneRole).toInt());
        };
        QVERIFY(tone(3) == Tone::Caution);
        QVERIFY(tone(4) == Tone::Bad);
        const QVariant progress =
            m_model->index(2, SessionModel::Progress).data(ProgressDelegate::Role);
        QCOMPARE(progress.value<gui::Progress>().fraction, 0.81);
        QVERIFY(!m_model->index(1, SessionModel::Progress).data(ProgressDelegate::Role).isValid());
    }

    void endedSessionsAreQuietAndSayHowItEnded()
    {
        SessionInfo ended = session(1, SessionState::Ended);
        ended.outcome = QStringLiteral("2 files delivered");
        ended.sent = 1000;
        m_model->update({ended});
        for (int column = 0; column < SessionModel::ColumnCount; ++column)
            QVERIFY(Tone(m_model->index(0, column).data(SessionModel::ToneRole).toInt()) ==
                    Tone::Quiet);
        QVERIFY(!text(*m_model, 0, SessionModel::Sent).isEmpty());
        QVERIFY(text(*m_model, 0, SessionModel::Speed).isEmpty());
        QVERIFY(text(*m_model, 0, SessionModel::Idle).isEmpty());
    }

    void whatIsVerifiedIsGreenWithATickAndAWord()
    {
        SessionInfo whole = session(1, SessionState::Ended);
        whole.encrypted = true;
        whole.outcome = QStringLiteral("3 files delivered, verified 14:02");
        whole.filesSent = 3;
        whole.filesVerified = 3;
        SessionInfo half = whole;
        half.id = 2;
        half.filesVerified = 2;
        SessionInfo broken = whole;
        broken.id = 3;
        broken.failed = true;
        m_model->update({whole, half, broken});
        const auto tone = [&](int row, int column) {
            return Tone(m_model->index(row, column).data(SessionModel::ToneRole).toInt());
        };
        const auto shape = [&](int row, int column) {
            return m_model->index(row, column).data(Qt::DecorationRole).value<QIcon>().cacheKey();
        };
        QCOMPARE(text(*m_model, 0, SessionModel::State), whole.outcome);
        QCOMPARE(text(*m_model, 0, SessionModel::Verified), QStringLiteral("3 of 3"));
        QVERIFY(tone(0, SessionModel::State) == Tone::Good);
        QVERIFY(tone(0, SessionModel::Verified) == Tone::Good);
        QVERIFY(tone(0, SessionModel::File) == Tone::Quiet);
        QCOMPARE(text(*m_model, 1, SessionModel::Verified), QStringLiteral("2 of 3"));
        for (const int row : {1, 2}) {
            QVERIFY(tone(row, SessionModel::State) != Tone::Good);
            QVERIFY(tone(row, SessionModel::Verified) != Tone::Good);
            QVERIFY(shape(row, SessionModel::State) != shape(0, SessionModel::State));
        }
    }

    void encryptionIsSaidInWordsAndByALock_data()
    {
        QTest::addColumn<bool>("encrypted");
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("cipher");
        QTest::addColumn<QString>("words");
        QTest::newRow("agreed") << true << QStringLiteral("TLS 1.3")
                                << QStringLiteral("TLS_AES_256_GCM_SHA384")
                                << QStringLiteral("TLS 1.3");
        QTest::newRow("handshake") << true << QString() << QString() << QStringLiteral("TLS");
        QTest::newRow("classic") << false << QString() << QString()
                                 << QStringLiteral("Unencrypted");
    }
    void encryptionIsSaidInWordsAndByALock()
    {
        QFETCH(bool, encrypted);
        QFETCH(QString, version);
        QFETCH(QString, words);
        QFETCH(QString, cipher);
        SessionInfo shown = session(1);
        shown.encrypted = encrypted;
        shown.tlsVersion = version;
        shown.cipher = cipher;
        SessionInfo open = session(2);
        m_model->update({shown, open});
        const QModelIndex cell = m_model->index(0, SessionModel::Encryption);
        QCOMPARE(cell.data().toString(), words);
        QVERIFY(cell.data(Qt::ToolTipRole).toString().contains(cipher));
        const auto lock = [&](int row) {
            return m_model->index(row, SessionModel::Encryption)
                .data(Qt::DecorationRole)
                .value<QIcon>()
                .cacheKey();
        };
        QCOMPARE(lock(0) == lock(1), words == QStringLiteral("Unencrypted"));
    }

    void detailsAreOfTheSelectedSession()
    {
        SessionView view(m_model.get());
        SessionInfo shown = session(7);
        shown.client = QStringLiteral("<b>Ferry</b>/9");
        shown.account = QStringLiteral("ferry");
        shown.encrypted = true;
        shown.tlsVersion = QStringLiteral("TLS 1.3");
        shown.cipher = QStringLiteral("TLS_AES_128_GCM_SHA256");
        m_model->update({shown});
        view.show();
        QVERIFY(!view.actions()->details->isEnabled());
        view.view()->setCurrentIndex(view.view()->model()->index(0, 0));
        view.actions()->details->trigger();
        QPointer<QDialog> dialog = view.findChild<QDialog *>(QStringLiteral("sessionDetails"));
        QVERIFY(dialog && dialog->isVisible());
        QStringList texts;
        for (const QLabel *label : dialog->findChildren<QLabel *>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
            texts.append(label->text());
        }
        for (const QString &wanted :
             {shown.client, shown.account, QStringLiteral("TLS 1.3"),
              QStringLiteral("TLS_AES_128_GCM_SHA256"), shown.address + QStringLiteral(":0")})
            QVERIFY2(texts.contains(wanted), qPrintable(wanted));
        shown.sent = 5000; // they stay true
        m_model->update({shown});
        const auto said = [&dialog](const QString &value) {
            const auto labels = dialog->findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [&value](const QLabel *label) {
                return test::spaced(label->text()) == value;
            });
        };
        QVERIFY(said(QStringLiteral("5 kB")));
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog);
    }

    void remoteTextStaysPlainAndBounded()
    {
        SessionInfo evil = session(1, SessionState::Ended);
        evil.file = displayText(QStringLiteral("<b>x</b>\x1b[2J\u202E\n") + QString(10'000, u'y'));
        evil.outcome = evil.file;
        evil.client = evil.file;
        evil.account = evil.file;
        m_model->update({evil});
        for (const int column : {SessionModel::File, SessionModel::State, SessionModel::Client,
                                 SessionModel::Account}) {
            const QString shown = text(*m_model, 0, column);
            QVERIFY(shown.size() <= limits::displayCharacters + 1);
            for (const QChar c : shown)
                QVERIFY(c.isPrint());
            QString toolTip = m_model->index(0, column).data(Qt::ToolTipRole).toString();
            QVERIFY(!Qt::mightBeRichText(toolTip));
            toolTip.remove(QChar(0x2060)).replace(u'\n', u' ');
            QCOMPARE(test::spaced(toolTip), shown);
        }
    }

    void theTableShowsASentenceWhileItIsEmpty()
    {
        SessionView view(m_model.get());
        view.setEmptyState(QStringLiteral("Waiting"), QStringLiteral("Others connect to here."),
                           {});
        view.show();
        auto *words = view.findChild<QLabel *>(QStringLiteral("emptyText"));
        QVERIFY(words->isVisible());
        QVERIFY(!view.findChild<QPushButton *>(QStringLiteral("sessionsEmptyButton"))->isVisible());
        m_model->update({session(1)});
        QVERIFY(!words->isVisible());
        QVERIFY(view.view()->isVisible());
        m_model->update({});
        QVERIFY(words->isVisible());
    }

    void theFilterFindsWordsInAnyOrder()
    {
        SessionModel model;
        SessionView view(&model);
        view.setEmptyState(QStringLiteral("Ready"), QStringLiteral("Press Start."), {});
        view.resize(900, 300);
        view.show();
        const auto *field = view.findChild<QLineEdit *>(QStringLiteral("sessionFilter"));
        QVERIFY(field->isHidden()); // nothing to look through
        server::SessionInfo first;
        first.id = 1;
        first.address = QStringLiteral("192.168.1.31");
        first.file = QStringLiteral("Photos/a.raw");
        first.state = server::SessionState::Sending;
        server::SessionInfo second = first;
        second.id = 2;
        second.address = QStringLiteral("192.168.1.32");
        second.file = QStringLiteral("Docs/plan.pdf");
        model.update({first, second});
        QVERIFY(!field->isHidden());
        auto *rows = view.view()->model();
        QCOMPARE(rows->rowCount(), 2);
        auto *typed = view.findChild<QLineEdit *>(QStringLiteral("sessionFilter"));
        typed->setText(QStringLiteral("PLAN 192.168"));
        QCOMPARE(rows->rowCount(), 1);
        QCOMPARE(rows->index(0, SessionModel::Id).data().toString(), QStringLiteral("2"));
        // A row that changes is looked at anew, and a new one, too.
        second.file = QStringLiteral("Docs/other");
        model.update({first, second});
        QCOMPARE(rows->rowCount(), 0);
        const auto *none = view.findChild<QLabel *>(QStringLiteral("sessionsNoMatch"));
        QVERIFY(none->isVisible());
        QVERIFY(!none->text().isEmpty());
        server::SessionInfo third = second;
        third.id = 3;
        third.address = QStringLiteral("192.168.1.33");
        third.file = QStringLiteral("plans");
        model.update({first, second, third});
        QCOMPARE(rows->rowCount(), 1);
        QTest::keyClick(typed, Qt::Key_Return);
        QCOMPARE(view.selected(), QSet<quint64>{3});
        QTest::keyClick(typed, Qt::Key_Escape);
        QCOMPARE(rows->rowCount(), 3);
    }

    void aFileSentPartByPartIsSentAllTheTime()
    {
        SessionInfo parts = sending(1, 2'000'000, 10'000'000);
        parts.state = SessionState::Idle;
        parts.filesSent = parts.filesVerified = 4; // others, before
        parts.idleMs = 500;
        m_model->update({parts});
        QCOMPARE(text(*m_model, 0, SessionModel::State), QStringLiteral("Sending"));
        QVERIFY(!text(*m_model, 0, SessionModel::Progress).isEmpty());
        parts.idleMs = 3000;
        m_model->update({parts});
        QCOMPARE(text(*m_model, 0, SessionModel::State),
                 QStringLiteral("4 files delivered, verified"));
    }

    void theActionsFitTheSelection()
    {
        SessionView view(m_model.get());
        m_model->update({session(1), session(2, SessionState::Ended)});
        QVERIFY(!view.actions()->disconnectSessions->isEnabled());
        QVERIFY(view.actions()->clearEnded->isEnabled());

        const auto select = [&](int sortedRow) {
            view.view()->setCurrentIndex(view.view()->model()->index(sortedRow, 0));
        };
        select(1); // newest first: this is session 1
        QCOMPARE(view.selected(), QSet<quint64>{1});
        QVERIFY(view.actions()->disconnectSessions->isEnabled());
        QSignalSpy asked(view.actions(), &SessionActions::disconnectRequested);
        view.actions()->disconnectSessions->trigger();
        QCOMPARE(asked[0][0].value<QList<quint64>>(), QList<quint64>{1});
        select(0);
        QVERIFY(!view.actions()->disconnectSessions->isEnabled());
        view.view()->selectAll();
        QCOMPARE(view.selected(), (QSet<quint64>{1, 2}));
        view.clearSelection();
        QVERIFY(!view.actions()->copyAddress->isEnabled());

        // A selected session that ends while it is looked at can no longer be disconnected.
        select(1);
        m_model->update({session(1, SessionState::Ended)});
        QVERIFY(!view.actions()->disconnectSessions->isEnabled());
    }

    void widthsAndChosenColumnsComeBack()
    {
        m_model->update({session(1)});
        QByteArray state;
        {
            SessionView view(m_model.get());
            view.resize(900, 300);
            view.show();
            view.view()->header()->resizeSection(SessionModel::Address, 177);
            view.view()->header()->setSectionHidden(SessionModel::Sent, true);
            state = view.columns()->save();
        }
        SessionView view(m_model.get());
        view.columns()->restore(state);
        view.resize(900, 300);
        view.show();
        QCOMPARE(view.view()->header()->sectionSize(SessionModel::Address), 177);
        QVERIFY(view.view()->header()->isSectionHidden(SessionModel::Sent));
        view.columns()->restore("damaged");
        QCOMPARE(view.view()->header()->sectionSize(SessionModel::Address), 177);
    }

    void whatWasVerifiedIsInSightInASmallWindow()
    {
        m_model->update({session(1)});
        SessionView view(m_model.get());
        view.resize(884, 300);
        view.show();
        QTRY_COMPARE(view.view()->header()->length(), view.view()->viewport()->width());
        QVERIFY(!view.view()->isColumnHidden(SessionModel::Verified));
        QVERIFY(view.view()->isColumnHidden(SessionModel::Client));
    }

    void theColumnsFillTheWidth()
    {
        m_model->update({session(1)});
        SessionView view(m_model.get());
        view.resize(1280, 300);
        view.show();
        const QHeaderView *header = view.view()->header();
        QTRY_COMPARE(header->length(), view.view()->viewport()->width());
        view.resize(1000, 300);
        QTRY_COMPARE(header->length(), view.view()->viewport()->width());
    }

private:
    std::unique_ptr<SessionModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

FERRY_TEST(SessionsTest)
#include "tst_serversessions.moc"
